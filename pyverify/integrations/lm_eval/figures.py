"""What is known of one prompt's samples, by the names that lm-eval's tables show."""

from __future__ import annotations

from collections.abc import Sequence

from pyverify import Options, Result
from pyverify.evaluate.metrics import USUAL, majority, pass_at_k
from pyverify.integrations.samples import FAULTS, tallied


def metric_names(repeats: int) -> dict[str, bool]:
    """The metrics of a task with so many samples of each prompt; True where more is better."""
    names = {"acc": True, **dict.fromkeys(FAULTS, False)}
    if repeats > 1:
        names |= {f"pass@{k}": True for k in _ks(repeats)}
        names |= {f"maj@{repeats}": True, "distinct": True}
    return names


def figures(
    samples: Sequence[object], results: Sequence[Result], options: Options
) -> dict[str, float]:
    """The metrics of one prompt, all that `metric_names` has for so many samples.

    Args:
        samples: The completions of the prompt, at least one.
        results: A verdict for each.
        options: The grading options, by which answers are counted as the same.
    """
    counts, signature = tallied(results, options)
    n, right, *clusters = signature
    found = {"acc": right / n, **{name: counts[name] / n for name in FAULTS}}
    if n > 1:
        found |= {f"pass@{k}": pass_at_k(n, right, k) for k in _ks(n)}
        groups = list(zip(clusters[::2], clusters[1::2], strict=True))
        shared, _ = majority(n, groups, n)
        found |= {f"maj@{n}": shared, "distinct": len(set(samples)) / n}
    return found


def _ks(n: int) -> list[int]:
    return sorted({k for k in (*USUAL, n) if k <= n})
