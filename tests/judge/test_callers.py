"""Who may call: any thread, a running loop, several loops, a forked child, a finished program."""

from __future__ import annotations

import asyncio
import itertools
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from judge_server import RIGHT, Action, JudgeServer, undecided

from pyverify import Verdict
from pyverify.judge import Judge, Question

pytest.importorskip("openai", reason="the judge needs the openai client (extra judge)")

MakeJudge = Callable[..., Judge]
QUESTION = Question(answer="x", gold="y")


def test_async_does_not_block_the_loop(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(delay=0.3)
    judge = make_judge()

    async def main() -> tuple[list[float], list[bool]]:
        ticks: list[float] = []

        async def ticker() -> None:
            while True:
                ticks.append(time.monotonic())
                await asyncio.sleep(0.01)

        task = asyncio.create_task(ticker())
        # The first call is the dear one: it loads the client.
        out = await judge.aresolve_batch([undecided(f"one {i}") for i in range(16)])
        task.cancel()
        return ticks, [bool(one) for one in out]

    ticks, out = asyncio.run(main())
    assert out == [True] * 16
    gaps = sorted(b - a for a, b in itertools.pairwise(ticks))
    assert len(ticks) > 20
    assert gaps[len(gaps) // 2] < 0.1


def test_many_loops_one_after_another_and_at_once(
    server: JudgeServer, make_judge: MakeJudge
) -> None:
    judge = make_judge()

    def loop(number: int) -> bool:
        return bool(asyncio.run(judge.adecide(Question(answer=f"x {number}", gold="y"))))

    assert [loop(number) for number in range(3)] == [True] * 3
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(loop, range(3, 40))) == [True] * 37


def test_threads_share_the_limit(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(delay=0.03)
    judge = make_judge(concurrency=4)

    def work(number: int) -> list[Verdict]:
        results = [undecided(f"one {number} {i}") for i in range(5)]
        return [one.verdict for one in judge.resolve_batch(results)]

    with ThreadPoolExecutor(8) as pool:
        for verdicts in pool.map(work, range(8)):
            assert verdicts == [Verdict.EQUAL] * 5
    assert server.most_at_once == 4
    assert judge.counts().right == 40


def test_sync_in_a_thread_of_a_running_loop(server: JudgeServer, make_judge: MakeJudge) -> None:
    judge = make_judge()

    async def main() -> bool:
        in_thread = await asyncio.to_thread(judge.decide, QUESTION)
        return bool(in_thread) and bool(await judge.adecide(QUESTION))

    assert asyncio.run(main())


def test_sync_inside_a_running_loop(server: JudgeServer, make_judge: MakeJudge) -> None:
    """Blocks that loop, as any sync call does, but works."""
    judge = make_judge()

    async def main() -> bool:
        return bool(judge.decide(QUESTION))

    assert asyncio.run(main())


def test_a_cancelled_batch_stops_asking(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(delay=0.2)
    judge = make_judge(concurrency=2)

    async def main() -> None:
        batch = asyncio.create_task(
            judge.aresolve_batch([undecided(f"one {i}") for i in range(50)])
        )
        while server.requests < 2:
            await asyncio.sleep(0.01)
        batch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await batch

    asyncio.run(main())
    time.sleep(0.5)
    assert server.requests <= 4
    assert judge.decide(QUESTION)  # and its slots are free again


def test_cancelling_one_of_two_leaves_the_other(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(delay=0.3)
    judge = make_judge()

    async def main() -> bool:
        one = asyncio.create_task(judge.adecide(QUESTION))
        other = asyncio.create_task(judge.adecide(QUESTION))
        while not server.requests:
            await asyncio.sleep(0.01)
        one.cancel()
        return bool(await other)

    assert asyncio.run(main())
    assert server.requests == 1


def test_a_pickled_judge_is_the_same_judge(server: JudgeServer, make_judge: MakeJudge) -> None:
    judge = make_judge()
    assert judge.decide(QUESTION)
    copy = pickle.loads(pickle.dumps(judge))
    assert copy.decide(QUESTION).votes[0].cached


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_asks_on_its_own(
    server: JudgeServer, make_judge: MakeJudge, tmp_path: object
) -> None:
    judge = make_judge(cache=f"{tmp_path}/votes.db")
    assert judge.decide(QUESTION)
    busy = threading.Event()

    def ask() -> None:
        number = 0
        while not busy.is_set():
            number += 1
            judge.decide(Question(answer=f"parent {number}", gold="y"))

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        for number in range(5):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    cached = judge.decide(QUESTION)
                    asked = judge.decide(Question(answer=f"child {number}", gold="y"))
                    counted = judge.counts().questions
                    status = 0 if cached.votes[0].cached and asked and counted == 2 else 2
                finally:
                    os._exit(status)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        busy.set()
        asker.join()
    assert judge.decide(Question(answer="child 4", gold="y")).votes[0].cached


@pytest.mark.parametrize("ending", ["", "raise SystemExit(0)", "judge.close()"])
def test_a_program_ends_quietly(server: JudgeServer, ending: str) -> None:
    code = (
        "import threading\n"
        "from pyverify.judge import Judge, JudgeModel, Question\n"
        f"judge = Judge((JudgeModel('m', base_url={server.url!r}, api_key_env=''),))\n"
        "print(judge.decide(Question(answer='x', gold='y')).verdict)\n"
        # one still on its way
        "threading.Thread(target=judge.decide, args=(Question(answer='z', gold='y'),), "
        "daemon=True).start()\n"
        f"{ending}\n"
    )
    server.behaviour = lambda number, body: Action(RIGHT, delay=20.0 if number else 0.0)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        capture_output=True,
        text=True,
        cwd=os.sep,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == "right\n"
    if ending != "judge.close()":  # there the thread is told that its question was dropped
        assert done.stderr == ""
    assert time.monotonic() - start < 15


def test_a_closed_judge_starts_anew(server: JudgeServer, make_judge: MakeJudge) -> None:
    judge = make_judge()
    assert judge.decide(QUESTION)
    judge.close()
    judge.close()
    assert judge.counts().questions == 0
    assert judge.decide(QUESTION)
    assert server.requests == 2


def test_without_the_client_it_says_how_to_install_it() -> None:
    code = (
        "import sys\n"
        "sys.modules['openai'] = None\n"
        "from pyverify.judge import Judge, JudgeModel\n"
        "Judge((JudgeModel('m', base_url='http://127.0.0.1:1/v1'),)).resolve_batch([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=os.sep, check=False
    )
    assert done.returncode == 1
    assert "ImportError: the judge needs the openai client" in done.stderr
    assert "pip install openai" in done.stderr
