"""Files that this program wrote: in a folder of predictions they are no predictions."""

from __future__ import annotations

import re

from pyverify.io.containers import ParquetTable
from pyverify.io.errors import SourceError
from pyverify.io.lines import JsonLine, read_line
from pyverify.io.sources import open_source

_HEAD_BYTES = 1 << 20
_PARQUET_MAGIC = b"PAR1"
_GRADER = "pyverify/"
# Summaries and plans of divided runs are printed with a key a line.
_PRINTED = re.compile(rb'^ {1,2}"grader": "pyverify/', re.M)
_ROW = ("verdict", "grader", "extracted")
_FINDING = ("findings", "form", "status", "level")


def is_own(name: str) -> bool:
    """Whether a file holds verdicts, findings or a summary that this program wrote."""
    try:
        source = open_source(name)
        try:
            head = source.head(_HEAD_BYTES)
        finally:
            source.close()
        if head.startswith(_PARQUET_MAGIC):
            return _is_own_table(name)
    except SourceError:
        # Whatever is wrong with it is said when it is read.
        return False
    if not head.startswith(b"{"):
        return False
    line, _, _ = head.partition(b"\n")
    first = read_line(1, line)
    if not isinstance(first, JsonLine):
        return _PRINTED.search(head) is not None
    if all(key in first.value for key in _FINDING):
        return True
    return all(key in first.value for key in _ROW) and _is_grader(first.value["grader"])


def _is_own_table(name: str) -> bool:
    table = ParquetTable(name, name)
    try:
        first = next(table.narrowed(_ROW), None)
        return (
            isinstance(first, JsonLine)
            and all(key in first.value for key in _ROW)
            and _is_grader(first.value["grader"])
        )
    finally:
        table.close()


def _is_grader(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_GRADER)
