"""The worker process as its user sees it: started when first needed, killed when late, replaced."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from pyverify.fallback.jobs import Job

_START_SECONDS = 60.0
_GRACE_SECONDS = 5.0
# The parent's own path is handed over, so the worker finds the same sympy; -I keeps the environment
# and the current folder out.
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from pyverify.fallback.worker import main; main()"


class FallbackError(RuntimeError):
    """The worker cannot run here: no sympy, or no way to fork."""


class Zygote:
    """A process that has sympy loaded and forks once per job.

    Args:
        deadline: Seconds for one job.
        memory: Bytes of address space for one job.
        workers: Jobs at the same time.
    """

    def __init__(self, *, deadline: float, memory: int, workers: int) -> None:
        """Starts nothing yet."""
        self._deadline = deadline
        self._memory = memory
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()
        self._unread = b""
        self.version = ""

    def ask(self, jobs: Sequence[Job]) -> list[str]:
        """The outcome of every job: ``equal``, ``not_equal``, ``undecided``, ``late``, ``failed``.

        A worker that dies is replaced and the jobs are asked once more; then they have failed.

        Raises:
            FallbackError: The worker cannot run here.
        """
        if not jobs:
            return []
        with self._lock:
            for _ in range(2):
                self._ensure()
                outcomes = self._exchange(jobs)
                if outcomes is not None:
                    return outcomes
                self._stop()
        return ["failed"] * len(jobs)

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Starts the process now.

        Raises:
            FallbackError: The worker cannot run here.
        """
        with self._lock:
            self._ensure()

    def _ensure(self) -> None:
        if self._owner != os.getpid():
            self._process = None  # it belongs to the process that this one was forked from
            self._unread = b""
        if self._process is not None and self._process.poll() is None:
            return
        if not hasattr(os, "fork"):
            raise FallbackError("the sympy tier needs a system that can fork")
        self._stop()
        path = [entry for entry in sys.path if entry]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-c", _BOOT, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
        )
        self._owner = os.getpid()
        self._unread = b""
        hello = self._receive(_START_SECONDS)
        version = hello.get("sympy") if hello is not None else None
        if not isinstance(version, str):
            self._stop()
            raise FallbackError("sympy could not be loaded: pip install sympy")
        self.version = version

    def _exchange(self, jobs: Sequence[Job]) -> list[str] | None:
        assert self._process is not None  # noqa: S101
        assert self._process.stdin is not None  # noqa: S101
        request = {
            "deadline": self._deadline,
            "jobs": list(jobs),
            "memory": self._memory,
            "workers": self._workers,
        }
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return None
        rounds = -(-len(jobs) // self._workers)
        reply = self._receive(rounds * (self._deadline + 1.0) + _GRACE_SECONDS)
        outcomes = reply.get("outcomes") if reply is not None else None
        if not isinstance(outcomes, list) or len(outcomes) != len(jobs):
            return None
        return [str(outcome) for outcome in outcomes]

    def _receive(self, seconds: float) -> dict[str, object] | None:
        assert self._process is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        handle = self._process.stdout.fileno()
        end = time.monotonic() + seconds
        while b"\n" not in self._unread:
            left = end - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                return None
            data = os.read(handle, 1 << 16)
            if not data:
                return None
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        try:
            reply = json.loads(line)
        except ValueError:
            return None
        return reply if isinstance(reply, dict) else None

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()
