"""Dotted paths into a row: ``reward_model.ground_truth``, ``choices[].message.content``."""

from __future__ import annotations

from pyverify.io.lines import Json


def get_path(row: Json, path: str) -> Json:
    """What stands at a path, or None.

    A whole path that is itself a key wins over its parts; ``[]`` after a key collects that field
    of every element of a list; a number picks an element. ``step+prompt`` is the list of what
    stands at both.
    """
    if isinstance(row, dict) and path in row:
        return row[path]
    if "+" in path:
        found = [get_path(row, part) for part in path.split("+")]
        return found if any(value is not None for value in found) else None
    return _walk(row, path.split("."))


def has_path(row: Json, path: str) -> bool:
    """Whether there is such a key, if only with nothing behind it."""
    parent, dot, key = path.rpartition(".")
    holder = get_path(row, parent) if dot else row
    return isinstance(holder, dict) and key in holder


def _walk(value: Json, steps: list[str]) -> Json:
    for position, step in enumerate(steps):
        key, every = (step[:-2], True) if step.endswith("[]") else (step, False)
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.lstrip("-").isdecimal():
            index = int(key)
            value = value[index] if -len(value) <= index < len(value) else None
        else:
            return None
        if every:
            if not isinstance(value, list):
                return None
            rest = steps[position + 1 :]
            return [_walk(item, rest) for item in value] if rest else value
    return value
