"""Lines of JSON, one at a time, broken ones included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""A value as JSON has it; numbers with a point or an exponent stay text (`Number`)."""

MAX_LINE_BYTES = 64 << 20
"""A longer line is broken: no row of a sane file needs it, and memory stays bounded."""


TOO_LONG = f"longer than {MAX_LINE_BYTES >> 20} MiB"


class Number(str):
    """A JSON number kept as it was written, so that 0.10 keeps its digits and 1e400 its value."""

    __slots__ = ()


def _integer(digits: str) -> int | Number:
    return int(digits) if len(digits) <= 4000 else Number(digits)


def _constant(name: str) -> Number | None:
    """What is not a number is nothing: so Python writes what is missing."""
    return None if name == "NaN" else Number(name.replace("Infinity", "inf"))


_DECODER = json.JSONDecoder(parse_float=Number, parse_constant=_constant)
LONG_DECODER = json.JSONDecoder(parse_float=Number, parse_int=_integer, parse_constant=_constant)
"""Reads integers beyond Python's limit of digits, too, as text; `load_json` is faster."""


# Not frozen, which would make making one three times as dear: a run makes one per record.
@dataclass(slots=True)
class JsonLine:
    """A line that held an object.

    Attributes:
        number: The line's number, from 1.
        value: The object.
    """

    number: int
    value: dict[str, Json]


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that cannot be used.

    Attributes:
        number: The line's number, from 1.
        problem: What is wrong with it.
    """

    number: int
    problem: str


def read_line(number: int, raw: bytes) -> JsonLine | BrokenLine | None:
    """Reads one line; None if it is blank."""
    # Bytes that are no UTF-8 come from text cut inside a character: the row is still worth reading.
    text = raw.decode("utf-8", "replace").strip().lstrip("\ufeff")
    if not text:
        return None
    try:
        value = load_json(text)
    except json.JSONDecodeError as error:
        return BrokenLine(number, f"not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return BrokenLine(number, "not JSON that can be read: nested too deeply")
    if not isinstance(value, dict):
        return BrokenLine(number, f"an object was expected, not {_kind(value)}")
    return JsonLine(number, value)


def load_json(text: str) -> Json:
    """Reads one JSON value, numbers with a point or an exponent as `Number`.

    Raises:
        json.JSONDecodeError: If the text is not JSON.
        RecursionError: If it is nested too deeply.
    """
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # An integer beyond Python's limit of digits: keep such ones as text, too.
        value = LONG_DECODER.decode(text)
    return value


def _kind(value: Json) -> str:
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    return "true or false" if isinstance(value, bool) else "a bare value"
