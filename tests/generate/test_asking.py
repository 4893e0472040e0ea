"""What servers do to their clients: what may pass is asked again, what can't costs what it must."""

from __future__ import annotations

import email.utils
import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from judge_server import Action, Behaviour, JudgeServer
from sums import Run, answer, right, rows_of, sums

pytest.importorskip("openai", reason="eval needs the openai client (extra eval)")


def first(action: Action) -> Behaviour:
    """The first request gets this, all that follow what they ask for."""
    return lambda number, body: action if number == 0 else right(number, body)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_what_may_pass_is_asked_again(server: JudgeServer, run: Run, status: int) -> None:
    server.behaviour = first(Action(status=status))
    done = run()
    assert (done.code, server.requests) == (0, 13), done.err
    assert "12 of 12 right" in done.out


@pytest.mark.parametrize(
    "action",
    [
        Action(reset=True),
        Action(half=True),
        Action(body=b"<html>busy</html>"),
        Action(body=b'{"choices": []}'),
        Action(body=b'{"choices": [{"message": null}]}'),
        Action(body=b"[" * 100_000),
    ],
    ids=["reset", "half", "html", "empty", "no message", "deep"],
)
def test_a_broken_reply_is_asked_for_again(
    server: JudgeServer, run: Run, folder: Path, action: Action
) -> None:
    server.behaviour = first(action)
    done = run()
    assert (done.code, server.requests) == (0, 13), done.err
    log = rows_of(folder / "requests.jsonl")
    assert len(log) == 13
    assert [row["attempt"] for row in log if "error" in row] == [1]


def test_a_slow_answer_is_given_up_and_asked_for_again(server: JudgeServer, run: Run) -> None:
    server.behaviour = first(Action(delay=20.0))
    start = time.monotonic()
    done = run("--timeout", "1")
    assert (done.code, server.requests) == (0, 13), done.err
    assert time.monotonic() - start < 15


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_server_says_when_to_come_back(server: JudgeServer, run: Run, form: str) -> None:
    """All requests wait, not only the one that was told to."""

    def behaviour(number: int, body: dict[str, object]) -> Action:
        if number > 0:
            return right(number, body)
        asked = "2" if form == "seconds" else email.utils.formatdate(time.time() + 3, usegmt=True)
        return Action(status=429, headers={"Retry-After": asked})

    server.behaviour = behaviour
    done = run("--concurrency", "1")
    assert done.code == 0, done.err
    gaps = [b.at - a.at for a, b in zip(server.seen, server.seen[1:], strict=False)]
    assert gaps[0] >= 1.9
    assert max(gaps[1:]) < 1.5


def test_so_many_requests_at_a_time_and_no_more(server: JudgeServer, run: Run) -> None:
    def slow(number: int, body: dict[str, object]) -> Action:
        action = right(number, body)
        action.delay = 0.1
        return action

    server.behaviour = slow
    assert run("--concurrency", "3").code == 0
    assert server.most_at_once == 3


def test_one_request_asks_for_all_samples(server: JudgeServer, run: Run, folder: Path) -> None:
    done = run("--k", "4", "--seed", "100")
    assert done.code == 0, done.err
    assert [seen.body["n"] for seen in server.seen] == [4] * 12
    assert {seen.body["seed"] for seen in server.seen} == {100}
    assert {(seen.body["temperature"], seen.body["top_p"]) for seen in server.seen} == {(0.6, 0.95)}
    rows = rows_of(folder / "aime24" / "responses.jsonl")
    assert [(row["id"], row["sample"]) for row in rows] == [
        (f"sum-{i}", sample) for i in range(12) for sample in range(4)
    ]


def test_many_samples_take_several_requests(server: JudgeServer, run: Run, folder: Path) -> None:
    done = run("--k", "20", "--limit", "2", "--seed", "100")
    assert done.code == 0, done.err
    asked = sorted((seen.body["seed"], seen.body["n"]) for seen in server.seen)
    assert asked == [(100, 16), (100, 16), (116, 4), (116, 4)]
    assert [row["sample"] for row in rows_of(folder / "aime24" / "responses.jsonl")] == [
        *range(20),
        *range(20),
    ]


