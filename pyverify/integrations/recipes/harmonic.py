"""A mean of benchmark scores that no benchmark can buy for the others."""

from __future__ import annotations

import math
from collections.abc import Mapping

# A benchmark that the baseline solves nothing of would make every ratio infinite.
_LEAST = 1e-3


def harmonic_mean_of_ratios(scores: Mapping[str, float], baseline: Mapping[str, float]) -> float:
    """How many times better than a baseline scores are, over all benchmarks at once.

    Formula: ``n / sum(baseline / score)``. A harmonic mean is drawn to its smallest part: what is
    lost on one benchmark isn't made up for by a gain on another. Scores below 0.001 count as 0.001
    on both sides, so that a benchmark nobody solves neither divides by zero nor decides.

    Args:
        scores: For each benchmark a share of right answers.
        baseline: The same of what is compared with; the same benchmarks.

    Returns:
        1 for the baseline itself, more for what is better.

    Raises:
        ValueError: The benchmarks differ, there are none, or a score isn't between 0 and 1.

    Example:
        >>> harmonic_mean_of_ratios({"a": 0.8, "b": 0.25}, {"a": 0.4, "b": 0.5})
        0.8
    """
    if not scores or set(scores) != set(baseline):
        raise ValueError(
            f"scores and baseline need the same benchmarks, not {sorted(scores)} and "
            f"{sorted(baseline)}"
        )
    for value in (*scores.values(), *baseline.values()):
        if not (math.isfinite(value) and 0 <= value <= 1):
            raise ValueError(f"a score is a share between 0 and 1, not {value!r}")
    inverse = sum(max(baseline[name], _LEAST) / max(scores[name], _LEAST) for name in scores)
    return len(scores) / inverse
