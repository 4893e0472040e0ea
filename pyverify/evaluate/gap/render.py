"""The score-gap report in words: for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyverify.evaluate.gap.findings import NOT_MEASURABLE, Finding, GapReport, Setting

__all__ = ["render_gap", "render_gap_markdown"]

_SHOWN = 3
_HEAD = ("what could explain it", "rows", "points", "alone", "where")
_GROUPS = {
    "missing": "missing",
    "truncation": "truncation",
    "extraction": "extraction",
    "gold": "golds",
    "policy": "grading policy",
    "undecided": "not settled",
}


def render_gap(report: GapReport, *, show: int = _SHOWN) -> str:
    """The report for a terminal.

    Args:
        report: The report.
        show: Rows that are named for each line.
    """
    lines = list(_head(report))
    if report.rows and report.gap > 0:
        lines += ["", *_table(report, show)]
    for title, items in _sections(report):
        lines += ["", f"{title}:", *(f"  {item}" for item in items)]
    return "\n".join(lines)


def render_gap_markdown(report: GapReport, *, show: int = _SHOWN) -> str:
    """The report as Markdown.

    Args:
        report: The report.
        show: Rows that are named for each line.
    """
    lines = ["## Score gap", "", *(f"- {_escaped(line.strip())}" for line in _head(report))]
    if report.rows and report.gap > 0:
        lines += ["", "| " + " | ".join(_HEAD) + " |", "|---|---:|---:|---:|---|"]
        for group, cells in _rows(report, show):
            what = f"*{_GROUPS[group]}:* {cells[0]}" if group else f"**{cells[0]}**"
            shown = [_escaped(cell) for cell in cells[1:]]
            lines.append("| " + " | ".join([what, *shown]) + " |")
    for title, items in _sections(report):
        lines += ["", f"### {title[0].upper()}{title[1:]}", ""]
        lines += [f"- {_escaped(item)}" for item in items]
    return "\n".join(lines)


def _head(report: GapReport) -> Iterator[str]:
    published, sampling = report.reported.published, report.sampling
    yield f"reported  {_percent(report.reported.score)}{_origin(report)}"
    if published is not None:
        yield f"          {published.url} ({published.page})"
        yield f"          prompt: {published.prompt}"
    error = sampling.standard_error
    shown = "" if error is None else f" ± {100 * error:.1f}"
    clusters = "" if sampling.prompts == report.rows else f", {sampling.prompts:,} prompts"
    if not report.rows:
        yield "measured  nothing could be scored"
        return
    yield (
        f"measured  {_percent(report.measured)}{shown} "
        f"({report.right:,} of {report.rows:,} right{clusters})"
    )
    yield f"gap       {100 * report.gap:+.1f} points{_chance(report)}"
    if sampling.draw_error is not None:
        many = "one response" if sampling.draws == 1 else f"{sampling.draws} responses"
        yield (
            f"          other responses to the same problems, {many} each, alone: "
            f"± {100 * sampling.draw_error:.1f}"
        )


def _origin(report: GapReport) -> str:
    published = report.reported.published
    if published is None:
        return ""
    made = "" if published.own else ", not by its makers"
    return f" ({published.model}{made}: {published.settings()})"


def _chance(report: GapReport) -> str:
    sampling = report.sampling
    interval = f"{100 * sampling.low:.1f} to {_percent(sampling.high)}"
    z = "" if sampling.z is None else f", z = {sampling.z:.1f}"
    if sampling.low <= report.reported.score <= sampling.high:
        return f"{z}: within the 95 % interval of the measurement, {interval}"
    if report.gap < 0:
        return f"{z}: the measurement is higher, 95 % interval {interval}"
    return (
        f"{z}; the 95 % interval is {interval}: sampling error explains at most "
        f"{100 * report.by_chance:.1f}"
    )


def _table(report: GapReport, show: int) -> list[str]:
    rows = [_HEAD]
    group = None
    for owner, cells in _rows(report, show):
        if owner and owner != group:
            rows.append((_GROUPS[owner], "", "", "", ""))
        group = owner
        rows.append((f"  {cells[0]}" if owner else cells[0], *cells[1:]))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD) - 1)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *map(str.rjust, row[1:-1], widths[1:]), row[-1]]
        ).rstrip()
        for row in rows
    ]


def _rows(report: GapReport, show: int) -> Iterator[tuple[str, tuple[str, str, str, str, str]]]:
    """The lines of the table with their group; "" for those at its foot."""
    for finding in report.findings:
        if finding.rows:
            yield finding.suspect.group, _line(report, finding, show)
    if report.any_rows:
        yield "", ("what was judged again, together", *_sum(report, report.tried_rows))
        rows, points, alone, left = _sum(report, report.any_rows)
        yield "", ("all of it together", rows, f"≤ {points}", alone, left)
    else:
        yield "", ("nothing in the file explains any row", *_sum(report, 0))


def _line(report: GapReport, finding: Finding, show: int) -> tuple[str, str, str, str, str]:
    points = ("" if finding.suspect.tried else "≤ ") + _points(report.share(finding.rows))
    where = _where(finding, show)
    return finding.suspect.title, f"{finding.rows:,}", points, f"{finding.alone:,}", where


def _where(finding: Finding, show: int) -> str:
    """``FILE:3, :8, OTHER:2, …``: a file is named when it changes."""
    words, source = [], None
    for reference in finding.references[:show]:
        text = str(reference)
        words.append(text.removeprefix(reference.source) if reference.source == source else text)
        source = reference.source
    return _plain(", ".join(words)) + (", …" if finding.rows > len(words) else "")


def _sum(report: GapReport, rows: int) -> tuple[str, str, str, str]:
    left = max(0.0, report.gap - report.share(rows))
    return f"{rows:,}", _points(report.share(rows)), "", f"leaves {_points(left)} of the gap"


def _sections(report: GapReport) -> Iterator[tuple[str, Sequence[str]]]:
    if report.coverage is not None:
        yield "the benchmark", report.coverage.lines()
    if report.settings:
        yield (
            "counted otherwise",
            [_setting(one, report) for one in report.settings],
        )
    yield "only another run could tell", NOT_MEASURABLE


def _setting(one: Setting, report: GapReport) -> str:
    mean = report.measured if one.mean is None else one.mean
    text = f"{one.title}: {'at most ' if one.bound else ''}{_percent(one.score)}, "
    text += f"{_points(one.score - mean, sign=True)} points"
    if one.mean is None:
        return text
    of = f"{one.prompts:,} of {report.sampling.prompts:,} prompts"
    return f"{text} (of {of}, whose mean is {_percent(mean)})"


def _percent(score: float) -> str:
    return f"{100 * score:.1f} %"


def _points(share: float, *, sign: bool = False) -> str:
    return f"{100 * share:+.1f}" if sign else f"{100 * share:.1f}"


def _plain(text: str) -> str:
    """Names of files come from outside: control characters must not reach a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _escaped(text: str) -> str:
    """Text that Markdown, and the HTML in it, leaves as it is."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#&" else c for c in text)