def test_a_server_without_n_is_asked_one_by_one(server: JudgeServer, run: Run) -> None:
    def behaviour(number: int, body: dict[str, object]) -> Action:
        if "n" in body:
            return Action(status=400, body=b'{"error": {"message": "n must be 1"}}')
        return right(number, body)

    server.behaviour = behaviour
    done = run("--k", "3", "--concurrency", "1", "--seed", "5")
    assert done.code == 0, done.err
    assert "36 of 36 right" in done.out
    assert server.requests == 37  # the first one was refused
    assert {seen.body.get("seed") for seen in server.seen} == {5, 6, 7}


def test_a_server_that_overlooks_n_is_asked_one_by_one(server: JudgeServer, run: Run) -> None:
    server.behaviour = lambda number, body: right(number, {**body, "n": 1})
    done = run("--k", "3", "--concurrency", "1")
    assert done.code == 0, done.err
    assert "36 of 36 right" in done.out
    assert server.requests == 36


def test_a_problem_that_is_refused_costs_itself_alone(
    server: JudgeServer, run: Run, folder: Path
) -> None:
    words = b'{"error": {"message": "maximum context length is 10 tokens \\u001b[31m"}}'

    def behaviour(number: int, body: dict[str, object]) -> Action:
        return Action(status=400, body=words) if sums(body)[0] == 5 else right(number, body)

    server.behaviour = behaviour
    done = run("--k", "2")
    assert done.code == 3
    assert "22 of 24 right" in done.out
    assert "maximum context length" in done.err
    assert "\x1b" not in done.err
    rows = rows_of(folder / "aime24" / "responses.jsonl")
    assert [row["id"] for row in rows if "refused" in row] == ["sum-5"] * 2
    assert len(rows) == 24
    before = server.requests
    server.behaviour = right
    done = run("--k", "2")
    assert (done.code, server.requests) == (0, before + 1)
    assert "24 of 24 right" in done.out


@pytest.mark.parametrize(
    ("status", "words"), [(401, "OTHER_KEY"), (403, "OTHER_KEY"), (404, "--name"), (400, "refuses")]
)
def test_a_server_of_no_use_is_told_at_once(
    server: JudgeServer, run: Run, status: int, words: str
) -> None:
    server.behaviour = lambda number, body: Action(status=status)
    done = run("--key-env", "OTHER_KEY", "--concurrency", "2", env={"OTHER_KEY": "sesame"})
    assert done.code == 2
    assert words in done.err
    assert "sesame" not in done.err
    assert server.requests <= 10
    assert {seen.key for seen in server.seen} == {"Bearer sesame"}


def test_a_server_that_dies_is_left_and_found_again(
    server: JudgeServer, run: Run, folder: Path
) -> None:
    """What was answered stays; answers that can't be had are left out, not wrong."""
    server.behaviour = lambda number, body: (
        Action(status=503) if sums(body)[0] >= 9 else right(number, body)
    )
    done = run("--attempts", "2")
    assert done.code == 3
    assert "9 of 9 right" in done.out
    assert "3 answers could not be had and are left out: acc is over the 9 that arrived" in done.err
    assert "acc is over the 9 that arrived" in done.out
    summary = json.loads((folder / "summary.json").read_text())
    assert (summary["num_samples"], summary["unanswered_samples"]) == (9, 3)
    before = server.requests
    server.behaviour = right
    assert run().code == 0
    assert server.requests == before + 3


