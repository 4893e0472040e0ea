"""One line of a file turned into rows: one completion, one gold, one id."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from pyverify import _core
from pyverify.io.fields import Fields
from pyverify.io.lines import Json, JsonLine, Number
from pyverify.io.paths import get_path
from pyverify.messages import Message, content, is_conversation, last_said, said

Gold: TypeAlias = "str | list[str] | dict[str, object]"
"""A gold as `verify` takes it: a text, a list of parts, ``{"any_of": …}`` or ``{"choice": …}``."""

CUT_WORDS = frozenset(
    (
        "length",
        "max_length",
        "max_new_tokens",
        "max_output_tokens",
        "max_tokens",
        "model_length",
        "truncated",
        # Of batches of the Responses API, and what tables make of a mark.
        "incomplete",
        "true",
    )
)
"""Finish reasons, in lower case, of a response that was cut off."""

_Getter: TypeAlias = "Callable[[dict[str, Json]], Json]"

# The engine joins them so, too.
_BETWEEN_PARTS = "\x1f"
_GOLD_KEYS = ("ground_truth", "gold", "target", "answer", "value")


class RowFault(str, Enum):
    """Why a row could not be scored."""

    MISSING_RESPONSE = "missing_response"
    MISSING_GOLD = "missing_gold"


# Not frozen, which would make making one three times as dear: a run makes as many as it has rows.
@dataclass(slots=True)
class Row:
    """One completion to be scored; to be changed by `replace` alone.

    Attributes:
        line: Number of the line it came from, from 1.
        sample: Which of the line's completions it is; None where a line holds one text.
        id: The row's name as the file has it, or None.
        group: What the completions of one prompt share, shortened to a digest; None if nothing.
        dataset: The data set's name, or None.
        completion: The model's text; empty when missing.
        conversation: The messages that it is the end of; None where it stands by itself.
        gold: The reference answer; empty when missing.
        fault: Why it cannot be scored, or None.
        record: The whole record that it came from, or None.
        truncated: Whether its generation was cut off; None where the file doesn't say.
        by: Values of the fields that the run's tables go by, in their order.
        lacking: Why its gold is missing, where that is known.
    """

    line: int
    sample: int | None
    id: str | int | None
    group: bytes | None
    dataset: str | None
    completion: str
    gold: Gold
    fault: RowFault | None
    conversation: Sequence[Message] | None = None
    record: dict[str, Json] | None = None
    truncated: bool | None = None
    by: tuple[str | None, ...] = ()
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a record from elsewhere.

    Attributes:
        record: The record, with what it lacked.
        gold: Its gold, or None.
        prompt: What all answers to its problem share; None for what the record itself says.
        dataset: The data set that it is of, if it names none.
        lacking: Why there is no gold, where that can be said.
    """

    record: dict[str, Json]
    gold: Gold | None
    prompt: str | None = None
    dataset: str | None = None
    lacking: str | None = None


def rows_of(
    line: JsonLine, fields: Fields, known: Known | None = None, *, source_number: int = 0
) -> Iterator[Row]:
    """Yields a line's rows: one, or one per sample when the response is a list.

    Args:
        line: The line.
        fields: Where things are.
        known: The gold, and what else is known from elsewhere; None if the line says it all.
        source_number: Which input of the run the line is of.
    """
    value = line.value
    get = _getters(fields)
    gold = read_gold(get.gold(value)) if known is None else known.gold
    has_gold = gold is not None and gold not in ("", [])
    response = get.response(value)
    several = isinstance(response, list) and not is_conversation(response)
    if fields.samples and _is_missing(response):
        # A request that failed answered none of its samples.
        several, response = True, [None] * fields.samples
    name = _name(get.id(value))
    dataset = plain_text(get.dataset(value))
    if not dataset and known is not None:
        dataset = known.dataset
    by = tuple([plain_text(one(value)) for one in get.by])
    group = get.group(value)
    if known is not None and known.prompt is not None:
        group = known.prompt
    elif group is not None and fields.group_within:
        group = _within(source_number, group)
    # Samples of one line share a prompt, whether or not the file says which.
    key = None
    if group is not None:
        key = _digest(group)
    elif several:
        key = _digest(_core.RowScorer.line_name(source_number, line.number))
    for number, sample in enumerate(_samples(response) if several else (response,)):
        completion = _completion(sample)
        fault = None
        if not has_gold:
            fault = RowFault.MISSING_GOLD
        elif completion is None:
            fault = RowFault.MISSING_RESPONSE
        yield Row(
            line.number,
            number if several else None,
            name,
            key,
            dataset,
            completion or "",
            "" if gold is None else gold,
            fault,
            sample if is_conversation(sample) else None,
            value,
            _truncated(get.finish_reason(value), number if several else None),
            by,
            known.lacking if known is not None and not has_gold else None,
        )


def _within(source_number: int, group: Json) -> str:
    """What the groups of one input share with no other; the engine makes it so, too."""
    return f"{_core.RowScorer.place(source_number, 0)}{_BETWEEN_PARTS}{_part(group)}"


