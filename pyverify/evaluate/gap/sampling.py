"""How far chance alone could have moved the score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyverify.evaluate.gap.published import Reported
from pyverify.evaluate.metrics import Z95, wilson
from pyverify.evaluate.table import Signature, Table

__all__ = ["Sampling"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """The error of a measured score.

    Attributes:
        prompts: Number of prompts.
        standard_error: Of the score, clustered by prompt: other problems and other responses; None
            for fewer than two prompts.
        low: Lower end of its 95 % interval.
        high: Upper end.
        z: Distance of the reported score in standard errors; None where there is no error.
        draw_error: What other responses to the same problems change, as a standard error of the
            difference to the reported score; None unless every prompt has two samples or more.
        draws: Responses a problem that the reported score is taken to have.
    """

    prompts: int
    standard_error: float | None
    low: float
    high: float
    z: float | None
    draw_error: float | None
    draws: int

    @staticmethod
    def of(table: Table, reported: Reported) -> Sampling:
        """The error of a table's accuracy."""
        mean, error = table.accuracy or 0.0, table.standard_error
        low, high = _interval(mean, error, table.prompts)
        published = reported.published
        draws = (published.samples if published is not None else None) or 1
        return Sampling(
            prompts=table.prompts,
            standard_error=error,
            low=low,
            high=high,
            z=(reported.score - mean) / error if error else None,
            draw_error=_draw_error(table.signatures, draws),
            draws=draws,
        )


def _interval(mean: float, error: float | None, prompts: int) -> tuple[float, float]:
    """The 95 % interval: normal around the mean, Wilson's where the rows show no variance."""
    if error:
        return max(0.0, mean - Z95 * error), min(1.0, mean + Z95 * error)
    return wilson(mean, prompts)


def _draw_error(signatures: Mapping[Signature, int], draws: int) -> float | None:
    """Standard error of the difference of two runs over the same problems.

    A prompt with n samples, c of them right, has the unbiased variance c (n − c) / (n (n − 1)) per
    response. Summed over prompts, that is the variance of this run's sum; the other run's differs
    by its number of responses.
    """
    total, own, other = 0, 0.0, 0.0
    for (samples, right, *_), times in signatures.items():
        if samples < 2:
            return None
        variance = right * (samples - right) / (samples * (samples - 1))
        total += times * samples
        own += times * samples * variance
        # The other run answers each of these prompts `draws` times, weighted as here.
        other += times * samples * samples * variance / draws
    return math.sqrt(own + other) / total if total else None
