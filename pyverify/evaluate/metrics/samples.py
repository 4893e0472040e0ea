"""What k samples of a prompt are worth when the best one counts, or their average."""

from __future__ import annotations

from math import comb


def pass_at_k(samples: int, right: int, k: int) -> float:
    """How likely k samples of a prompt, drawn without replacement, hold a right one.

    1 - C(n - c, k) / C(n, k), the unbiased estimator of Chen et al., "Evaluating Large Language
    Models Trained on Code" (arXiv 2107.03374, 2021), correctly rounded. 1 - (1 - c/n)^k would be
    too low.

    Args:
        samples: n, at least k.
        right: c, how many of them are right.
        k: How many are drawn.

    Example:
        >>> pass_at_k(4, 1, 1), pass_at_k(4, 1, 2), pass_at_k(4, 3, 2)
        (0.25, 0.5, 1.0)
    """
    draws = comb(samples, k)
    return (draws - comb(samples - right, k)) / draws


def avg_at_k(samples: int, right: int) -> float:
    """The mean accuracy of k samples of a prompt: c / n, whatever k is.

    Example:
        >>> avg_at_k(4, 3)
        0.75
    """
    return right / samples
