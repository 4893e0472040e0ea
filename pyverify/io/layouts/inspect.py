"""inspect: logs, as archives (``.eval``) and as JSON; seen of 0.3.285.

A sample has its target, of which several are alternatives, and the model's output. Long texts may
stand apart, under ``attachments``. A sample that failed has an error and an empty output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json

_ATTACHMENT = "attachment://"


def _preparation(head: Sequence[Record]) -> Prepare:
    return _sample


def _sample(record: Record) -> Iterable[Record]:
    target = record.get("target")
    if isinstance(target, list):
        record["target"] = {"any_of": target}
    output = record.get("output")
    if isinstance(output, dict):
        said = _whole(record, output.get("completion"))
        failed = not said and not output.get("choices")
        record["output"] = output | {"completion": None if failed else said}
    record["input"] = _whole(record, record.get("input"))
    return (record,)


def _whole(record: Record, value: Json) -> Json:
    """A text, wherever it is kept."""
    attachments = record.get("attachments")
    if isinstance(value, str) and value.startswith(_ATTACHMENT) and isinstance(attachments, dict):
        return attachments.get(value.removeprefix(_ATTACHMENT), value)
    return value


LOG = Layout(
    name="inspect log",
    keys=("epoch", "input", "target", "output"),
    fields={
        "response": ("output.completion",),
        "gold": ("target",),
        "id": ("id",),
        "group": ("id",),
        "dataset": ("eval.task",),
        "problem": ("input",),
        "finish_reason": ("output.choices.0.stop_reason",),
    },
    preparation=_preparation,
)
