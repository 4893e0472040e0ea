"""Finds out what an input is made of, by its first bytes rather than by its name."""

from __future__ import annotations

import codecs
import io
import os
import re
from pathlib import Path

from pyverify.io.containers.archive import Archive
from pyverify.io.containers.columns import ArrowTable, ParquetTable, open_saved_dataset
from pyverify.io.containers.container import Container
from pyverify.io.containers.document import Document, holds_records
from pyverify.io.containers.lines import Lines
from pyverify.io.containers.table import Table
from pyverify.io.errors import SourceError
from pyverify.io.lines import load_json
from pyverify.io.part import Part
from pyverify.io.sources import STDIN, Source, open_source

_HEAD_BYTES = 1 << 16
_PARQUET_MAGIC = b"PAR1"
_ZIP_MAGIC = b"PK\x03\x04"
_ARROW_MAGICS = (b"ARROW1", b"\xff\xff\xff\xff")
# The longer marks first: one of them begins as a shorter one does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# An object of records that begins so is no line of JSON, whatever its line breaks.
_KEYED = re.compile(r'\{\s*"\d+"\s*:\s*\{')
# Nor is what begins so and has no line break for long; the last is a log of inspect.
_AROUND = re.compile(
    r'\{\s*(?:"(?:data|rows|records|results|examples|instances)"\s*:\s*\[\s*\{'
    r'|"version"\s*:\s*\d+\s*,\s*"status"\s*:)'
)
# What the first line of a document is when it goes on behind it.
_OPENING = re.compile(r'\{\s*(?:"[^"]*"\s*:\s*[\[{]?)?\s*')
_DELIMITERS = ("\t", ",", ";")


def open_container(name: str, part: Part | None = None) -> Container:
    """Opens an input.

    Args:
        name: A file, a folder of a saved data set, or ``-``.
        part: Which part of it; None for all.

    Raises:
        SourceError: It cannot be read.
    """
    if name != STDIN and os.path.isdir(name):
        return open_saved_dataset(name)
    if part is not None and part.kind == "row_groups":
        return ParquetTable(name, name, part)
    source = open_source(name)
    try:
        if part is not None:
            source.cut(part.begin, part.end)
            return Lines(source, part.first_number)
        return _open(name, source)
    except BaseException:
        source.close()
        raise


def _open(name: str, source: Source) -> Container:
    head = source.head(_HEAD_BYTES)
    if head.startswith(_PARQUET_MAGIC):
        return ParquetTable(source.name, _file(name, source))
    if head.startswith(_ARROW_MAGICS):
        if name == STDIN or source.packed:
            raise SourceError(f"{source.name} is an Arrow file; name it as it is, not packed")
        source.close()
        return ArrowTable(source.name, [name])
    if head.startswith(_ZIP_MAGIC):
        file = _file(name, source)
        stream = open(file, "rb") if isinstance(file, str) else file  # noqa: SIM115
        try:
            return Archive(source.name, stream, source.total_bytes)
        except SourceError:
            stream.close()
            raise
    head = _as_utf8(source, head)
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if _is_document(text, whole=len(head) < _HEAD_BYTES):
        return Document(source)
    delimiter = _delimiter(text, name)
    return Lines(source) if delimiter is None else Table(source, delimiter)


def _as_utf8(source: Source, head: bytes) -> bytes:
    """Sees to it that text comes in UTF-8 with line feeds; its first bytes then."""
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding is not None:
        source.recode(encoding)
        head = source.head(_HEAD_BYTES)
    if b"\r" in head and b"\n" not in head:
        source.recode("utf-8", returns=True)
        head = source.head(_HEAD_BYTES)
    return head


def _file(name: str, source: Source) -> str | io.BytesIO:
    """What can be sought in: the file itself, or all of a pipe or of what was packed."""
    if name != STDIN and not source.packed and Path(name).is_file():
        source.close()
        return name
    data = source.stream.read()
    source.close()
    return io.BytesIO(data)


def _is_document(text: str, *, whole: bool) -> bool:
    """Whether it is one JSON value, not one a line."""
    if not text.startswith(("{", "[")):
        return False
    if _KEYED.match(text):
        return True
    line, end, rest = text.partition("\n")
    if not end and _AROUND.match(text):
        return True
    try:
        value = load_json(line)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return True
    if value is not None:
        alone = whole and not rest.strip()
        return alone and (not isinstance(value, dict) or holds_records(value))
    return line.startswith("[") or _OPENING.fullmatch(line.strip()) is not None


def _delimiter(text: str, name: str) -> str | None:
    """What separates the cells of a table; None if it is none."""
    lines = [line for line in text.splitlines()[:8] if line.strip()]
    if not lines or any(line.lstrip().startswith(("{", "[{")) for line in lines[:2]):
        return None
    named = Path(name).name.lower()
    if ".tsv" in named and "\t" in lines[0]:
        return "\t"
    best = max(_DELIMITERS, key=lines[0].count)
    return best if best in lines[0] else None
