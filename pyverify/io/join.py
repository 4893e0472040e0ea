"""Golds that live in a file of their own, joined to the responses by a key."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyverify.io.fields import SAMPLE_ROWS, Fields, FieldsError, detect_fields
from pyverify.io.lines import BrokenLine, Json, JsonLine, read_json_lines
from pyverify.io.paths import get_path
from pyverify.io.rows import Gold, read_gold
from pyverify.io.sources import SourceError, open_source


@dataclass(slots=True)
class GoldTable:
    """Golds by key.

    Attributes:
        key: Dotted path of the key, the same in both files.
        gold_field: Where the golds were read.
        broken: Lines that could not be read.
    """

    key: str
    gold_field: str
    broken: list[BrokenLine] = field(default_factory=list)
    _golds: dict[str, Gold | None] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of keys."""
        return len(self._golds)

    def gold_for(self, row: dict[str, Json]) -> Gold | None:
        """The gold of a response's row, or None if the key is missing or unknown."""
        key = _key(get_path(row, self.key))
        return None if key is None else self._golds.get(key)


def read_gold_table(name: str, key: str, fixed: Fields) -> GoldTable:
    """Reads a file of golds.

    Args:
        name: The file.
        key: Dotted path of the key.
        fixed: What the caller said about fields; only its gold counts here.

    Raises:
        SourceError: If the file cannot be read.
        FieldsError: If the golds' field is not clear, a row lacks the key everywhere, or one key
            stands for two golds.
    """
    source = open_source(name)
    try:
        return _read(name, key, fixed, [*read_json_lines(source)])
    finally:
        source.close()


def _read(name: str, key: str, fixed: Fields, lines: list[JsonLine | BrokenLine]) -> GoldTable:
    rows = [line for line in lines if isinstance(line, JsonLine)]
    broken = [line for line in lines if isinstance(line, BrokenLine)]
    if not rows:
        raise SourceError(f"{name} holds no line of JSON")
    sample = [line.value for line in rows[:SAMPLE_ROWS]]
    try:
        fields = detect_fields(sample, Fields(gold=fixed.gold), need_response=False)
    except FieldsError as error:
        raise FieldsError(f"{name}: {error}") from None
    table = GoldTable(key=key, gold_field=fields.gold or "", broken=broken)
    for line in rows:
        value = _key(get_path(line.value, key))
        if value is None:
            continue
        gold = read_gold(get_path(line.value, table.gold_field))
        if table._golds.setdefault(value, gold) != gold:
            raise FieldsError(f"{name}, line {line.number}: a second, other gold for {key}={value}")
    if not table._golds:
        raise FieldsError(f"{name}: no row has the field {key!r} that --on names")
    return table


def _key(value: Json) -> str | None:
    """A key of 7 joins one of "7": writers differ in whether ids are numbers."""
    if value is None or isinstance(value, (dict, list)):
        return None
    return str(value)
