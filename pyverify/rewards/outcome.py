"""What a call found: rewards, the components behind them, verdicts, and a summary."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyverify.types import Reason, Result, Verdict

__all__ = ["RewardBatch", "RewardSummary"]

_BINS = 20


@dataclass(slots=True)
class RewardBatch:
    """The rewards of a call and how they came about.

    Attributes:
        rewards: One reward per completion; None where it abstains.
        components: The numbers behind them by name, one list each, all as long as `rewards`. Every
            call of a reward has the same names, in the same order.
        results: The verdict on each completion; None where there is none.
    """

    rewards: list[float | None]
    components: dict[str, list[float | None]]
    results: list[Result | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rewards)

    def rows(self) -> Iterator[dict[str, float | None]]:
        """Per completion: ``reward``, then each component."""
        names = list(self.components)
        columns = zip(self.rewards, *self.components.values(), strict=True)
        for reward, *values in columns:
            yield {"reward": reward, **dict(zip(names, values, strict=True))}

    def summary(self) -> RewardSummary:
        """The batch in numbers."""
        results = [result for result in self.results if result is not None]
        counts = dict.fromkeys(SHARES, 0)
        for result in results:
            name = _trouble(result)
            if name is not None:
                counts[name] += 1
        values = [reward for reward in self.rewards if reward is not None]
        return RewardSummary(
            count=len(self.rewards),
            abstained=len(self.rewards) - len(values),
            mean=_mean(values),
            std=_deviation(values),
            low=min(values, default=math.nan),
            high=max(values, default=math.nan),
            components={
                name: _mean([value for value in column if value is not None])
                for name, column in self.components.items()
            },
            shares={name: count / max(len(results), 1) for name, count in counts.items()},
            histogram=_histogram(values),
        )


SHARES = ("no_answer", "unparseable", "undecided", "limit", "hedged", "bad_gold", "unavailable")
"""What a summary counts verdicts for, each as a share of all verdicts."""


def _trouble(result: Result) -> str | None:
    verdict, reason = result.verdict, result.reason
    if verdict is Verdict.EQUAL:
        return None
    if verdict is Verdict.NOT_EQUAL:
        hedged = reason is Reason.HEDGED or reason is Reason.MULTIPLE_ANSWERS
        return "hedged" if hedged else None
    if verdict is Verdict.UNDECIDED:
        if reason is Reason.UNPARSEABLE:
            return "unparseable"
        return "unavailable" if reason is Reason.UNAVAILABLE else "undecided"
    return str(verdict.value)


@dataclass(frozen=True, slots=True)
class RewardSummary:
    """A batch in numbers. What cannot be told (a mean of nothing) is NaN.

    Attributes:
        count: Completions.
        abstained: Completions without a reward; they are in none of the other numbers.
        mean: Mean reward.
        std: Standard deviation of the rewards (unbiased).
        low: Lowest reward.
        high: Highest reward.
        components: The mean of each component over the completions where it didn't abstain.
        shares: Of all verdicts, the share without an answer, unparseable, undecided, beyond a
            limit, hedged (or with several answers), with an unusable gold, or without a judge.
        histogram: Edges of bins of one width between `low` and `high`, and the count of each.
    """

    count: int
    abstained: int
    mean: float
    std: float
    low: float
    high: float
    components: dict[str, float]
    shares: dict[str, float]
    histogram: tuple[tuple[float, ...], tuple[int, ...]]

    def as_metrics(self, prefix: str = "reward") -> dict[str, float]:
        r"""One flat dict of floats for a logger; NaNs are left out.

        Example:
            >>> from pyverify.rewards import Correctness
            >>> batch = Correctness().evaluate([r"\boxed{4}", "no"], gold="4")
            >>> batch.summary().as_metrics()["reward/mean"]
            0.5
        """
        flat = {
            f"{prefix}/mean": self.mean,
            f"{prefix}/std": self.std,
            f"{prefix}/min": self.low,
            f"{prefix}/max": self.high,
            f"{prefix}/abstained": self.abstained / max(self.count, 1),
            **{f"{prefix}/{name}": value for name, value in self.components.items()},
            **{f"verdict/{name}": value for name, value in self.shares.items()},
        }
        return {name: value for name, value in flat.items() if not math.isnan(value)}


def _mean(values: Sequence[float]) -> float:
    try:
        return math.fsum(values) / len(values) if values else math.nan
    except (OverflowError, ValueError):  # sums beyond the floats, infinities of both signs
        return sum(values) / len(values)


def _deviation(values: Sequence[float]) -> float:
    if len(values) < 2:
        return math.nan
    mean = _mean(values)
    return math.hypot(*(value - mean for value in values)) / math.sqrt(len(values) - 1)


def _histogram(values: Sequence[float]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    if not values:
        return (), ()
    low, high = min(values), max(values)
    width = (high - low) / _BINS
    # Ends that differ by less than a bin, or by more than a float holds, make one bin.
    if not (math.isfinite(width) and low + width > low):
        return (low, high), (len(values),)
    counts = [0] * _BINS
    for value in values:
        counts[min(int((value - low) / width), _BINS - 1)] += 1
    return (*(low + width * i for i in range(_BINS)), high), tuple(counts)
