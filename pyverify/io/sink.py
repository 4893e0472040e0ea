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
from pyverify.io.packing import zstd_packer
from pyverify.io.shown import whole_text
from pyverify.io.sources import STDIN

_ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_ROWS = (".jsonl", ".ndjson", "")
_PACKINGS = (".gz", ".zst")

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
        target: A file name (``.gz`` and ``.zst`` compress) or ``-`` for standard output.

    Raises:
        SourceError: If the file cannot be made there, or its name asks for another format.
    """

    def __init__(self, target: str) -> None:
        """Opens the temporary file; see the class."""
        if not target:
            raise SourceError("an output has no name: say -o FILE, or -o - for standard output")
        self.target = target
        self.rows = 0
        self._temporary: Path | None = None
        self._file: BinaryIO | None = None
        self._path = Path(target)
        if target == STDIN:
            self._stream: BinaryIO = sys.stdout.buffer
            return
        check_ending(target)
        if _is_device(target):
            self._file = self._stream = _open_device(self._path)
            return
        # A name that leads elsewhere goes on leading there.
        path = self._path = Path(os.path.realpath(target))
        packing = _packing(target).lower()
        pack = None if packing != ".zst" else zstd_packer(target)
        handle, self._temporary = begin_file(target, path)
        self._file = cast(BinaryIO, os.fdopen(handle, "wb"))
        if pack is not None:
            self._stream = pack(self._file)
        elif packing == ".gz":
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
            data = whole_text(text).encode()
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
            if self._file is not None:
                # Who reads from a pipe waits for its end.
                self._file.close()
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


def check_ending(target: str, others: tuple[str, ...] = ()) -> None:
    """Looks whether the name of an output says what is written into it.

    Args:
        target: The name; one without an ending may hold anything.
        others: What else is written, by other means.

    Raises:
        SourceError: It asks for something else.
    """
    name = Path(target).name
    plain = name[: len(name) - len(_packing(target))]
    ending = Path(plain).suffix.lower()
    if ending in _ROWS or (ending in others and plain == name) or _is_device(target):
        return
    known = ", ".join((*_ENDINGS, *others))
    raise SourceError(f"cannot write {target}: the endings are {known}, or none for lines of JSON")


def _packing(target: str) -> str:
    """How the file is to be compressed, by its ending; nothing if it isn't."""
    ending = Path(target).suffix
    return ending if ending.lower() in _PACKINGS else ""


def _is_device(target: str) -> bool:
    # Not of the path that it leads to: that of a pipe is no path.
    return os.path.exists(target) and not os.path.isfile(target)


def _open_device(path: Path) -> BinaryIO:
    """A pipe or a device cannot be replaced by a finished file: it is written to directly."""
    try:
        return open(path, "wb")
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
