"""Parquet files, Arrow files and folders of them: tables that are stored by column."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyverify.io.containers.values import column_values
from pyverify.io.errors import DamagedError, SourceError
from pyverify.io.lines import BrokenLine, Json, JsonLine
from pyverify.io.part import Part

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet

_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 4096


class ParquetTable:
    """A Parquet file, or some of its row groups; a `Columnar` container.

    Args:
        name: What to call it.
        file: Its path, or a stream that can be sought in.
        part: Which row groups; None for all.
    """

    kind = "Parquet"

    def __init__(self, name: str, file: str | BinaryIO, part: Part | None = None) -> None:
        """Reads the file's footer."""
        need_pyarrow(name)
        import pyarrow as pa
        import pyarrow.parquet

        self.name = name
        self.total_bytes: int | None = os.path.getsize(file) if isinstance(file, str) else None
        try:
            # Otherwise it would read all row groups before it gives out the first row.
            self._file: pyarrow.parquet.ParquetFile = pyarrow.parquet.ParquetFile(
                file, pre_buffer=False
            )
        except (OSError, ValueError, pa.ArrowException) as error:
            raise SourceError(f"{name} is no whole Parquet file: {_first_line(error)}") from None
        footer = self._file.metadata
        end = footer.num_row_groups if part is None else part.end
        self._groups = list(range(0 if part is None else part.begin, end))
        self._first = 1 if part is None else part.first_number
        groups = [footer.row_group(group) for group in self._groups]
        self._rows: int = sum(group.num_rows for group in groups)
        width = sum(group.total_byte_size for group in groups) // max(self._rows, 1)
        self._batch = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(width, 1)))
        self._read = 0

    def row_groups(self) -> list[tuple[int, int]]:
        """Rows and bytes of each row group that is read."""
        groups = (self._file.metadata.row_group(group) for group in self._groups)
        return [(group.num_rows, group.total_byte_size) for group in groups]

    @property
    def divisible(self) -> bool:
        """Whether some of its row groups can be read without the others."""
        return self.total_bytes is not None

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every row."""
        return self.narrowed(self._file.schema_arrow.names)

    def narrowed(self, columns: Collection[str]) -> Iterator[JsonLine | BrokenLine]:
        """Every row, with those columns alone."""
        wanted = [name for name in self._file.schema_arrow.names if name in columns]
        self._read = 0
        # One thread: the rows are taken one after the other, and the engine has its own.
        batches = self._file.iter_batches(
            batch_size=self._batch, row_groups=self._groups, columns=wanted, use_threads=False
        )
        for line in _rows(self.name, batches, self._first):
            self._read += 1
            yield line

    def bytes_read(self) -> int | None:
        """How much of the file the rows read so far make."""
        if self.total_bytes is None:
            return None
        return self.total_bytes * self._read // max(self._rows, 1)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class ArrowTable:
    """Arrow files one after the other, as `datasets` saves them; a `Columnar` container.

    Args:
        name: What to call it.
        paths: The files.
    """

    kind = "Arrow"

    def __init__(self, name: str, paths: list[str]) -> None:
        """Looks at the files' sizes."""
        need_pyarrow(name)
        self.name = name
        self._paths = paths
        try:
            self.total_bytes: int | None = sum(os.path.getsize(path) for path in paths)
        except OSError as error:
            raise SourceError(f"{name} lacks a file: {error}") from None
        self._done = 0

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every row."""
        return _rows(self.name, self._batches(None), 1)

    def narrowed(self, columns: Collection[str]) -> Iterator[JsonLine | BrokenLine]:
        """Every row, with those columns alone."""
        return _rows(self.name, self._batches(columns), 1)

    def _batches(self, columns: Collection[str] | None) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        self._done = 0
        for path in self._paths:
            with pa.memory_map(path) as file:
                for batch in _stored_batches(file):
                    if columns is not None:
                        batch = batch.select([n for n in batch.schema.names if n in columns])
                    yield from _slices(batch)
            self._done += os.path.getsize(path)

    def bytes_read(self) -> int | None:
        """The size of the files read to their end."""
        return self._done

    def close(self) -> None:
        """Nothing is open between rows."""


def open_saved_dataset(folder: str) -> ArrowTable:
    """Opens a folder that `Dataset.save_to_disk` wrote.

    Raises:
        SourceError: It is not whole.
    """
    try:
        state = json.loads((Path(folder) / "state.json").read_bytes())
        names = [str(file["filename"]) for file in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{folder} is no whole saved data set: {error}") from None
    if any(Path(name).name != name for name in names):
        raise SourceError(f"{folder}: state.json names a file outside of the folder")
    return ArrowTable(folder, [os.path.join(folder, name) for name in names])


def need_pyarrow(name: str) -> None:
    """Says how to install what reads a file by that name, if it is not there."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise SourceError(
            f"{name} is stored by column, which needs pyarrow: pip install pyarrow"
        ) from None


def _stored_batches(file: pa.NativeFile) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    magic = file.read(6)
    file.seek(0)
    if magic == b"ARROW1":
        stored = pa.ipc.open_file(file)
        for number in range(stored.num_record_batches):
            yield stored.get_batch(number)
    else:
        yield from pa.ipc.open_stream(file)


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A stored batch may be the whole table: it is taken in pieces that fit in memory."""
    width = batch.nbytes // max(batch.num_rows, 1)
    step = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(width, 1)))
    for begin in range(0, batch.num_rows, step):
        yield batch.slice(begin, step)


def _rows(
    name: str, batches: Iterator[pa.RecordBatch], first: int
) -> Iterator[JsonLine | BrokenLine]:
    import pyarrow as pa

    number = first - 1
    try:
        for batch in batches:
            names = batch.schema.names
            columns: list[list[Json]] = [column_values(column) for column in batch.columns]
            for row in zip(*columns, strict=True):
                number += 1
                yield JsonLine(number, dict(zip(names, row, strict=True)))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DamagedError(f"{name} is damaged after row {number}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
