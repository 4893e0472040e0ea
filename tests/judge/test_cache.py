"""The cache keeps verdicts alone, is shared by processes, and never stands in the way."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from judge_server import RIGHT, WRONG, Action, JudgeServer, undecided

from pyverify.judge import Judge, JudgeModel, Question
from pyverify.judge.cache import FileCache, MemoryCache

MakeJudge = Callable[..., Judge]
needs_client = pytest.mark.skipif(
    importlib.util.find_spec("openai") is None,
    reason="the judge needs the openai client (extra judge)",
)
QUESTION = Question(answer="x", gold="y")


def test_memory_forgets_the_least_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyverify.judge.cache._ENTRIES", 2)
    cache = MemoryCache()
    cache.put(b"a", "right", "1")
    cache.put(b"b", "wrong", "2")
    assert cache.get(b"a") == ("right", "1")
    cache.put(b"c", "right", "3")
    assert cache.get(b"b") is None
    assert cache.get(b"a") == ("right", "1")


def test_a_file_keeps_votes(tmp_path: Path) -> None:
    path = str(tmp_path / "votes.db")
    one, other = FileCache(path), FileCache(path)
    one.put(b"k", "right", "raw \u0000 😀")
    assert other.get(b"k") == ("right", "raw \u0000 😀")
    assert other.get(b"l") is None
    one.close()
    assert one.get(b"k") == ("right", "raw \u0000 😀")  # opens again
    one.close()
    other.close()


def test_a_strange_row_is_no_vote(tmp_path: Path) -> None:
    path = str(tmp_path / "votes.db")
    cache = FileCache(path)
    cache.put(b"k", "right", "")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE votes SET verdict = 'unavailable'")
    connection.commit()
    connection.close()
    assert cache.get(b"k") is None
    cache.close()


@needs_client
def test_verdicts_are_cached_and_failures_are_not(
    server: JudgeServer, make_judge: MakeJudge
) -> None:
    judge = make_judge(attempts=1)
    server.then(Action(status=500), Action("hm"), Action("hm"), Action(WRONG))
    verdicts = [judge.decide(QUESTION).verdict for _ in range(4)]
    assert verdicts == ["unavailable", "unavailable", "wrong", "wrong"]
    assert server.requests == 4
    vote = judge.decide(QUESTION).votes[0]
    assert (vote.cached, vote.attempts, vote.tokens, vote.reply) == (True, 0, 0, WRONG)
    assert judge.counts().models[0].cached == 2


@needs_client
def test_the_key_holds_all_that_a_vote_depends_on(
    server: JudgeServer, make_judge: MakeJudge, tmp_path: Path
) -> None:
    file = str(tmp_path / "votes.db")
    model = JudgeModel("m", base_url=server.url)
    variants: list[tuple[JudgeModel, dict[str, object], Question]] = [
        (model, {}, QUESTION),
        (JudgeModel("n", base_url=server.url), {}, QUESTION),
        (JudgeModel("m", base_url=server.url + "/"), {}, QUESTION),
        (model, {"temperature": 0.5}, QUESTION),
        (model, {"max_tokens": 99}, QUESTION),
        (model, {}, Question(answer="x", gold="z")),
        (model, {}, Question(answer="z", gold="y")),
        (model, {}, Question(answer="x", gold="y", problem="p")),
    ]
    for number, (one, settings, question) in enumerate(variants):
        make_judge(one, cache=file, **settings).decide(question)
        assert server.requests == number + 1
    # what a vote doesn't depend on
    assert make_judge(model, cache=file, timeout=9.0, concurrency=1).decide(QUESTION)
    assert server.requests == len(variants)


@needs_client
def test_processes_share_a_file(server: JudgeServer, make_judge: MakeJudge, tmp_path: Path) -> None:
    file = str(tmp_path / "votes.db")
    server.say(WRONG)
    code = (
        "from pyverify.judge import Judge, JudgeModel, Question\n"
        f"judge = Judge((JudgeModel('m', base_url={server.url!r}, api_key_env=''),), "
        f"cache={file!r})\n"
        "for i in range(40): print(judge.decide(Question(answer=f'x {i}', gold='y')).verdict)\n"
    )
    command = [sys.executable, "-c", code]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": os.sep}
    workers = [subprocess.Popen(command, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for worker in workers:
        out, err = worker.communicate(timeout=60)
        assert (out.split(), err) == (["wrong"] * 40, "")
    before = server.requests
    judge = make_judge(cache=file)
    assert all(judge.decide(Question(answer=f"x {i}", gold="y")).votes[0].cached for i in range(40))
    assert server.requests == before


@needs_client
@pytest.mark.parametrize("trouble", ["no database", "no folder", "read only", "locked"])
def test_a_cache_never_stands_in_the_way(
    server: JudgeServer,
    make_judge: MakeJudge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    path = tmp_path / "votes.db"
    held = None
    if trouble == "no database":
        path.write_bytes(b"not a database at all" * 100)
    elif trouble == "no folder":
        path = tmp_path / "missing" / "votes.db"
    elif trouble == "read only":
        path.mkdir()  # as good as read only, for root as well
    else:
        cache = FileCache(str(path))
        cache.put(b"k", "right", "")
        cache.close()
        held = sqlite3.connect(path, isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
    judge = make_judge(cache=str(path))
    start = time.monotonic()
    assert all(judge.resolve_batch([undecided("one"), undecided("two")]))
    assert time.monotonic() - start < 3
    assert server.requests == 2
    messages = [record.message for record in caplog.records]
    assert len(messages) == 1
    assert "votes.db fails" in messages[0]
    if held is not None:
        held.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_opens_the_file_anew(tmp_path: Path) -> None:
    cache = FileCache(str(tmp_path / "votes.db"))
    cache.put(b"k", "right", RIGHT)
    for number in range(5):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                assert cache._connection is None
                assert cache.get(b"k") == ("right", RIGHT)
                cache.put(b"child%d" % number, "wrong", "")
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert cache.get(b"child%d" % number) == ("wrong", "")
    cache.close()
