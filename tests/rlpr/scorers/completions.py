"""A policy by a formula, and what vLLM's server would say of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from judge_server import Action

from pyverify.rlpr import Spliced

SEQUENCES = [
    Spliced([5, 6, 7], [8], [9, 10]),
    Spliced([5, 6, 7], [8, 12], []),
    Spliced([5, 6, 7], [], [11]),
    Spliced([3], [], [4, 4, 4]),
]


def log_prob(before: Sequence[int], token: int) -> float:
    """Of a token behind others; exact in float32."""
    return -((31 * sum(before) + 7 * len(before) + token) % 61 + 1) / 8


def expected(spliced: Spliced) -> list[float]:
    ids = [*spliced.context, *spliced.reference]
    first = len(spliced.context)
    return [log_prob(ids[:at], ids[at]) for at in range(first, len(ids))]


def flat(sequences: Sequence[Spliced]) -> list[float]:
    return [one for sequence in sequences for one in expected(sequence)]


def rows(ids: Sequence[int]) -> list[object]:
    """A sequence's log-probabilities as JSON: another token of the position stands first."""
    found: list[object] = [None]
    for at in range(1, len(ids)):
        mine = {"logprob": log_prob(ids[:at], ids[at]), "rank": 2, "decoded_token": "x"}
        found.append(
            {"999": {"logprob": -0.5, "rank": 1, "decoded_token": "y"}, str(ids[at]): mine}
        )
    return found


def reply(prompts: Sequence[Sequence[int]]) -> dict[str, object]:
    """A completion of them all, the choices in no order."""
    choices = [
        {"index": index, "text": "x", "finish_reason": "length", "prompt_logprobs": rows(ids)}
        for index, ids in enumerate(prompts)
    ]
    return {"id": "x", "object": "text_completion", "choices": choices[::-1]}


def saying(value: object) -> Action:
    return Action(body=json.dumps(value).encode())


def answer(body: dict[str, object]) -> Action:
    prompts = body["prompt"]
    assert isinstance(prompts, list)
    return saying(reply(prompts))


def refusing(words: str, status: int = 400) -> Action:
    return Action(body=json.dumps({"error": {"message": words}}).encode(), status=status)
