"""lighteval: ``details_TASK_DATE.parquet``; seen of 0.13, and of earlier ones with ``__doc__``.

A row has the document, the model's response with all its samples, and the metrics. Several golds
are alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json


def _preparation(head: Sequence[Record]) -> Prepare:
    return _with_gold


def _with_gold(record: Record) -> Iterable[Record]:
    """Names the choices that are right, which is how a document keeps its golds."""
    for name in ("doc", "__doc__"):
        doc = record.get(name)
        if isinstance(doc, dict):
            golds = _golds(doc.get("choices"), doc.get("gold_index"))
            gold: Json = golds[0] if len(golds) == 1 else {"any_of": golds} if golds else None
            record[name] = doc | {"gold": gold}
    return (record,)


def _golds(choices: Json, index: Json) -> list[Json]:
    if not isinstance(choices, list):
        return []
    places = index if isinstance(index, list) else [index]
    return [
        choices[place]
        for place in places
        if isinstance(place, int) and -len(choices) <= place < len(choices)
    ]


def _fields(doc: str, response: str) -> dict[str, tuple[str, ...]]:
    return {
        "response": (f"{response}.text",),
        "gold": (f"{doc}.gold",),
        "id": (f"{doc}.id",),
        "group": (f"{doc}.task_name+{doc}.id", f"{doc}.query"),
        "dataset": (f"{doc}.task_name",),
        "problem": (f"{doc}.original_query", f"{doc}.query"),
    }


DETAILS = Layout(
    name="lighteval details",
    keys=("doc.choices", "model_response.text"),
    fields=_fields("doc", "model_response"),
    preparation=_preparation,
)

OLDER_DETAILS = Layout(
    name="older lighteval details",
    keys=("__doc__.choices", "__model_response__.text"),
    fields=_fields("__doc__", "__model_response__"),
    preparation=_preparation,
)
