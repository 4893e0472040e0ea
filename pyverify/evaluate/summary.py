"""The numbers of one table as an object for JSON."""

from __future__ import annotations

from collections.abc import Sequence

from pyverify.evaluate.metrics import KINDS, USUAL, Figures, Samples, bootstrap, difficulty
from pyverify.evaluate.table import Table


def by_name(tables: Sequence[Table]) -> dict[str, Table]:
    """Tables by name; rows without one, or with an empty one, have the empty name."""
    found: dict[str, Table] = {}
    for table in tables:
        name = table.name or ""
        found[name] = Table.union([found[name], table]) if name in found else table
    return found


def summary(
    table: Table, figures: Figures, ks: Sequence[int], *, interval: bool
) -> dict[str, object]:
    """The numbers of a table.

    Args:
        table: The rows.
        figures: Their figures.
        ks: How many samples these take; those that every summary has are added.
        interval: Whether the bootstrap interval is wanted.
    """
    counts = table.counts
    found: dict[str, object] = {
        "num_samples": counts["rows"] + counts["missing_gold"],
        "num_scores": counts["rows"],
        "num_prompts": table.prompts,
        "n_per_prompt": _samples(figures.samples),
        "acc": table.accuracy,
        "stderr": table.standard_error,
        "empty_samples": counts["no_answer"],
        "unparseable_samples": counts["unparseable"],
        "undecided_samples": counts["undecided"],
        "timeout_samples": counts["limit"],
        "truncated_samples": counts["truncated"] if counts["truncation_known"] else None,
        "gold_errors": counts["bad_gold"] + counts["missing_gold"],
        "unevaluated_samples": counts["unevaluated"],
        "difficulty": difficulty(table.signatures),
        **_at_k(figures, sorted({*USUAL, *ks})),
    }
    if interval:
        drawn = bootstrap(table.signatures)
        found["interval"] = None if drawn is None else drawn.as_json()
    if table.rewards is not None:
        found["reward"] = table.rewards.as_json()
    return found


def _samples(samples: Samples | None) -> dict[str, float] | None:
    if samples is None:
        return None
    return {"min": samples.least, "max": samples.most, "mean": samples.mean}


def _at_k(figures: Figures, ks: Sequence[int]) -> dict[str, object]:
    found: dict[str, object] = {
        f"{kind}@k": {f"{kind}@{k}": figures.figure(kind, k).value for k in ks} for kind in KINDS
    }
    found["stderr@k"] = {
        f"{kind}@{k}": figures.figure(kind, k).stderr for kind in KINDS for k in ks
    }
    found["prompts@k"] = {str(k): figures.figure("pass", k).prompts for k in ks}
    return found
