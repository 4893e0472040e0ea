"""Golds that live in a file of their own, joined to the responses by a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from pyverify.io.fields import Fields, FieldsError
from pyverify.io.lines import BrokenLine, Json
from pyverify.io.named import spelled
from pyverify.io.paths import get_path
from pyverify.io.records import Records, open_records
from pyverify.io.rows import Gold, Known, plain_text, read_gold
from pyverify.io.shown import one_line
from pyverify.messages import asked, is_conversation


@dataclass(slots=True)
class GoldTable:
    """Golds by key.

    Attributes:
        key: Dotted path of the key, the same in both files.
        gold_field: Where the golds were read.
        name: The file that they are from.
        broken: Records that could not be read.
    """

    key: str
    gold_field: str
    name: str
    broken: list[BrokenLine] = field(default_factory=list)
    _golds: dict[str, Gold | None] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of keys."""
        return len(self._golds)

    def digest(self) -> str:
        """Stands for all of it: a run that was begun with other golds must not be continued."""
        digest = blake2b(repr((self.key, self.gold_field)).encode(), digest_size=16)
        for pair in self._golds.items():
            digest.update(repr(pair).encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    @property
    def own(self) -> bool:
        """Whether golds that a response's file has itself count: they don't."""
        return False

    @property
    def without(self) -> str | None:
        """Inputs need no golds: they are here."""
        return None

    def read_by(self, fields: Fields) -> None:
        """Is told how the next input is read; the key is the same in all."""

    def look_up(self, record: dict[str, Json], own: Gold | None = None) -> Known:
        """The record as it is, with its gold: `own` doesn't count."""
        key = _key(get_path(record, self.key))
        gold = None if key is None else self._golds.get(key)
        return Known(record, gold, lacking=None if gold is not None else self._lacking(key))

    def _lacking(self, key: str | None) -> str:
        if key is None:
            return f"no {self.key}, by which golds are joined"
        known = " that can be used" if key in self._golds else ""
        return f"{self.key}={one_line(repr(key), 60)} has no gold{known} in {self.name}"


def read_gold_table(name: str, key: str, fixed: Fields) -> GoldTable:
    """Reads a file of golds.

    Args:
        name: The file, of any layout.
        key: Dotted path of the key.
        fixed: What the caller said about fields; only its gold counts here.

    Raises:
        SourceError: If the file cannot be read.
        FieldsError: If the golds' field is not clear, a row lacks the key everywhere, or one key
            stands for two golds.
    """
    with open_records(name, Fields(gold=fixed.gold), need_response=False) as records:
        return _read(name, key, records)


def _read(name: str, key: str, records: Records) -> GoldTable:
    table = GoldTable(key=key, gold_field=records.fields.gold or "", name=name)
    for line in records:
        if isinstance(line, BrokenLine):
            table.broken.append(line)
            continue
        value = _key(get_path(line.value, key))
        if value is None:
            continue
        gold = read_gold(get_path(line.value, table.gold_field))
        if table._golds.setdefault(value, gold) != gold:
            shown = f"{key}={one_line(repr(value), 60)}"
            raise FieldsError(f"{name}, line {line.number}: a second, other gold for {shown}")
    if not table._golds:
        raise FieldsError(f"{name}: no row has the field {key!r} that --on names{spelled(key)}")
    return table


def _key(value: Json) -> str | None:
    """A key of 7 joins one of "7" and of 7.0: writers differ in how they write numbers.

    A prompt joins by what is asked in it, whether or not it is written as a conversation.
    """
    if is_conversation(value):
        return asked(value)
    return plain_text(value)
