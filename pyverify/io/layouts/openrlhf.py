"""OpenRLHF: what its reward functions are called with (0.11.2), as people log it.

It has no dump of its own: ``reward_func(queries, prompts, labels)`` and the HTTP form of it give
whole texts, prompt and response together, one sample a call or several.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json

_QUERIES = ("queries", "query")
_PROMPTS = ("prompts", "prompt")
_LABELS = ("labels", "label")
# Where one of these is, the query is a question and no whole text.
_RESPONSES = ("response", "completion", "output", "generation", "prediction")


def _suits(record: Record) -> bool:
    if any(name in record for name in _RESPONSES) or not any(name in record for name in _LABELS):
        return False
    queries, prompts, _ = _parts(record)
    return all(isinstance(query, str) for query in queries) and len(queries) == len(prompts) > 0


def _parts(record: Record) -> tuple[list[Json], list[Json], list[Json]]:
    queries, prompts, labels = (
        _listed(next((record[name] for name in names if name in record), None))
        for names in (_QUERIES, _PROMPTS, _LABELS)
    )
    return queries, prompts, labels


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _preparation(head: Sequence[Record]) -> Prepare:
    return _split


def _split(record: Record) -> Iterable[Record]:
    """A record per query, without its prompt, which is never searched for an answer.

    An odd record without any is left as it is.
    """
    queries, prompts, labels = _parts(record)
    if not queries:
        yield record
    for number, query in enumerate(queries):
        prompt = prompts[number] if number < len(prompts) else None
        response = query
        if isinstance(query, str) and isinstance(prompt, str):
            response = query.removeprefix(prompt)
        label = labels[number] if number < len(labels) else None
        yield record | {"prompt": prompt, "response": response, "label": label}


LOG = Layout(
    name="OpenRLHF reward log",
    fields={
        "response": ("response",),
        "gold": ("label",),
        "group": ("prompt",),
        "problem": ("prompt",),
        "dataset": ("datasource", "data_source"),
    },
    suits=_suits,
    preparation=_preparation,
)
