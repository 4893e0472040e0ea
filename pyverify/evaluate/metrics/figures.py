"""The figures of a table that take k samples of each prompt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyverify.evaluate.metrics.samples import avg_at_k, pass_at_k
from pyverify.evaluate.metrics.votes import countable, majority
from pyverify.evaluate.table import Signature

KINDS = ("pass", "avg", "maj", "cons")
"""What can be said of k samples: pass@k, avg@k, maj@k, cons@k."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean of a metric over prompts that have enough samples for it.

    Attributes:
        value: The mean; None where no prompt has enough.
        stderr: Its standard error; None for fewer than two prompts.
        prompts: How many prompts have enough.
    """

    value: float | None
    stderr: float | None
    prompts: int


@dataclass(frozen=True, slots=True)
class Samples:
    """How many samples the prompts have.

    Attributes:
        least: The fewest.
        most: The most.
        mean: The mean.
        usual: The most that more than half of the prompts have.
    """

    least: int
    most: int
    mean: float
    usual: int

    @staticmethod
    def of(signatures: Mapping[Signature, int]) -> Samples | None:
        """The numbers of some prompts; None where there is none."""
        times: Counter[int] = Counter()
        for signature, count in signatures.items():
            times[signature[0]] += count
        prompts = times.total()
        if not prompts:
            return None
        have = 0
        for usual in sorted(times, reverse=True):
            have += times[usual]
            if 2 * have > prompts:
                break
        return Samples(min(times), max(times), _total(times) / prompts, usual)


def _total(times: Mapping[int, int]) -> int:
    return sum(samples * count for samples, count in times.items())


class Figures:
    """The figures of one table, found when they are asked for, once.

    Args:
        signatures: How many prompts were answered alike.

    Example:
        >>> figures = Figures({(4, 1, 3, 0, 1, 1): 1, (4, 4, 4, 4): 1})
        >>> [figures.figure(kind, 4).value for kind in KINDS]
        [1.0, 0.625, 0.5, 0.5]
    """

    def __init__(self, signatures: Mapping[Signature, int]) -> None:
        """Keeps the signatures."""
        self.samples = Samples.of(signatures)
        self._signatures = signatures
        self._pairs: Counter[tuple[int, int]] = Counter()
        for (samples, right, *_), times in signatures.items():
            self._pairs[samples, right] += times
        self._known: dict[tuple[str, int], Figure] = {}

    def figure(self, kind: str, k: int) -> Figure:
        """A metric of k samples, over the prompts that have at least k.

        Each of those prompts weighs the same. Where a prompt has too many samples to count the
        votes (`countable`), the figure is None.

        Args:
            kind: One of `KINDS`.
            k: At least 1.
        """
        if (kind, k) not in self._known:
            if kind in ("maj", "cons"):
                self._vote(k)
            else:
                self._known[kind, k] = self._of_pairs(kind, k)
        return self._known[kind, k]

    def _of_pairs(self, kind: str, k: int) -> Figure:
        return _mean(
            (pass_at_k(samples, right, k) if kind == "pass" else avg_at_k(samples, right), times)
            for (samples, right), times in self._pairs.items()
            if samples >= k
        )

    def _vote(self, k: int) -> None:
        shared: list[tuple[float, int]] = []
        alone: list[tuple[float, int]] = []
        for signature, times in self._signatures.items():
            samples = signature[0]
            if samples < k:
                continue
            if not countable(samples, k):
                prompts = sum(n for (held, _), n in self._pairs.items() if held >= k)
                self._known["maj", k] = self._known["cons", k] = Figure(None, None, prompts)
                return
            groups = list(zip(signature[2::2], signature[3::2], strict=True))
            share, lone = majority(samples, groups, k)
            shared.append((share, times))
            alone.append((lone, times))
        self._known["maj", k] = _mean(shared)
        self._known["cons", k] = _mean(alone)


def _mean(values: Iterable[tuple[float, int]]) -> Figure:
    """The mean of values that occur so many times, whatever their order."""
    found = list(values)
    count = sum(times for _, times in found)
    if not count:
        return Figure(None, None, 0)
    mean = math.fsum(value * times for value, times in found) / count
    if count < 2:
        return Figure(mean, None, count)
    squares = math.fsum(times * (value - mean) ** 2 for value, times in found)
    return Figure(mean, math.sqrt(squares / (count - 1) / count), count)
