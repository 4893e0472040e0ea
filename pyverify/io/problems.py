"""The problem that a record is about, as text."""

from __future__ import annotations

from pyverify.io.fields import Fields
from pyverify.io.lines import Json
from pyverify.io.paths import get_path

_SYSTEM = ("system", "developer")
_TEXTS = ("content", "text", "prompt")


def problem_text(record: dict[str, Json], fields: Fields) -> str | None:
    """What was asked; of a conversation, what is said last before the model answers.

    Args:
        record: The record.
        fields: Where things are.
    """
    if fields.problem is None:
        return None
    found = get_path(record, fields.problem)
    if "+" in fields.problem and fields.problem not in record and isinstance(found, list):
        return "\n\n".join(text for one in found if (text := _text(one))) or None
    return _text(found)


def _text(value: Json) -> str | None:
    if isinstance(value, list):
        turns = [turn for turn in value if isinstance(turn, dict)]
        asked = [turn for turn in turns if str(turn.get("role", "")).lower() not in _SYSTEM]
        return _text(asked[-1]) if asked else None
    if isinstance(value, dict):
        found = next((value[key] for key in _TEXTS if value.get(key) is not None), None)
        if isinstance(found, list):
            return "".join(_text(part) or "" for part in found)
        return found if isinstance(found, str) else None
    return value if value is None or isinstance(value, str) else str(value)
