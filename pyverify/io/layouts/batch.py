"""Batches of the OpenAI API, and of ``vllm run-batch``, which writes the same: a line per request.

The lines are in no order and have no gold: one is joined on ``custom_id``. A request that failed
has an ``error`` and no response. Where a server takes the reasoning out of the text,
``reasoning_content`` has it and ``content`` may be null: then the model has answered nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json
from pyverify.io.paths import get_path, has_path

_GOLD = "it has no golds; join some: --gold FILE --on custom_id"


def _suits(record: Record) -> bool:
    return record["response"] is None or has_path(record, "response.body")


def _preparation(head: Sequence[Record]) -> Prepare:
    return _with_texts


def _with_texts(record: Record) -> Iterable[Record]:
    body = get_path(record, "response.body")
    if isinstance(body, dict):
        for choice in _objects(body.get("choices")):
            message = choice.get("message")
            if isinstance(message, dict) and message.get("content") is None:
                message["content"] = ""
        if isinstance(body.get("output"), list):
            # Of the Responses API: reasoning and calls of tools stand beside what is said.
            body["output"] = [item for item in _objects(body["output"]) if "role" in item]
    return (record,)


def _objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


OUTPUT = Layout(
    name="batch output",
    keys=("custom_id", "response"),
    fields={
        "response": (
            "response.body.choices[].message.content",
            "response.body.choices[].text",
            "response.body.output",
        ),
        "id": ("custom_id",),
        "group": ("custom_id",),
        "finish_reason": ("response.body.choices[].finish_reason", "response.body.status"),
    },
    suits=_suits,
    preparation=_preparation,
    without_gold=_GOLD,
)
