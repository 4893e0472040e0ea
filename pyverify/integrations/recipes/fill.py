"""A recipe's script with other constants: what a user's paths are written into."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence


def fill(text: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """Replaces the values of a script's constants; everything else stays, byte for byte.

    Args:
        text: A Python file.
        values: Names of constants at the top level, each a text or a list of texts, and what they
            are to be. What is a list in the script may be given as one text.

    Raises:
        ValueError: The file has no such constant, or it takes one text and there are others.
    """
    places: dict[str, ast.expr] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            places[node.targets[0].id] = node.value
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    raw = text.encode()
    # From the end, so that the positions before it stay true.
    for name in sorted(values, key=lambda one: -places[one].lineno if one in places else 0):
        if name not in places:
            raise ValueError(f"the script has no {name}")
        place, value = places[name], values[name]
        if isinstance(place, ast.List):
            value = [value] if isinstance(value, str) else list(value)
        elif not isinstance(value, str):
            if len(value) != 1:
                raise ValueError(f"{name} is one text, not {len(value)}")
            value = value[0]
        begin = starts[place.lineno - 1] + place.col_offset
        end = starts[(place.end_lineno or place.lineno) - 1] + (place.end_col_offset or 0)
        raw = raw[:begin] + _written(value).encode() + raw[end:]
    return raw.decode()


def _written(value: str | Sequence[str]) -> str:
    """As Python writes it, in the quotes of this project."""
    if not isinstance(value, str):
        return f"[{', '.join(map(_written, value))}]"
    # Behind a quote of the one kind, repr takes the other.
    return f'"{repr(chr(39) + value)[2:-1]}"' if '"' not in value else repr(value)