def test_a_wait_is_no_standstill(server: JudgeServer, command: Callable[..., list[str]]) -> None:
    """Nothing comes and nothing fails, and still it is said why, and for how long."""
    refusal = json.dumps({"error": {"message": "too many\x1b[2J requests"}}).encode()
    server.behaviour = lambda number, body: Action(
        status=429, headers={"Retry-After": "100000"}, body=refusal
    )
    with subprocess.Popen(
        command("--concurrency", "2"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stderr is not None
        try:
            lines = [next(child.stderr) for _ in range(3)]
        finally:
            child.terminate()
            child.communicate(timeout=30)
    assert child.returncode == 143
    assert lines[1].endswith("12 answers wanted, 0 there\n")
    assert "0 of 12 answers" in lines[2]
    assert "failed request" in lines[2]
    assert "(the last: status 429: too many [2J requests)" in lines[2]
    waits = re.search(r"waits (\d+) s, as the server asks", lines[2])
    assert waits is not None
    assert 560 < int(waits[1]) <= 600


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "out of\\nmemory", "code": 500}}', "out of memory"),
        (b'{"error": "out of memory"}', "out of memory"),
        (b'{"detail": "out of memory"}', "out of memory"),
        (b"out of\n memory", "out of memory"),
        (b"", "Internal Server Error"),
    ],
)
def test_a_server_s_words_are_passed_on(
    server: JudgeServer, run: Run, body: bytes, words: str
) -> None:
    server.behaviour = lambda number, _: Action(status=500, body=body)
    done = run("--attempts", "1", "--limit", "1")
    assert done.code == 2
    assert f"status 500: {words}\n" in done.err


def test_a_lost_answer_is_not_taken_for_a_refused_one(
    server: JudgeServer, run: Run, data: Path, folder: Path
) -> None:
    """OlympiadBench has a field `error`, which is a tolerance."""
    rows = [
        {"id": i, "question": f"{i} + 1?", "final_answer": [str(i + 1.01)], "error": "1e-1"}
        for i in range(3)
    ]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    server.behaviour = lambda number, body: (
        Action(status=503) if sums(body)[0] == 1 else right(number, body)
    )
    done = run("--task", "olympiadbench", "--attempts", "1")
    assert done.code == 3
    assert "2 of 2 right" in done.out


def test_a_dead_server_is_not_asked_to_the_end(server: JudgeServer, run: Run, data: Path) -> None:
    rows = [{"id": i, "problem": f"{i} + 1?", "answer": str(i + 1)} for i in range(200)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    server.behaviour = lambda number, body: (
        Action(status=503) if number >= 10 else right(number, body)
    )
    done = run("--attempts", "1", "--concurrency", "4")
    assert done.code == 2
    assert "no answers any more" in done.err
    assert "10 of 200 answers are in" in done.err
    assert 26 <= server.requests < 40
    server.behaviour = right
    before = server.requests
    done = run()
    assert done.code == 0, done.err
    assert server.requests == before + 190


def test_nobody_is_there(server: JudgeServer, run: Run, folder: Path) -> None:
    done = run("--model", "http://127.0.0.1:9/v1")
    assert done.code == 2
    assert "no connection" in done.err
    assert "Traceback" not in done.err


def test_the_limit_goes_by_its_other_name(server: JudgeServer, run: Run) -> None:
    def behaviour(number: int, body: dict[str, object]) -> Action:
        if "max_tokens" in body:
            words = "'max_tokens' is not supported; use 'max_completion_tokens'"
            return Action(status=400, body=json.dumps({"error": {"message": words}}).encode())
        assert body["max_completion_tokens"] == 50
        return right(number, body)

    server.behaviour = behaviour
    assert run("--max-tokens", "50").code == 0


def test_hostile_answers_are_kept_and_scored(server: JudgeServer, run: Run, folder: Path) -> None:
    texts = ["\ud800 \\boxed{", "\x1b[2J\u2028\x00", "", None, "\\boxed{" * 10_000]

    def behaviour(number: int, body: dict[str, object]) -> Action:
        return answer(texts[sums(body)[0] % len(texts)], finish="length")

    server.behaviour = behaviour
    done = run()
    assert done.code == 0, done.err
    assert "\x1b" not in done.out + done.err
    rows = rows_of(folder / "aime24" / "verdicts.jsonl")
    assert len(rows) == 12
    assert {row["truncated"] for row in rows} == {True}
    before = server.requests
    assert run().code == 0
    assert server.requests == before