def usual_samples(records: Sequence[dict[str, Json]], fields: Fields) -> int:
    """How many responses records hold where those that hold any hold as many; else 0."""
    responses = [_getters(fields).response(record) for record in records]
    counts = {
        len(_samples(one)) if isinstance(one, list) and not is_conversation(one) else 1
        for one in responses
        if not _is_missing(one)
    }
    return counts.pop() if len(counts) == 1 and counts != {1} else 0


def _is_missing(response: Json) -> bool:
    return response is None or response in ([], [None])


@dataclass(frozen=True, slots=True)
class _Getters:
    """What takes each role's value out of a record."""

    response: _Getter
    gold: _Getter
    id: _Getter
    group: _Getter
    dataset: _Getter
    finish_reason: _Getter
    by: tuple[_Getter, ...]


@lru_cache(maxsize=64)
def _getters(fields: Fields) -> _Getters:
    return _Getters(
        response=_getter(fields.response),
        gold=_getter(fields.gold),
        id=_getter(fields.id),
        group=_joined_getter(fields.group),
        dataset=_getter(fields.dataset),
        finish_reason=_getter(fields.finish_reason),
        by=tuple(_getter(path) for path in fields.tables),
    )


def _getter(path: str | None) -> _Getter:
    if path is None:
        return lambda record: None
    if any(sign in path for sign in (".", "+", "[]")):
        return lambda record: get_path(record, path)
    return lambda record: record.get(path)


def _joined_getter(path: str | None) -> _Getter:
    """For a field that may be made of several: their texts one after the other."""
    get = _getter(path)
    if path is None or "+" not in path:
        return get

    def joined(record: dict[str, Json]) -> Json:
        found = get(record)
        if path in record or not isinstance(found, list):
            return found
        return _BETWEEN_PARTS.join(_part(part) for part in found)

    return joined


def _part(value: Json) -> str:
    return "" if value is None else value if isinstance(value, str) else repr(value)


def _truncated(reason: Json, sample: int | None) -> bool | None:
    if isinstance(reason, list) and sample is not None:
        reason = reason[sample] if sample < len(reason) else None
    if isinstance(reason, bool):
        return reason
    return reason.lower() in CUT_WORDS if isinstance(reason, str) else None


def read_gold(value: Json) -> Gold | None:
    """The gold of a row: text, list of parts, alternatives or choice; None when there is none."""
    if isinstance(value, dict):
        alternatives = value.get("any_of")
        if isinstance(alternatives, list):
            read = [read_gold(one) for one in alternatives]
            kept = [one for one in read if one is not None and not isinstance(one, dict)]
            return {"any_of": list(kept)} if kept else None
        if isinstance(value.get("choice"), str):
            return {key: value[key] for key in ("choice", "texts") if value.get(key) is not None}
        inner = next((value[key] for key in _GOLD_KEYS if value.get(key) is not None), None)
        return None if isinstance(inner, dict) else read_gold(inner)
    if isinstance(value, list):
        # All parts are wanted: without those that are no texts, less would be right.
        if any(isinstance(part, (dict, list)) for part in value):
            return None
        parts = [plain_text(part) for part in value]
        texts = [part for part in parts if part is not None and part.strip()]
        # A list of one is how some writers wrap a text.
        return texts[0] if len(texts) == 1 else texts or None
    text = plain_text(value)
    return text if text is not None and text.strip() else None


def plain_text(value: object) -> str | None:
    """A text, or a number or a truth value as one; None for anything else, NaN included."""
    if type(value) is str:
        return value
    if value is None or isinstance(value, (dict, list)):
        return None
    # A table's empty cell is often a NaN, which would be a text of three letters.
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, bool):
        return "True" if value else "False"
    text = str(value)
    number = isinstance(value, (float, Number))
    if number and text.endswith(".0") and text[:-2].lstrip("-").isdecimal():
        # 18.0 as a number is how tables of numbers write the integer 18, not three digits of it.
        return text[:-2]
    return text


def _name(value: Json) -> str | int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return plain_text(value)


def _samples(response: Json) -> list[Json]:
    if not isinstance(response, list):
        return [response]
    # Some harnesses hold a list of samples in a list of requests, of which there is one.
    nested = all(isinstance(item, list) and not is_conversation(item) for item in response)
    items = [one for item in response if isinstance(item, list) for one in item]
    return (items if nested else response) or [None]


def _completion(value: object) -> str | None:
    """A text, the last thing the assistant says in a conversation, or a list around either."""
    if type(value) is str:
        return value
    if is_conversation(value):
        # Who thought or called tools and then said nothing has answered nothing.
        return last_said(value) or ("" if said(value) else None)
    if isinstance(value, list):
        return _completion(value[0]) if value else None
    return content(value) if isinstance(value, dict) else plain_text(value)


def _digest(value: Json) -> bytes:
    """Sixteen bytes stand for a prompt of any length: groups of a large file fit in memory."""
    return _core.digest(value if isinstance(value, str) else repr(value))
