"""Verdict rows as a Parquet file: needs pyarrow."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify.io.atomic import begin_file, publish
from pyverify.io.errors import SourceError
from pyverify.io.shown import whole_text

if TYPE_CHECKING:
    import pyarrow

_ROWS_AT_ONCE = 16_384


class ParquetSink:
    """Writes verdict rows to a file that appears whole or not at all, as `RowSink` does.

    Ids and golds are text: a gold that is a list or an object is JSON, as text.

    Args:
        target: The file's name.

    Raises:
        SourceError: If pyarrow is not installed, or the file cannot be made there.
    """

    def __init__(self, target: str) -> None:
        """Opens the temporary file; see the class."""
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise SourceError(f"{target}: Parquet needs pyarrow: pip install pyarrow") from None
        self.target = target
        self.rows = 0
        self._path = Path(os.path.realpath(target))
        self._schema = _schema(pa)
        self._waiting: list[dict[str, object]] = []
        handle, temporary = begin_file(target, self._path)
        os.close(handle)
        self._temporary: Path | None = temporary
        self._writer = pq.ParquetWriter(str(temporary), self._schema, compression="zstd")

    def write(self, row: Mapping[str, object]) -> None:
        """Appends one row."""
        self._waiting.append(_columns(row))
        self.rows += 1
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._flush()

    def write_lines(self, data: bytes) -> None:
        """Appends rows that are written as lines of JSON already."""
        for line in data.splitlines():
            self.write(json.loads(line))

    def commit(self) -> None:
        """Completes the output and gives the file its name."""
        self._finish(self._path)

    def keep_partial(self) -> str:
        """Keeps what was written by an interrupted run; where it is."""
        self._finish(self._path.with_name(self._path.name + ".partial"))
        return self.target + ".partial"

    def discard(self) -> None:
        """Removes the temporary file of a run that failed."""
        if self._temporary is None:
            return
        with contextlib.suppress(OSError):
            self._writer.close()
        self._temporary.unlink(missing_ok=True)
        self._temporary = None

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting.clear()

    def _finish(self, path: Path) -> None:
        if self._temporary is None:
            return
        self._flush()
        self._writer.close()
        publish(self._temporary, path)
        self._temporary = None


def _schema(pa: pyarrow) -> pyarrow.Schema:
    text, number = pa.string(), pa.float64()
    return pa.schema(
        [
            ("id", text),
            ("dataset", text),
            ("source", text),
            ("line", pa.int64()),
            ("sample", pa.int64()),
            ("prompt", text),
            ("score", number),
            ("verdict", text),
            ("reason", text),
            ("extracted", text),
            ("gold", text),
            ("kind", text),
            ("span", pa.list_(pa.int64())),
            ("truncated", pa.bool_()),
            ("unevaluated", pa.bool_()),
            ("by", pa.map_(text, text)),
            ("reward", number),
            ("components", pa.map_(text, number)),
            ("grader", text),
        ]
    )


def _columns(row: Mapping[str, object]) -> dict[str, object]:
    found = dict(row)
    for name in ("id", "gold"):
        value = found.get(name)
        if value is not None and not isinstance(value, str):
            found[name] = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for name in ("by", "components"):
        value = found.get(name)
        found[name] = None
        if isinstance(value, Mapping):
            found[name] = [(_written(key), _written(one)) for key, one in value.items()]
    return {name: _written(value) for name, value in found.items()}


def _written(value: object) -> object:
    """A text as it can be written, anything else as it is."""
    return whole_text(value) if isinstance(value, str) else value
