"""One input of a run: its records become rows, the rows chunks, the chunks verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from pyverify import Reason, Result, _core
from pyverify.evaluate.chunk import Chunk
from pyverify.evaluate.golds import preset_gold
from pyverify.evaluate.judged import Judged, Observer
from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.native import reads_lines, row_scorer
from pyverify.evaluate.opening import Piece, open_input, settle_columns
from pyverify.evaluate.reward_columns import ColumnError, RewardColumns
from pyverify.evaluate.rows import verdict_row
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.io import (
    Block,
    BrokenLine,
    DamagedError,
    Json,
    JsonLine,
    Known,
    Sink,
    SourceError,
    read_ahead,
    read_gold,
    read_line,
    rows_of,
)
from pyverify.io.paths import get_path

_Read = TypeVar("_Read")


class InputRun:
    """Scores one input; see `score_files`.

    Args:
        settings: The run.
        ledger: Where everything is counted.
        number: Which input of the run it is, from 0.
        sinks: Where verdict rows go.
        observers: Shown every chunk.
        progress: Kept up to date.
        on_progress: Told of it.
        on_note: Told of each row that cannot be used.
        on_remark: Told which fields a file was read by.
    """

    def __init__(
        self,
        settings: RunSettings,
        ledger: Ledger,
        number: int,
        *,
        sinks: Sequence[Sink],
        observers: Sequence[Observer],
        progress: Progress,
        on_progress: Callable[[Progress], None],
        on_note: Callable[[str], None],
        on_remark: Callable[[str], None],
    ) -> None:
        """Holds on to them all."""
        self._settings = settings
        self._ledger = ledger
        self._number = number
        self._sinks = sinks
        self._observers = observers
        self._progress = progress
        self._on_progress = on_progress
        self._note = on_note
        self._remark = on_remark
        self._columns = RewardColumns({})
        self._grader = settings.grader
        self._options = settings.judged_by
        self._scorer: _core.RowScorer | None = None

    def score(self, name: str, piece: Piece | None = None) -> None:
        """Scores the input of that name, or a piece of it.

        Raises:
            SourceError: It is the only one and cannot be read; what is before a damage is scored.
            FieldsError: Its fields are not clear.
        """
        try:
            opened = open_input(self._settings, name, piece)
        except SourceError as error:
            # One of several that is empty or damaged doesn't lose the others.
            if len(self._settings.inputs) == 1:
                raise
            self._ledger.damaged(error)
            return
        with opened as records:
            self._records = records
            self._progress.source = records.source
            self._progress.total_bytes = records.total_bytes
            if self._settings.golds is not None:
                self._settings.golds.read_by(records.fields)
            if piece is None:
                self._columns = settle_columns(self._settings, records, self._remark)
            else:
                self._columns = piece.columns
            if self._settings.native and not self._observers:
                self._scorer = row_scorer(
                    self._settings,
                    records,
                    self._ledger,
                    number=self._number,
                    grader=self._grader,
                    rows=bool(self._sinks),
                )
            if self._scorer is not None and reads_lines(self._settings, records):
                self._score_lines(self._scorer)
            else:
                self._narrow()
                for chunk in self._chunks(self._readable(iter(records))):
                    self._score_chunk(chunk)
                    self._tell()
            self._ledger.faults.repeated_lines += records.repeated

    def _readable(self, things: Iterator[_Read]) -> Iterator[_Read]:
        """What can be read of the input; a damage is a fault, and what was before it counts."""
        try:
            yield from things
        except DamagedError as error:
            self._ledger.damaged(error)

    def _narrow(self) -> None:
        """Leaves columns unread that nobody asks for: observers and golds may ask for any."""
        if self._observers or self._settings.golds is not None:
            return
        preset = self._settings.preset
        needed = (*self._columns.paths.values(), preset.tolerance_field, preset.type_field)
        self._records.narrow(path for path in needed if path is not None)

    def _score_lines(self, scorer: _core.RowScorer) -> None:
        threads = self._settings.native_threads
        blocks = self._readable(self._records.blocks())
        # Not where a read may wait for ever: Ctrl-C couldn't end that thread.
        if threads > 1 and self._records.total_bytes is not None:
            blocks = read_ahead(blocks)
        for block in blocks:
            if isinstance(block, BrokenLine):
                self._broken(block)
                continue
            for piece in block.pieces():
                rows, holes, bad_golds, _ = scorer.score_lines(
                    piece.view, len(piece.view), piece.first_line, threads, self._ledger.tallies
                )
                self._bad_golds(bad_golds)
                self._fill_holes(piece, rows, holes)
            self._tell()

    def _score_chunk(self, chunk: Chunk) -> None:
        """Judges, counts and writes a chunk; what the engine leaves of it is written between."""
        if self._scorer is None:
            self._write(self._judge(chunk))
            return
        rows, holes, bad_golds = self._scorer.score_rows(
            chunk.rows, chunk.golds, self._settings.native_threads, self._ledger.tallies
        )
        self._bad_golds(bad_golds)
        at = 0
        outs = self._judge(chunk.part([i for i, _ in holes])) if holes else []
        for (_, place), out in zip(holes, outs, strict=True):
            self._write_lines(rows[at:place])
            at = place
            self._write((out,))
        self._write_lines(rows[at:])

    def _bad_golds(self, found: Iterable[tuple[int, Reason]]) -> None:
        for line, reason in found:
            self._ledger.bad_gold(self._records.source, line, reason.value)

    def _fill_holes(
        self, block: Block, rows: bytes, holes: Sequence[tuple[int, int, int, int]]
    ) -> None:
        """Writes a block's rows, those of the lines that the engine left at their places."""
        places = {line: row_at for line, _, _, row_at in holes}
        lines = (read_line(line, bytes(block.view[begin:end])) for line, begin, end, _ in holes)
        at = 0
        left = self._records.prepared(line for line in lines if line is not None)
        for chunk in self._chunks(left):
            for row, out in zip(chunk.rows, self._judge(chunk), strict=True):
                place = places[row.line]
                self._write_lines(rows[at:place])
                at = place
                self._write((out,))
        self._write_lines(rows[at:])

    def _chunks(self, lines: Iterable[JsonLine | BrokenLine]) -> Iterator[Chunk]:
        chunk = Chunk()
        preset = self._settings.preset
        fields = self._records.fields
        for line in lines:
            if isinstance(line, BrokenLine):
                self._broken(line)
                continue
            known = self._known(line.value)
            if known is not None:
                line = JsonLine(line.number, known.record)
            options = preset.row_options(line.value, self._options)
            for row in rows_of(line, fields, known, source_number=self._number):
                gold_of_row = preset_gold(preset, row.gold) if row.fault is None else row.gold
                chunk.add(row, gold_of_row, options, self._values(line, row.sample))
                if chunk.full(brief=self._scorer is not None):
                    yield chunk
                    chunk = Chunk()
        if chunk.rows:
            yield chunk

    def _known(self, record: dict[str, Json]) -> Known | None:
        """What is known of a record's problem elsewhere; None where nothing else is asked."""
        golds = self._settings.golds
        if golds is None:
            return None
        path = self._records.fields.gold
        return golds.look_up(record, None if path is None else read_gold(get_path(record, path)))

    def _values(self, line: JsonLine, sample: int | None) -> dict[str, object] | None:
        if not self._columns.paths:
            return {}
        try:
            return self._columns.of(line.value, sample)
        except ColumnError as error:
            # Everything else about the row is fine: only its reward is lost.
            self._ledger.faults.bad_values += 1
            self._note(f"{self._records.source}, line {line.number}: {error}")
            return None

    def _broken(self, line: BrokenLine) -> None:
        self._ledger.faults.broken_lines += 1
        self._note(f"{self._records.source}, line {line.number}: {line.problem}")

    def _judge(self, chunk: Chunk) -> list[dict[str, object]]:
        """Judges and counts a chunk, shows it to the observers, and makes its verdict rows."""
        results = chunk.judge(self._settings)
        source = self._records.source
        for i, (row, result) in enumerate(zip(chunk.rows, results, strict=True)):
            self._ledger.count(source, self._number, row, result, chunk.rewards.get(i))
        outs = self._outs(chunk, results)
        fields = self._records.fields
        judged = Judged(source, chunk.rows, chunk.golds, chunk.options, results, outs, fields)
        for observer in self._observers:
            observer.see(judged)
        return outs

    def _outs(self, chunk: Chunk, results: Sequence[Result | None]) -> list[dict[str, object]]:
        return [
            verdict_row(
                row,
                result,
                gold=gold,
                by=self._records.fields.by,
                source=self._ledger.source_of(self._records.source),
                grader=self._grader,
                reward=chunk.rewards.get(i),
                rewarded=self._settings.reward is not None,
            )
            for i, (row, gold, result) in enumerate(
                zip(chunk.rows, chunk.golds, results, strict=True)
            )
        ]

    def _write(self, outs: Iterable[dict[str, object]]) -> None:
        if not self._sinks:
            return
        for out in outs:
            for sink in self._sinks:
                sink.write(out)

    def _write_lines(self, rows: bytes) -> None:
        for sink in self._sinks:
            sink.write_lines(rows)

    def _tell(self) -> None:
        self._progress.rows, self._progress.right = self._ledger.progress()
        self._progress.bytes_read = self._records.bytes_read()
        self._on_progress(self._progress)
