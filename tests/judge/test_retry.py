"""Waiting times and the breaker, without a server."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.judge.breaker import Breaker
from pyverify.servers import backoff, retry_after, retryable


def test_what_may_pass_by_itself() -> None:
    assert all(retryable(status) for status in (408, 409, 425, 429, 500, 502, 503, 504, 529))
    assert not any(retryable(status) for status in (400, 401, 403, 404, 413, 422))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:16:50 GMT"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:16:50"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:50 GMT"}, 0.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Thu, 99 Jan 99999 00:00:50 GMT"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, 1000.0) == seconds


@given(st.text())
def test_retry_after_takes_any_text(text: str) -> None:
    wait = retry_after({"retry-after": text}, 1000.0)
    assert wait is None or wait >= 0


def test_backoff_doubles_up_to_the_cap_and_is_jittered() -> None:
    rng = random.Random(1)
    for failures, most in ((1, 0.5), (2, 1.0), (3, 2.0), (8, 60.0), (5000, 60.0)):
        waits = [backoff(failures, 0.5, 60.0, rng) for _ in range(400)]
        assert 0 <= min(waits) < 0.05 * most
        assert 0.95 * most < max(waits) <= most
        assert 0.4 * most < sum(waits) / 400 < 0.6 * most


def test_the_breaker_opens_probes_and_closes() -> None:
    breaker = Breaker(3, 60.0)
    assert [breaker.lose(0.0) for _ in range(2)] == [False, False]
    breaker.succeed()  # only losses in a row count
    assert [breaker.lose(1.0) for _ in range(3)] == [False, False, True]
    assert breaker.is_open
    assert [breaker.admit(2.0), breaker.admit(60.9)] == ["open", "open"]
    assert [breaker.admit(61.0), breaker.admit(61.0)] == ["probe", "open"]  # one at a time
    assert not breaker.lose(61.5)  # open it was
    assert [breaker.admit(121.0), breaker.admit(121.6)] == ["open", "probe"]
    breaker.release()  # no news: the next one probes
    assert breaker.admit(121.7) == "probe"
    breaker.succeed()
    assert breaker.admit(121.8) == "closed"
