"""Streams rows through the engine in chunks: memory stays bounded, order stays the file's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pyverify import PRESETS, Options, Preset, Result, verify_batch
from pyverify.evaluate.golds import preset_fields, preset_gold
from pyverify.evaluate.judged import Judged, Observer
from pyverify.evaluate.report import Faults, Report
from pyverify.evaluate.reward_columns import ColumnError, RewardColumns, reward_columns
from pyverify.evaluate.reward_run import RewardSettings, RowReward
from pyverify.evaluate.rows import grader_name, verdict_row
from pyverify.golds import gold_spec
from pyverify.io import (
    BrokenLine,
    Fields,
    FieldsError,
    Gold,
    GoldTable,
    Json,
    JsonLine,
    Row,
    RowFault,
    RowSink,
    Source,
    SourceError,
    detect_fields,
    open_source,
    read_json_lines,
    rows_of,
)
from pyverify.io.fields import SAMPLE_ROWS

# A chunk ends with whichever comes first; both are far above what a thread needs to be busy.
_CHUNK_ROWS = 4096
_CHUNK_CHARS = 16 << 20


class SecondTier(Protocol):
    """What is asked about verdicts that the engine leaves undecided."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def resolve_batch(
        self, results: Sequence[Result], *, options: Options | None = None
    ) -> list[Result]:
        """Settles what it can, in order."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What to score and how.

    Attributes:
        inputs: Files, already expanded; ``-`` is standard input.
        fields: Fields the caller named; the others are found by their usual names.
        golds: Golds from a file of their own, or None.
        preset: How the files write golds.
        options: Judgement calls; those of the preset, unless the caller changed them.
        threads: Native threads, 0 for one per core.
        fallback: Asked about undecided verdicts; None for the engine alone.
        reward: What is found besides verdicts; None for nothing.
    """

    inputs: tuple[str, ...]
    fields: Fields = field(default_factory=Fields)
    golds: GoldTable | None = None
    preset: Preset = PRESETS["default"]
    options: Options = field(default_factory=Options)
    threads: int = 0
    fallback: SecondTier | None = None
    reward: RewardSettings | None = None


@dataclass(slots=True)
class Progress:
    """How far a run has come, handed to a callback after every chunk.

    Attributes:
        source: The input being read.
        rows: Rows judged so far, over all inputs.
        right: Sum of their scores.
        bytes_read: Bytes of this input taken, or None if unknown.
        total_bytes: This input's size, or None if unknown.
        what: What a row is called; only responses have an accuracy.
    """

    source: str
    rows: int = 0
    right: float = 0.0
    bytes_read: int | None = None
    total_bytes: int | None = None
    what: str = "responses"


@dataclass(slots=True)
class _Chunk:
    rows: list[Row] = field(default_factory=list)
    golds: list[Gold] = field(default_factory=list)
    options: list[Options] = field(default_factory=list)
    columns: list[dict[str, object] | None] = field(default_factory=list)
    rewards: dict[int, RowReward] = field(default_factory=dict)
    chars: int = 0

    def add(
        self, row: Row, gold: Gold, options: Options, columns: dict[str, object] | None
    ) -> None:
        self.rows.append(row)
        self.golds.append(gold)
        self.options.append(options)
        self.columns.append(columns)
        self.chars += len(row.completion)

    def full(self) -> bool:
        return len(self.rows) >= _CHUNK_ROWS or self.chars >= _CHUNK_CHARS


