"""Logs of inspect: a zip archive with a file for each sample."""

from __future__ import annotations

import importlib
import zipfile
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import BinaryIO

from pyverify.io.errors import SourceError
from pyverify.io.lines import MAX_LINE_BYTES, TOO_LONG, BrokenLine, Json, JsonLine, read_line
from pyverify.io.packing import zstd_error

_HEADERS = ("header.json", "_journal/start.json")
_SAMPLES = "samples/"


class Archive:
    """A zip of samples, each with the log's ``eval`` section beside it; a `Container`.

    Samples are numbered from 1 in the order of their names.

    Args:
        name: What to call it.
        file: A stream that can be sought in; it stays the caller's.
        total_bytes: Its size, or None if unknown.
    """

    kind = "an archive of samples"

    def __init__(self, name: str, file: BinaryIO, total_bytes: int | None) -> None:
        """Reads the archive's directory."""
        self.name = name
        self.total_bytes = total_bytes
        self._file = file
        module = _zipfile()
        self._damage = (
            *(OSError, EOFError, ValueError, RuntimeError, zlib.error),
            *(module.BadZipFile, zstd_error()),
        )
        try:
            self._zip: zipfile.ZipFile = module.ZipFile(file)
        except self._damage as error:
            raise SourceError(f"{name} is no whole zip archive: {error}") from None
        members = self._zip.infolist()
        self._samples = [
            member
            for member in members
            if member.filename.startswith(_SAMPLES) and member.filename.endswith(".json")
        ]
        if not self._samples:
            raise SourceError(f"{name} is a zip archive without samples; only inspect's are read")
        self._samples.sort(key=lambda member: member.filename)
        self._read = 0

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every sample."""
        shared = self._shared()
        for number, member in enumerate(self._samples, start=1):
            line = self._load(number, member)
            self._read += member.compress_size
            yield JsonLine(number, shared | line.value) if isinstance(line, JsonLine) else line

    def _shared(self) -> dict[str, Json]:
        for member in self._zip.infolist():
            if member.filename in _HEADERS:
                header = self._load(1, member)
                if isinstance(header, JsonLine):
                    return {"eval": header.value.get("eval")}
        return {}

    def _load(self, number: int, member: zipfile.ZipInfo) -> JsonLine | BrokenLine:
        try:
            with self._zip.open(member) as file:
                # What the directory says of the size may be a lie.
                data = file.read(MAX_LINE_BYTES + 1)
        except NotImplementedError:
            problem = "packed with zstd, which this Python cannot read: pip install backports.zstd"
            return BrokenLine(number, problem)
        except self._damage as error:
            return BrokenLine(number, f"damaged: {error}")
        if len(data) > MAX_LINE_BYTES:
            return BrokenLine(number, TOO_LONG)
        return read_line(number, data) or BrokenLine(number, "empty")

    def bytes_read(self) -> int | None:
        """The packed size of the samples read so far."""
        return self._read

    def close(self) -> None:
        """Closes the archive."""
        self._zip.close()
        self._file.close()


def _zipfile() -> ModuleType:
    """Python unpacks zstd from 3.14 on; before that, `backports.zstd` has a reader that does."""
    if not hasattr(zipfile, "ZIP_ZSTANDARD"):
        try:
            return importlib.import_module("backports.zstd.zipfile")
        except ImportError:
            return zipfile
    return zipfile
