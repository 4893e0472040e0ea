"""The server's parts without a server: bodies, payloads, requests scored together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.integrations.serve.limits import Admission, Limits, RefusedError
from pyverify.integrations.serve.payloads import FORMS, Form, Rows, parse
from pyverify.integrations.serve.scoring import Scoring
from pyverify.integrations.trainer_reward import Scored, TrainerReward
from pyverify.rewards import Function, OverlongPenalty


async def pieces(*sizes: int, pause: float = 0.0) -> AsyncIterator[bytes]:
    for size in sizes:
        await asyncio.sleep(pause)
        yield b"x" * size


def test_a_body_is_read_whole_and_given_back() -> None:
    admission = Admission(Limits(body=100))

    async def read() -> bytes:
        with admission.enter() as visit:
            found = await visit.body("60", lambda: pieces(20, 30, 10))
            assert (admission.requests, admission.held) == (1, 60)
            return found

    assert asyncio.run(read()) == b"x" * 60
    assert (admission.requests, admission.held) == (0, 0)


@pytest.mark.parametrize(
    ("declared", "sizes", "limits", "status"),
    [
        ("101", (101,), Limits(body=100), 413),
        ("7", (60, 60), Limits(body=100), 413),
        (None, (60, 60), Limits(body=100), 413),
        ("9" * 5000, (1,), Limits(body=100), 413),
        (None, (1,) * 3000, Limits(body=100), 413),
        (None, (1, 1), Limits(body=100, patience=0.01), 408),
    ],
)
def test_what_is_too_much_is_refused(
    declared: str | None, sizes: tuple[int, ...], limits: Limits, status: int
) -> None:
    admission = Admission(limits)

    async def read() -> None:
        with admission.enter() as visit:
            await visit.body(declared, lambda: pieces(*sizes, pause=0.1 if status == 408 else 0.0))

    with pytest.raises(RefusedError) as refused:
        asyncio.run(read())
    assert refused.value.status == status
    assert (admission.requests, admission.held) == (0, 0)


def test_a_request_that_is_cancelled_is_not_taken_for_a_slow_one() -> None:
    admission = Admission(Limits())

    async def read() -> None:
        with admission.enter() as visit:
            await visit.body(None, lambda: pieces(1, pause=60))

    async def cancelled() -> None:
        task = asyncio.create_task(read())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert admission.requests == 0


def test_all_bodies_together_have_a_limit() -> None:
    admission = Admission(Limits(body=10))

    async def hold(count: int) -> None:
        if count == 0:
            return
        with admission.enter() as visit:
            await visit.body(None, lambda: pieces(10))
            await hold(count - 1)

    asyncio.run(hold(32))
    with pytest.raises(RefusedError) as refused:
        asyncio.run(hold(33))
    assert refused.value.status == 503
    assert refused.value.headers == {"Retry-After": "1"}
    assert admission.held == 0


def test_limits_are_above_nothing() -> None:
    with pytest.raises(ValueError, match="batch must be above 0"):
        Limits(batch=0)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path)
def test_examples_are_payloads(form: Form) -> None:
    rows = form.read(parse(json.dumps(form.example).encode()))
    scored = TrainerReward()(rows.completions, rows.golds, prompts=rows.prompts)
    assert scored.rewards == [1.0]
    json.dumps(form.write(scored), allow_nan=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = [
    *("query", "prompts", "labels", "prompt", "response", "label"),
    *("completions", "golds", "data_sources", "columns"),
]
MEMBERS = {name: JSON | st.lists(st.text(), max_size=3) for name in NAMES}
SCORING = Scoring(TrainerReward("format_accuracy"), lambda _: None)


def refusal(form: Form, payload: object) -> str | None:
    """Why a payload isn't scored, if it isn't."""
    try:
        rows = form.read(payload)
        scored = asyncio.run(SCORING(rows))
    except (RefusedError, ValueError) as error:
        return str(error)
    json.dumps(form.write(scored), allow_nan=False)
    return None if len(scored) == len(rows) else "rows are missing"


@given(st.sampled_from(FORMS), st.fixed_dictionaries({}, optional=MEMBERS) | JSON)
def test_whatever_is_sent(form: Form, payload: object) -> None:
    said = refusal(form, payload)
    assert said is None or f"{form.path} takes {{" in said or "needs no column" in said


def test_requests_are_scored_together_and_faults_stay_by_themselves() -> None:
    seen: list[int] = []

    def count(scored: Scored) -> None:
        seen.append(len(scored))

    scoring = Scoring(TrainerReward(OverlongPenalty(max_length=10, buffer=5)), count)
    counts = {"token_counts": [10, 0]}
    requests = [
        Rows(["4", "5"], ["4", "4"], columns=counts),
        Rows(["4", "5"], ["4", "4"]),
        Rows(["4"], ["4"], columns={"nothing": [1]}),
        Rows(["4", "5"], ["4", "4"], columns={"completion_ids": [[1], [1] * 10]}),
        Rows(["4", "5"], ["4", "4"], prompts=["a", "b"], columns=counts),
        Rows([], [], columns={"token_counts": []}),
    ]

    async def ask() -> list[Scored | BaseException]:
        return await asyncio.gather(*map(scoring, requests), return_exceptions=True)

    found = asyncio.run(ask())
    assert isinstance(found[1], TypeError)
    assert isinstance(found[2], ValueError)
    rewards = [found[at].rewards for at in (0, 3, 4, 5)]
    assert rewards == [[-1.0, 0.0], [0.0, -1.0], [-1.0, 0.0], []]
    assert sorted(seen) == [2, 4]


def raises(completions: list[str], **_: object) -> list[float]:
    if "boom" in completions:
        raise ValueError("boom")
    return [1.0] * len(completions)


def test_a_fault_that_is_let_through_reaches_its_own_request() -> None:
    scoring = Scoring(TrainerReward(Function(raises), on_error="raise"), lambda _: None)

    async def ask() -> list[Scored | BaseException]:
        requests = [Rows([text], ["4"]) for text in ("a", "boom", "b")]
        return await asyncio.gather(*map(scoring, requests), return_exceptions=True)

    first, second, third = asyncio.run(ask())
    assert (first.rewards, third.rewards) == ([1.0], [1.0])
    assert isinstance(second, ValueError)
