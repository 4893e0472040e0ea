"""What becomes of the gain x = r - r', the reference's probability less its baseline.

Each is a frozen value: ``Clip()(0.3)``. NaN stays NaN. Without a baseline r' is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

from pyverify.rlpr import arguments


class Shaping(Protocol):
    """Makes a reward from a gain."""

    def __call__(self, gain: float) -> float:
        """The reward."""


@dataclass(frozen=True, slots=True)
class Clip:
    """``min(max(x, low), high)``, RLPR's own (https://arxiv.org/abs/2506.18254).

    Attributes:
        low: The lowest reward.
        high: The highest.

    >>> Clip()(-0.2), Clip()(0.25)
    (0.0, 0.25)
    """

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        # NaN is below nothing.
        if not self.low <= self.high:
            raise ValueError(f"low must not be above high, got {self.low} and {self.high}")

    def __call__(self, gain: float) -> float:
        """The gain, moved to the nearer end where it is outside."""
        # In this order NaN passes through both.
        return min(max(gain, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Identity:
    """``x``: from -1 to 1 where r and r' are probabilities."""

    def __call__(self, gain: float) -> float:
        """The gain."""
        return gain


@dataclass(frozen=True, slots=True)
class Threshold:
    """``x if x >= at else 0``. At 0 it is `Clip` for probabilities.

    Attributes:
        at: The lowest gain that is a reward.

    >>> Threshold(0.1)(0.05), Threshold(0.1)(0.5)
    (0.0, 0.5)
    """

    at: float = 0.0

    def __post_init__(self) -> None:
        finite(self.at, "at")

    def __call__(self, gain: float) -> float:
        """The gain or 0."""
        return 0.0 if gain < self.at else gain


@dataclass(frozen=True, slots=True)
class Leaky:
    """``x if x >= at else at + slope * (x - at)``: a loss counts for a little.

    Attributes:
        at: Where the slope begins.
        slope: From 0 (flat) to 1 (the identity).

    >>> Leaky(slope=0.1)(-0.5)
    -0.05
    """

    at: float = 0.0
    slope: float = 0.01

    def __post_init__(self) -> None:
        finite(self.at, "at")
        if not 0 <= self.slope <= 1:
            raise ValueError(f"slope must be from 0 to 1, got {self.slope}")

    def __call__(self, gain: float) -> float:
        """The gain, or what is left of it."""
        return self.at + self.slope * (gain - self.at) if gain < self.at else gain


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """``1 / (1 + exp(-steepness * x))``: from 0 to 1, and 0.5 where nothing is gained.

    Attributes:
        steepness: Above 0.

    >>> Sigmoid()(0.0)
    0.5
    """

    steepness: float = 10.0

    def __post_init__(self) -> None:
        arguments.positive(self.steepness, "steepness")

    def __call__(self, gain: float) -> float:
        """The sigmoid, without overflow."""
        small = math.exp(-abs(self.steepness * gain))
        return (1.0 if gain >= 0 else small) / (1.0 + small)


@dataclass(frozen=True, slots=True)
class OneMinus:
    """``1 - x``: for what is the better the less likely."""

    def __call__(self, gain: float) -> float:
        """What is missing to 1."""
        return 1.0 - gain


@dataclass(frozen=True, slots=True)
class Bins:
    """``floor(count * of(x) + 1/2) / count``: rewards in steps of 1 / count.

    Attributes:
        count: How many steps from 0 to 1.
        of: What is done first.

    >>> Bins(4)(0.6)
    0.5
    """

    count: int
    of: Shaping = field(default_factory=Clip)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"count must be at least 1, got {self.count}")

    def __call__(self, gain: float) -> float:
        """The nearest step; what isn't finite has none and stays."""
        value = self.of(gain)
        return math.floor(self.count * value + 0.5) / self.count if math.isfinite(value) else value


def finite(value: float, name: str) -> None:
    """Raises unless a number is finite.

    Raises:
        ValueError: It isn't.
    """
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
