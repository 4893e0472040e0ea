"""What became of the pairs of rows: who was right, prompt by prompt, and the figures of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from pyverify.evaluate.compare.mcnemar import sign_test

__all__ = ["Figures", "Outcomes", "figures_of"]

# Two-sided 95 % of the normal distribution.
_Z = 1.959963984540054

Signature = tuple[int, int, int, int]
"""One prompt: pairs where both are right, a alone, b alone, neither."""


@dataclass(slots=True)
class Outcomes:
    """Pairs of one data set; memory grows with the prompts that have a name, not with the pairs."""

    _singles: Counter[Signature] = field(default_factory=Counter)
    _prompts: dict[Hashable, list[int]] = field(default_factory=dict)

    def add(self, a_right: bool, b_right: bool, prompt: Hashable | None) -> None:
        """Counts a pair; one without a prompt shares it with no other."""
        place = (0 if b_right else 1) if a_right else (2 if b_right else 3)
        if prompt is not None:
            self._prompts.setdefault(prompt, [0, 0, 0, 0])[place] += 1
            return
        both, only_a, only_b, neither = (int(place == i) for i in range(4))
        self._singles[both, only_a, only_b, neither] += 1

    def signatures(self) -> Counter[Signature]:
        """How many prompts turned out alike."""
        found = Counter(self._singles)
        for both, only_a, only_b, neither in self._prompts.values():
            found[both, only_a, only_b, neither] += 1
        return found


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some pairs.

    Attributes:
        pairs: Pairs of rows.
        prompts: Prompts that they belong to.
        both: Pairs where both are right.
        only_a: Where a alone is.
        only_b: Where b alone is.
        neither: Where neither is.
        stderr_a: Standard error of a's accuracy, clustered by prompt; None below two prompts.
        stderr_b: The same of b.
        stderr: The same of the difference b - a.
        p_value: How likely a difference as large is between two equally good ones.
        test: How that was found: ``exact`` or ``chi-square``.
    """

    pairs: int
    prompts: int
    both: int
    only_a: int
    only_b: int
    neither: int
    stderr_a: float | None
    stderr_b: float | None
    stderr: float | None
    p_value: float
    test: str

    @property
    def acc_a(self) -> float:
        """Share of pairs where a is right."""
        return (self.both + self.only_a) / self.pairs

    @property
    def acc_b(self) -> float:
        """Share of pairs where b is right."""
        return (self.both + self.only_b) / self.pairs

    @property
    def difference(self) -> float:
        """What b has more than a."""
        return (self.only_b - self.only_a) / self.pairs

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the difference, by the normal distribution; None if no row changed."""
        if self.stderr is None or not self.only_a + self.only_b:
            return None
        return self.difference - _Z * self.stderr, self.difference + _Z * self.stderr

    @property
    def agreement(self) -> float:
        """Share of pairs where both are right or both wrong."""
        return (self.both + self.neither) / self.pairs

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: the agreement beyond that of chance; None where chance would agree."""
        chance = self.acc_a * self.acc_b + (1 - self.acc_a) * (1 - self.acc_b)
        return None if chance == 1 else (self.agreement - chance) / (1 - chance)

    def worse(self, alpha: float) -> bool:
        """Whether b is worse, by more than luck explains at that level."""
        return self.difference < 0 and self.p_value < alpha

    def as_json(self) -> dict[str, object]:
        """An object for JSON."""
        return {
            "num_pairs": self.pairs,
            "num_prompts": self.prompts,
            "both_right": self.both,
            "only_a_right": self.only_a,
            "only_b_right": self.only_b,
            "both_wrong": self.neither,
            "agreement": self.agreement,
            "kappa": self.kappa,
            "acc_a": self.acc_a,
            "stderr_a": self.stderr_a,
            "acc_b": self.acc_b,
            "stderr_b": self.stderr_b,
            "difference": self.difference,
            "difference_stderr": self.stderr,
            "difference_interval": None if self.interval is None else list(self.interval),
            "p_value": self.p_value,
            "test": self.test,
        }


def figures_of(signatures: Mapping[Signature, int]) -> Figures | None:
    """The figures of prompts; None of nothing."""
    sums = [sum(one[i] * times for one, times in signatures.items()) for i in range(4)]
    if not sum(sums):
        return None
    nets: Counter[int] = Counter()
    for (_, only_a, only_b, _), times in signatures.items():
        nets[only_b - only_a] += times
    p_value, test = sign_test(nets)
    return Figures(
        pairs=sum(sums),
        prompts=sum(signatures.values()),
        both=sums[0],
        only_a=sums[1],
        only_b=sums[2],
        neither=sums[3],
        stderr_a=_stderr(signatures, (1, 1, 0, 0)),
        stderr_b=_stderr(signatures, (1, 0, 1, 0)),
        stderr=_stderr(signatures, (0, -1, 1, 0)),
        p_value=p_value,
        test=test,
    )


def _stderr(signatures: Mapping[Signature, int], worth: Signature) -> float | None:
    """Standard error of the mean worth of a pair, the pairs of one prompt added before squaring."""
    clusters = sum(signatures.values())
    if clusters < 2:
        return None
    cells = [
        (sum(signature), sum(map(int.__mul__, signature, worth)), times)
        for signature, times in signatures.items()
    ]
    pairs = sum(n * times for n, _, times in cells)
    mean = sum(total * times for _, total, times in cells) / pairs
    squares = math.fsum(times * (total - n * mean) ** 2 for n, total, times in cells)
    return math.sqrt(squares * clusters / (clusters - 1)) / pairs
