"""Readers and writers of prediction files: lines in, rows out, nothing judged."""

from pyverify.io.blocks import Block, read_ahead, read_blocks
from pyverify.io.detect import detect_fields
from pyverify.io.errors import DamagedError, SourceError
from pyverify.io.fields import (
    AmbiguousFieldsError,
    Fields,
    FieldsError,
    NoFieldsError,
    parse_map,
)
from pyverify.io.inputs import expand_inputs
from pyverify.io.join import GoldTable, read_gold_table
from pyverify.io.lines import BrokenLine, Json, JsonLine, Number, read_line
from pyverify.io.part import Part
from pyverify.io.problems import problem_text
from pyverify.io.records import Records, open_records
from pyverify.io.rows import CUT_WORDS, Gold, Known, Row, RowFault, read_gold, rows_of
from pyverify.io.sink import RowSink, Sink
from pyverify.io.sources import STDIN, Source, open_source

__all__ = [
    "CUT_WORDS",
    "STDIN",
    "AmbiguousFieldsError",
    "Block",
    "BrokenLine",
    "DamagedError",
    "Fields",
    "FieldsError",
    "Gold",
    "GoldTable",
    "Json",
    "JsonLine",
    "Known",
    "NoFieldsError",
    "Number",
    "Part",
    "Records",
    "Row",
    "RowFault",
    "RowSink",
    "Sink",
    "Source",
    "SourceError",
    "detect_fields",
    "expand_inputs",
    "open_records",
    "open_source",
    "parse_map",
    "problem_text",
    "read_ahead",
    "read_blocks",
    "read_gold",
    "read_gold_table",
    "read_line",
    "rows_of",
]
