"""A comparison for people: the same tables as text and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyverify.evaluate.compare.comparison import Change, Comparison, Side, Trace
from pyverify.evaluate.compare.mcnemar import EXACT_UP_TO
from pyverify.evaluate.compare.outcomes import Figures
from pyverify.io.shown import one_line

__all__ = ["render_markdown", "render_text"]

_MOST_KINDS = 10
_COLUMNS = ("n", "acc a", "±", "acc b", "±", "b - a", "±", "95 % interval", "p", "a only", "b only")


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table: the first column holds words, the others figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        everything = [self.head, *self.rows]
        widths = [max(len(row[i]) for row in everything) for i in range(len(self.head))]
        return "\n".join(
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
            for row in everything
        )

    def markdown(self) -> str:
        rule = ["---", *("--:" for _ in self.head[1:])]
        everything = [self.head, rule, *self.rows]
        return "\n".join("| " + " | ".join(row) + " |" for row in everything)


def render_text(comparison: Comparison) -> str:
    """Everything as plain text."""
    parts = ["\n".join(_sides(comparison))]
    overall = comparison.overall()
    if overall is None:
        return "\n\n".join([*parts, "no pair of rows"])
    parts += [_confusion(overall).text(), _table(comparison, overall, one_line).text()]
    parts.append("\n".join(_remarks(comparison, overall)))
    if comparison.kinds:
        parts.append("what changed\n" + "\n".join(_kinds(comparison)))
    for kind, changes in sorted(comparison.shown.items()):
        if changes:
            lines = [_title(kind, len(changes), overall)]
            lines.extend(line for change in changes for line in _change(change))
            parts.append("\n".join(lines))
    return "\n\n".join(parts)


def render_markdown(comparison: Comparison) -> str:
    """Everything as Markdown; what files and graders say stands in code spans."""
    overall = comparison.overall()
    sides = [f"- **{letter}** {_code(text)}" for letter, text in _named_sides(comparison)]
    parts = [f"# {_code(comparison.a.name)} and {_code(comparison.b.name)}", "\n".join(sides)]
    if overall is None:
        return "\n\n".join([*parts, "no pair of rows"])
    parts += [_confusion(overall).markdown(), _table(comparison, overall, _code).markdown()]
    parts.append("\n".join(f"- {_escaped(line)}" for line in _remarks(comparison, overall)))
    if comparison.kinds:
        parts.append("## What changed")
        parts.append("\n".join(f"- {_code(line.strip())}" for line in _kinds(comparison)))
    for kind, changes in sorted(comparison.shown.items()):
        if changes:
            parts.append(f"## {_title(kind, len(changes), overall).capitalize()}")
            parts.extend("\n".join(_change_in_code(change)) for change in changes)
    return "\n\n".join(parts)


def _sides(comparison: Comparison) -> list[str]:
    return [f"{letter}  {text}" for letter, text in _named_sides(comparison)]


def _named_sides(comparison: Comparison) -> list[tuple[str, str]]:
    found = []
    for letter, side in (("a", comparison.a), ("b", comparison.b)):
        name, grader = one_line(side.name, 120), one_line(side.grader)
        same = not grader or grader == name
        found.append((letter, name if same else f"{name}, judged by {grader}"))
    return found


def _confusion(overall: Figures) -> _Grid:
    return _Grid(
        ("", "b right", "b wrong"),
        (
            ("a right", f"{overall.both:,}", f"{overall.only_a:,}"),
            ("a wrong", f"{overall.only_b:,}", f"{overall.neither:,}"),
        ),
    )


def _table(comparison: Comparison, overall: Figures, name: Callable[[str], str]) -> _Grid:
    rows = [(name(one), *_cells(found)) for one, found in comparison.datasets().items()]
    if len(rows) != 1 or len(comparison.outcomes) != 1:
        rows.append(("overall", *_cells(overall)))
    return _Grid(("data set", *_COLUMNS), rows)


def _cells(figures: Figures) -> tuple[str, ...]:
    interval = figures.interval
    return (
        f"{figures.pairs:,}",
        f"{figures.acc_a:.4f}",
        _decimal(figures.stderr_a),
        f"{figures.acc_b:.4f}",
        _decimal(figures.stderr_b),
        f"{figures.difference:+.4f}",
        _decimal(figures.stderr),
        "-" if interval is None else f"{interval[0]:+.4f} to {interval[1]:+.4f}",
        f"{figures.p_value:.4f}" if figures.p_value >= 0.0001 else f"{figures.p_value:.1e}",
        f"{figures.only_a:,}",
        f"{figures.only_b:,}",
    )


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _remarks(comparison: Comparison, overall: Figures) -> list[str]:
    kappa = "" if overall.kappa is None else f", kappa {overall.kappa:.4f}"
    clustered = overall.prompts != overall.pairs
    by = f", clustered by {overall.prompts:,} prompts" if clustered else ""
    test = "McNemar's test"
    if clustered:
        test += ", the samples of one prompt taken together"
    how = f"exact up to {EXACT_UP_TO:,} changed rows"
    if overall.test != "exact":
        how = f"chi-square with continuity correction above {EXACT_UP_TO:,} changed rows"
    found = [
        f"agreement {overall.agreement:.4f}{kappa}; ± one standard error{by}",
        f"p: {test}, two-sided, {how}",
    ]
    if not overall.only_a and not overall.only_b:
        bound = min(1.0, 3 / overall.prompts)
        found.append(f"no row changed; a difference below about {bound:.4f} cannot be excluded")
    for letter, side in (("a", comparison.a), ("b", comparison.b)):
        found.extend(f"{letter}: {remark}" for remark in _faults(side))
    if comparison.other_golds:
        found.append(f"{comparison.other_golds:,} pairs have other golds on the two sides")
    return found


def _faults(side: Side) -> list[str]:
    found = []
    if side.failures:
        failures = ", ".join(f"{times:,} {what}" for what, times in sorted(side.failures.items()))
        found.append(f"no verdict, counted as wrong: {failures}")
    if side.unpaired:
        shown = "; ".join(side.first_unpaired)
        more = "; …" if side.unpaired > len(side.first_unpaired) else ""
        found.append(f"{_rows(side.unpaired)} without a partner, left out: {shown}{more}")
    if side.unjudged:
        found.append(f"{_rows(side.unjudged)} that could not be judged, left out")
    return found


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _kinds(comparison: Comparison) -> list[str]:
    found = sorted(comparison.kinds.items(), key=lambda one: (-one[1], one[0]))
    width = max(len(f"{times:,}") for _, times in found)
    lines = [
        f"  {times:>{width},}  {one_line(a, 80)} → {one_line(b, 80)}"
        for (a, b), times in found[:_MOST_KINDS]
    ]
    rest = sum(times for _, times in found[_MOST_KINDS:])
    return [*lines, f"  {rest:>{width},}  others"] if rest else lines


def _title(kind: str, shown: int, overall: Figures) -> str:
    times = overall.only_a if kind == "right_to_wrong" else overall.only_b
    return f"{kind.replace('_', ' ')}: {shown:,} of {times:,}"


def _change(change: Change) -> list[str]:
    a, b = change.a, change.b
    lines = f"line {a.line}" if a.line == b.line else f"lines {a.line} and {b.line}"
    found = [f"  {one_line(str(change.name), 120)}, {lines}"]
    if a.gold == b.gold:
        found.append(f"    gold  {_gold(a)}")
    for letter, trace in (("a", a), ("b", b)):
        answer = trace.judgement.extracted
        shown = "" if answer is None else f": {one_line(answer)}"
        found.append(f"    {letter}     {one_line(trace.words)}{shown}")
        if a.gold != b.gold:
            found.append(f"          gold {_gold(trace)}")
        found.extend(f"          {line}" for line in _detail(trace))
    return found


def _gold(trace: Trace) -> str:
    return one_line(trace.gold if isinstance(trace.gold, str) else str(trace.gold))


def _detail(trace: Trace) -> list[str]:
    detail = trace.detail
    if detail is None:
        return []
    answer, gold = (one_line(str(detail[key]), 100) for key in ("answer_form", "gold_form"))
    found = [f"read as {answer or '-'}, the gold as {gold or '-'}"] if answer or gold else []
    if detail["difference"]:
        found.append(f"difference: {one_line(str(detail['difference']), 200)}")
    return found


def _change_in_code(change: Change) -> list[str]:
    """Indented, Markdown takes nothing in it for markup, and it has no way out."""
    return ["    " + line[2:] for line in _change(change)]


def _code(text: str) -> str:
    """A code span that holds any text: its fence is longer than every one inside."""
    shown = one_line(text).replace("|", "¦")
    fence = "`"
    while fence in shown:
        fence += "`"
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>|#&" else c for c in text)
