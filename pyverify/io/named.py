"""Fields that somebody named: whether they are there, and what is meant if they are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyverify.io.fields import ROLES, Fields
from pyverify.io.lines import Json
from pyverify.io.paths import get_path, has_path
from pyverify.io.shown import one_line

__all__ = ["absent_roles", "absent_words", "holds", "one_level_down"]

_Rows = Sequence["dict[str, Json]"]

_INDEX = re.compile(r"\.?\[(-?\d+)\]")
# Where writers keep what they know of a problem; others are taken as they come.
_HOLDERS = ("doc", "extra_info", "metadata", "meta", "info")


def absent_roles(rows: _Rows, fixed: Fields) -> dict[str, str]:
    """The fields that were named and that no record has, by what they are for."""
    named = ((role, getattr(fixed, role)) for role in ROLES)
    return {role: path for role, path in named if path is not None and not holds(rows, path)}


def absent_words(role: str, path: str) -> str:
    """Says that a field of ``--map`` is not there."""
    return f"no record has {path!r}, which --map {role}={path} names" + spelled(path)


def spelled(path: str) -> str:
    """How a path is written that has an index in brackets; nothing where it has none."""
    return f" (an element is written {_INDEX.sub(_dotted, path)})" if _INDEX.search(path) else ""


def _dotted(index: re.Match[str]) -> str:
    return f".{index.group(1)}" if index.start() else index.group(1)


def holds(rows: _Rows, path: str) -> bool:
    """Whether some record has it, if only with nothing there."""
    parts = path.split("+")
    return any(any(_holds(row, part) for part in parts) or has_path(row, path) for row in rows)


def _holds(row: dict[str, Json], path: str) -> bool:
    value = get_path(row, path)
    if isinstance(value, list) and "[]" in path:
        # Of a list there may be anything or nothing in the rows that were looked at.
        return not value or any(one is not None for one in value)
    return value is not None or has_path(row, path)


def one_level_down(rows: _Rows, name: str) -> str | None:
    """The path of a field that stands in an object of the record, as ``doc.level``."""
    holders = {key: None for row in rows for key, value in row.items() if _has_key(value, name)}
    known = [key for key in _HOLDERS if key in holders]
    found = next(iter((*known, *holders)), None)
    return None if found is None else f"{found}.{name}"


def _has_key(value: Json, name: str) -> bool:
    return isinstance(value, dict) and has_path(value, name)


def by_words(name: str, path: str | None) -> str:
    """Says where a field of ``--by`` was found that is not where it was looked for."""
    if path is None:
        return f"no record has {one_line(name)!r}, which --by names" + spelled(name)
    return f"--by {one_line(name)} is read from {one_line(path)}"
