"""What a probability reward found: for each response, for all, and in numbers for a logger."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from pyverify.rlpr.splice import Unspliced

_REASONS: tuple[str, ...] = tuple(
    reason for names in get_args(Unspliced) for reason in get_args(names)
)


@dataclass(frozen=True, slots=True)
class ScoredResponse:
    """The probability reward of one response.

    Attributes:
        reward: What `shaping` made of r - r', over all references. The reward for an invalid
            response where the response has no place for a reference; NaN where the reference is
            empty, or a probability is NaN: that is no fault of the response's.
        r: The aggregated probability of the reference, 0 where there is no place for it.
        baseline: r'; None without a baseline, or where there was nothing to subtract it from.
        well_formed: Whether the response has the form that the template wants.
        answer: Its own answer, if it has a place for one.
        reason: Why it could not be scored.
        respelled: How many of its tokens stand before a reference in another spelling.
    """

    reward: float
    r: float
    baseline: float | None
    well_formed: bool
    answer: str | None = None
    reason: Unspliced | None = None
    respelled: int = 0

    def as_numbers(self) -> dict[str, float]:
        """A finite number under each of the same keys: for trainers that allow nothing else.

        What is NaN, or isn't there, is 0; `nan` tells of rewards to which that happened.

        >>> found = ScoredResponse(0.5, 0.75, 0.25, well_formed=True).as_numbers()
        >>> found["probability_reward"], found["format"], found["nan"]
        (0.5, 1.0, 0.0)
        """
        found = {
            "probability_reward": self.reward,
            "probability": self.r,
            "baseline": math.nan if self.baseline is None else self.baseline,
            "format": float(self.well_formed),
            "respelled": float(self.respelled),
            "unspliced": float(self.reason is not None),
            "nan": float(math.isnan(self.reward)),
        }
        return {name: x if math.isfinite(x) else 0.0 for name, x in found.items()}


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """The probability rewards of a call, in the order of its responses.

    Attributes:
        responses: One for each response.
        baseline_hits: How many r' were known already.
        baseline_misses: How many had to be asked for.
    """

    responses: tuple[ScoredResponse, ...]
    baseline_hits: int = 0
    baseline_misses: int = 0

    def __len__(self) -> int:
        return len(self.responses)

    def __iter__(self) -> Iterator[ScoredResponse]:
        return iter(self.responses)

    @property
    def rewards(self) -> list[float]:
        """The probability rewards, without anything for the form."""
        return [one.reward for one in self.responses]

    @property
    def columns(self) -> dict[str, list[float]]:
        """What rewards of `pyverify.rewards` take as columns: ``probability`` and ``format``.

        With tags around the reasoning, ``recipe("rlpr")(texts, **batch.columns)`` is RLPR's reward.
        The form that any template asks for counts in ``0.9 * Given("probability") + 0.1 *
        Given("format")``.
        """
        return {
            "probability": self.rewards,
            "format": [float(one.well_formed) for one in self.responses],
        }

    def as_metrics(self, prefix: str = "rlpr") -> dict[str, float]:
        """One flat dict of floats for a logger; what there isn't is left out."""
        scored = [one for one in self.responses if one.reason is None]
        reasons: Counter[str | None] = Counter(one.reason for one in self.responses)
        respelled = [one.respelled for one in scored]
        found = {
            "reward": _mean(self.rewards),
            "probability": _mean([one.r for one in scored]),
            "baseline": _mean([one.baseline for one in scored if one.baseline is not None]),
            "well_formed": _mean([float(one.well_formed) for one in self.responses]),
            "respelled_tokens": float(sum(respelled)),
            "respelled_responses": float(sum(map(bool, respelled))),
            "nan": float(sum(math.isnan(one.reward) for one in self.responses)),
            "baseline_hits": float(self.baseline_hits),
            "baseline_misses": float(self.baseline_misses),
            # Those of which there is none, too: loggers average over steps and ranks.
            **{f"invalid/{reason}": float(reasons[reason]) for reason in _REASONS},
        }
        return {f"{prefix}/{name}": x for name, x in found.items() if not math.isnan(x)}


def _mean(values: Sequence[float]) -> float:
    """The mean of all that are numbers; NaN of none."""
    known = [one for one in values if not math.isnan(one)]
    return math.fsum(known) / len(known) if known else math.nan
