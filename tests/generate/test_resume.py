"""A run may end at any moment: nothing that was answered is lost, and nothing is asked twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from judge_server import Action, JudgeServer
from sums import Run, right, rows_of, sums

pytest.importorskip("openai", reason="eval needs the openai client (extra eval)")


def leisurely(number: int, body: dict[str, object]) -> Action:
    action = right(number, body)
    action.delay = 0.02 + 0.01 * (sums(body)[0] % 3)
    return action


def asked(server: JudgeServer) -> Counter[int]:
    """How many answers were asked for, by problem."""
    counts: Counter[int] = Counter()
    for seen in server.seen:
        count = seen.body.get("n", 1)
        assert isinstance(count, int)
        counts[sums(seen.body)[0]] += count
    return counts


@pytest.mark.slow
def test_killed_at_any_moment(
    server: JudgeServer, command: Callable[..., list[str]], run: Run, folder: Path, tmp_path: Path
) -> None:
    server.behaviour = leisurely
    more = ("--k", "2", "--concurrency", "2")
    path = folder / "aime24" / "responses.jsonl"
    rng = random.Random(5)
    kills = 0
    kept: dict[tuple[object, object], object] = {}
    for _ in range(8):
        child = subprocess.Popen(
            command(*more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        written = path.stat().st_size if path.exists() else 0
        end = time.monotonic() + 20
        while child.poll() is None and time.monotonic() < end:
            if path.exists() and path.stat().st_size > written:
                break
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.08))
        child.kill()
        kills += child.wait() == -signal.SIGKILL
        if path.exists():
            lines = path.read_bytes().split(b"\n")[:-1]
            now = {(row["id"], row["sample"]): row for row in map(json.loads, lines)}
            assert {key: now.get(key) for key in kept} == kept  # nothing is lost or changed
            kept = now
    assert kills >= 3
    assert kept
    had = Counter(name for name, _ in kept)
    server.seen.clear()
    done = run(*more)
    assert done.code == 0, done.err
    for i in range(12):
        assert asked(server)[i] == 2 - had[f"sum-{i}"]
    rows = rows_of(path)
    assert [(row["id"], row["sample"]) for row in rows] == [
        (f"sum-{i}", sample) for i in range(12) for sample in range(2)
    ]
    # The same bytes as of a run that nobody disturbed.
    quiet = run(*more, "-o", str(tmp_path / "quiet"))
    assert quiet.code == 0
    for name in ("responses.jsonl", "verdicts.jsonl", "summary.json"):
        one, other = (where / "aime24" / name for where in (folder, tmp_path / "quiet"))
        assert one.read_bytes() == other.read_bytes()


def test_half_a_line_is_dropped_and_asked_for_again(
    server: JudgeServer, run: Run, folder: Path
) -> None:
    assert run().code == 0
    path = folder / "aime24" / "responses.jsonl"
    whole = path.read_bytes()
    for cut in (1, 10, len(whole.splitlines()[-1])):
        path.write_bytes(whole[:-cut])
        before = server.requests
        assert run().code == 0
        assert server.requests == before + 1
        assert path.read_bytes() == whole


def test_a_broken_line_inside_is_asked_for_again(
    server: JudgeServer, run: Run, folder: Path
) -> None:
    assert run().code == 0
    path = folder / "aime24" / "responses.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"\x00\x00\n", b'{"id": 3}\n', *lines[5:]]))
    before = server.requests
    done = run()
    assert done.code == 0
    assert "line 4" in done.err
    assert server.requests == before + 2
    assert path.read_bytes() == b"".join(lines)


def test_rows_are_in_the_tasks_order_whatever_arrives_first(
    server: JudgeServer, run: Run, folder: Path
) -> None:
    def behaviour(number: int, body: dict[str, object]) -> Action:
        action = right(number, body)
        action.delay = 0.05 * (11 - sums(body)[0])
        return action

    server.behaviour = behaviour
    assert run().code == 0
    for name in ("responses.jsonl", "verdicts.jsonl"):
        rows = rows_of(folder / "aime24" / name)
        assert [row["id"] for row in rows] == [f"sum-{i}" for i in range(12)]
    logged = [row["id"] for row in rows_of(folder / "requests.jsonl")]
    assert sorted(logged) == sorted(f"sum-{i}" for i in range(12))
    assert logged != [f"sum-{i}" for i in range(12)]


def test_more_samples_and_more_problems_later(server: JudgeServer, run: Run, folder: Path) -> None:
    sampled = ("--temperature", "0.7", "--top-p", "0.9")
    assert run("--limit", "3", *sampled).code == 0
    assert server.requests == 3
    assert run(*sampled).code == 0
    assert server.requests == 12
    assert run("--k", "3", *sampled).code == 0
    assert [seen.body["n"] for seen in server.seen[12:]] == [2] * 12
    assert run("--limit", "2", "--k", "2", *sampled).code == 0
    assert server.requests == 24
    assert len(rows_of(folder / "aime24" / "responses.jsonl")) == 4
    assert run("--k", "3", *sampled).code == 0  # what was put aside is still there
    assert server.requests == 24
    assert len(rows_of(folder / "aime24" / "responses.jsonl")) == 36


def test_other_settings_are_not_mixed(server: JudgeServer, run: Run, folder: Path) -> None:
    assert run().code == 0
    done = run("--temperature", "0.5")
    assert done.code == 2
    assert "temperature: 0.0 there, 0.5 now" in done.err
    assert "--force-new" in done.err
    done = run("--system", "Be brief.")
    assert done.code == 2
    assert "prompt of aime24" in done.err
    assert run("--temperature", "0.5", "--force-new").code == 0
    assert server.requests == 24
    rows = rows_of(folder / "aime24" / "responses.jsonl")
    assert len(rows) == 12
    assert run("--force-new").code == 0  # back to answers that are there
    assert server.requests == 24


def test_one_run_at_a_time(
    server: JudgeServer, command: Callable[..., list[str]], run: Run, folder: Path
) -> None:
    server.behaviour = lambda number, body: Action(delay=20.0)
    child = subprocess.Popen(command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: server.requests > 0)
        done = run()
        assert done.code == 2
        assert "another run" in done.err
    finally:
        child.kill()
        child.wait()
    server.behaviour = right
    assert run().code == 0


@pytest.mark.parametrize("quiet", [True, False])
def test_ctrl_c_ends_it_cleanly(
    server: JudgeServer, command: Callable[..., list[str]], run: Run, quiet: bool
) -> None:
    server.behaviour = lambda number, body: (
        Action(delay=20.0) if sums(body)[0] >= 4 else right(number, body)
    )
    more = ("-q",) if quiet else ()
    child = subprocess.Popen(
        command("--concurrency", "2", *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: server.requests >= 6)
    os.kill(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert child.returncode == 130
    assert out == ""
    assert "4 of 12 answers" in err
    assert "the same command" in err
    assert "Traceback" not in err
    server.behaviour = right
    before = server.requests
    assert run().code == 0
    assert server.requests == before + 8


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
