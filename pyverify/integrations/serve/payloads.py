"""The payloads that are understood, and what is answered: OpenRLHF's, slime's, and a plain one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyverify.integrations.openrlhf.responses import response_of
from pyverify.integrations.openrlhf.reward_func import log_columns
from pyverify.integrations.serve.limits import RefusedError
from pyverify.integrations.trainer_reward import Scored
from pyverify.messages import is_conversation

__all__ = ["FORMS", "Form", "Rows", "parse"]


@dataclass(frozen=True, slots=True)
class Rows:
    """The completions of a request.

    Attributes:
        completions: Texts or conversations.
        golds: One for each, as `TrainerReward` takes them.
        prompts: One for each, or None.
        data_sources: One for each, or None.
        columns: Values for each completion, by name.
    """

    completions: list[object]
    golds: list[object]
    prompts: list[object] | None = None
    data_sources: list[object] | None = None
    columns: dict[str, list[object]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.completions)


@dataclass(frozen=True, slots=True)
class Form:
    """A payload.

    Attributes:
        path: Where it is posted.
        about: Whose it is.
        example: What it looks like.
        read: Makes rows of it, or raises `RefusedError`.
        write: Makes the answer.
    """

    path: str
    about: str
    example: Mapping[str, object]
    read: Callable[[object], Rows]
    write: Callable[[Scored], object]

    def refused(self, reason: str) -> RefusedError:
        """An answer that says what would be right."""
        return RefusedError(422, f"{reason}; {self.path} takes {json.dumps(self.example)}")


def parse(body: bytes) -> object:
    """The JSON of a body.

    NaN and infinities are read, too: labels that are missing come as such.

    Raises:
        RefusedError: It is none, or nested too deeply, or has a number of thousands of digits.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise RefusedError(422, "the body is nested too deeply") from None
    except ValueError as error:
        raise RefusedError(422, f"the body is no JSON: {error}") from None


def _object(payload: object, form: Form, *names: str) -> dict[str, object]:
    """The payload, which is an object with these members at least."""
    if not isinstance(payload, dict):
        raise form.refused("the body must be an object")
    lacking = [name for name in names if name not in payload]
    if lacking:
        raise form.refused(f"the body lacks {', '.join(map(repr, lacking))}")
    return payload


def _lists(form: Form, **values: object) -> list[list[object]]:
    """The values, which are lists of one length."""
    found: list[list[object]] = []
    for name, value in values.items():
        if not isinstance(value, list):
            raise form.refused(f"{name!r} must be a list")
        found.append(value)
    if len({len(value) for value in found}) > 1:
        sizes = zip(found, values, strict=True)
        shown = ", ".join(f"{len(value)} {name}" for value, name in sizes)
        raise form.refused(f"lists must have one length, not {shown}")
    return found


def _texts(form: Form, name: str, values: list[object]) -> list[str]:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(values):
        raise form.refused(f"{name!r} must hold texts")
    return texts


def _read_openrlhf(payload: object) -> Rows:
    names = ("query", "prompts", "labels")
    found = _object(payload, OPENRLHF, *names)
    query, prompts, labels = _lists(OPENRLHF, **{name: found[name] for name in names})
    pairs = zip(_texts(OPENRLHF, "query", query), _texts(OPENRLHF, "prompts", prompts), strict=True)
    return Rows(
        completions=[response_of(one, prompt) for one, prompt in pairs],
        golds=labels,
        prompts=prompts,
    )


def _write_openrlhf(scored: Scored) -> object:
    return {
        "rewards": [0.0 if one is None else one for one in scored.rewards],
        "scores": scored.columns["acc"],
        "extra_logs": log_columns(scored),
    }


def _read_slime(payload: object) -> Rows:
    found = _object(payload, SLIME, "prompt", "response", "label")
    if not isinstance(found["response"], str):
        raise SLIME.refused("'response' must be a text")
    return Rows([found["response"]], [found["label"]], [found["prompt"]])


def _write_slime(scored: Scored) -> object:
    (row,) = scored.rows()
    return row


_BATCH_MEMBERS = ("completions", "golds", "prompts", "data_sources", "columns")


def _read_batch(payload: object) -> Rows:
    found = _object(payload, BATCH, "completions", "golds")
    strange = sorted(set(found) - set(_BATCH_MEMBERS))
    if strange:
        raise BATCH.refused(f"there is no {', '.join(map(repr, strange[:5]))} in a batch")
    completions, golds = _lists(BATCH, completions=found["completions"], golds=found["golds"])
    if not all(one is None or isinstance(one, str) or is_conversation(one) for one in completions):
        raise BATCH.refused("'completions' must hold texts, or conversations")

    def optional(name: str, values: object) -> list[object] | None:
        return (
            None if values is None else _lists(BATCH, completions=completions, **{name: values})[1]
        )

    columns = found.get("columns") or {}
    if not isinstance(columns, dict):
        raise BATCH.refused("'columns' must be an object of lists")
    return Rows(
        completions=completions,
        golds=golds,
        prompts=optional("prompts", found.get("prompts")),
        data_sources=optional("data_sources", found.get("data_sources")),
        columns={
            name: _lists(BATCH, completions=completions, column=values)[1]
            for name, values in columns.items()
        },
    )


def _write_batch(scored: Scored) -> object:
    return {"rewards": scored.rewards, "columns": scored.columns}


OPENRLHF = Form(
    "/get_reward",
    "OpenRLHF's --reward.remote_url",
    {"query": ["2+2=? It is \\boxed{4}."], "prompts": ["2+2=?"], "labels": ["4"]},
    _read_openrlhf,
    _write_openrlhf,
)
SLIME = Form(
    "/slime",
    "slime's --rm-url, with --reward-key reward",
    {"prompt": "2+2=?", "response": "It is \\boxed{4}.", "label": "4"},
    _read_slime,
    _write_slime,
)
BATCH = Form(
    "/score",
    "any other client",
    {"completions": ["It is \\boxed{4}."], "golds": ["4"]},
    _read_batch,
    _write_batch,
)
FORMS = (OPENRLHF, SLIME, BATCH)
"""All of them."""
