"""Is one side better, or was it luck? McNemar's test, for samples that share prompts, too.

If both sides are equally good, they could have been swapped on any prompt: what a prompt adds to
the difference, b's right samples less a's, would be as likely with the other sign. So the test
counts how often random signs give a sum as far from 0 as the one found. With one sample per prompt
every prompt adds -1, 0 or 1, and this is McNemar's exact binomial test. Several samples of a prompt
are swapped together, because they are no independent draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["EXACT_UP_TO", "sign_test"]

EXACT_UP_TO = 1000
"""So many changed samples are tested exactly; beyond, the normal approximation is as good."""


def sign_test(nets: Mapping[int, int]) -> tuple[float, str]:
    """The two-sided p-value of no difference.

    Args:
        nets: How many prompts add each amount to the difference.

    Returns:
        The p-value, and ``exact`` or ``chi-square`` (with continuity correction).

    Example:
        >>> sign_test({1: 8, -1: 2, 0: 90})
        (0.109375, 'exact')
        >>> sign_test({2: 1, 1: 1})
        (0.5, 'exact')
    """
    found = abs(sum(net * prompts for net, prompts in nets.items()))
    steps = [abs(net) for net, prompts in nets.items() for _ in range(prompts) if net]
    if sum(steps) <= EXACT_UP_TO:
        return _exact(steps, found), "exact"
    squares = sum(step * step for step in steps)
    statistic = max(found - 1, 0) ** 2 / squares
    return math.erfc(math.sqrt(statistic / 2)), "chi-square"


def _exact(steps: list[int], found: int) -> float:
    """The share of all choices of signs whose sum is at least as far from 0."""
    # ways[k]: the share of those where the steps with a plus add up to k.
    ways = [1.0]
    for step in steps:
        longer = [0.0] * (len(ways) + step)
        for k, share in enumerate(ways):
            longer[k] += share / 2
            longer[k + step] += share / 2
        ways = longer
    total = len(ways) - 1
    return min(1.0, math.fsum(w for k, w in enumerate(ways) if abs(2 * k - total) >= found))
