"""How far the accuracy might have been off had other prompts been asked: the bootstrap."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyverify.evaluate.metrics import binomial
from pyverify.evaluate.table import Signature

LEVEL = 0.95
RESAMPLES = 2000
_DRAWS = 100_000
"""Binomial draws that an interval may cost, about a fifth of a second ..."""
_FEWEST = 200
"""... unless that left fewer resamples than this."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the accuracy lies in most resamples.

    Attributes:
        low: Lower end.
        high: Upper end.
        level: Share of the resamples between them.
        resamples: How many were drawn.
    """

    low: float
    high: float
    level: float
    resamples: int

    def as_json(self) -> dict[str, object]:
        """The interval as an object for JSON."""
        return {
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "resamples": self.resamples,
            "method": "percentile bootstrap over prompts",
        }


def bootstrap(signatures: Mapping[Signature, int], *, seed: int = 0) -> Interval | None:
    """The percentile bootstrap of the accuracy, over prompts.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    A resample draws as many prompts as there are, with replacement, each with all its samples.
    Prompts that are alike are drawn together, by a multinomial draw over the kinds of prompts, so
    the cost doesn't depend on the number of prompts. Where there are many kinds, fewer resamples
    are drawn.

    Args:
        signatures: How many prompts were answered alike.
        seed: Where chance begins: the same figures give the same interval.

    Returns:
        The interval; None for fewer than two prompts.

    Example:
        >>> found = bootstrap({(1, 1, 1, 1): 50, (1, 0): 50})
        >>> round(found.low, 2), round(found.high, 2)
        (0.4, 0.6)
    """
    kinds: Counter[tuple[int, int]] = Counter()
    for (samples, right, *_), times in signatures.items():
        kinds[samples, right] += times
    prompts = kinds.total()
    if prompts < 2:
        return None
    # In an order of their own, so that the interval doesn't depend on that of the file.
    ordered = sorted(kinds.items())
    resamples = min(RESAMPLES, max(_FEWEST, _DRAWS // len(ordered)))
    rng = random.Random(seed)  # noqa: S311
    found = sorted(_resample(rng, ordered, prompts) for _ in range(resamples))
    tail = (1 - LEVEL) / 2
    return Interval(_quantile(found, tail), _quantile(found, 1 - tail), LEVEL, resamples)


def _resample(rng: random.Random, kinds: list[tuple[tuple[int, int], int]], prompts: int) -> float:
    wanted = left = prompts
    samples = right = 0
    for (each, right_of_each), times in kinds:
        count = binomial.draw(rng, wanted, times / left)
        samples += count * each
        right += count * right_of_each
        wanted -= count
        left -= times
    return right / samples


def _quantile(ordered: list[float], share: float) -> float:
    """The value below which that share lies, between two neighbours where it falls there."""
    place = share * (len(ordered) - 1)
    index = int(place)
    rest = place - index
    if rest == 0:
        return ordered[index]
    return ordered[index] + rest * (ordered[index + 1] - ordered[index])
