"""How hard the prompts were: how many were solved how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pyverify.evaluate.table import Signature

BINS = ("0", *(f"({i / 10:g}, {(i + 1) / 10:g}]" for i in range(9)), "(0.9, 1)", "1")
"""Solve rates: never, ten steps between, always."""


def difficulty(signatures: Mapping[Signature, int]) -> dict[str, int]:
    """How many prompts have each solve rate, the share of their samples that is right.

    Prompts that are always or never solved have bins of their own: they teach a policy nothing,
    as all their samples get the same reward.

    Args:
        signatures: How many prompts were answered alike.

    Example:
        >>> difficulty({(4, 0): 3, (4, 2, 2, 2, 1, 0): 5})["(0.4, 0.5]"]
        5
    """
    found: Counter[int] = Counter()
    for (samples, right, *_), times in signatures.items():
        found[_bin(samples, right)] += times
    return {name: found[i] for i, name in enumerate(BINS)}


def _bin(samples: int, right: int) -> int:
    if right == samples:
        return len(BINS) - 1
    # In integers: as floats 3/10 and 0.3 might part. Rounded up, as a bin holds its upper end.
    return -(-10 * right // samples)
