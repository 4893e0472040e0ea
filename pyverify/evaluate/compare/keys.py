"""Which row of one file belongs to which row of the other."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from pyverify.io import FieldsError, Json
from pyverify.io.paths import get_path

__all__ = ["NTH", "USUAL", "Key", "KeyMaker", "read_on"]

USUAL = ("dataset", "id")
NTH = "nth"
"""Instead of a field: which row of those of the same other fields it is, counted from 1."""

_LINE = "line"
# What rows needn't have.
_OPTIONAL = ("dataset", "source", "sample", NTH)


@dataclass(frozen=True, slots=True)
class Key:
    """A row's key, shortened to digests.

    Attributes:
        row: The row's own.
        prompt: What the samples of one prompt share, as far as the key tells; else None.
    """

    row: bytes
    prompt: Hashable | None


def read_on(text: str | None) -> tuple[str, ...]:
    """Reads the value of ``--on``: fields, with commas between them.

    Raises:
        FieldsError: There is none.
    """
    if text is None:
        return USUAL
    names = tuple(name.strip() for name in text.split(","))
    if not all(names) or names == (NTH,):
        raise FieldsError(f"--on {text!r}: the names of fields are wanted, as --on id or --on line")
    return names


class KeyMaker:
    """Makes the keys of one file's rows.

    Args:
        fields: Fields of a verdict row, or of the record that it comes from; a line's number, or
            `NTH`.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        """Begins at the first row."""
        self._nth = NTH in fields
        self._fields = [name for name in fields if name != NTH]
        self._counts: Counter[bytes] = Counter()
        self._asked = False
        self._seen: set[str] = set()

    @property
    def absent(self) -> list[str]:
        """The fields that no row had, if there was a row."""
        wanted = [name for name in self._fields if name not in _OPTIONAL] if self._asked else []
        return [name for name in wanted if name not in self._seen]

    def make(self, out: Mapping[str, object], record: dict[str, Json] | None) -> Key | None:
        """The key of a row, or None if it lacks a field.

        Args:
            out: The verdict row.
            record: The record that it comes from, where it is known.
        """
        try:
            return self._make(out, record)
        except RecursionError:
            # A field with more brackets than Python can write.
            return None

    def _make(self, out: Mapping[str, object], record: dict[str, Json] | None) -> Key | None:
        self._asked = True
        values: list[object] = []
        whole = True
        for name in self._fields:
            value = out.get(name)
            if value is None and record is not None:
                value = get_path(record, name)
            if value is not None:
                self._seen.add(name)
            whole = whole and (value is not None or name in _OPTIONAL)
            # Writers differ in whether ids are numbers.
            values.append(value if isinstance(value, (list, dict)) else _text(value))
        if not whole:
            return None
        common = _digest(values)
        sample = out.get("sample")
        prompt: Hashable | None = out.get("prompt") if isinstance(out.get("prompt"), str) else None
        if prompt is None and (self._nth or sample is not None):
            prompt = common
        if self._nth:
            self._counts[common] += 1
            return Key(_digest([*values, self._counts[common]]), prompt)
        return Key(_digest([*values, sample or 0]), prompt)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _digest(values: list[object]) -> bytes:
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
