"""Rewards for the length of a response, in the trainer's tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyverify import _core
from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.correct import VerdictReward
from pyverify.rewards.numbers import count, number, share
from pyverify.rewards.samples import Samples, Values
from pyverify.types import Result
from pyverify.verify import usable_cores

__all__ = ["CosineLength", "LengthBonus", "OverlongPenalty", "approximate_tokens"]


@dataclass(frozen=True, repr=False)
class LengthBonus(Primitive):
    """Grows with the length up to a target, but only without repetition.

    Formula: ``min(1, tokens/target) if repetition ≤ max_repetition else 0``, with the repetition
    ratio of `Repetition`. Range: [0, 1]. Needs ``token_counts``. On its own it pays for padding:
    give it to right answers only (`Gate`).

    Attributes:
        target: Tokens from which on it is 1.
        max_repetition: The highest share of repeated n-grams.
        n: Words in an n-gram.

    Example:
        >>> LengthBonus(1024)("one two three", token_counts=256)
        0.25
    """

    target: int = 1024
    max_repetition: float = 0.2
    n: int = 6

    kind = "length_bonus"

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.target, "target")
        count(self.n, "n", most=64)
        object.__setattr__(self, "max_repetition", share(self.max_repetition, "max_repetition"))

    @property
    def needs(self) -> tuple[str, ...]:
        """Token counts."""
        return ("token_counts",)

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """The ramp and its condition."""
        ratio = f"repeated share of {self.n}-grams"
        return f"min(1, tokens/{self.target}) if {ratio} ≤ {self.max_repetition:g} else 0"

    def values(self, samples: Samples) -> Values:
        """The ramp's values."""
        pairs = zip(samples.token_counts(self.name), samples.repetition(self.n), strict=True)
        target, most = self.target, self.max_repetition
        return [min(1.0, tokens / target) if ratio <= most else 0.0 for tokens, ratio in pairs]


@dataclass(frozen=True, repr=False)
class OverlongPenalty(Primitive):
    """The soft punishment of overlong responses (DAPO, arXiv 2503.14476, equation 13).

    Formula: 0 up to ``max_length - buffer`` tokens, then falling to -1 at `max_length` on a
    straight line, -1 beyond. Range: [-1, 0]. Needs ``token_counts``.

    Attributes:
        max_length: Tokens from which on it is -1.
        buffer: Tokens before that over which it falls.

    Raises:
        ValueError: `buffer` is longer than `max_length`.

    Example:
        >>> OverlongPenalty(20480, 4096)(["…"] * 3, token_counts=[16384, 18432, 30000])
        [0.0, -0.5, -1.0]
    """

    max_length: int
    buffer: int

    kind = "overlong_penalty"

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.max_length, "max_length")
        if count(self.buffer, "buffer") > self.max_length:
            raise ValueError(f"buffer ({self.buffer}) is longer than max_length")

    @property
    def needs(self) -> tuple[str, ...]:
        """Token counts."""
        return ("token_counts",)

    @property
    def bounds(self) -> Bounds:
        """-1 to 0."""
        return -1.0, 0.0

    @property
    def formula(self) -> str:
        """The line between its ends."""
        return f"clip(({self.max_length - self.buffer} - tokens)/{self.buffer}, -1, 0)"

    def values(self, samples: Samples) -> Values:
        """The line's values."""
        start, buffer = self.max_length - self.buffer, self.buffer
        return [
            # The first case also keeps 0 from becoming -0.
            0.0 if tokens <= start else max(-1.0, (start - tokens) / buffer)
            for tokens in samples.token_counts(self.name)
        ]


@dataclass(frozen=True, repr=False)
class CosineLength(VerdictReward):
    r"""Prefers short right answers and long wrong ones (Yeo et al., arXiv 2502.03373).

    Formula: from the value at 0 tokens to the value at `max_length` along half a cosine,
    ``end + (start - end)·(1 + cos(π·tokens/max_length))/2``, with the `right_…` values if the
    answer is right and the `wrong_…` values if not; `exceeded` from `max_length` on. Needs
    ``token_counts``. Abstains like `Correctness`.

    Attributes:
        max_length: Tokens at which a response is cut.
        right_start: A right answer's value at no length.
        right_end: A right answer's value at `max_length`.
        wrong_start: A wrong answer's value at no length.
        wrong_end: A wrong answer's value at `max_length`.
        exceeded: The value from `max_length` on, right or wrong.

    Example:
        >>> texts = [r"\boxed{4}", r"\boxed{4}", r"\boxed{5}"]
        >>> CosineLength(1000)(texts, gold="4", token_counts=[0, 500, 500])
        [1.0, 0.75, -0.75]
    """

    max_length: int
    right_start: float = 1.0
    right_end: float = 0.5
    wrong_start: float = -1.0
    wrong_end: float = -0.5
    exceeded: float = -1.0

    kind = "cosine_length"

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.max_length, "max_length")
        for name in ("right_start", "right_end", "wrong_start", "wrong_end", "exceeded"):
            object.__setattr__(self, name, number(getattr(self, name), name))

    @property
    def needs(self) -> tuple[str, ...]:
        """Token counts."""
        return ("token_counts",)

    @property
    def bounds(self) -> Bounds:
        """The lowest and the highest of its five values."""
        ends = (self.right_start, self.right_end, self.wrong_start, self.wrong_end, self.exceeded)
        return min(ends), max(ends)

    @property
    def formula(self) -> str:
        """The two arcs and what is beyond."""
        return (
            f"cosine from {self.right_start:g} to {self.right_end:g} if right, "
            f"from {self.wrong_start:g} to {self.wrong_end:g} if wrong, over {self.max_length} "
            f"tokens; {self.exceeded:g} beyond"
        )

    def values(self, samples: Samples) -> Values:
        """The arcs' values."""
        tokens = samples.token_counts(self.name)
        right = super().values(samples)
        return [
            None if r is None else self._at(t, r > 0.0) for t, r in zip(tokens, right, strict=True)
        ]

    def value(self, result: Result, unmarked: bool) -> float:
        """Right (1) or wrong (0)."""
        return 0.0 if unmarked else result.score

    def _at(self, tokens: int, right: bool) -> float:
        if tokens >= self.max_length:
            return self.exceeded
        start, end = (
            (self.right_start, self.right_end) if right else (self.wrong_start, self.wrong_end)
        )
        arc = (1.0 + math.cos(math.pi * tokens / self.max_length)) / 2.0
        return end + (start - end) * arc


def approximate_tokens(completions: Sequence[str]) -> list[int]:
    """Token counts for texts whose tokenizer isn't at hand, by a fixed rule.

    An estimate: see docs/rewards.md for the rule and how far it is from a real tokenizer. Training
    should pass the trainer's own counts.

    Args:
        completions: The texts.

    Returns:
        One count for each.

    Example:
        >>> approximate_tokens(["", "We add 2 and 3."])[0]
        0
    """
    return _core.count_units(tuple(completions), usable_cores())
