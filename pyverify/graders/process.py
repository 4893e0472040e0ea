"""A process that answers one line of JSON with one line of JSON, and is killed when it is late.

It has a session of its own: a kill takes along whatever it has started. What it prints to standard
error is drained and forgotten, but for the end of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

__all__ = ["Fault", "LineProcess"]

_TICK_SECONDS = 0.05
_READ_BYTES = 1 << 16
_MOST_REPLY_BYTES = 16 << 20
_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer.

    Attributes:
        kind: `timeout` or `crashed`.
        detail: More of it.
    """

    kind: str
    detail: str


class LineProcess:
    """See the module; for one thread at a time, but for `stop`.

    Args:
        command: What to run, without a shell.
        environment: Its environment; by default that of this process.
    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts nothing yet."""
        self._command = list(command)
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._tail = b""
        self._stopped = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None and self._process.poll() is None

    def start(self, seconds: float) -> dict[str, object] | Fault:
        """Starts it and waits for its first line.

        Raises:
            OSError: The program cannot be run.
        """
        self.end()
        self._unread = self._tail = b""
        self._process = subprocess.Popen(  # noqa: S603
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        for stream in self._streams():
            os.set_blocking(stream.fileno(), False)
        return self._exchange(b"", seconds)

    def ask(self, request: Mapping[str, object], seconds: float) -> dict[str, object] | Fault:
        """Sends a line and waits for the answer; without one, the process is ended."""
        if not self.alive:
            return Fault("crashed", "it does not run")
        return self._exchange(json.dumps(request).encode() + b"\n", seconds)

    def stop(self) -> None:
        """Has whoever waits for an answer in another thread end it at once, and for good."""
        self._stopped = True

    def end(self) -> None:
        """Kills it, and all that it has started."""
        if self._process is not None:
            # Its group may outlive it: a grader's own workers are in it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for stream in self._streams():
                with contextlib.suppress(OSError):
                    stream.close()
            self._process = None

    def last_words(self) -> str:
        """The end of what it has printed."""
        return self._tail.decode("utf-8", "replace").strip()

    def _streams(self) -> list[IO[bytes]]:
        process = self._process
        streams = () if process is None else (process.stdin, process.stdout, process.stderr)
        return [stream for stream in streams if stream is not None]

    def _exchange(self, data: bytes, seconds: float) -> dict[str, object] | Fault:
        answer = self._wait(data, seconds)
        if isinstance(answer, Fault):
            self.end()
            return answer
        try:
            value = json.loads(answer)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            return value
        self.end()
        return Fault("crashed", "its answer is no line of JSON")

    def _wait(self, data: bytes, seconds: float) -> bytes | Fault:
        """Writes and reads at once: a process that doesn't read must not block this one."""
        process = self._process
        assert process is not None  # noqa: S101
        deadline = time.monotonic() + seconds
        into, out, err = self._streams()
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            selector.register(err, selectors.EVENT_READ)
            if data:
                selector.register(into, selectors.EVENT_WRITE)
            while b"\n" not in self._unread:
                left = deadline - time.monotonic()
                if self._stopped:
                    return Fault("crashed", "stopped")
                if left <= 0:
                    return Fault("timeout", f"no answer within {seconds:g} s")
                # Its own workers may hold its pipes open after its end, so that is looked at, too.
                gone = process.poll() is not None
                ready = selector.select(0 if gone else min(left, _TICK_SECONDS))
                for key, _ in ready:
                    if key.fileobj is into:
                        data = self._write(data)
                        if not data:
                            selector.unregister(into)
                    elif not self._read(key.fd, out.fileno()):
                        selector.unregister(key.fileobj)
                if len(self._unread) > _MOST_REPLY_BYTES:
                    return Fault("crashed", "its answer has no end")
                if gone and not ready:
                    return Fault("crashed", _ending(process.returncode))
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _write(self, data: bytes) -> bytes:
        """Writes what fits; returns what is left, nothing if nobody reads any more."""
        assert self._process is not None  # noqa: S101
        assert self._process.stdin is not None  # noqa: S101
        try:
            return data[os.write(self._process.stdin.fileno(), data[:_READ_BYTES]) :]
        except BlockingIOError:
            return data
        except OSError:
            return b""

    def _read(self, handle: int, out: int) -> bool:
        """Takes what is there; False at the end."""
        try:
            data = os.read(handle, _READ_BYTES)
        except BlockingIOError:
            return True
        if handle == out:
            self._unread += data
        else:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
        return bool(data)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
