"""The numbers of a report, made ready to be shown: tables and tiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyverify.evaluate.page.visible import clipped

# More rows than this make a table that nobody reads; the rest is counted.
_MOST_ROWS = 60
_NAME = 80

_COUNTS = (
    ("empty_samples", "No answer"),
    ("truncated_samples", "Truncated"),
    ("unparseable_samples", "Unparseable"),
    ("undecided_samples", "Undecided"),
    ("timeout_samples", "Limit"),
    ("gold_errors", "Gold errors"),
)
_AT_K = (("pass@k", "pass"), ("maj@k", "maj"))


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name.

    Attributes:
        name: What it is.
        value: The figure as text.
        note: What it is of, "" for nothing.
    """

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table of accuracies.

    Attributes:
        name: Whose accuracy it is.
        count: Number of responses, as text.
        accuracy: 0 to 100, or None where there is nothing to divide by.
        low: Where one standard error below begins, 0 to 100.
        high: Where one above ends.
        text: The accuracy with its error, as text.
        error: The error alone, "" where there is none.
    """

    name: str
    count: str
    accuracy: float | None
    low: float
    high: float
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text.

    Attributes:
        title: What it is about.
        head: Names of the columns.
        rows: Texts, a bar first where `bars` is there.
        bars: A bar per row.
        left_out: Rows that aren't shown.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    left_out: int


def number(value: object) -> float | None:
    """A finite figure of a summary, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 1e300 else None


def count(value: object) -> int:
    """A count of a summary; what isn't there is 0."""
    found = number(value)
    return 0 if found is None else int(found)


def scored(summary: Mapping[str, object], rows: int) -> int:
    """How many rows the accuracy is of: those without a gold are in no score."""
    return count(summary["num_scores"]) if "num_scores" in summary else rows


def percent(value: float | None) -> str:
    """0.714 as 71.4 %."""
    return "–" if value is None else f"{100 * value:.1f} %"


def _with_error(value: float | None, error: float | None) -> str:
    """An accuracy and its standard error."""
    if value is None or error is None:
        return percent(value)
    return f"{100 * value:.1f} ± {100 * error:.1f} %"


def interval(summary: Mapping[str, object]) -> str:
    """The bootstrap interval of the accuracy in words, "" where there is none."""
    found = mapping(summary.get("interval"))
    low, high, level = (number(found.get(key)) for key in ("low", "high", "level"))
    if low is None or high is None or level is None:
        return ""
    return f"{100 * level:.0f} % interval from {100 * low:.1f} to {percent(high)}"


def at_k(summary: Mapping[str, object], key: str) -> list[tuple[int, float]]:
    """The figures of pass@k and the like by k, those that could be had."""
    values = summary.get(key)
    found: list[tuple[int, float]] = []
    if isinstance(values, Mapping):
        for name, value in values.items():
            k = re.fullmatch(r"(?:\w+@)?(\d{1,6})", str(name))
            figure = number(value)
            if k and figure is not None and 0 <= figure <= 1:
                found.append((int(k[1]), figure))
    return sorted(set(found))


def prompts_at(summary: Mapping[str, object], k: int) -> int:
    """How many prompts have k samples; 0 where nothing is said."""
    return count(mapping(summary.get("prompts@k")).get(str(k)))


def whole(summary: Mapping[str, object], key: str) -> list[tuple[int, float]]:
    """The figures by k that are of all prompts: only these can be compared with each other."""
    ks = at_k(summary, key)
    return [
        (k, value) for k, value in ks if prompts_at(summary, k) == prompts_at(summary, ks[0][0])
    ]


def _largest(summary: Mapping[str, object]) -> list[tuple[str, str, int, float]]:
    """The figure of the largest k, if possible of all prompts, for every kind that has one."""
    found = []
    for key, word in _AT_K:
        for points in (whole(summary, key), at_k(summary, key)):
            if points and points[-1][0] > 1:
                found.append((key, word, *points[-1]))
                break
    return found


