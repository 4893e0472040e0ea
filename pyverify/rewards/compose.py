"""Rewards made of rewards: weighted sums, gates, extremes, clipping.

An abstaining part (None) makes the whole abstain wherever its number would be needed: nothing turns
into a silent 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pyverify.rewards.base import Bounds, Reward
from pyverify.rewards.numbers import number
from pyverify.rewards.samples import Samples, Values

__all__ = ["Clip", "Gate", "Maximum", "Minimum", "Sum"]


@dataclass(frozen=True, repr=False)
class Sum(Reward):
    r"""The weighted sum ``constant + Σ weight · reward``.

    Usually written with operators: ``0.1 * Format() + 0.9 * Correctness()``. Abstains where any of
    its rewards does.

    Attributes:
        terms: Pairs of a weight and a reward.
        constant: What is added to the sum.

    Raises:
        TypeError: A term is no pair of a number and a reward.
        ValueError: A weight is not finite, or there is no term.

    Example:
        >>> from pyverify.rewards import Correctness, Format
        >>> (0.1 * Format() + 0.9 * Correctness())(r"\boxed{5}", gold="4")
        0.1
    """

    terms: tuple[tuple[float, Reward], ...]
    constant: float = 0.0

    kind = "sum"

    def __post_init__(self) -> None:
        terms = tuple((number(w, "a weight"), _reward(r)) for w, r in self.terms)
        if not terms:
            raise ValueError("a sum needs at least one reward")
        object.__setattr__(self, "terms", terms)
        object.__setattr__(self, "constant", number(self.constant, "the constant"))
        check_names(self)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The rewards of its terms."""
        return tuple(reward for _, reward in self.terms)

    @property
    def bounds(self) -> Bounds:
        """The sum of the bounds of its terms."""
        low = high = self.constant
        for weight, reward in self.terms:
            ends = [_product(weight, end) for end in reward.bounds]
            low, high = low + min(ends), high + max(ends)
        return low, high

    @property
    def formula(self) -> str:
        """The sum, written out."""
        texts = []
        for weight, reward in self.terms:
            inner = _wrapped(reward)
            texts.append(
                inner if weight == 1 else f"-{inner}" if weight == -1 else f"{weight:g}·{inner}"
            )
        if self.constant:
            texts.append(f"{self.constant:g}")
        return " + ".join(texts).replace("+ -", "- ")

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The sums."""
        total: Values | None = None
        for weight, reward in self.terms:
            values = reward.column(samples, found)
            if total is None:
                start = self.constant
                total = [None if v is None else start + weight * v for v in values]
            else:
                total = [
                    None if t is None or v is None else t + weight * v
                    for t, v in zip(total, values, strict=True)
                ]
        return total or []


@dataclass(frozen=True, repr=False)
class Gate(Reward):
    r"""One reward as the condition of another: ``reward if condition ≥ at_least else closed``.

    Both are found and reported for every completion, whether or not the gate is open. Abstains
    where the condition does, and where the gate is open and `reward` abstains.

    Attributes:
        condition: What opens the gate, such as `Format`.
        reward: What it gives when it is open.
        at_least: The condition's lowest value that opens the gate.
        closed: What it gives when it is closed.

    Example:
        >>> from pyverify.rewards import Correctness, Format, Gate
        >>> gate = Gate(Format("boxed"), Correctness())
        >>> gate("The answer is 4.", gold="4"), gate(r"\boxed{4}", gold="4")
        (0.0, 1.0)
    """

    condition: Reward
    reward: Reward
    at_least: float = 1.0
    closed: float = 0.0

    kind = "gate"

    def __post_init__(self) -> None:
        _reward(self.condition), _reward(self.reward)
        object.__setattr__(self, "at_least", number(self.at_least, "at_least"))
        object.__setattr__(self, "closed", number(self.closed, "closed"))
        check_names(self)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The condition and what it guards."""
        return (self.condition, self.reward)

    @property
    def bounds(self) -> Bounds:
        """The reward's bounds, with `closed`."""
        low, high = self.reward.bounds
        return min(low, self.closed), max(high, self.closed)

    @property
    def formula(self) -> str:
        """The two cases."""
        condition = f"{_wrapped(self.condition)} ≥ {self.at_least:g}"
        guarded = self.reward.label
        if isinstance(self.reward, Gate):
            guarded = f"({guarded})"
        return f"{guarded} if {condition} else {self.closed:g}"

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The guarded values."""
        conditions = self.condition.column(samples, found)
        values = self.reward.column(samples, found)
        least, closed = self.at_least, self.closed
        return [
            None if c is None else v if c >= least else closed
            for c, v in zip(conditions, values, strict=True)
        ]


@dataclass(frozen=True, repr=False)
class _Extreme(Reward):
    rewards: tuple[Reward, ...]

    def __post_init__(self) -> None:
        given: object = self.rewards
        if isinstance(given, Reward):
            raise TypeError(f"{type(self).__name__} takes a tuple of rewards")
        object.__setattr__(self, "rewards", tuple(_reward(one) for one in self.rewards))
        if not self.rewards:
            raise ValueError(f"{type(self).__name__} needs at least one reward")
        check_names(self)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The rewards that it chooses from."""
        return self.rewards

    @property
    def formula(self) -> str:
        """The choice, written out."""
        return f"{self.kind}({', '.join(reward.label for reward in self.rewards)})"

    def _columns(self, samples: Samples, found: dict[str, Values]) -> list[Values]:
        return [reward.column(samples, found) for reward in self.rewards]


