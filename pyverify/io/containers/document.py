"""JSON values that hold all records: arrays, objects of them, or objects around them."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterable, Iterator

from pyverify.io.errors import DamagedError
from pyverify.io.lines import (
    LONG_DECODER,
    MAX_LINE_BYTES,
    TOO_LONG,
    BrokenLine,
    Json,
    JsonLine,
    Number,
)
from pyverify.io.sources import Source

# Where an object keeps its records, if it has nothing else to be read by.
_RECORD_KEYS = ("samples", "data", "rows", "records", "results", "examples", "instances")
# Little enough for a core to have it at hand.
_STEP = 1 << 17
_BLANK = " \t\r\n"


class Document:
    """JSON arrays or objects one after the other, read element by element; a `Container`.

    There is one as a rule, and several where programs print record after record. An array holds
    records. An object keyed by numbers holds them, too, and each gets its key as ``key`` unless it
    has one; figures beside them are left out. Another object is one record, or has a list of them
    under a usual name; those share what stands beside the list.
    """

    def __init__(self, source: Source) -> None:
        """Takes over an opened source."""
        self.name = source.name
        self.kind = "a JSON document"
        self.total_bytes = source.total_bytes
        self._source = source

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every element; one that is no object, and the rest behind a fault, come as broken."""
        scanner = _Scanner(self._source)
        number = 0
        try:
            while True:
                for line in _of_value(scanner, number + 1):
                    number = line.number
                    yield line
                if scanner.ended():
                    return
        except _ScanError as error:
            yield BrokenLine(number + 1, f"{error}; nothing behind it can be read")

    def bytes_read(self) -> int | None:
        """Bytes of the input taken so far, or None if unknown."""
        return self._source.bytes_read()

    def close(self) -> None:
        """Closes the source."""
        self._source.close()


def holds_records(value: dict[str, Json]) -> bool:
    """Whether an object is no record itself, but has some inside."""
    return next(_of_object(iter(value.items()), 1), None) != JsonLine(1, value)


def _of_value(scanner: _Scanner, first: int) -> Iterator[JsonLine | BrokenLine]:
    """The records of the next value, numbered on from the first."""
    if scanner.opens("["):
        for number, (_, value) in enumerate(scanner.elements("]"), start=first):
            yield _record(number, value)
    elif scanner.opens("{"):
        yield from _of_object(scanner.elements("}"), first)
    else:
        raise _ScanError("not JSON: an object or an array was expected")


def _of_object(pairs: Iterator[tuple[str, Json]], first: int) -> Iterator[JsonLine | BrokenLine]:
    beside: dict[str, Json] = {}
    shape: Json = None
    number = first
    for key, value in pairs:
        numbered = key.isdecimal() and (shape is not None or _are_figures(beside.values()))
        if isinstance(value, dict) and (numbered or (shape is not None and _alike(value, shape))):
            shape = value if shape is None else shape
            yield JsonLine(number, {"key": key, **value})
        elif numbered and shape is not None:
            yield _record(number, value)
        else:
            beside[key] = value
            continue
        number += 1
    if shape is None and beside:
        yield from _around(beside, first)


def _are_figures(values: Iterable[Json]) -> bool:
    return all(isinstance(value, (int, Number)) for value in values)


def _around(whole: dict[str, Json], first: int) -> Iterator[JsonLine | BrokenLine]:
    """The records of an object that is not keyed by numbers."""
    values = list(whole.values())
    if len(values) > 1 and all(_alike(value, values[0]) for value in values):
        for number, (key, value) in enumerate(whole.items(), start=first):
            if isinstance(value, dict):
                yield JsonLine(number, {"key": key, **value})
        return
    for name in _RECORD_KEYS:
        inner = whole.get(name)
        if isinstance(inner, list) and inner and all(_is_record(one) for one in inner):
            shared = {key: value for key, value in whole.items() if not isinstance(value, list)}
            for number, one in enumerate(inner, start=first):
                if isinstance(one, dict):
                    yield JsonLine(number, {**shared, **one})
            return
    yield JsonLine(first, whole)


def _is_record(value: Json) -> bool:
    """Not a message: a lone record may hold a conversation."""
    return isinstance(value, dict) and "role" not in value


def _alike(value: Json, other: Json) -> bool:
    return isinstance(value, dict) and isinstance(other, dict) and value.keys() == other.keys()


def _record(number: int, value: Json) -> JsonLine | BrokenLine:
    if isinstance(value, dict):
        return JsonLine(number, value)
    return BrokenLine(number, "an object was expected")


class _ScanError(Exception):
    """The text is not JSON from here on."""


class _Scanner:
    """Takes a long array or object apart without holding all of it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._text = ""
        self._at = 0
        self._ended = False

    def opens(self, bracket: str) -> bool:
        """Whether the text begins with a bracket; takes it."""
        if self._peek() != bracket:
            return False
        self._at += 1
        return True

    def ended(self) -> bool:
        """Whether nothing but blanks is left."""
        return not self._peek()

    def elements(self, closing: str) -> Iterator[tuple[str, Json]]:
        """The elements up to the closing bracket, which is taken; with their keys in an object."""
        if self._peek() == closing:
            self._at += 1
            return
        while True:
            key = ""
            if closing == "}":
                key = str(self._value())
                self._take(":")
            yield key, self._list() if key in _RECORD_KEYS else self._value()
            sign = self._peek()
            if sign not in (",", closing):
                raise _ScanError("not JSON: ',' was expected" if sign else "cut off")
            self._at += 1
            if sign == closing:
                return

    def _list(self) -> Json:
        """A value; a list element by element, for all of it may be longer than any record."""
        if not self.opens("["):
            return self._value()
        return [value for _, value in self.elements("]")]

    def _peek(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text) or not self._fill(_STEP):
                return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> None:
        found = self._peek()
        if found != sign:
            raise _ScanError(f"not JSON: {sign!r} was expected" if found else "cut off")
        self._at += 1

    def _value(self) -> Json:
        self._peek()
        while True:
            step = max(_STEP, len(self._text) - self._at)
            try:
                value, end = LONG_DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if step > MAX_LINE_BYTES:
                    raise _ScanError(TOO_LONG) from None
                # It may only be cut off at the end of what has been read.
                if self._fill(step):
                    continue
                raise _ScanError(f"not JSON: {error.msg}") from None
            except RecursionError:
                raise _ScanError("nested too deeply") from None
            # A number at the very end may go on.
            if end < len(self._text) or not self._fill(step):
                self._at = end
                parsed: Json = value
                return parsed

    def _fill(self, size: int) -> bool:
        """Reads on; False at the end."""
        if self._ended:
            return False
        try:
            data = self._source.stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedError(f"{self._source.name} is damaged: {error}") from None
        self._ended = not data
        self._text = self._text[self._at :] + self._decode(data, self._ended)
        self._at = 0
        return not self._ended
