"""Groups whose rewards hardly differ, left out of training.

Where all responses of a prompt earn about the same, the prompt is too easy or too hard, and what
differs is noise. Probabilities are hardly ever equal, so accuracy's test (all right, all wrong)
finds nothing; RLPR asks for a standard deviation, by a threshold that follows the run
(https://arxiv.org/abs/2506.18254).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from torch.distributed import ProcessGroup

Reduce: TypeAlias = Callable[[float, int], tuple[float, int]]
"""Makes a rank's sum and count those of all ranks, the same on each."""


@dataclass(frozen=True, slots=True)
class FilterStep:
    """What a filter did in a step, on this rank.

    Attributes:
        keep: Whether each group stays.
        stds: The unbiased standard deviation of each; NaN of fewer than two rewards.
        threshold: The lowest standard deviation that stays; None while all does.
        mean_std: The mean of all ranks' standard deviations; NaN if there are none.
        step: Number of the step, from 1.
        ignored: Rewards that are None, NaN or infinite.
    """

    keep: tuple[bool, ...]
    stds: tuple[float, ...]
    threshold: float | None
    mean_std: float
    step: int
    ignored: int

    @property
    def kept(self) -> int:
        """How many groups stay."""
        return sum(self.keep)

    @property
    def dropped(self) -> int:
        """How many groups don't."""
        return len(self.keep) - self.kept

    def as_metrics(self, prefix: str = "std_filter") -> dict[str, float]:
        """One flat dict of floats for a logger; what there isn't is left out."""
        found = {
            "kept": float(self.kept),
            "dropped": float(self.dropped),
            "ignored": float(self.ignored),
            "mean_std": self.mean_std,
            "threshold": math.nan if self.threshold is None else self.threshold,
        }
        return {f"{prefix}/{name}": x for name, x in found.items() if not math.isnan(x)}


class StdFilter:
    """Keeps groups whose standard deviation is at least ``scale * beta_t``.

    beta follows the mean standard deviation m of the steps, all groups counted::

        beta_t = ratio * beta_{t-1} + (1 - ratio) * m_t         from step filter_start on
        beta_{filter_start - 1} = mean of m_t                   of steps ema_start ... before that

    Before `filter_start` everything stays. From then on groups of fewer than two rewards are
    dropped: they have no deviation. Defaults are those of RLPR's own scripts. Their code holds a
    step to the mean up to the step before it, and counts what fills it up; here, as in the paper's
    formula, the step itself counts, by ``1 - ratio``, and a refill doesn't.

    Attributes:
        scale: What share of the running mean is asked for.
        ratio: How much of it the past makes up, from 0 to 1.
        ema_start: The first step that counts, from 1.
        filter_start: The first step in which groups are dropped.
        reduce: Adds up over ranks, so that all have the same threshold; None on one.
        beta: The running mean; None before there is one.
        step: How many steps there were.

    >>> keeps = StdFilter(ema_start=1, filter_start=2)
    >>> keeps([[0.1, 0.5], [0.3, 0.3]]).keep
    (True, True)
    >>> keeps([[0.1, 0.5], [0.3, 0.3]]).keep
    (True, False)
    """

    def __init__(
        self,
        *,
        scale: float = 0.5,
        ratio: float = 0.99,
        ema_start: int = 6,
        filter_start: int = 11,
        reduce: Reduce | None = None,
    ) -> None:
        if not (math.isfinite(scale) and scale >= 0):
            raise ValueError(f"scale must be finite and not below 0, got {scale}")
        if not 0 <= ratio <= 1:
            raise ValueError(f"ratio must be from 0 to 1, got {ratio}")
        if not 1 <= ema_start < filter_start:
            raise ValueError(
                "ema_start must be at least 1 and below filter_start, "
                f"got {ema_start} and {filter_start}"
            )
        self.scale = scale
        self.ratio = ratio
        self.ema_start = ema_start
        self.filter_start = filter_start
        self.reduce = reduce
        self.step = 0
        self.beta: float | None = None
        self._first: list[float] = []

    def __call__(
        self, groups: Sequence[Sequence[float | None]], *, refill: bool = False
    ) -> FilterStep:
        """Which groups stay; with `reduce`, a call on every rank at once.

        Args:
            groups: The final rewards of each prompt's responses; None, NaN and infinities are left
                out.
            refill: Whether the groups fill up the step before this call: they are held to its
                threshold, and change nothing.
        """
        usable = [[x for x in group if x is not None and math.isfinite(x)] for group in groups]
        stds = tuple(std(group) for group in usable)
        known = [one for one in stds if not math.isnan(one)]
        # fsum's result doesn't depend on the order.
        total, count = math.fsum(known), len(known)
        if self.reduce is not None:
            total, count = self.reduce(total, count)
        mean = total / count if count else math.nan
        if not refill:
            self.step += 1
            self._follow(mean)
        active = self.step >= self.filter_start and self.beta is not None
        threshold = self.scale * self.beta if active and self.beta is not None else None
        return FilterStep(
            keep=tuple(threshold is None or one >= threshold for one in stds),
            stds=stds,
            threshold=threshold,
            mean_std=mean,
            step=self.step,
            ignored=sum(map(len, groups)) - sum(map(len, usable)),
        )

    def _follow(self, mean: float) -> None:
        """Takes the mean deviation of a step into account."""
        if math.isnan(mean) or self.step < self.ema_start:
            return
        if self.step < self.filter_start:
            self._first.append(mean)
            self.beta = math.fsum(self._first) / len(self._first)
        elif self.beta is None:
            self.beta = mean
        else:
            self.beta = self.ratio * self.beta + (1 - self.ratio) * mean

    def state_dict(self) -> dict[str, object]:
        """All that another filter needs to go on from here: nothing that JSON doesn't have."""
        return {"step": self.step, "beta": self.beta, "first": list(self._first)}

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Goes on from where another stood; parameters stay those of this one.

        Raises:
            ValueError: The state doesn't come from `state_dict`.
        """
        step, beta, first = state.get("step"), state.get("beta"), state.get("first")
        if (
            not isinstance(step, int)
            or not (beta is None or isinstance(beta, float))
            or not isinstance(first, Sequence)
        ):
            raise ValueError("state must come from state_dict(): step, beta, first")
        self.step, self.beta, self._first = step, beta, list(first)


class SumOverRanks:
    """Adds up over the ranks of torch.distributed, in their order: all get the same bits.

    Attributes:
        group: The ranks; None for all.
    """

    def __init__(self, group: ProcessGroup | None = None) -> None:
        self.group = group

    def __call__(self, total: float, count: int) -> tuple[float, int]:
        """The sums of all ranks; waits for them."""
        from torch import distributed

        ranks: list[tuple[float, int]] = [(0.0, 0)] * distributed.get_world_size(self.group)
        distributed.all_gather_object(ranks, (total, count), group=self.group)
        return math.fsum(one for one, _ in ranks), sum(count for _, count in ranks)


def std(values: Sequence[float]) -> float:
    """The unbiased standard deviation, whatever the order; NaN of fewer than two."""
    if len(values) < 2:
        return math.nan
    mean = math.fsum(values) / len(values)
    squares = math.fsum((one - mean) * (one - mean) for one in values)
    return math.sqrt(squares / (len(values) - 1))
