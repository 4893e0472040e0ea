"""Other numbers that the same rows give: other metrics, other rows counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyverify.evaluate.gap.findings import Setting
from pyverify.tasks.coverage import Coverage

__all__ = ["other_metrics", "other_rows"]

_METRICS = ("pass@k", "maj@k", "cons@k")


def other_metrics(summary: Mapping[str, object]) -> list[Setting]:
    """What may have been reported instead of the mean: pass@k, maj@k and the like.

    Args:
        summary: The run's summary as JSON.
    """
    return [
        Setting(
            f"{name} instead of the mean", value, False, *_part(summary, name.partition("@")[2])
        )
        for metric in _METRICS
        for name, value in _figures(summary, metric).items()
        if value is not None and not name.endswith("@1")
    ]


def _part(summary: Mapping[str, object], k: str) -> tuple[int | None, float | None]:
    """How many prompts have k samples, and their mean; None twice if that is all of them."""
    prompts, mean = _figures(summary, "prompts@k").get(k), _figures(summary, "avg@k")
    if prompts is None or prompts == summary.get("num_prompts"):
        return None, None
    return int(prompts), mean.get(f"avg@{k}")


def _figures(summary: Mapping[str, object], key: str) -> Mapping[str, float | None]:
    found = summary.get(key)
    return found if isinstance(found, dict) else {}


def other_rows(
    counts: Mapping[str, int],
    coverage: Coverage | None,
    extra: Sequence[int],
    first: Mapping[int, float],
) -> list[Setting]:
    """What other rows would give: without extra and repeated ones, with the missing ones.

    Args:
        counts: The run's counts.
        coverage: What of the task is there.
        extra: Rows that are none of the task's, and how many of them are right.
        first: The score of each problem's first row.
    """
    rows, right = counts["rows"], counts["right"]
    settings = []
    unscored = counts["missing_gold"]
    if unscored:
        title = f"if {_all(unscored, 'row')} without a gold were right"
        settings.append(Setting(title, (right + unscored) / (rows + unscored), bound=True))
    if extra[0] and rows > extra[0]:
        which = "the one row that is" if extra[0] == 1 else f"{extra[0]:,} rows that are"
        title = f"without {which} not of the task"
        settings.append(Setting(title, (right - extra[1]) / (rows - extra[0]), bound=False))
    if first and len(first) < rows - extra[0]:
        score = sum(first.values()) / len(first)
        settings.append(Setting("with the first response of each problem only", score, bound=False))
    if coverage is not None and coverage.missing:
        absent = coverage.missing * max(coverage.samples, 1)
        title = f"if {_all(coverage.missing, 'missing problem')} were right"
        settings.append(Setting(title, (right + absent) / (rows + absent), bound=True))
    return settings


def _all(count: int, what: str) -> str:
    return f"the one {what}" if count == 1 else f"all {count:,} {what}s"
