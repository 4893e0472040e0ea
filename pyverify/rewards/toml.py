"""TOML, as far as rewards need it: tables, lists of tables, lists, texts, numbers and bools."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def read_toml(text: str) -> dict[str, object]:
    """Parses TOML.

    Raises:
        ValueError: It isn't TOML.
        ImportError: On Python 3.10, the package tomli isn't installed.
    """
    try:
        reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    except ImportError:
        raise ImportError(
            "reading TOML needs Python 3.11 or `pip install tomli`; JSON works everywhere"
        ) from None
    try:
        return dict(reader.loads(text))
    except ValueError as error:
        raise ValueError(f"this is no TOML: {error}") from None


def write_toml(table: Mapping[str, object]) -> str:
    """Writes nested dicts as TOML.

    Example:
        >>> print(write_toml({"a": [1, 2.0], "b": [{"c": "x"}]}), end="")
        a = [1, 2.0]
        <BLANKLINE>
        [[b]]
        c = "x"
    """
    return "\n".join(_lines(table, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, object], prefix: str) -> Iterator[str]:
    # Plain values first: what follows the header of an inner table belongs to that table.
    tables = []
    for key, value in table.items():
        if isinstance(value, Mapping) or _is_tables(value):
            tables.append((key, value))
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in tables:
        name = f"{prefix}{_key(key)}"
        if isinstance(value, Mapping):
            yield from ("", f"[{name}]", *_lines(value, f"{name}."))
            continue
        for one in value:  # type: ignore[attr-defined]  # a list of tables
            yield from ("", f"[[{name}]]", *_lines(one, f"{name}."))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _text(text: str) -> str:
    # A JSON text is a TOML one, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
