"""What rows earn from a reward, summed exactly: in any order and division, the same figures."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

# Every finite double is a whole multiple of this power of two, and every square of one of twice it.
_SCALE = 1074
_GUARD = 128


@dataclass(frozen=True, slots=True)
class RowReward:
    """What one response earns.

    Attributes:
        reward: The reward; None where it abstains.
        components: The numbers behind it, by name.
    """

    reward: float | None
    components: dict[str, float | None]


@dataclass(slots=True)
class RewardTally:
    """The rewards of some rows.

    Attributes:
        count: Rows with a reward.
        abstained: Rows without one.
    """

    count: int = 0
    abstained: int = 0
    _sum: int = 0
    _squares: int = 0
    _components: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, row: RowReward | None) -> None:
        """Counts one row; None for a row that has no reward at all."""
        if row is None or row.reward is None:
            self.abstained += 1
        else:
            value = _scaled(row.reward)
            self.count += 1
            self._sum += value
            self._squares += value * value
        if row is None:
            return
        for name, component in row.components.items():
            some = component is not None
            self._add(name, int(some), _scaled(component) if component is not None else 0)

    def merge(self, dumped: dict[str, object]) -> None:
        """Adds what another one dumped."""
        numbers = cast("dict[str, int]", dumped)
        self.count += numbers["count"]
        self.abstained += numbers["abstained"]
        self._sum += numbers["sum"]
        self._squares += numbers["squares"]
        for name, (count, total) in cast("dict[str, list[int]]", dumped["components"]).items():
            self._add(name, count, total)

    def dump(self) -> dict[str, object]:
        """What `merge` reads, as an object for JSON."""
        return {
            "count": self.count,
            "abstained": self.abstained,
            "sum": self._sum,
            "squares": self._squares,
            "components": self._components,
        }

    def _add(self, name: str, count: int, total: int) -> None:
        before, sum_before = self._components.get(name, (0, 0))
        self._components[name] = (before + count, sum_before + total)

    @property
    def mean(self) -> float | None:
        """Mean reward, or None of nothing."""
        return _mean(self.count, self._sum)

    @property
    def deviation(self) -> float | None:
        """Standard deviation of the rewards; None for fewer than two."""
        if self.count < 2:
            return None
        spread = self._squares - Fraction(self._sum * self._sum, self.count)
        # The root of a whole number: a square may be larger than any float.
        root = math.isqrt(int(spread / (self.count - 1) * (1 << 2 * _GUARD)))
        return float(Fraction(root, 1 << _SCALE + _GUARD))

    def as_json(self) -> dict[str, object]:
        """The numbers as an object for JSON."""
        return {
            "mean": self.mean,
            "std": self.deviation,
            "num_rewards": self.count,
            "abstained": self.abstained,
            "components": {
                name: _mean(count, total) for name, (count, total) in self._components.items()
            },
        }


def _scaled(value: float) -> int:
    above, below = value.as_integer_ratio()
    return above << (_SCALE + 1 - below.bit_length())


def _mean(count: int, total: int) -> float | None:
    return float(Fraction(total, count << _SCALE)) if count else None