def tiles(summary: Mapping[str, object]) -> list[Tile]:
    """The figures beside the accuracy: pass@k and maj@k of the largest k, then counts."""
    found = []
    for _, word, k, value in _largest(summary):
        asked = prompts_at(summary, k)
        note = f"of {asked:,} prompts" if 0 < asked < count(summary.get("num_prompts")) else ""
        found.append(Tile(f"{word}@{k}", percent(value), note))
    final = number(summary.get("final_acc"))
    if final is not None and len(mapping(summary.get("datasets"))) > 1:
        found.append(Tile("Mean of data sets", percent(final), "each counts alike"))
    ratio = number(mapping(summary.get("baseline")).get("harmonic_mean"))
    if ratio is not None:
        found.append(Tile("Of the baseline", percent(ratio), "harmonic mean of data sets"))
    total = count(summary.get("num_samples"))
    for key, name in _COUNTS:
        if not _is_shown(summary, key):
            continue
        some = count(summary[key])
        share = percent(some / total) + " of all" if some and total else ""
        found.append(Tile(name, f"{some:,}", share))
    return found


def dataset_table(summary: Mapping[str, object]) -> Table | None:
    """The data sets and all rows together; None where there is no data set with a name."""
    datasets = mapping(summary.get("datasets"))
    if not datasets:
        return None
    columns = [(key, name) for key, name in _COUNTS if _is_shown(summary, key)]
    ks = [(key, f"{word}@{k}", k) for key, word, k, _ in _largest(summary)]
    head = ("Data set", "n", "Accuracy", *(name for _, name, _ in ks), *(n for _, n in columns))
    named = [*list(datasets.items())[:_MOST_ROWS], ("All", summary)]
    rows, bars = [], []
    for name, figures in named:
        bars.append(bar(name, mapping(figures)))
        rows.append(
            (
                *(percent(dict(at_k(mapping(figures), key)).get(k)) for key, _, k in ks),
                *(f"{count(mapping(figures).get(key)):,}" for key, _ in columns),
            )
        )
    return Table("Data sets", head, tuple(rows), tuple(bars), len(datasets) + 1 - len(named))


def field_tables(summary: Mapping[str, object]) -> list[Table]:
    """A table for every field that the run was split by, its values by their number of rows."""
    tables = []
    for name, values in mapping(summary.get("by")).items():
        bars = [bar(value, mapping(figures)) for value, figures in mapping(values).items()]
        if bars:
            shown = tuple(bars[:_MOST_ROWS])
            head = (clipped(str(name), _NAME), "n", "Accuracy")
            rows = tuple(() for _ in shown)
            title = f"By {clipped(str(name), _NAME)}"
            tables.append(Table(title, head, rows, shown, len(bars) - len(shown)))
    return tables


def bar(name: str, summary: Mapping[str, object]) -> Bar:
    """One line of figures."""
    accuracy, error = number(summary.get("acc")), number(summary.get("stderr"))
    low, high = accuracy or 0.0, accuracy or 0.0
    if accuracy is not None and error is not None:
        low, high = max(accuracy - error, 0.0), min(accuracy + error, 1.0)
    return Bar(
        name=clipped(str(name), _NAME) or "(none)",
        count=f"{count(summary.get('num_scores')):,}",
        accuracy=None if accuracy is None else round(100 * min(max(accuracy, 0.0), 1.0), 2),
        low=round(100 * low, 2),
        high=round(100 * high, 2),
        text=_with_error(accuracy, error),
        error="" if accuracy is None or error is None else f"± {100 * error:.1f}",
    )


def _is_shown(summary: Mapping[str, object], key: str) -> bool:
    """Counts are shown where they are known; of limits, which are rare, only some."""
    known = number(summary.get(key))
    return known is not None and (key != "timeout_samples" or known > 0)


def mapping(value: object) -> Mapping[str, object]:
    """An object of a summary; what isn't there is empty."""
    return value if isinstance(value, Mapping) else {}
