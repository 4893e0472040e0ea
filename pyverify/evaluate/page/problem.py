"""The problem that a record asks: for people to read beside the response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyverify.io import Json
from pyverify.messages import asked

# In the order of trust: the problem itself before the prompt around it.
_NAMES = ("problem", "question", "query", "prompt", "input", "messages")
# Records within the record.
_WITHIN = ("doc", "__doc__", "extra_info", "metadata")


def problem_text(record: Mapping[str, Json] | None) -> str:
    """The text of a record's problem, "" where none is found.

    Example:
        >>> problem_text({"doc": {"problem": "1+1?"}, "target": "2"})
        '1+1?'
    """
    for place in _places(record):
        for name in _NAMES:
            text = asked(place.get(name))
            if text and text.strip():
                return text
    return ""


def _places(record: Mapping[str, Json] | None) -> Iterator[Mapping[str, Json]]:
    if record is None:
        return
    yield record
    for name in _WITHIN:
        inner = record.get(name)
        if isinstance(inner, Mapping):
            yield inner
