"""Where bytes come from: files, globs, standard input, plain or compressed."""

from __future__ import annotations

import glob
import gzip
import importlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

STDIN = "-"
"""The name under which standard input is asked for."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_PARQUET_MAGIC = b"PAR1"
_MAGIC_BYTES = 4
_BUFFER_BYTES = 1 << 20
_ZSTD_READERS = ("compression.zstd", "backports.zstd", "zstandard")


class SourceError(Exception):
    """An input that cannot be read; the message says what to do about it."""


@dataclass(slots=True)
class Source:
    """One opened input.

    Attributes:
        name: What to call it in messages and reports; ``<stdin>`` for standard input.
        stream: The decompressed bytes.
        total_bytes: Size on disk, or None when it cannot be known.
    """

    name: str
    stream: BinaryIO
    total_bytes: int | None
    _raw: BinaryIO

    def bytes_read(self) -> int | None:
        """Bytes taken from the disk so far, compressed ones if the file is compressed."""
        if self.total_bytes is None:
            return None
        try:
            return self._raw.tell()
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        """Closes the file; standard input stays open."""
        if self._raw is not _stdin():
            self.stream.close()
            self._raw.close()


def expand_inputs(names: list[str]) -> list[str]:
    """Turns the command line's inputs into file names, globs in sorted order.

    Args:
        names: File names, glob patterns or ``-``.

    Returns:
        The inputs in the order given, each file once.

    Raises:
        SourceError: If a name matches nothing, is a folder, or standard input is asked for twice.
    """
    found: dict[str, None] = {}
    for name in names:
        if name == STDIN:
            if STDIN in found:
                raise SourceError("standard input ('-') can be read only once")
            found[STDIN] = None
            continue
        if os.path.exists(name):
            matches = [name]
        elif glob.has_magic(name):
            matches = sorted(match for match in glob.glob(name, recursive=True))
            matches = [match for match in matches if not os.path.isdir(match)]
        else:
            matches = []
        if not matches:
            raise SourceError(f"no such file: {name}")
        for match in matches:
            if os.path.isdir(match):
                raise SourceError(f"{match} is a folder; name its files, such as '{match}/*.jsonl'")
            found[match] = None
    return list(found)


def open_source(name: str) -> Source:
    """Opens one input; what it is compressed with is read off its first bytes, not its name.

    Raises:
        SourceError: If it cannot be opened, needs a reader that is not installed, or is of a kind
            that is not lines of JSON.
    """
    total: int | None = None
    if name == STDIN:
        raw = _stdin()
        label = "<stdin>"
    else:
        label = name
        try:
            raw = open(name, "rb", buffering=_BUFFER_BYTES)  # noqa: SIM115
            if Path(name).is_file():
                total = os.path.getsize(name)
        except OSError as error:
            raise SourceError(f"cannot read {name}: {error.strerror or error}") from None
    try:
        stream = _unpack(label, raw)
    except SourceError:
        if name != STDIN:
            raw.close()
        raise
    return Source(name=label, stream=stream, total_bytes=total, _raw=raw)


def _unpack(label: str, raw: BinaryIO) -> BinaryIO:
    head = _peek(raw)
    if head.startswith(_GZIP_MAGIC):
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw)), _BUFFER_BYTES)
    if head.startswith(_ZSTD_MAGIC):
        return _open_zstd(label, raw)
    if head.startswith(_PARQUET_MAGIC):
        raise SourceError(f"{label} is a Parquet file; write it out as lines of JSON first")
    return raw


def _stdin() -> BinaryIO:
    return sys.stdin.buffer


def _peek(raw: BinaryIO) -> bytes:
    """The first bytes without taking them; a pipe may hand over fewer than asked for."""
    peek = getattr(raw, "peek", None)
    if peek is None:
        return b""
    try:
        return bytes(peek(_MAGIC_BYTES)[:_MAGIC_BYTES])
    except OSError as error:
        raise SourceError(f"cannot read the input: {error.strerror or error}") from None


def _open_zstd(label: str, raw: BinaryIO) -> BinaryIO:
    """Python has its own reader from 3.14 on; before that, any installed one will do."""
    for module_name in _ZSTD_READERS:
        try:
            module = importlib.import_module(module_name)
        except ImportError:
            continue
        if module_name == "zstandard":
            reader = module.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        else:
            reader = module.ZstdFile(raw, "rb")
        return io.BufferedReader(reader, _BUFFER_BYTES)
    raise SourceError(
        f"{label} is compressed with zstd, which this Python cannot read: "
        "pip install backports.zstd, or pipe it: zstd -dc FILE | pyverify score -"
    )
