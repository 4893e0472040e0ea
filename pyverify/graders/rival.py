"""A grader in processes of its own: killed at its deadline, replaced after a crash."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyverify.graders.base import Case, GraderError, Judgement
from pyverify.graders.process import Fault, LineProcess

__all__ = ["Confinement", "Rival"]

_START_SECONDS = 120.0
# A grader that answers none of so many rows is not installed or not meant as it was given.
_HOPELESS = 10
_RUNNER = Path(__file__).with_name("runner.py")
# Neither this package's folder nor the current one may stand in for the standard library.
_BOOT = (
    "import sys; sys.path[:] = [entry for entry in sys.path if entry]; import runpy; "
    "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a grader's process may cost.

    Attributes:
        deadline: Seconds by the clock for one row.
        memory: Bytes of address space, 0 for any; only some systems keep to it.
        workers: Processes at the same time.
    """

    deadline: float = 10.0
    memory: int = 4 << 30
    workers: int = 1


class Rival:
    """See the module.

    Args:
        name: `math-verify`, `file.py:function` or `package.module:function`.
        python: The interpreter of its environment.
        confinement: What it may cost.

    Raises:
        GraderError: It doesn't start.
    """

    def __init__(self, name: str, python: str, confinement: Confinement) -> None:
        """Starts a first process, to know that it can be."""
        if os.name != "posix":
            raise GraderError(f"--grader {name} needs processes as Linux and macOS have them")
        self.name = name
        self._python = python
        self._limits = confinement
        self._command = [python, "-c", _BOOT, str(_RUNNER), name, str(confinement.memory)]
        self._closed = False
        self._answered = self._failed = 0
        self._processes = [LineProcess(self._command) for _ in range(confinement.workers)]
        self._idle: queue.SimpleQueue[LineProcess] = queue.SimpleQueue()
        version = self._start(self._processes[0])
        self.label = f"{name} {version}" if version else name
        for process in self._processes:
            self._idle.put(process)
        # Threads for good: a process ends with the thread that has started it.
        self._pool = ThreadPoolExecutor(confinement.workers)

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """Judges rows, several at the same time if there are several workers.

        Raises:
            GraderError: It has not answered one of its first rows.
        """
        for judgement in self._pool.map(self._judge, cases):
            if judgement.verdict in ("timeout", "crashed", "raised"):
                self._failed += 1
            else:
                self._answered += 1
            if self._failed == _HOPELESS and not self._answered:
                raise GraderError(
                    f"{self.name} gave no verdict on any of the first {_HOPELESS} rows "
                    f"({judgement.verdict}: {judgement.reason}); try it on one row with "
                    f"{self._python}, or give it more with --deadline and --memory"
                )
            yield judgement

    def close(self) -> None:
        """Ends all processes; whatever they were at is lost."""
        self._closed = True
        for process in self._processes:
            process.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.end()

    def _judge(self, case: Case) -> Judgement:
        process = self._idle.get()
        try:
            return self._ask(process, case)
        finally:
            self._idle.put(process)

    def _ask(self, process: LineProcess, case: Case) -> Judgement:
        if self._closed:
            return Judgement(False, "crashed", "stopped", 0.0)
        if not process.alive:
            try:
                self._start(process)
            except GraderError:
                return Judgement(False, "crashed", "it does not start again", 0.0)
        request = {
            "completion": case.completion,
            "gold": case.gold,
            "data_source": case.data_source,
            "extra_info": case.extra_info,
        }
        answer = process.ask(request, self._limits.deadline)
        if isinstance(answer, Fault):
            return Judgement(False, answer.kind, answer.detail, 0.0)
        if answer.get("last"):
            process.end()
        if "raised" in answer:
            return Judgement(False, "raised", str(answer["raised"]), 0.0)
        extracted, score = answer.get("extracted"), answer.get("score")
        return Judgement(
            right=answer.get("right") is True,
            verdict=str(answer.get("verdict")),
            reason=str(answer.get("reason")),
            score=float(score) if isinstance(score, (int, float)) else 0.0,
            extracted=None if extracted is None else str(extracted),
        )

    def _start(self, process: LineProcess) -> str | None:
        """Starts a process; returns the grader's version."""
        try:
            hello = process.start(_START_SECONDS)
        except OSError as error:
            raise GraderError(f"cannot run {self._python}: {error.strerror or error}") from None
        if isinstance(hello, Fault):
            raise GraderError(self._no_start(f"{hello.kind}, {hello.detail}", process.last_words()))
        if "failed" in hello:
            process.end()
            raise GraderError(self._no_start(str(hello["failed"]), ""))
        version = hello.get("version")
        return version if isinstance(version, str) else None

    def _no_start(self, why: str, printed: str) -> str:
        more = printed.splitlines()[-1][:300] if printed else ""
        text = f"the grader {self.name} does not start: {why}" + (f" ({more})" if more else "")
        where = "--python PATH names the Python that has what it needs"
        if self.name == "math-verify":
            where = f"pip install 'math-verify[antlr4_13_2]'; {where}"
        return f"{text}; {where}"
