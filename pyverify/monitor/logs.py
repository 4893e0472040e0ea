"""Logs of training runs, read after the fact: one stream of steps and metrics from any of them."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from pyverify.io import Source, SourceError, open_source
from pyverify.monitor.aliases import STEP_NAMES, TRACKER_STEPS, Names, printable
from pyverify.monitor.formats import LineReader, Row, of_history, of_object, step_of
from pyverify.monitor.patterns import hints
from pyverify.monitor.values import numeric

__all__ = ["LogError", "LogRow", "LogStats", "read_log", "shown_names"]

LogRow: TypeAlias = "tuple[int, dict[str, float]]"
"""A step and its metrics by canonical name."""

_MAX_LINE = 1 << 22
_MAX_JSON = 1 << 28
_POLL_SECONDS = 1.0
_DATES = frozenset({*STEP_NAMES, "epoch", "train/epoch", "training/epoch", "timestamp"})
# A file that is one JSON value: an object, or a list of rows, over many lines or on one.
_WHOLE = re.compile(r"\{$|\[\s*(?:\{|null\b|$)")
_HISTORY = re.compile(r"\"log_history\"\s*:")
_EXTREMES = ("__MIN", "__MAX")


class LogError(Exception):
    """A log that cannot be read, or in which nothing is known; the message says what to do."""


@dataclass(slots=True)
class LogStats:
    """What was met while a log was read.

    Attributes:
        formats: Names of the formats in which there were known metrics.
        rows: Rows with at least one known metric.
        broken: Lines, or entries of a line, that could not be read.
        names: The trainer's names, with what each was taken for, or None.
    """

    formats: list[str] = field(default_factory=list)
    rows: int = 0
    broken: int = 0
    names: dict[str, str | None] = field(default_factory=dict)

    def not_understood(self) -> list[str]:
        """Names that were taken for nothing, those first that look like what the rules live on."""
        unknown = [n for n, known in self.names.items() if known is None and n not in _DATES]
        return sorted(unknown, key=lambda name: not hints(name))


def read_log(
    path: str,
    *,
    names: Mapping[str, str] | None = None,
    stats: LogStats | None = None,
    follow: bool = False,
) -> Iterator[LogRow]:
    """Reads a training log, whatever trainer wrote it.

    Known are verl's console and its file logger, TRL's ``trainer_state.json`` and printed
    dictionaries, OpenRLHF's console, lines of JSON, CSV (as W&B exports it), and TensorBoard event
    files or folders of them. Colours and prefixes of Ray are no obstacle, nor is gzip. Rows without
    a step are counted.

    Args:
        path: A file, a folder of TensorBoard events, or ``-`` for standard input.
        names: The trainer's name for a canonical name, where the usual one is wrong.
        stats: Filled while reading.
        follow: Wait for more at the end of a file of lines, for ever.

    Yields:
        Steps with their metrics by canonical name, in the order of the log.

    Raises:
        LogError: If the log cannot be read, holds no metric that is known, or lacks a name that was
            given.

    Example:
        >>> from pathlib import Path; from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     log = Path(folder, "run.log")
        ...     _ = log.write_text("step:1 - critic/score/mean:0.25 - actor/entropy:0.5")
        ...     list(read_log(str(log)))
        [(1, {'reward_mean': 0.25, 'entropy': 0.5})]
    """
    stats = stats if stats is not None else LogStats()
    table = Names(names or {}, stats.names)
    last = 0
    trained = False
    for row in _rows(path, stats, follow):
        values = table.translate(row.values)
        tracked = any(name in row.values for name in TRACKER_STEPS)
        own = any(name in row.values for name in STEP_NAMES if name not in TRACKER_STEPS)
        trained = trained or (tracked and own)
        # An evaluation without a step belongs to the last one; anything else is the next.
        training = any(not name.startswith("validation_reward") for name in values)
        # Two counts must not be mixed: a tracker's is dropped where there is the trainer's.
        given = None if trained and tracked and not own else row.step
        step = given if given is not None else last + training
        if values:
            last = step
            stats.rows += 1
            if row.kind not in stats.formats:
                stats.formats.append(row.kind)
            yield step, values
    for canonical, wanted in table.chosen.items():
        if stats.names and wanted not in stats.names:
            listed = shown_names(list(stats.names))
            raise LogError(
                f"--map {canonical}={wanted}: {path} has no such name\nits names are: {listed}"
            )
    if not stats.rows:
        raise LogError(_nothing(path, stats))


def shown_names(names: Sequence[str], most: int = 40) -> str:
    """Some names in a line, and how many more there are.

    Example:
        >>> shown_names(["a", "b", "c"], 2)
        'a, b and 1 more'
    """
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(printable, names[:most])) + rest


def _nothing(path: str, stats: LogStats) -> str:
    if not stats.names:
        return (
            f"{path} holds no metrics that can be read: pyverify monitor reads verl, TRL and "
            "OpenRLHF logs, lines of JSON, CSV and TensorBoard events"
        )
    unknown = stats.not_understood() or list(stats.names)
    return (
        f"{path} has no metric of a known name. Name some: "
        f"--map reward_mean={printable(unknown[0])},entropy=NAME\n"
        f"its names are: {shown_names(unknown)}"
    )


def _rows(path: str, stats: LogStats, follow: bool) -> Iterator[Row]:
    if os.path.isdir(path) or "tfevents" in Path(path).name:
        from pyverify.monitor.events import read_events

        yield from read_events(path)
        return
    try:
        source = open_source(path)
    except SourceError as error:
        raise LogError(str(error)) from None
    try:
        yield from _of_text(source, stats, follow)
    except (OSError, EOFError) as error:
        raise LogError(f"{path} is damaged: {error}") from None
    finally:
        source.close()


def _of_text(source: Source, stats: LogStats, follow: bool) -> Iterator[Row]:
    lines = _lines(source, follow)
    head = next((line for line in lines if line.strip()), "")
    begins = head.strip()
    if _WHOLE.match(begins) or (begins.startswith("{") and _HISTORY.search(begins)):
        yield from _whole(source.name, chain([head], lines), stats)
    elif _is_header(head):
        yield from _table(source.name, chain([head], lines), stats)
    else:
        yield from _by_line(chain([head], lines), stats)


def _lines(source: Source, follow: bool) -> Iterator[str]:
    """The lines, an endless one in pieces; a carriage return ends one, too."""
    stream = source.stream
    raw = stream.readline(_MAX_LINE)
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
    kept = ""
    while True:
        *whole, kept = (kept + decoder.decode(raw)).split("\n")
        for line in whole:
            yield from line.lstrip("\ufeff").split("\r")
        if len(kept) >= _MAX_LINE:
            yield kept
            kept = ""
        raw = stream.readline(_MAX_LINE)
        if not raw and follow and source.total_bytes is not None:
            time.sleep(_POLL_SECONDS)  # half a line is kept: its writer is not done with it
        elif not raw:
            break
    yield from kept.lstrip("\ufeff").split("\r")


def _by_line(lines: Iterator[str], stats: LogStats) -> Iterator[Row]:
    reader = LineReader()
    for line in lines:
        row = reader.read(line)
        stats.broken = reader.broken
        if row is not None:
            yield row


def _whole(name: str, lines: Iterator[str], stats: LogStats) -> Iterator[Row]:
    """A file that is one JSON value: TRL's trainer_state.json, or a list of rows."""
    text = io.StringIO()
    for line in lines:
        text.write(line)
        if text.tell() > _MAX_JSON:
            raise LogError(
                f"{name} is one JSON value above {_MAX_JSON >> 20} MiB: write JSON lines"
            )
    try:
        value = json.loads(text.getvalue())
    except (ValueError, RecursionError) as error:
        raise LogError(f"{name} begins like JSON and cannot be read: {error}") from None
    yield from _history(value, stats)