@dataclass(frozen=True, repr=False)
class Minimum(_Extreme):
    """The lowest of several rewards. Abstains where any of them does.

    Attributes:
        rewards: The rewards to choose from.

    Example:
        >>> from pyverify.rewards import Correctness, Format, Minimum
        >>> Minimum((Format("boxed"), Correctness()))("The answer is 4.", gold="4")
        0.0
    """

    kind = "min"

    @property
    def bounds(self) -> Bounds:
        """The lowest ends."""
        return min(r.bounds[0] for r in self.rewards), min(r.bounds[1] for r in self.rewards)

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The lowest values."""
        rows = zip(*self._columns(samples, found), strict=True)
        return [None if None in row else min(v for v in row if v is not None) for row in rows]


@dataclass(frozen=True, repr=False)
class Maximum(_Extreme):
    """The highest of several rewards. Abstains where any of them does.

    Attributes:
        rewards: The rewards to choose from.

    Example:
        >>> from pyverify.rewards import Correctness, Format, Maximum
        >>> Maximum((Format("boxed"), Correctness()))("The answer is 4.", gold="4")
        1.0
    """

    kind = "max"

    @property
    def bounds(self) -> Bounds:
        """The highest ends."""
        return max(r.bounds[0] for r in self.rewards), max(r.bounds[1] for r in self.rewards)

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The highest values."""
        rows = zip(*self._columns(samples, found), strict=True)
        return [None if None in row else max(v for v in row if v is not None) for row in rows]


@dataclass(frozen=True, repr=False)
class Clip(Reward):
    r"""A reward that stays between two ends: ``min(high, max(low, reward))``.

    Attributes:
        reward: The reward.
        low: The lowest value that it may have.
        high: The highest.

    Raises:
        ValueError: `low` is above `high`.

    Example:
        >>> from pyverify.rewards import Clip, Correctness
        >>> Clip(5 * Correctness() - 1, 0, 1)(r"\boxed{4}", gold="4")
        1.0
    """

    reward: Reward
    low: float = 0.0
    high: float = 1.0

    kind = "clip"

    def __post_init__(self) -> None:
        _reward(self.reward)
        object.__setattr__(self, "low", number(self.low, "low"))
        object.__setattr__(self, "high", number(self.high, "high"))
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) must not be above high ({self.high:g})")

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The reward."""
        return (self.reward,)

    @property
    def bounds(self) -> Bounds:
        """Its bounds, clipped."""
        low, high = self.reward.bounds
        return min(max(low, self.low), self.high), max(min(high, self.high), self.low)

    @property
    def formula(self) -> str:
        """The clipping, written out."""
        return f"clip({self.reward.label}, {self.low:g}, {self.high:g})"

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The clipped values."""
        low, high = self.low, self.high
        values = self.reward.column(samples, found)
        return [None if v is None else min(high, max(low, v)) for v in values]


def weighted(reward: Reward, weight: float) -> Sum:
    """The reward times a number; a sum stays one sum."""
    weight = number(weight, "a weight")
    if isinstance(reward, Sum):
        terms = tuple((weight * own, inner) for own, inner in reward.terms)
        return Sum(terms, weight * reward.constant)
    return Sum(((weight, reward),))


def added(reward: Reward, other: Reward | float) -> Sum:
    """The sum of a reward and another, or a number; sums of sums are one sum."""
    left = reward if isinstance(reward, Sum) else Sum(((1.0, reward),))
    if not isinstance(other, Reward):
        return Sum(left.terms, left.constant + number(other, "what is added"))
    right = other if isinstance(other, Sum) else Sum(((1.0, other),))
    return Sum(left.terms + right.terms, left.constant + right.constant)


def rescaled(reward: Reward, low: float, high: float) -> Sum:
    """The linear map that takes a reward's bounds to `low` and `high`."""
    bottom, top = reward.bounds
    if not math.isfinite(top - bottom) or top == bottom:
        raise ValueError(f"a reward between {bottom:g} and {top:g} cannot be rescaled; clip it")
    factor = (number(high, "high") - number(low, "low")) / (top - bottom)
    return weighted(reward, factor) + (low - factor * bottom)


def check_names(reward: Reward) -> None:
    """Refuses two rewards that differ under one name."""
    seen: dict[str, Reward] = {}
    for name, one in reward.named():
        if seen.setdefault(name, one) != one:
            raise ValueError(
                f"two rewards are called {name!r}, {seen[name]!r} and {one!r}: "
                "give one of them another name=…"
            )


def _reward(value: object) -> Reward:
    if not isinstance(value, Reward):
        raise TypeError(f"a reward was expected, not {value!r}")
    return value


def _product(weight: float, end: float) -> float:
    return weight * end if weight else 0.0


def _wrapped(reward: Reward) -> str:
    """A part of a formula, in brackets where it has parts of its own."""
    text = reward.label
    closed = isinstance(reward, (_Extreme, Clip))  # min(…), max(…), clip(…)
    return text if closed or not (" " in text or "·" in text or text[0] == "-") else f"({text})"
