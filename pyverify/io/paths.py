"""Dotted paths into a row: ``reward_model.ground_truth``, ``choices[].message.content``."""

from __future__ import annotations

from pyverify.io.lines import Json


def get_path(row: Json, path: str) -> Json:
    """What stands at a path, or None.

    A whole path that is itself a key wins over its parts; ``[]`` after a key collects that field
    of every element of a list; a number picks an element.
    """
    if isinstance(row, dict) and path in row:
        return row[path]
    return _walk(row, path.split("."))


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
