"""Binomial draws: Python has none before 3.12."""

from __future__ import annotations

import random
from math import floor, lgamma, log, log2, sqrt

_FEW = 10.0
"""Expected successes below which they are looked for one by one."""


def draw(rng: random.Random, trials: int, chance: float) -> int:
    """How many of some trials succeed.

    Args:
        rng: Where chance comes from; only its `random()`, which is the same in every Python.
        trials: How many there are.
        chance: The chance of each, from 0 to 1.

    Example:
        >>> draw(random.Random(0), 10, 0.0), draw(random.Random(0), 10, 1.0)
        (0, 10)
    """
    if chance > 0.5:
        return trials - draw(rng, trials, 1 - chance)
    if trials == 0 or chance <= 0:
        return 0
    if trials * chance < _FEW:
        return _by_gaps(rng, trials, chance)
    return _by_rejection(rng, trials, chance)


def _by_gaps(rng: random.Random, trials: int, chance: float) -> int:
    """Counts the geometric gaps between successes.

    Devroye, "Non-Uniform Random Variate Generation", 1986, X.4.3.
    """
    scale = log2(1 - chance)
    if scale == 0:  # so rare that 1 - chance is 1
        return 0
    found = place = 0
    while True:
        place += floor(log2(1 - rng.random()) / scale) + 1
        if place > trials:
            return found
        found += 1


def _by_rejection(rng: random.Random, trials: int, chance: float) -> int:
    """Transformed rejection with a squeeze.

    BTRS of Hörmann, "The Generation of Binomial Random Variates", Journal of Statistical
    Computation and Simulation 46, 1993.
    """
    deviation = sqrt(trials * chance * (1 - chance))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    c = trials * chance + 0.5
    within = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * deviation
    odds = log(chance / (1 - chance))
    mode = floor((trials + 1) * chance)
    peak = lgamma(mode + 1) + lgamma(trials - mode + 1)
    while True:
        u = rng.random() - 0.5
        v = 1 - rng.random()  # never 0
        edge = 0.5 - abs(u)
        if edge <= 0:
            continue
        found = floor((2 * a / edge + b) * u + c)
        if not 0 <= found <= trials:
            continue
        if edge >= 0.07 and v <= within:
            return found
        height = log(v * alpha / (a / (edge * edge) + b))
        if height <= peak - lgamma(found + 1) - lgamma(trials - found + 1) + (found - mode) * odds:
            return found
