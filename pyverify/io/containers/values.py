"""Values of typed columns as JSON has them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from pyverify.io.lines import Json, Number

if TYPE_CHECKING:
    import pyarrow as pa

Convert = Callable[[object], Json]


def column_values(column: pa.Array) -> list[Json]:
    """The values of a column, numbers with a point as text like those of JSON."""
    import pyarrow as pa

    try:
        values: list[object] = column.to_pylist()
    except UnicodeDecodeError:
        # Bytes that are no UTF-8 come from text cut inside a character.
        return [_text(value) for value in column.cast(pa.binary()).to_pylist()]
    convert = _converter(column.type)
    return [convert(value) for value in values] if convert is not None else values  # type: ignore[return-value]


def _converter(kind: pa.DataType) -> Convert | None:
    """What makes JSON of a value of this type; None where it is that already."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return _converter(kind.value_type)
    if types.is_float16(kind) or types.is_float32(kind):
        return _narrow("e" if types.is_float16(kind) else "f")
    if types.is_float64(kind) or types.is_decimal(kind):
        return _number
    if types.is_struct(kind):
        return _fields_of({field.name: _converter(field.type) for field in kind})
    if types.is_map(kind):
        return _entries_of(_converter(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _each(_converter(kind.value_type))
    plain = types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind)
    if plain or types.is_boolean(kind) or types.is_null(kind):
        return None
    return _text


def _number(value: object) -> Json:
    """What is not a number is nothing: so tables write what is missing."""
    return None if value is None or value != value else Number(value)


def _narrow(width: str) -> Convert:
    """For numbers that Python only has wider: the shortest decimal that stands for the same one."""

    def number(value: object) -> Json:
        if value is None or value != value:
            return None
        wide = float(value)  # type: ignore[arg-type]  # a number of the column
        texts = (f"{wide:.{digits}g}" for digits in range(1, 10))
        return Number(next((float(t) for t in texts if _packed(t, width) == wide), wide))

    return number


def _packed(text: str, width: str) -> float | None:
    """The number of that width that a decimal stands for; None where there is none so large."""
    try:
        found: float = struct.unpack(width, struct.pack(width, float(text)))[0]
    except OverflowError:
        return None
    return found


def _text(value: object) -> Json:
    if value is None:
        return None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _entries_of(convert: Convert | None) -> Convert:
    def entries(value: object) -> Json:
        if not isinstance(value, list):
            return None
        return {str(key): inner if convert is None else convert(inner) for key, inner in value}

    return entries


def _each(convert: Convert | None) -> Convert | None:
    if convert is None:
        return None

    def values(value: object) -> Json:
        return [convert(one) for one in value] if isinstance(value, list) else None

    return values


def _fields_of(converters: dict[str, Convert | None]) -> Convert | None:
    needed = {name: convert for name, convert in converters.items() if convert is not None}
    if not needed:
        return None

    def fields(value: object) -> Json:
        if not isinstance(value, dict):
            return None
        return value | {name: convert(value[name]) for name, convert in needed.items()}

    return fields
