"""verifiers: ``traces.jsonl`` (0.4) and the older ``results.jsonl``.

A line of traces is an episode: its task and the trace of each agent, a graph of messages of which
those that are ``sampled`` came from the model. A line of results is a rollout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json

# Limits that cut a rollout off, beside the finish reason of the last call.
_LIMITS = ("max_turns", "max_input_tokens", "max_output_tokens", "max_total_tokens")


def _suits(record: Record) -> bool:
    return isinstance(record["traces"], list)


def _preparation(head: Sequence[Record]) -> Prepare:
    return _traces


def _traces(record: Record) -> Iterable[Record]:
    """A record per trace; an odd record without any is left as it is."""
    traces = record.get("traces")
    if not isinstance(traces, list):
        yield record
        return
    for trace in traces:
        if isinstance(trace, dict):
            yield record | trace | {"completion": _reply(trace), "truncated": _truncated(trace)}


def _reply(trace: Record) -> Json:
    """What the agent said last; None if the model was never heard."""
    if isinstance(trace.get("root_reply"), str):
        return trace["root_reply"]
    for node in reversed(_objects(trace.get("nodes"))):
        message = node.get("message")
        if node.get("sampled") and isinstance(message, dict):
            return message.get("content") or ""
    return None


def _truncated(trace: Record) -> bool:
    calls = [call for call in _objects(trace.get("calls")) if call.get("error") is None]
    cut = bool(calls) and calls[-1].get("finish_reason") == "length"
    return cut or trace.get("stop_condition") in _LIMITS


def _objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


TRACES = Layout(
    name="verifiers traces",
    keys=("task", "traces"),
    fields={
        "response": ("completion",),
        "gold": (
            "task.data.answer",
            "task.data.gold",
            "task.data.ground_truth",
            "task.data.target",
            "task.data.solution",
            "task.data.info.answer",
        ),
        "id": ("id",),
        "group": ("task.key", "task.hash", "task.data.id", "task.data.idx"),
        "dataset": ("env.name", "env.id"),
        "problem": ("task.data.prompt",),
        "finish_reason": ("truncated",),
    },
    suits=_suits,
    preparation=_preparation,
)

RESULTS = Layout(
    name="verifiers results",
    keys=("example_id", "prompt", "completion", "reward"),
    fields={
        "response": ("completion",),
        "gold": ("answer", "info.answer"),
        "id": ("example_id",),
        "group": ("example_id",),
        "dataset": ("task",),
        "problem": ("prompt",),
        "finish_reason": ("is_truncated", "stop_condition"),
    },
)
