"""A report for people: as a text for terminals, and in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyverify.evaluate.grid import Grid, Row, markdown_line, plain_line
from pyverify.evaluate.metrics import Figure, Ratios, Samples, bootstrap
from pyverify.evaluate.report import Report
from pyverify.evaluate.table import Table, largest

WIDTH = 120
"""How wide tables are where no terminal says."""

_MOST_VALUES = 50
_MOST_METRICS = 6
_UNNAMED = "(none)"
_OVERALL = "overall"

_PART = "* over the prompts that have as many samples: not the same ones in every column"

Metric = tuple[str, int]
Named = Sequence[tuple[str, Table]]


def render_table(report: Report, seconds: float | None = None, *, width: int = WIDTH) -> str:
    """The report as a text for standard output.

    Args:
        report: The numbers.
        seconds: How long the run took; None leaves the rate out.
        width: How wide a table may be before it goes on below.
    """
    parts = ["\n".join(grid.as_text(width)) for grid in _grids(report)]
    return "\n\n".join([*parts, plain_line(_footer(report, seconds))])


def render_markdown(report: Report) -> str:
    """The same tables in Markdown, without the rate."""
    parts = ["\n".join(grid.as_markdown()) for grid in _grids(report)]
    return "\n\n".join([*parts, markdown_line(_footer(report, None))])


def _grids(report: Report) -> list[Grid]:
    datasets = report.datasets
    if len(datasets) > _MOST_VALUES:
        kept = {id(table) for table in largest(datasets, _MOST_VALUES)}
        datasets = [table for table in datasets if id(table) in kept]
    named = [(table.name or _UNNAMED, table) for table in datasets]
    if len(named) == 1 and not report.datasets[0].name:
        named = []
    if len(named) != 1:
        named.append((_OVERALL, report.overall))
    grids = _of_tables(report, "data set", named)
    if len(named) > 2:
        columns = grids[0].columns
        mean = [_decimal(report.final_accuracy) if name == "acc" else "" for name in columns]
        grids[0].rows.append(("macro average", mean))
    if len(datasets) < len(report.datasets):
        grids[-1].notes.append(
            f"the {len(datasets)} largest of {len(report.datasets):,} data sets; JSON has all"
        )
    if report.ratios is not None:
        grids.append(_baseline(report, report.ratios))
    for label, tables in report.by.items():
        shown = largest(tables, _MOST_VALUES)
        found = _of_tables(report, label, [(table.name or _UNNAMED, table) for table in shown])
        if len(tables) > len(shown):
            found[-1].notes.append(
                f"the {len(shown)} most frequent of {len(tables):,} values; JSON has more"
            )
        grids += found
    return grids


def _of_tables(report: Report, label: str, named: Named) -> list[Grid]:
    alone, votes = _metrics_at_k(report, [table for _, table in named])
    grids = [_verdicts(report, label, named)]
    if not alone:
        return grids
    if len(alone) + len(votes) <= _MOST_METRICS:
        return [*grids, _at_k(report, label, named, [*alone, *votes])]
    return [*grids, _at_k(report, label, named, alone), _metrics(report, label, named, votes)]


def _verdicts(report: Report, label: str, named: Named) -> Grid:
    """How many rows there are, how many are right, and what is wrong with others."""
    columns = _verdict_columns(report)
    rows: list[Row] = [(name, [cell(table) for _, cell in columns]) for name, table in named]
    names = [column for column, _ in columns]
    return Grid(label, names, rows, fold=names.index("no-answer"))


def _verdict_columns(report: Report) -> list[tuple[str, Callable[[Table], str]]]:
    columns: list[tuple[str, Callable[[Table], str]]] = [
        ("n", _count("rows")),
        ("acc", lambda table: _decimal(table.accuracy)),
        ("±", lambda table: _decimal(table.standard_error)),
    ]
    if report.intervals:
        columns.append(("95% interval", _interval))
    columns.append(("no-answer", _count("no_answer")))
    if report.overall.counts["truncation_known"]:
        columns.append(("truncated", _truncated))
    columns += [
        ("unparseable", _count("unparseable")),
        ("undecided", _count("undecided")),
        ("limit", _count("limit")),
        ("gold errors", _count("bad_gold", "missing_gold")),
    ]
    if report.overall.rewards is not None:
        columns += [("reward", _reward), ("abstained", _abstained)]
    return columns


def _count(*names: str) -> Callable[[Table], str]:
    return lambda table: f"{sum(table.counts[name] for name in names):,}"


def _interval(table: Table) -> str:
    drawn = bootstrap(table.signatures)
    return "-" if drawn is None else f"{drawn.low:.4f}–{drawn.high:.4f}"


def _truncated(table: Table) -> str:
    return f"{table.counts['truncated']:,}" if table.counts["truncation_known"] else "-"


def _reward(table: Table) -> str:
    return "-" if table.rewards is None else _decimal(table.rewards.mean)


def _abstained(table: Table) -> str:
    return "-" if table.rewards is None else f"{table.rewards.abstained:,}"


def _metrics_at_k(report: Report, tables: Sequence[Table]) -> tuple[list[Metric], list[Metric]]:
    """What is shown of how many samples: of single samples, and of votes.

    To save room, avg@k and cons@k are shown for as many samples as prompts have.
    """
    if not any(samples.most > 1 for samples in _samples(report, tables)):
        return [], []
    # Of one sample all metrics are the same, and avg@k has it.
    several = [k for k in report.sample_counts if k > 1] or [1]
    if not report.ks:
        several = [k for k in several if _is_common(report, tables, k)]
    have = {samples.usual for samples in _samples(report, tables)}
    whole = [k for k in several if k in have] or several[-1:]
    return (
        [*(("avg", k) for k in whole), *(("pass", k) for k in several)],
        [*(("maj", k) for k in several), *(("cons", k) for k in whole)],
    )


def _samples(report: Report, tables: Sequence[Table]) -> list[Samples]:
    found = [report.figures(table).samples for table in tables]
    return [samples for samples in found if samples is not None]


def _is_common(report: Report, tables: Sequence[Table], k: int) -> bool:
    """Whether most prompts of some table have k samples: of few prompts a figure says little."""
    return any(
        2 * report.figures(table).figure("pass", k).prompts > table.prompts for table in tables
    )


def _at_k(report: Report, label: str, named: Named, metrics: Sequence[Metric]) -> Grid:
    """What several samples of a prompt are worth, after how many there are."""
    grid = _metrics(report, label, named, metrics)
    rows: list[Row] = [
        (name, [f"{table.prompts:,}", _range(report.figures(table).samples), *cells])
        for (name, cells), (_, table) in zip(grid.rows, named, strict=True)
    ]
    return Grid(label, ["prompts", "n/prompt", *grid.columns], rows, grid.notes)


def _metrics(report: Report, label: str, named: Named, metrics: Sequence[Metric]) -> Grid:
    rows: list[Row] = [
        (name, [_part(report.figures(table).figure(*metric), table.prompts) for metric in metrics])
        for name, table in named
    ]
    grid = Grid(label, [f"{kind}@{k}" for kind, k in metrics], rows).without_empty_columns()
    if any(cell.endswith("*") for _, cells in grid.rows for cell in cells):
        grid.notes.append(_PART)
    return grid


def _baseline(report: Report, ratios: Ratios) -> Grid:
    """Each data set beside what it was in an earlier run."""
    then = ratios.baseline.accuracies
    grid = Grid("against the baseline", ["acc", "baseline", "ratio"])
    for name, accuracy in report.accuracies.items():
        shown = name or (_OVERALL if len(then) == 1 else _UNNAMED)
        ratio = _decimal(ratios.ratios.get(name))
        grid.rows.append((shown, [_decimal(accuracy), _decimal(then[name]), ratio]))
    if len(then) > 1:
        grid.rows.append(("harmonic mean", ["", "", _decimal(ratios.harmonic_mean)]))
    if ratios.zeros:
        names = ", ".join(name or _UNNAMED for name in ratios.zeros)
        grid.notes.append(f"left out, as the baseline scored 0: {names}")
    grader = ratios.baseline.grader
    if grader is not None and grader != report.grader:
        grid.notes.append(f"the baseline was judged by {grader}")
    return grid


def _range(samples: Samples | None) -> str:
    if samples is None:
        return "-"
    least, most = samples.least, samples.most
    return f"{most:,}" if least == most else f"{least:,}–{most:,}"


def _part(figure: Figure, prompts: int) -> str:
    star = "" if figure.value is None or figure.prompts == prompts else "*"
    return _decimal(figure.value) + star


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _footer(report: Report, seconds: float | None) -> str:
    overall = report.overall
    rows = overall.counts["rows"]
    right = f"{overall.counts['right']:,} of {rows:,} right"
    if rows == 0:
        right = "nothing could be scored"
    elif overall.prompts != rows:
        right += f", ± one standard error, clustered by {overall.prompts:,} prompts"
    else:
        right += ", ± one standard error"
    parts = [right, report.grader]
    if seconds is not None and rows:
        parts.append(f"{rows / max(seconds, 1e-6):,.0f} responses/s")
    return "; ".join(parts)
