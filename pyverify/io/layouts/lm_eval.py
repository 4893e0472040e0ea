"""lm-evaluation-harness: ``samples_TASK_DATE.jsonl`` of ``--log_samples``; seen of 0.4.13.

There is a line per document and answer filter, the filters one after the other, each with the same
responses: only the first line of these is taken. Before lines named their filter they came several
times, too. ``resps`` is what the model wrote, in a list of samples for each request;
``filtered_resps`` is what a filter left of it. Several targets are alternatives.

Tasks of choices have no responses, but a log-likelihood for each choice and whether it is the most
likely text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from pyverify.io.layouts.layout import Layout, Prepare, Record
from pyverify.io.lines import Json, Number

_SAME = ("doc_id", "doc_hash", "doc", "target", "resps")
_TEXT_DEPTH = 2
_CHOICES = (
    "resps holds log-likelihoods of choices, no texts: there is no answer to judge; "
    "score the samples of tasks that generate (output_type generate_until)"
)


def _preparation(head: Sequence[Record]) -> Prepare:
    filters: dict[bytes, Json] = {}

    def once(record: Record) -> Iterable[Record]:
        if "resps" not in record:
            # An odd one says nothing that another could repeat.
            return (record,)
        same = repr([record.get(name) for name in _SAME]).encode("utf-8", "surrogatepass")
        digest = blake2b(same, digest_size=16).digest()
        target = record.get("target")
        if isinstance(target, list) and len(target) > 1:
            record["target"] = {"any_of": target}
        if _is_likelihood(record["resps"]):
            # Behind samples of another task: a row without a response, not one that is wrong.
            record["resps"] = None
        name = record.get("filter")
        if digest not in filters:
            filters[digest] = name
        elif name is None or name != filters[digest]:
            return ()
        # The same filter once more: another sample that has the same words.
        return (record,)

    return once


def _refusal(head: Sequence[Record]) -> str | None:
    return _CHOICES if any(_is_likelihood(record["resps"]) for record in head) else None


def _is_likelihood(resps: Json) -> bool:
    """A number, or a pair of a number and a mark in the list of its request's responses."""
    depth = 0
    pair: list[Json] = []
    while isinstance(resps, list) and resps:
        depth, pair, resps = depth + 1, resps, resps[0]
    if isinstance(resps, Number):
        return True
    # Both may have been made texts.
    return depth > _TEXT_DEPTH and len(pair) == 2 and pair[1] in ("True", "False")


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
    refusal=_refusal,
)
