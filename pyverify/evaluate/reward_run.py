"""A reward over the rows of a file: what it gives each row, and the numbers of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pyverify import Options, Result, verify_batch
from pyverify.evaluate.reward_columns import TOKEN_COUNTS
from pyverify.io import Gold
from pyverify.rewards import Reward, approximate_tokens
from pyverify.rewards.arguments import read_samples


@dataclass(frozen=True, slots=True)
class RowReward:
    """What one response earns.

    Attributes:
        reward: The reward; None where it abstains.
        components: The numbers behind it, by name.
    """

    reward: float | None
    components: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class RewardSettings:
    """The reward of a run.

    Attributes:
        name: What reports call it.
        reward: The reward.
        options: Judgement calls that hold instead of its own; None for its own.
    """

    name: str
    reward: Reward
    options: Options | None = None

    def score(
        self,
        completions: list[str],
        golds: list[Gold],
        columns: dict[str, list[object]],
        options: Options,
        threads: int | None,
    ) -> tuple[list[Result], list[RowReward]]:
        """Verdicts and rewards of responses that are judged alike.

        Args:
            completions: The responses.
            golds: Their golds.
            columns: What else the reward needs, by name.
            options: The judgement calls of these rows, where the run has its own.
            threads: Native threads; None for one per core.
        """
        reward = self.reward
        if self.options is not None:
            # Golds that cannot be used get no reward rather than 0.
            reward = reward.with_options(replace(options, on_bad_gold="abstain"))
        given = dict(columns)
        if TOKEN_COUNTS in reward.needs:
            given[TOKEN_COUNTS] = _counted(completions, given.get(TOKEN_COUNTS))
        samples, _ = read_samples(
            completions,
            gold=None,
            golds=golds,
            prompts=given.pop("prompts", None),
            columns=given,
            threads=threads,
        )
        batch = reward.of(samples)
        results = [result for result in batch.results if result is not None]
        if len(results) != len(completions):
            results = verify_batch(completions, golds=golds, options=options, threads=threads)
        names = list(batch.components)
        rows = zip(batch.rewards, *batch.components.values(), strict=True)
        return results, [
            RowReward(value, dict(zip(names, parts, strict=True))) for value, *parts in rows
        ]


def _counted(completions: Sequence[str], counts: Sequence[object] | None) -> list[object]:
    """Token counts, estimated where the file has none."""
    if counts is None:
        return list(approximate_tokens(completions))
    if None not in counts:
        return list(counts)
    estimates = approximate_tokens(completions)
    return [estimates[i] if count is None else count for i, count in enumerate(counts)]


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
