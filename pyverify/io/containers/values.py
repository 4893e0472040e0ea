"""Values of typed columns as JSON has them."""

from __future__ import annotations

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
    if types.is_floating(kind) or types.is_decimal(kind):
        return _number
    if types.is_struct(kind):
        return _fields_of({field.name: _converter(field.type) for field in kind})
    if types.is_map(kind):
        return _entries
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _each(_converter(kind.value_type))
    plain = types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind)
    if plain or types.is_boolean(kind) or types.is_null(kind):
        return None
    return _text


def _number(value: object) -> Json:
    """What is not a number is nothing: so tables write what is missing."""
    return None if value is None or value != value else Number(value)


def _text(value: object) -> Json:
    if value is None:
        return None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _entries(value: object) -> Json:
    if not isinstance(value, list):
        return None
    return {str(key): _text(inner) for key, inner in value}


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