def score_files(
    settings: RunSettings,
    *,
    sinks: Sequence[RowSink] = (),
    observers: Sequence[Observer] = (),
    on_progress: Callable[[Progress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> Report:
    """Scores every row of every input.

    Args:
        settings: What and how.
        sinks: Where verdicts go, row by row; none for the numbers alone.
        observers: Shown every chunk when it is judged.
        on_progress: Told how far the run has come.
        on_note: Told of each row that cannot be used.
        on_remark: Told which fields a file was read by.

    Returns:
        The numbers, and the faults.

    Raises:
        SourceError: An input cannot be read or holds no row.
        FieldsError: An input's fields are not clear.
    """
    run = _Run(settings, sinks, observers, on_progress, on_note, on_remark)
    for name in settings.inputs:
        run.score(name)
    return run.report


class _Run:
    def __init__(
        self,
        settings: RunSettings,
        sinks: Sequence[RowSink],
        observers: Sequence[Observer],
        on_progress: Callable[[Progress], None] | None,
        on_note: Callable[[str], None] | None,
        on_remark: Callable[[str], None] | None,
    ) -> None:
        self.settings = settings
        self.sinks = sinks
        self.observers = observers
        self.on_progress = on_progress
        self.note = on_note or (lambda text: None)
        self.remark = on_remark or (lambda text: None)
        # A gold that cannot be used is counted and reported; it doesn't end the run.
        self.options = replace(settings.options, on_bad_gold="zero")
        names = {id(preset): name for name, preset in PRESETS.items()}
        grader = grader_name(settings.options, names.get(id(settings.preset), "default"))
        if settings.fallback is not None:
            grader += f"+{settings.fallback.name}"
        if settings.reward is not None:
            grader += f"+reward={settings.reward.name}"
        self.report = Report(grader=grader, rewarded=settings.reward is not None)
        self.faults: Faults = self.report.faults
        self.several = len(settings.inputs) > 1
        self.index = 0
        self.progress = Progress("")

    def score(self, name: str) -> None:
        source = open_source(name)
        try:
            self.progress.source = source.name
            self.progress.total_bytes = source.total_bytes
            lines = self._usable(source)
            head = list(itertools.islice(lines, SAMPLE_ROWS))
            if not head:
                raise SourceError(self._nothing(source))
            fields = self._fields(source, [line.value for line in head])
            self.remark(f"{source.name}: read as {fields}")
            columns = self._columns(source, fields, [line.value for line in head])
            self._stream(source, fields, columns, itertools.chain(head, lines))
        finally:
            source.close()

    def _usable(self, source: Source) -> Iterator[JsonLine]:
        for line in read_json_lines(source):
            if isinstance(line, BrokenLine):
                self.faults.broken_lines += 1
                self.note(f"{source.name}, line {line.number}: {line.problem}")
            else:
                yield line

    def _nothing(self, source: Source) -> str:
        if self.faults.broken_lines:
            return f"{source.name}: not one line is a JSON object; lines of JSON are expected"
        return f"{source.name} is empty"

    def _fields(self, source: Source, rows: list[dict[str, Json]]) -> Fields:
        need_gold = self.settings.golds is None
        fixed = preset_fields(self.settings.preset, self.settings.fields, rows)
        if not need_gold:
            # The gold file's own field must not be taken for this file's.
            fixed = replace(fixed, gold=None)
        try:
            return detect_fields(rows, fixed, need_gold=need_gold)
        except FieldsError as error:
            raise type(error)(f"{source.name}: {error}") from None

    def _columns(
        self, source: Source, fields: Fields, rows: list[dict[str, Json]]
    ) -> RewardColumns:
        if self.settings.reward is None:
            return RewardColumns({})
        try:
            columns = reward_columns(self.settings.reward.reward.needs, fields, rows)
        except FieldsError as error:
            raise FieldsError(f"{source.name}: {error}") from None
        if str(columns):
            self.remark(f"{source.name}: for the reward, {columns}")
        if columns.estimated:
            self.remark(
                f"{source.name}: no token counts are there, so they are estimated from the texts; "
                "--map token_counts=FIELD names them"
            )
        return columns

    def _stream(
        self, source: Source, fields: Fields, columns: RewardColumns, lines: Iterator[JsonLine]
    ) -> None:
        chunk = _Chunk()
        table = self.settings.golds
        known_filter: object = None
        for line in lines:
            # lm-eval writes a line per answer filter, each with the same responses.
            if "filter" in line.value and "resps" in line.value:
                known_filter = known_filter or line.value["filter"]
                if line.value["filter"] != known_filter:
                    self.faults.repeated_lines += 1
                    continue
            gold = (table.gold_for(line.value) or "") if table is not None else None
            preset = self.settings.preset
            options = preset.row_options(line.value, self.options)
            for row in rows_of(line, fields, gold):
                usable = row.fault is None
                gold_of_row = preset_gold(preset, row.gold) if usable else row.gold
                try:
                    values = columns.of(line.value, row.sample)
                except ColumnError as error:
                    # Everything else about the row is fine: only its reward is lost.
                    self.faults.bad_values += 1
                    self.note(f"{source.name}, line {row.line}: {error}")
                    values = None
                chunk.add(row, gold_of_row, options, values)
                if chunk.full():
                    self._flush(source, chunk)
                    chunk = _Chunk()
        self._flush(source, chunk)

    def _flush(self, source: Source, chunk: _Chunk) -> None:
        results = self._judge(chunk)
        outs: list[dict[str, object]] = []
        label = source.name if self.several else None
        everything = zip(chunk.rows, chunk.golds, results, strict=True)
        for i, (row, gold, result) in enumerate(everything):
            earned = chunk.rewards.get(i)
            self._count(source, row, result, earned)
            if self.sinks or self.observers:
                outs.append(
                    verdict_row(
                        row,
                        result,
                        gold=gold,
                        index=self.index,
                        source=label,
                        grader=self.report.grader,
                        reward=earned,
                        rewarded=self.report.rewarded,
                    )
                )
            self.index += 1
        for sink in self.sinks:
            for out in outs:
                sink.write(out)
        judged = Judged(source.name, chunk.rows, chunk.golds, chunk.options, results, outs)
        for observer in self.observers:
            observer.see(judged)
        self.progress.rows = self.report.overall.rows
        self.progress.right = self.report.overall.total
        self.progress.bytes_read = source.bytes_read()
        if self.on_progress is not None:
            self.on_progress(self.progress)

    def _judge(self, chunk: _Chunk) -> list[Result | None]:
        results: list[Result | None] = [None] * len(chunk.rows)
        # Rows may have tolerances of their own; those with the same options go together.
        by_options: dict[Options, list[int]] = {}
        for i, row in enumerate(chunk.rows):
            if row.fault is None:
                by_options.setdefault(chunk.options[i], []).append(i)
        for options, whole in by_options.items():
            for i, verdict in zip(whole, self._judge_alike(chunk, whole, options), strict=True):
                results[i] = verdict
        return results

    def _judge_alike(
        self, chunk: _Chunk, whole: list[int], options: Options
    ) -> Sequence[Result | None]:
        try:
            return self._verdicts(chunk, whole, options)
        except (TypeError, ValueError):
            # A gold of a shape that no gold has, such as a choice of no letter: leave its row out.
            usable = [i for i in whole if self._has_gold(chunk, i)]
            found = dict(zip(usable, self._verdicts(chunk, usable, options), strict=True))
            return [found.get(i) for i in whole]

    def _verdicts(self, chunk: _Chunk, whole: list[int], options: Options) -> list[Result]:
        completions = [chunk.rows[i].completion for i in whole]
        golds = [chunk.golds[i] for i in whole]
        threads = self.settings.threads or None
        if self.settings.reward is None:
            results = verify_batch(completions, golds=golds, options=options, threads=threads)
        else:
            results, earned = self.settings.reward.score(
                [chunk.rows[i] for i in whole],
                golds,
                [chunk.columns[i] for i in whole],
                options,
                threads,
            )
            chunk.rewards.update(
                (i, one) for i, one in zip(whole, earned, strict=True) if one is not None
            )
        if self.settings.fallback is not None:
            results = self.settings.fallback.resolve_batch(results, options=options)
        return results

    def _has_gold(self, chunk: _Chunk, i: int) -> bool:
        try:
            gold_spec(chunk.golds[i])
        except (TypeError, ValueError):
            chunk.rows[i] = replace(chunk.rows[i], fault=RowFault.MISSING_GOLD)
            return False
        return True

    def _count(
        self, source: Source, row: Row, result: Result | None, earned: RowReward | None
    ) -> None:
        name = row.dataset or (source.name if self.several else "")
        tallies = (self.report.overall, self.report.tally(name))
        for tally in tallies:
            tally.rewards.add(earned)
        if row.fault is RowFault.MISSING_GOLD:
            self.faults.missing_golds += 1
            self.note(f"{source.name}, line {row.line}: no usable gold")
            for tally in tallies:
                tally.add_missing_gold()
            return
        if result is None:
            self.faults.missing_responses += 1
            self.note(f"{source.name}, line {row.line}: no response")
            for tally in tallies:
                tally.add_missing(row.group)
            return
        if result.verdict.value == "bad_gold":
            self.faults.bad_golds += 1
            self.note(
                f"{source.name}, line {row.line}: the gold cannot be used ({result.reason.value})"
            )
        for tally in tallies:
            tally.add(result, row.group)
