"""What rows earn from a reward, and the numbers of many."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


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
    _mean: float = 0.0
    _squares: float = 0.0
    _sums: dict[str, list[float]] = field(default_factory=dict)

    def add(self, row: RowReward | None) -> None:
        """Counts one row; None for a row that has no reward at all."""
        if row is None or row.reward is None:
            self.abstained += 1
        else:
            # Welford's update: a sum of squares would lose digits over a long run.
            self.count += 1
            step = row.reward - self._mean
            self._mean += step / self.count
            self._squares += step * (row.reward - self._mean)
        if row is None:
            return
        for name, value in row.components.items():
            total = self._sums.setdefault(name, [0, 0.0])
            if value is not None:
                total[0] += 1
                total[1] += value

    @property
    def mean(self) -> float | None:
        """Mean reward, or None of nothing."""
        return self._mean if self.count else None

    def as_json(self) -> dict[str, object]:
        """The numbers as an object for JSON."""
        return {
            "mean": self.mean,
            "std": math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else None,
            "num_rewards": self.count,
            "abstained": self.abstained,
            "components": {
                name: total / count if count else None
                for name, (count, total) in self._sums.items()
            },
        }
