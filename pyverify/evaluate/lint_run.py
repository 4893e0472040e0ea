"""Runs the gold linter over files: all golds are read first, then judged with the set in view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pyverify import PRESETS, Options, Preset
from pyverify.evaluate.ambiguity import is_choice_letter
from pyverify.evaluate.golds import preset_fields, preset_gold
from pyverify.evaluate.lint import ADVICE, Level, Lint, Status, lint_gold
from pyverify.evaluate.settings import Progress
from pyverify.io import BrokenLine, Fields, Gold, Json, RowSink, open_records, rows_of
from pyverify.io.shown import one_line

_STEP = 1000


@dataclass(frozen=True, slots=True)
class LintedGold:
    """One row's gold and what is known about it.

    Attributes:
        source: The file.
        line: Its line, from 1.
        id: The row's name, or None.
        lint: The findings.
    """

    source: str
    line: int
    id: str | int | None
    lint: Lint

    @property
    def where(self) -> str:
        """``file, line 7 (id)``, as a terminal may show it."""
        name = "" if self.id is None else f" ({one_line(str(self.id), 60)})"
        return f"{one_line(self.source)}, line {self.line}{name}"


@dataclass(slots=True)
class LintReport:
    """What a run of the linter found.

    Attributes:
        golds: How many were read.
        by_status: How many have this as their gravest finding.
        by_level: The same by level.
        broken_lines: Lines that are no JSON object.
        shown: The first golds of each status that has findings.
    """

    golds: int = 0
    by_status: Counter[Status] = field(default_factory=Counter)
    by_level: Counter[Level] = field(default_factory=Counter)
    broken_lines: int = 0
    shown: dict[Status, list[LintedGold]] = field(default_factory=dict)

    def add(self, one: LintedGold, most: int) -> None:
        """Counts one gold, and keeps it if few of its kind are kept."""
        self.golds += 1
        self.by_status[one.lint.status] += 1
        self.by_level[one.lint.level] += 1
        if one.lint.findings:
            kept = self.shown.setdefault(one.lint.status, [])
            if len(kept) < most:
                kept.append(one)

    def as_json(self) -> dict[str, object]:
        """The counts as an object for JSON."""
        return {
            "schema": 1,
            "num_golds": self.golds,
            "statuses": {status.value: self.by_status[status] for status in Status},
            "levels": {level.value: self.by_level[level] for level in Level},
            "broken_lines": self.broken_lines,
        }


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    line: int
    id: str | int | None
    dataset: str | None
    gold: Gold | None


def lint_files(
    inputs: list[str],
    *,
    fields: Fields,
    options: Options,
    preset: Preset = PRESETS["default"],
    most: int,
    sink: RowSink | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> LintReport:
    """Examines every gold of every input.

    Args:
        inputs: Files, already expanded.
        fields: Fields the caller named.
        options: The options that will be trained with.
        preset: How the files write golds.
        most: So many golds of each status are kept to be shown.
        sink: Where a row for each gold goes.
        on_progress: Told how far the run has come.
        on_note: Told of each line that cannot be read.
        on_remark: Told which fields a file was read by.

    Returns:
        The counts and the golds to show.

    Raises:
        SourceError: An input cannot be read or holds no row.
        FieldsError: An input's fields are not clear.
    """
    report = LintReport()
    note = on_note or (lambda text: None)
    rows: list[_Row] = []
    for name in inputs:
        rows.extend(_golds(name, fields, preset, report, note, on_remark))
    letters = sum(isinstance(row.gold, str) and is_choice_letter(row.gold) for row in rows)
    choices = 2 * letters > len(rows)
    several = len(inputs) > 1
    progress = Progress("lint-gold", what="golds")
    for index, row in enumerate(rows):
        linted = LintedGold(
            row.source, row.line, row.id, lint_gold(row.gold, options=options, choices=choices)
        )
        report.add(linted, most)
        if sink is not None:
            sink.write(_as_row(row, linted.lint, index, several=several))
        if on_progress is not None and index % _STEP == 0:
            progress.rows = index
            on_progress(progress)
    return report


def _golds(
    name: str,
    fixed: Fields,
    preset: Preset,
    report: LintReport,
    note: Callable[[str], None],
    remark: Callable[[str], None] | None,
) -> Iterator[_Row]:
    def settle(head: Sequence[dict[str, Json]]) -> Fields:
        return preset_fields(preset, fixed, head)

    with open_records(name, settle, need_response=False) as records:
        found = records.fields
        fields = Fields(gold=found.gold, id=found.id, dataset=found.dataset)
        if remark is not None:
            remark(f"{records.source}: {records.layout}, read as {fields}")
            for said in records.remarks:
                remark(said)
        for line in records:
            if isinstance(line, BrokenLine):
                report.broken_lines += 1
                note(f"{records.source}, line {line.number}: {line.problem}")
                continue
            row = next(rows_of(line, fields))
            gold = None if row.gold in ("", []) else preset_gold(preset, row.gold)
            yield _Row(records.source, line.number, row.id, row.dataset, gold)


def _as_row(row: _Row, lint: Lint, index: int, *, several: bool) -> dict[str, object]:
    out: dict[str, object] = {
        "findings": [
            {
                "advice": ADVICE[finding.status],
                "level": finding.level.value,
                "message": finding.message,
                "readings": list(finding.readings),
                "status": finding.status.value,
            }
            for finding in lint.findings
        ],
        "form": lint.form,
        "gold": row.gold,
        "id": index if row.id is None else row.id,
        "index": index,
        "level": lint.level.value,
        "line": row.line,
        "status": lint.status.value,
    }
    if row.dataset is not None:
        out["dataset"] = row.dataset
    if several:
        out["source"] = row.source
    return out
