"""What is known of one prompt's samples, by the names that lm-eval's tables show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pyverify import Result
from pyverify.integrations.samples import FAULTS, fault

_KS = (1, 4, 8)


def metric_names(repeats: int) -> dict[str, bool]:
    """The metrics of a task with so many samples of each prompt; True where more is better."""
    names = {"acc": True, **dict.fromkeys(FAULTS, False)}
    if repeats > 1:
        names |= {f"pass@{k}": True for k in _ks(repeats)}
        names["distinct"] = True
    return names


def figures(samples: Sequence[object], results: Sequence[Result]) -> dict[str, float]:
    """The metrics of one prompt, all that `metric_names` has for so many samples.

    Args:
        samples: The completions of the prompt, at least one.
        results: A verdict for each.
    """
    n, right = len(results), sum(map(bool, results))
    faults = Counter(map(fault, results))
    found = {"acc": right / n, **{name: faults[name] / n for name in FAULTS}}
    if n > 1:
        found |= {f"pass@{k}": _pass_at(n, right, k) for k in _ks(n)}
        found["distinct"] = len(set(samples)) / n
    return found


def _ks(n: int) -> list[int]:
    return sorted({k for k in (*_KS, n) if k <= n})


def _pass_at(n: int, right: int, k: int) -> float:
    return 1.0 - math.comb(n - right, k) / math.comb(n, k)
