"""How far a share may be off, told from a count alone: Wilson's interval."""

from __future__ import annotations

import math

Z95 = 1.959964
"""The normal distribution's two-sided 95 % point."""


def wilson(share: float, count: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval, which stays within 0 and 1 and is no point where all agree.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference.

    Args:
        share: How many of `count` independent trials succeeded, from 0 to 1.
        count: How many there were.
        z: How many standard errors to either side; the default is for 95 %.

    Returns:
        The ends; 0 and 1 if there was no trial.

    >>> low, high = wilson(0.8, 100)
    >>> round(low, 3), round(high, 3)
    (0.711, 0.867)
    """
    if not count:
        return 0.0, 1.0
    square = z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = share * (1 - share) / count + square / (4 * count * count)
    half = z * math.sqrt(spread) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)
