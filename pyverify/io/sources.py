"""Where bytes come from: files, globs, standard input, plain or compressed."""

from __future__ import annotations

import codecs
import io
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from pyverify.io.errors import DamagedError, SourceError
from pyverify.io.packing import BUFFER_BYTES, unpack

STDIN = "-"
"""The name under which standard input is asked for."""


@dataclass(slots=True)
class Source:
    """One opened input.

    Attributes:
        name: What to call it in messages and reports; ``<stdin>`` for standard input.
        stream: The decompressed bytes.
        total_bytes: Size on disk, or None when it cannot be known.
        packed: Whether the bytes are others than those of the disk: compressed, or recoded.
    """

    name: str
    stream: BinaryIO
    total_bytes: int | None
    _raw: BinaryIO
    packed: bool = False
    _begin: int = 0

    def bytes_read(self) -> int | None:
        """Bytes taken from the disk so far, compressed ones if the file is compressed."""
        if self.total_bytes is None:
            return None
        try:
            return self._raw.tell() - self._begin
        except (OSError, ValueError):
            return None

    def head(self, size: int) -> bytes:
        """The first bytes, up to so many; they are read again later.

        Raises:
            SourceError: If the file is damaged.
        """
        found = b""
        try:
            while len(found) < size and (more := self.stream.read(size - len(found))):
                found += more
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedError(f"{self.name} is damaged: {error}") from None
        ahead = cast(io.RawIOBase, _Ahead(found, self.stream))
        self.stream = io.BufferedReader(ahead, BUFFER_BYTES)
        return found

    def recode(self, encoding: str, *, returns: bool = False) -> None:
        """Makes UTF-8 of text that is written otherwise.

        Args:
            encoding: What it is written in; a byte order mark is taken for one.
            returns: Whether its lines end in carriage returns alone.
        """
        recoded = cast(io.RawIOBase, _Recoded(self.stream, encoding, returns))
        self.stream = io.BufferedReader(recoded, BUFFER_BYTES)
        self.packed = True

    def cut(self, begin: int, end: int) -> None:
        """Leaves only those bytes of a plain file to be read.

        Raises:
            SourceError: If it is compressed, or a pipe.
        """
        if self.packed or self.total_bytes is None:
            raise SourceError(f"{self.name} can only be read as a whole")
        self._raw.seek(begin)
        self._begin = begin
        self.total_bytes = end - begin
        self.stream = io.BufferedReader(cast(io.RawIOBase, _Cut(self._raw, end - begin)))

    def close(self) -> None:
        """Closes the file; standard input stays open."""
        if self._raw is not _stdin():
            self._raw.close()


class _Ahead(io.RawIOBase):
    """Bytes that were read already, then the stream that they came from."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always one
        if not self._head:
            return _read_into(self._rest, buffer)
        taken = min(len(self._head), len(buffer))
        buffer[:taken] = self._head[:taken]
        self._head = self._head[taken:]
        return taken


class _Recoded(io.RawIOBase):
    """Text in UTF-8 with line feeds, whatever it was before."""

    def __init__(self, stream: BinaryIO, encoding: str, returns: bool) -> None:
        self._stream = stream
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._decoder: codecs.IncrementalDecoder | io.IncrementalNewlineDecoder = decoder
        if returns:
            self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._ready = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always one
        while not self._ready and not self._ended:
            data = self._stream.read(BUFFER_BYTES)
            self._ended = not data
            self._ready = memoryview(self._decoder.decode(data, self._ended).encode())
        taken = min(len(self._ready), len(buffer))
        buffer[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken


class _Cut(io.RawIOBase):
    """The next bytes of a stream, and no more."""

    def __init__(self, raw: BinaryIO, size: int) -> None:
        self._raw = raw
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always one
        read = _read_into(self._raw, buffer[: self._left])
        self._left -= read
        return read


def _read_into(stream: BinaryIO, buffer: memoryview) -> int:
    return cast(io.BufferedReader, stream).readinto(buffer)


def open_source(name: str) -> Source:
    """Opens one input; what it is compressed with is read off its first bytes, not its name.

    Raises:
        SourceError: If it cannot be opened, or needs a reader that is not installed.
    """
    total: int | None = None
    if name == STDIN:
        raw = _stdin()
        label = "<stdin>"
    else:
        label = name
        try:
            raw = open(name, "rb", buffering=BUFFER_BYTES)  # noqa: SIM115
            if Path(name).is_file():
                total = os.path.getsize(name)
        except OSError as error:
            raise SourceError(f"cannot read {name}: {error.strerror or error}") from None
    try:
        stream = unpack(label, raw)
    except SourceError:
        if name != STDIN:
            raw.close()
        raise
    packed = stream is not raw
    return Source(name=label, stream=stream, total_bytes=total, _raw=raw, packed=packed)


def _stdin() -> BinaryIO:
    return sys.stdin.buffer
