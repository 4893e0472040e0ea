"""How many responses are behind an evaluation, and how noisy that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import fmean

from pyverify.monitor.metrics import Scale
from pyverify.monitor.run import Run

__all__ = ["evaluation_noise", "granularity"]

# Values that tell how many responses are behind an evaluation.
_TELLING = 12

# Logs go through single precision; and what counts as an accident.
_PRECISION = 1e-7
_CHANCE = 1e-3


def evaluation_noise(run: Run, name: str) -> float:
    """Standard deviation of one evaluation: of the responses behind it, or else as it was seen.

    Args:
        run: The run.
        name: A validation reward of it.
    """
    values = run.series[name].tail(_TELLING)
    scale = run.scale(name)
    assumed = run.thresholds.validation_samples
    samples = granularity(values, scale, assumed)
    if samples == assumed:
        return run.reward_noise(name, samples)
    # What was seen is no guide: few responses often give the same value twice, which looks calmer
    # than it is.
    return scale.deviation(fmean(values), samples)


def granularity(values: Sequence[float], scale: Scale, most: int) -> int:
    """The least count n such that all values are means of n rights and wrongs.

    The values of an evaluation tell in this way how many responses are behind them. With d decimals
    they tell of 10^d at most: 0.3, 0.4 and 0.2 are those of ten problems, or have been rounded, and
    then nobody knows of how many. A multiple of 1/n for a smaller n is one by chance n times in
    10^d, which costs no more than a later alarm. If a value need only be the nearest to one, as in
    a log that rounds thirds, more counts fit, and the search ends where it is likelier than 1 in
    1,000 that one does by chance.

    Args:
        values: Values as they were logged.
        scale: The scale of the reward; a right response has its top, a wrong one its bottom.
        most: What to return if there is none below.

    Example:
        >>> unit = Scale(0.0, 1.0)
        >>> granularity([3 / 30, 5 / 30, 8 / 30], unit, 200), granularity([0.34, 0.3], unit, 200)
        (30, 50)
        >>> granularity([0.34, 0.31], unit, 200), granularity([0.089, 0.063, 0.025], unit, 200)
        (100, 200)
    """
    heights = {scale.height(value) for value in values} - {0.0, 1.0}
    if not heights:
        return most
    step = max(10.0 ** -max(map(_decimals, values)), _PRECISION) / (scale.high - scale.low)
    rounded = True
    for count in range(2, most):
        chance = (step * count) ** len(heights) * count / (len(heights) + 1)
        rounded = rounded and chance <= _CHANCE
        near = 1e-9 * count if not rounded else (step / 2 + 1e-12) * count
        if all(abs(height * count - round(height * count)) <= near for height in heights):
            return count
    return most


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
