"""What servers do to their clients: a failure is unavailable, never 0 or 1, and ends in time."""

from __future__ import annotations

import email.utils
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from judge_server import RIGHT, WRONG, Action, JudgeServer, undecided

from pyverify import Reason, Verdict
from pyverify.judge import Judge, JudgeModel, Question

pytest.importorskip("openai", reason="the judge needs the openai client (extra judge)")

MakeJudge = Callable[..., Judge]
QUESTION = Question(answer="x", gold="y")


def questions(count: int) -> list[Question]:
    return [Question(answer=f"x {i}", gold="y") for i in range(count)]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_what_passes_is_asked_again(
    server: JudgeServer, make_judge: MakeJudge, status: int
) -> None:
    server.then(Action(status=status), Action(status=status), Action(WRONG))
    judge = make_judge()
    assert judge.decide(QUESTION).verdict == "wrong"
    assert server.requests == 3
    assert judge.counts().models[0].retries == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_what_does_not_pass_is_not(
    server: JudgeServer, make_judge: MakeJudge, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.then(Action(status=status))
    judge = make_judge(JudgeModel("m", base_url=server.url, api_key_env="KEY", structured=False))
    for question in questions(2):
        assert judge.decide(question).verdict == "unavailable"
    assert server.requests == 2
    words = {401: "set KEY", 403: "set KEY", 404: "base_url"}.get(status, "refuses a request")
    assert [words in record.message for record in caplog.records] == [True]  # said once


@pytest.mark.parametrize(
    "action",
    [
        Action(reset=True),
        Action(half=True),
        Action(status=503),
        Action(delay=5.0),
        Action(drip=0.05),  # each byte in time, all of them never
    ],
    ids=["reset", "half", "503", "hang", "drip"],
)
def test_outages_are_unavailable(
    server: JudgeServer, make_judge: MakeJudge, action: Action
) -> None:
    server.then(action)
    judge = make_judge(timeout=0.3, attempts=3)
    start = time.monotonic()
    opinion = judge.decide(QUESTION)
    assert time.monotonic() - start < 4
    assert opinion.verdict == "unavailable"
    assert server.requests == 3
    assert opinion.votes[0].attempts == 3
    assert opinion.votes[0].error
    server.then(Action(RIGHT))
    assert judge.decide(QUESTION).verdict == "right"  # nothing of it was kept


def test_nobody_listens(make_judge: MakeJudge) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
    judge = make_judge(JudgeModel("m", base_url=url), attempts=2)
    opinion = judge.decide(QUESTION)
    assert opinion.verdict == "unavailable"
    assert "no connection" in opinion.votes[0].error


@pytest.mark.parametrize(
    "action",
    [
        Action("maybe"),
        Action("RIGHT"),
        Action(""),
        Action(None),
        Action(f"{RIGHT} because"),
        Action(body=b""),
        Action(body=b"<html>busy</html>"),
        Action(body=b'{"choices": [{"message": {"content": "'),
        Action(body=b'{"choices": []}'),
        Action(body=b'{"choices": null}'),
        Action(body=b'{"choices": [{"message": {"content": [1]}}]}'),
        Action(body=b"[" * 100_000),
        Action(body=b"\xff\xfe"),
        Action(body=b'{"choices": [{"message": {"content": "\\ud800"}}], "usage": {}}'),
        Action(body=b'"text"', headers={"Content-Type": "text/plain"}),
    ],
)
def test_garbage_is_asked_again_once(
    server: JudgeServer, make_judge: MakeJudge, action: Action
) -> None:
    server.then(action)
    judge = make_judge()
    opinion = judge.decide(QUESTION)
    assert opinion.verdict == "unavailable"
    assert opinion.votes[0].error == "the reply is no verdict"
    assert server.requests == 2
    assert judge.counts().models[0].garbled == 2
    server.then(action, action, action, Action(RIGHT))
    assert judge.decide(QUESTION).verdict == "right"
    assert server.requests == 4


def test_a_cut_reply_says_what_to_do(
    server: JudgeServer, make_judge: MakeJudge, caplog: pytest.LogCaptureFixture
) -> None:
    server.then(Action("<think>so", finish="length"))
    assert make_judge().decide(QUESTION).verdict == "unavailable"
    assert "raise max_tokens" in caplog.text


@pytest.mark.parametrize("form", ["seconds", "ms", "date"])
def test_retry_after_is_honoured(server: JudgeServer, make_judge: MakeJudge, form: str) -> None:
    headers = {
        "seconds": {"Retry-After": "0.4"},
        "ms": {"retry-after-ms": "400"},
        # a date has whole seconds: three from now are more than two
        "date": {"Retry-After": email.utils.formatdate(time.time() + 3, usegmt=True)},
    }[form]
    server.then(Action(status=429, headers=headers), Action(RIGHT))
    assert make_judge().decide(QUESTION)
    waited = server.seen[1].at - server.seen[0].at
    least, most = (1.0, 4.0) if form == "date" else (0.4, 1.5)
    assert least <= waited < most


def test_retry_after_holds_for_the_whole_model(server: JudgeServer, make_judge: MakeJudge) -> None:
    """What is asked of one request is not answered by sending the others."""
    server.then(Action(status=429, headers={"Retry-After": "0.6"}), Action(RIGHT))
    judge = make_judge()
    one, other = questions(2)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(judge.decide, one)
        while not server.requests:
            time.sleep(0.01)
        time.sleep(0.1)  # the 429 is back by now
        assert judge.decide(other)
        assert first.result()
    first_at, *later = [seen.at for seen in server.seen]
    assert len(later) == 2
    assert all(at - first_at >= 0.6 for at in later)


def test_those_who_waited_do_not_come_back_in_one_moment(
    server: JudgeServer, make_judge: MakeJudge
) -> None:
    server.behaviour = lambda number, body: (
        Action(status=429, headers={"Retry-After": "0.3"}) if number < 8 else Action(RIGHT)
    )
    judge = make_judge(backoff=0.4, concurrency=8)
    assert all(judge.resolve_batch([undecided(f"x {i}") for i in range(8)]))
    times = [seen.at for seen in server.seen[8:]]
    assert max(times) - min(times) > 0.1  # by chance it is less once in 10,000 runs


def test_retry_after_is_capped(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.then(Action(status=429, headers={"Retry-After": "3600"}), Action(RIGHT))
    assert make_judge(backoff_max=0.3).decide(QUESTION)
    assert 0.3 <= server.seen[1].at - server.seen[0].at < 1.5


def test_a_wait_beyond_the_deadline_is_not_begun(
    server: JudgeServer, make_judge: MakeJudge
) -> None:
    server.then(Action(status=429, headers={"Retry-After": "30"}))
    start = time.monotonic()
    judge = make_judge(deadline=2.0)
    assert [judge.decide(question).verdict for question in questions(2)] == ["unavailable"] * 2
    assert time.monotonic() - start < 1.5
    assert server.requests == 1  # the second question, too, would have come too early


def test_the_deadline_bounds_a_vote(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.then(Action(delay=5.0))
    start = time.monotonic()
    judge = make_judge(deadline=0.5, timeout=5.0, attempts=50)
    assert judge.decide(QUESTION).verdict == "unavailable"
    assert 0.4 < time.monotonic() - start < 2.0


def test_backoff_grows(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.then(Action(status=500))
    judge = make_judge(attempts=5, backoff=0.1, backoff_max=0.4)
    start = time.monotonic()
    assert judge.decide(QUESTION).verdict == "unavailable"
    assert server.requests == 5
    assert time.monotonic() - start < 0.1 + 0.2 + 0.4 + 0.4 + 1.0


def test_a_dead_model_is_left_alone(
    server: JudgeServer, make_judge: MakeJudge, caplog: pytest.LogCaptureFixture
) -> None:
    server.then(Action(status=503))
    judge = make_judge(attempts=2, concurrency=1, breaker_failures=3, breaker_pause=0.6)
    verdicts = [judge.decide(question).verdict for question in questions(20)]
    assert verdicts == ["unavailable"] * 20
    assert server.requests == 6  # three votes, two attempts each
    assert ["left alone for 0.6 s" in record.message for record in caplog.records] == [True]
    time.sleep(0.7)
    assert judge.decide(QUESTION).verdict == "unavailable"
    assert server.requests == 7  # a probe has one attempt
    server.then(Action(RIGHT))
    assert judge.decide(QUESTION).verdict == "unavailable"  # paused again
    time.sleep(0.7)
    assert judge.decide(QUESTION).verdict == "right"
    assert all(judge.decide(question) for question in questions(3))


def test_who_is_on_the_way_gives_up_with_the_model(
    server: JudgeServer, make_judge: MakeJudge
) -> None:
    server.behaviour = lambda number, body: Action(
        status=404 if "last straw" in str(body["messages"]) else 500
    )
    judge = make_judge(attempts=100, backoff=0.2, backoff_max=0.2, breaker_failures=1)
    with ThreadPoolExecutor() as pool:
        patient = pool.submit(judge.decide, QUESTION)
        while not server.requests:
            time.sleep(0.01)
        judge.decide(Question(answer="last straw", gold="y"))
        before = server.requests
        assert patient.result(timeout=5).verdict == "unavailable"
    assert server.requests <= before + 1


def test_a_batch_in_an_outage_ends_soon(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.then(Action(delay=20.0))
    judge = make_judge(timeout=0.4, attempts=6, deadline=1.0, concurrency=4)
    start = time.monotonic()
    out = judge.resolve_batch([undecided(f"x {i}") for i in range(500)])
    assert time.monotonic() - start < 4
    assert {(one.verdict, one.reason, one.score) for one in out} == {
        (Verdict.UNDECIDED, Reason.UNAVAILABLE, 0.0)
    }
    assert {one.tier for one in out} == {"judge"}


def test_bad_requests_do_not_open_the_breaker(server: JudgeServer, make_judge: MakeJudge) -> None:
    """Texts of a policy may be refused; that must not take the judge from everybody else."""
    server.behaviour = lambda number, body: (
        Action(RIGHT) if "good" in str(body["messages"]) else Action(status=400)
    )
    judge = make_judge(breaker_failures=1)
    for question in questions(5):
        assert judge.decide(question).verdict == "unavailable"
    assert judge.decide(Question(answer="good", gold="y"))
    assert "response_format" in server.seen[-1].body  # nor change how the others are asked


def test_one_dead_model_of_two(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(status=500 if body["model"] == "b" else 200)
    models = [JudgeModel(name, base_url=server.url, api_key_env="") for name in "ab"]
    safe = make_judge(*models, attempts=2)
    assert safe.decide(QUESTION).verdict == "unavailable"
    bold = make_judge(*models, attempts=2, need="majority")
    assert bold.decide(QUESTION).verdict == "right"
