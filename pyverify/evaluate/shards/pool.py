"""Workers on this machine: processes that score one part after the other."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from pyverify.evaluate.shards.part import Job, Outcome, attempt
from pyverify.evaluate.shards.watch import Watch
from pyverify.io import SourceError

ATTEMPTS = 3
"""A part that ends its worker so often is given up."""

_TELL_SECONDS = 0.2
_GRACE_SECONDS = 5.0


class PartError(Exception):
    """A fault of the program in a worker; the message is its traceback."""


@dataclass(eq=False, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    index: int | None = None


@dataclass(slots=True)
class _Losses:
    """Workers that ended: of parts that do so again and again, the others must not suffer.

    Attributes:
        by_part: How often the workers of a part have.
        at_start: How many have before they were ready, since one was.
        why: How the last one of a part has.
    """

    by_part: Counter[int] = field(default_factory=Counter)
    at_start: int = 0
    why: dict[int, str] = field(default_factory=dict)


def run_local(job: Job, indexes: Sequence[int], workers: int, watch: Watch) -> None:
    """Scores parts with so many processes.

    Raises:
        SourceError: An input or an output is at fault, or a part ends its workers; other parts are
            finished.
        PartError: The program is at fault.
    """
    left = deque(indexes)
    losses = _Losses()
    team: list[_Worker] = []
    try:
        while left or any(worker.index is not None for worker in team):
            while len(team) < min(workers, len(left) + sum(w.index is not None for w in team)):
                team.append(_start(job))
            for worker in team:
                if worker.index is None and worker.ready and left:
                    worker.index = left.popleft()
                    _send(worker)
            for pipe in wait([worker.pipe for worker in team]):
                worker = next(one for one in team if one.pipe is pipe)
                starting = not worker.ready
                if not _listen(worker, watch):
                    team.remove(worker)
                    _bury(worker, left, losses, watch)
                elif starting:
                    losses.at_start = 0
    finally:
        _dismiss(team)
    _report(job, losses)


def _start(job: Job) -> _Worker:
    # Spawned, not forked: whoever calls this may have threads.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, job), daemon=True)
    with _no_interrupt():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C is for the run, which ends its workers itself: they are born deaf to it."""
    # Multiprocessing starts it with the first process, and lets Ctrl-C through again when it does.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _send(worker: _Worker) -> None:
    # If it is gone, listening to it will tell.
    with contextlib.suppress(OSError):
        worker.pipe.send(worker.index)


def _listen(worker: _Worker, watch: Watch) -> bool:
    """Takes a worker's next message; False if it has ended."""
    try:
        message = worker.pipe.recv()
    except (EOFError, OSError):
        return False
    if message is None:
        worker.ready = True
    elif isinstance(message, Outcome):
        if message.kind == "refused":
            raise SourceError(message.text)
        if message.done is None or worker.index is None:
            raise PartError(message.text)
        watch.finished(worker.index, message.done)
        worker.index = None
    elif worker.index is not None:
        watch.moved(worker.index, *message)
    return True


def _bury(worker: _Worker, left: deque[int], losses: _Losses, watch: Watch) -> None:
    worker.pipe.close()
    worker.process.join(_GRACE_SECONDS)
    why = _cause(worker.process.exitcode)
    if worker.index is None:
        losses.at_start += 1
        if losses.at_start >= ATTEMPTS:
            raise SourceError(f"workers don't start here: they were {why}")
        return
    watch.lost(worker.index)
    losses.by_part[worker.index] += 1
    losses.why[worker.index] = why
    if losses.by_part[worker.index] < ATTEMPTS:
        left.appendleft(worker.index)


def _report(job: Job, losses: _Losses) -> None:
    bad = [index for index, times in losses.by_part.items() if times >= ATTEMPTS]
    if bad:
        raise lost_parts(job, [(index, losses.why[index]) for index in sorted(bad)])


def lost_parts(job: Job, bad: Sequence[tuple[int, str]]) -> SourceError:
    """The error for parts that ended their workers again and again, each with how."""
    lines = [f"{job.manifest.describe(index)}: {why}" for index, why in bad]
    return SourceError(
        f"{len(bad)} of the parts ended their workers {ATTEMPTS} times:\n  "
        + "\n  ".join(lines)
        + "\nthe other parts are kept; --resume tries these again"
    )


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"ended with code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    return f"killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")


def _dismiss(team: list[_Worker]) -> None:
    for worker in team:
        worker.pipe.close()
        if worker.index is not None:
            worker.process.terminate()
    for worker in team:
        worker.process.join(_GRACE_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _work(pipe: Connection, job: Job) -> None:
    """A worker's life."""
    said = 0.0

    def tell(*counts: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= _TELL_SECONDS:
            said = now
            _say(pipe, counts)

    _say(pipe, None)
    while True:
        try:
            index: int = pipe.recv()
        except (EOFError, OSError):
            return
        _say(pipe, attempt(job, index, tell))


def _say(pipe: Connection, message: object) -> None:
    try:
        pipe.send(message)
    except OSError:
        # The run is gone, and nobody waits for this part.
        raise SystemExit(1) from None
