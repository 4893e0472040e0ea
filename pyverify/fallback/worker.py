"""The worker: one thread, sympy loaded once, a fork for each job, a kill for each late one.

Runs in a process of its own, started by `pyverify.fallback.process`. The limits bound what a job
may cost; they are no sandbox. What keeps text from running as code is that no text is evaluated.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from pyverify.fallback import decide

_OUTCOMES = {
    b"E": "equal",
    b"N": "not_equal",
    b"U": "undecided",
}
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    """Answers requests from standard input until it ends."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may get between the replies.
    quiet = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(quiet, handle)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    sys.setrecursionlimit(3000)
    decide.warm_up()
    _reply(replies, {"sympy": decide.version()})
    for line in requests:
        request = json.loads(line)
        _reply(replies, {"outcomes": _run_all(request)})


def _reply(stream: BinaryIO, value: dict[str, object]) -> None:
    stream.write(json.dumps(value).encode() + b"\n")
    stream.flush()


class _Child:
    def __init__(self, index: int, pid: int, handle: int, end: float) -> None:
        self.index = index
        self.pid = pid
        self.handle = handle
        self.end = end


def _run_all(request: dict[str, object]) -> list[str]:
    jobs = request["jobs"]
    deadline, memory, workers = request["deadline"], request["memory"], request["workers"]
    assert isinstance(jobs, list)  # noqa: S101
    assert isinstance(deadline, (int, float))  # noqa: S101
    assert isinstance(memory, int)  # noqa: S101
    assert isinstance(workers, int)  # noqa: S101
    outcomes = ["failed"] * len(jobs)
    waiting = list(enumerate(jobs))[::-1]
    running: list[_Child] = []
    while waiting or running:
        while waiting and len(running) < workers:
            index, job = waiting.pop()
            running.append(_fork(index, partial(decide.run, job), deadline, memory))
        left = max(0.0, min(child.end for child in running) - time.monotonic())
        ready = select.select([child.handle for child in running], [], [], left)[0]
        now = time.monotonic()
        for child in list(running):
            if child.handle in ready:
                outcomes[child.index] = _OUTCOMES.get(os.read(child.handle, 1), "failed")
            elif now >= child.end:
                outcomes[child.index] = "late"
            else:
                continue
            _end(child)
            running.remove(child)
    return outcomes


def _fork(index: int, job: Callable[[], str], deadline: float, memory: int) -> _Child:
    reading, writing = os.pipe()
    end = time.monotonic() + deadline
    pid = os.fork()
    if pid == 0:
        # Never back into the loop above, whatever happens.
        try:
            os.close(reading)
            _confine(deadline, memory)
            outcome = job()
            os.write(writing, outcome[:1].upper().encode())
        except BaseException:  # noqa: S110
            pass
        finally:
            os._exit(0)
    os.close(writing)
    return _Child(index, pid, reading, end)


def _end(child: _Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    os.close(child.handle)


def _confine(deadline: float, memory: int) -> None:
    seconds = math.ceil(deadline) + 1
    limits = [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        # Enough for a module that sympy loads late.
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
    ]
    for which, limit in limits:
        try:
            _, hard = resource.getrlimit(which)
            value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(which, (value, value))
        except (ValueError, OSError):  # not on every system
            continue
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
