"""One thread with an event loop for all requests of a process.

Connections belong to an event loop, and callers have none, one, or several. So all requests are
made in a loop of our own: callers of every kind hand their work over and wait for the future. What
only runs in that loop needs no locks.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
from collections.abc import Callable, Coroutine, Hashable
from typing import Generic, TypeVar

__all__ = ["Running", "submit", "wait"]

_T = TypeVar("_T")
_Setting = TypeVar("_Setting", bound=Hashable)
_Runtime = TypeVar("_Runtime")


class _Thread:
    """The loop of one process; a fork gets a new one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def submit(self, work: Coroutine[object, object, _T]) -> concurrent.futures.Future[_T]:
        with self._lock:
            if self._loop is None:
                self._loop = self._started(work)
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _started(self, work: Coroutine[object, object, object]) -> asyncio.AbstractEventLoop:
        """A loop that runs; without a thread to run it, nothing is kept and the work is dropped."""
        loop = asyncio.new_event_loop()
        # A daemon: a request that hangs must not keep a finished program from ending.
        thread = threading.Thread(target=loop.run_forever, name="pyverify-servers", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            work.close()
            loop.close()
            raise
        return loop


class Running(Generic[_Setting, _Runtime]):
    """What runs in the loop of this process for each of some frozen values.

    Args:
        start: Makes what runs for a value, in the loop.
    """

    def __init__(self, start: Callable[[_Setting], _Runtime]) -> None:
        """Nothing runs yet."""
        self._start = start
        self._runtimes: dict[_Setting, _Runtime] = {}
        _forgets.append(self.forget)

    def of(self, setting: _Setting) -> _Runtime:
        """What runs for a value, started if need be; only in the loop."""
        runtime = self._runtimes.get(setting)
        if runtime is None:
            runtime = self._runtimes[setting] = self._start(setting)
        return runtime

    def get(self, setting: _Setting) -> _Runtime | None:
        """What runs for a value, if anything does; only in the loop."""
        return self._runtimes.get(setting)

    def pop(self, setting: _Setting) -> _Runtime | None:
        """The same, and forgets it."""
        return self._runtimes.pop(setting, None)

    def forget(self) -> dict[_Setting, _Runtime]:
        """Gives away everything that runs: from now on it is another's."""
        inherited, self._runtimes = self._runtimes, {}
        return inherited


_thread = _Thread()
_forgets: list[Callable[[], object]] = []
# What a forked child inherits belongs to its parent: it is neither used nor closed, only kept.
_inherited: list[object] = []


def _after_fork() -> None:
    global _thread
    _inherited.append(_thread)
    _inherited.extend(forget() for forget in _forgets)
    _thread = _Thread()


if hasattr(os, "register_at_fork"):  # not on every system
    os.register_at_fork(after_in_child=_after_fork)


def submit(work: Coroutine[object, object, _T]) -> concurrent.futures.Future[_T]:
    """Hands work over; the future is done when it is, and may be cancelled."""
    return _thread.submit(work)


def wait(future: concurrent.futures.Future[_T]) -> _T:
    """Waits for work that was handed over, in any thread but the loop's own."""
    try:
        return future.result()
    except BaseException:  # Ctrl-C: nobody waits for the requests any more
        future.cancel()
        raise
