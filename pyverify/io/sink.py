"""Where rows go: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from pyverify.io.atomic import begin_file, publish, sync
from pyverify.io.errors import SourceError
from pyverify.io.sources import STDIN

_OTHER_FORMATS = (".parquet", ".html", ".htm", ".md", ".csv", ".tsv", ".json")


# Made once: `json.dumps` would make one for each row.
_ENCODE = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, check_circular=False, separators=(", ", ": ")
).encode


class Sink(Protocol):
    """What takes verdict rows."""

    @property
    def rows(self) -> int:
        """Rows taken so far."""

    def write(self, row: Mapping[str, object]) -> None:
        """Appends one row."""

    def write_lines(self, data: bytes) -> None:
        """Appends rows that are written as lines of JSON already."""


class RowSink:
    """Writes rows as lines of JSON with sorted keys, the same bytes for the same rows.

    A file is written under a temporary name beside its own and renamed when it is complete, so a
    reader never sees half of one and a failed run leaves the previous one alone.

    Args:
        target: A file name (``.gz`` compresses) or ``-`` for standard output.

    Raises:
        SourceError: If the file cannot be made there, or its name asks for another format.
    """

    def __init__(self, target: str) -> None:
        """Opens the temporary file; see the class."""
        self.target = target
        self.rows = 0
        self._temporary: Path | None = None
        self._file: BinaryIO | None = None
        self._path = Path(target)
        if target == STDIN:
            self._stream: BinaryIO = sys.stdout.buffer
            return
        path = Path(os.path.realpath(target))
        self._path = path
        if path.suffix.lower() in _OTHER_FORMATS:
            raise SourceError(f"-o writes lines of JSON; {path.name} asks for {path.suffix}")
        if path.exists() and not path.is_file():
            self._file = self._stream = _open_device(path)
            return
        handle, self._temporary = begin_file(target, path)
        self._file = cast(BinaryIO, os.fdopen(handle, "wb"))
        if path.suffix.lower() == ".gz":
            # No name and no time in the header: equal rows give equal files.
            packed = gzip.GzipFile(filename="", fileobj=self._file, mode="wb", mtime=0)
            self._stream = cast(BinaryIO, io.BufferedWriter(cast(io.RawIOBase, packed)))
        else:
            self._stream = self._file

    def write(self, row: Mapping[str, object]) -> None:
        """Appends one row."""
        text = _ENCODE(row)
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            # Half a surrogate pair has no UTF-8; it is written as the replacement character.
            data = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        self._write(data + b"\n")
        self.rows += 1

    def write_lines(self, data: bytes) -> None:
        """Appends rows that are written already, as `write` would have done."""
        self._write(data)
        self.rows += data.count(b"\n")

    def _write(self, data: bytes) -> None:
        # An unbuffered standard output may take less than it is given.
        view = memoryview(data)
        while view:
            view = view[self._stream.write(view) :]

    def commit(self) -> None:
        """Completes the output and gives the file its name."""
        self._finish(self._path)

    def keep_partial(self) -> str:
        """Keeps what was written by an interrupted run.

        Returns:
            Where it is: the target's name with ``.partial`` after it, or ``-``.
        """
        if self._temporary is None:
            with contextlib.suppress(OSError):
                self._stream.flush()
            return self.target
        self._finish(self._path.with_name(self._path.name + ".partial"))
        return self.target + ".partial"

    def discard(self) -> None:
        """Removes the temporary file of a run that failed."""
        if self._temporary is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._close()
        self._temporary.unlink(missing_ok=True)
        self._temporary = None

    def _finish(self, path: Path) -> None:
        if self._temporary is None:
            self._stream.flush()
            return
        temporary, self._temporary = self._temporary, None
        try:
            self._close()
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
        publish(temporary, path)

    def _close(self) -> None:
        if self._stream is not self._file:
            self._stream.close()
        if self._file is not None and not self._file.closed:
            self._file.flush()
            sync(self._file)
            self._file.close()


def _open_device(path: Path) -> BinaryIO:
    """A pipe or a device cannot be replaced by a finished file: it is written to directly."""
    try:
        return open(path, "wb")
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
