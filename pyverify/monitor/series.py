"""One metric of a run in bounded memory: its last points, its start, and how noisy it is."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import TypeAlias

__all__ = ["Point", "Series", "SeriesState", "fall_sigmas"]

Point: TypeAlias = tuple[int, float]
"""A step and the value logged for it."""

SeriesState: TypeAlias = "dict[str, list[list[float]]]"

HISTORY = 240
"""Points kept. The rules look back to the best of these, so a decline over more is still seen."""

START = 5
"""First points kept for good: what the run began with."""

# Below as many residuals the prior counts more than the log.
_PRIOR_WEIGHT = 3.0

# A third of the absolute values of a normal variable lie below 0.4307 standard deviations.
_NORMAL_THIRD = 1 / 0.4307


@dataclass(frozen=True, slots=True)
class Block:
    """A mean of neighbouring points.

    Attributes:
        step: The step of the last of them.
        mean: Their mean.
        points: How many they are.
        index: The place of the last one among the kept points.
    """

    step: int
    mean: float
    points: int
    index: int


class Series:
    """The values of one metric over the steps.

    Example:
        >>> series = Series()
        >>> for step, value in enumerate((0.1, 0.2, 0.3)):
        ...     series.add(step, value)
        >>> series.last, series.best(2).mean
        (0.3, 0.25)
    """

    __slots__ = ("_points", "_start")

    def __init__(self) -> None:
        self._points: deque[Point] = deque(maxlen=HISTORY)
        self._start: list[Point] = []

    def __len__(self) -> int:
        return len(self._points)

    def add(self, step: int, value: float) -> None:
        """Appends a finite value; a step before the last one rewinds the series to there."""
        if self._points and step < self._points[-1][0]:
            self.rewind(step)
        self._points.append((step, value))
        if len(self._start) < START:
            self._start.append((step, value))

    def rewind(self, step: int) -> None:
        """Forgets everything from `step` on: a run went back to a checkpoint."""
        while self._points and self._points[-1][0] >= step:
            self._points.pop()
        while self._start and self._start[-1][0] >= step:
            self._start.pop()

    @property
    def points(self) -> Sequence[Point]:
        """The kept points, oldest first."""
        return self._points

    @property
    def values(self) -> list[float]:
        """The kept values, oldest first."""
        return [value for _, value in self._points]

    @property
    def last(self) -> float:
        """The newest value."""
        return self._points[-1][1]

    @property
    def step(self) -> int:
        """The newest step."""
        return self._points[-1][0]

    def start(self, count: int = START) -> float:
        """Mean of the first `count` points of the run, of five at most."""
        return fmean(value for _, value in self._start[:count])

    def recent(self, count: int) -> float:
        """Mean of the newest `count` points."""
        return fmean(self.tail(count))

    def tail(self, count: int) -> list[float]:
        """The newest `count` values, oldest first."""
        return [value for _, value in islice(self._points, max(0, len(self) - count), None)]

    def best(self, block: int, *, without: int = 0, lowest: bool = False) -> Block:
        """The highest (or lowest) mean of `block` neighbours, the newest `without` points aside."""
        values = self.values[: len(self) - without] if without else self.values
        steps = [step for step, _ in self._points]
        size = max(1, min(block, len(values)))
        total = math.fsum(values[:size])
        found = Block(steps[size - 1], total / size, size, size - 1)
        for index in range(size, len(values)):
            total += values[index] - values[index - size]
            mean = total / size
            if (mean < found.mean) if lowest else (mean > found.mean):
                found = Block(steps[index], mean, size, index)
        return found

    def around(self, step: int, count: int) -> float:
        """Mean of the `count` newest points up to `step`; the first one if none is that old."""
        before = [value for at, value in self._points if at <= step]
        return fmean(before[-count:]) if before else self._points[0][1]

    def last_above(self, value: float, block: int) -> int:
        """The middle of the last `block` points with a mean above `value`; else the first step."""
        points = list(self._points)
        total = math.fsum(self.tail(block))
        for end in range(len(points) - 1, block - 1, -1):
            if total > value * block:
                return points[end - block // 2][0]
            total += points[end - block][1] - points[end][1]
        return points[0][0]

    def noise(self, prior: float) -> float:
        """Standard deviation of one value around the trend.

        Second differences of white noise have six times its variance, and a straight trend leaves
        none. The third smallest in nine is taken, as bends and jumps make the others large. While
        there are few of them, a prior is mixed in as if it were three more residuals, and a tenth
        of it stays the bottom.

        Args:
            prior: What is believed before anything was seen; above 0.
        """
        values = self.values
        residuals = sorted(
            abs(values[i - 1] - 2 * values[i] + values[i + 1]) / math.sqrt(6)
            for i in range(1, len(values) - 1)
        )
        weight = len(residuals)
        if not weight:
            return prior
        seen = residuals[(weight - 1) // 3] * _NORMAL_THIRD if weight >= 3 else residuals[-1]
        mixed = (_PRIOR_WEIGHT * prior**2 + weight * seen**2) / (_PRIOR_WEIGHT + weight)
        return max(math.sqrt(mixed), prior / 10)

    def state(self) -> SeriesState:
        """Everything, as plain lists."""
        return {
            "points": [list(point) for point in self._points],
            "start": [list(point) for point in self._start],
        }

    @classmethod
    def from_state(cls, state: SeriesState) -> Series:
        """The series that `state` describes."""
        series = cls()
        series._points.extend((int(step), value) for step, value in state["points"])
        series._start.extend((int(step), value) for step, value in state["start"])
        return series


def fall_sigmas(before: Block, after: float, points: int, noise: float) -> float:
    """How many standard errors lie between two means.

    Args:
        before: The earlier mean.
        after: The later mean.
        points: How many values the later mean is of.
        noise: Standard deviation of one value.
    """
    return (before.mean - after) / (noise * math.sqrt(1 / before.points + 1 / points))
