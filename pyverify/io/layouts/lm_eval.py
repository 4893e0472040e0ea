"""lm-evaluation-harness: ``samples_TASK_DATE.jsonl`` of ``--log_samples``; seen of 0.4.13.

There is a line per document and answer filter, the filters one after the other, each with the same
responses: only the first filter's lines are taken. ``resps`` is what the model wrote, in a list of
samples for each request; ``filtered_resps`` is what a filter left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record


def _preparation(head: Sequence[Record]) -> Prepare | None:
    first = next((record["filter"] for record in head if "filter" in record), None)
    if first is None:
        return None

    def of_first_filter(record: Record) -> Iterable[Record]:
        return (record,) if record.get("filter", first) == first else ()

    return of_first_filter


SAMPLES = Layout(
    name="lm-eval samples",
    keys=("doc_id", "resps"),
    fields={
        "response": ("resps",),
        "gold": ("target",),
        "id": ("doc_id",),
        "group": ("doc_hash", "doc_id"),
        "problem": ("doc.problem", "doc.question", "doc.Problem", "doc.Question", "doc.query"),
    },
    preparation=_preparation,
)