def _history(value: object, stats: LogStats) -> Iterator[Row]:
    history = value.get("log_history") if isinstance(value, dict) else value
    read = of_history if isinstance(value, dict) else of_object
    for entry in history if isinstance(history, list) else ():
        row = read(entry) if isinstance(entry, dict) else None
        if row is None:
            stats.broken += 1
        else:
            yield row


def _is_header(line: str) -> bool:
    """Whether a line names columns: several cells, none a number, none of them punctuation."""
    if not line.count(_delimiter(line)) or line.lstrip().startswith(("{", "[", "(")):
        return False
    cells = next(csv.reader([line], delimiter=_delimiter(line)), [])
    plain = all(
        cell and numeric(cell) is None and "{" not in cell for cell in map(str.strip, cells)
    )
    steps = any(cell.strip() in STEP_NAMES for cell in cells)
    return plain and (steps or " - " in line or not any(" " in cell.strip() for cell in cells))


def _delimiter(line: str) -> str:
    return max((",", ";", "\t"), key=line.count)


def _table(name: str, lines: Iterator[str], stats: LogStats) -> Iterator[Row]:
    header = next(lines)
    columns = [
        cell.strip() for cell in next(csv.reader([header], delimiter=_delimiter(header)), [])
    ]
    # W&B exports "RUN - METRIC", each with its extremes beside it.
    runs = {column.rpartition(" - ")[0] for column in columns if " - " in column}
    if len(runs) > 1:
        listed = ", ".join(sorted(runs)[:5])
        raise LogError(f"{name} has several runs ({listed}): export one run at a time")
    columns = [column.rpartition(" - ")[2] for column in columns]
    delimiter = _delimiter(header)
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if not cells:
                continue
            if delimiter == ";":  # a spreadsheet in whose language 0,5 is a half
                cells = [cell.replace(",", ".") for cell in cells]
            if len(cells) != len(columns):
                stats.broken += 1
                continue
            values = {
                column: found
                for column, cell in zip(columns, cells, strict=True)
                if not column.endswith(_EXTREMES) and (found := numeric(cell)) is not None
            }
            yield Row(step_of(values), values, "CSV")
    except csv.Error as error:
        raise LogError(f"{name} cannot be read as CSV: {error}") from None
