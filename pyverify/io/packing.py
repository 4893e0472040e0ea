"""Compressed streams: gzip, and zstd where Python has a reader of it."""

from __future__ import annotations

import gzip
import importlib
import io
from collections.abc import Callable
from types import ModuleType
from typing import BinaryIO, cast

from pyverify.io.errors import SourceError

BUFFER_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MAGIC_BYTES = 4
# Python has its own reader from 3.14 on; before that, any installed one will do.
_ZSTD_READERS = ("compression.zstd", "backports.zstd", "zstandard")


def unpack(label: str, raw: BinaryIO) -> BinaryIO:
    """The plain bytes of a stream; itself if it is not compressed.

    Args:
        label: What messages call it.
        raw: The stream.

    Raises:
        SourceError: It needs a reader that is not installed, or cannot be read at all.
    """
    head = _peek(raw)
    if head.startswith(_GZIP_MAGIC):
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw)), BUFFER_BYTES)
    if head.startswith(_ZSTD_MAGIC):
        reader = cast(io.RawIOBase, _Unpacked(_open_zstd(label, raw)))
        return io.BufferedReader(reader, BUFFER_BYTES)
    return raw


def zstd_packer(target: str) -> Callable[[BinaryIO], BinaryIO]:
    """What packs with zstd: takes the file to write to, which stays the caller's.

    Args:
        target: What messages call the output.

    Raises:
        SourceError: It needs a writer that is not installed.
    """
    module = _zstd()
    if module is None:
        raise SourceError(
            f"cannot write {target}: this Python cannot pack with zstd: "
            "pip install backports.zstd, or write .gz"
        )
    if module.__name__ == "zstandard":
        return lambda file: module.ZstdCompressor().stream_writer(file, closefd=False)
    return lambda file: module.ZstdFile(file, "wb")


def zstd_error() -> type[Exception]:
    """What the installed reader of zstd raises for damaged data; `OSError` if there is none."""
    module = _zstd()
    return OSError if module is None else cast("type[Exception]", module.ZstdError)


class _Unpacked(io.RawIOBase):
    """Reports damage as `OSError`, whichever reader finds it."""

    def __init__(self, reader: BinaryIO) -> None:
        self._reader = reader
        self._damage = zstd_error()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always one
        try:
            return cast(io.BufferedReader, self._reader).readinto(buffer)
        except self._damage as error:
            raise OSError(str(error)) from None


def _open_zstd(label: str, raw: BinaryIO) -> BinaryIO:
    module = _zstd()
    if module is None:
        raise SourceError(
            f"{label} is compressed with zstd, which this Python cannot read: "
            "pip install backports.zstd, or pipe it: zstd -dc FILE | pyverify score -"
        )
    if module.__name__ == "zstandard":
        reader = module.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
    else:
        reader = module.ZstdFile(raw, "rb")
    return cast(BinaryIO, reader)


def _zstd() -> ModuleType | None:
    for name in _ZSTD_READERS:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _peek(raw: BinaryIO) -> bytes:
    """The first bytes without taking them; a pipe may hand over fewer than asked for."""
    peek = getattr(raw, "peek", None)
    if peek is None:
        return b""
    try:
        return bytes(peek(_MAGIC_BYTES)[:_MAGIC_BYTES])
    except OSError as error:
        raise SourceError(f"cannot read the input: {error.strerror or error}") from None
