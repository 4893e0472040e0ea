"""Readers and writers of prediction files: lines in, rows out, nothing judged."""

from pyverify.io.fields import (
    AmbiguousFieldsError,
    Fields,
    FieldsError,
    NoFieldsError,
    detect_fields,
    parse_map,
)
from pyverify.io.join import GoldTable, read_gold_table
from pyverify.io.lines import BrokenLine, Json, JsonLine, Number, read_json_lines
from pyverify.io.rows import Gold, Row, RowFault, rows_of
from pyverify.io.sink import RowSink
from pyverify.io.sources import STDIN, Source, SourceError, expand_inputs, open_source

__all__ = [
    "STDIN",
    "AmbiguousFieldsError",
    "BrokenLine",
    "Fields",
    "FieldsError",
    "Gold",
    "GoldTable",
    "Json",
    "JsonLine",
    "NoFieldsError",
    "Number",
    "Row",
    "RowFault",
    "RowSink",
    "Source",
    "SourceError",
    "detect_fields",
    "expand_inputs",
    "open_source",
    "parse_map",
    "read_gold_table",
    "read_json_lines",
    "rows_of",
]
