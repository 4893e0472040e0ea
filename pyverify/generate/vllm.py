"""A vLLM server of our own, for as long as a run takes."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

__all__ = ["VllmError", "serving"]

_POLL_SECONDS = 0.25
_STOP_SECONDS = 20.0
_LOG_LINES = 12
_PR_SET_PDEATHSIG = 1


class VllmError(Exception):
    """The server doesn't start; the message says why, as far as is known."""


@contextlib.contextmanager
def serving(
    model: str, arguments: Sequence[str], log: Path, *, wait: float, remark: Callable[[str], None]
) -> Iterator[str]:
    """Starts ``vllm serve`` and stops it in the end, whatever happens.

    Args:
        model: A folder, or a name that vLLM knows.
        arguments: Further arguments.
        log: The file for what it says.
        wait: Seconds until it must be ready.
        remark: Told that it starts and is ready.

    Yields:
        The address to ask.

    Raises:
        VllmError: There is no vLLM, it ended, or it isn't ready in time.
    """
    command = [_vllm(), "serve", model, "--host", "127.0.0.1", "--port", str(port := _free_port())]
    remark(f"vllm: loading {model}; it writes to {log}")
    start = time.monotonic()
    # A group of its own: Ctrl-C must reach it only when its requests are done with.
    with open(log, "wb") as said:
        child = subprocess.Popen(  # noqa: S603
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    try:
        _wait_until_ready(child, port, log, start + wait)
        remark(f"vllm: ready after {time.monotonic() - start:.0f} s")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        _stop(child)


def _vllm() -> str:
    """The command of this environment, else one on the path."""
    beside = Path(sys.executable).with_name("vllm")
    found = str(beside) if beside.exists() else shutil.which("vllm")
    if found is None:
        raise VllmError(
            "vllm isn't installed here: pip install vllm, or start a server elsewhere and give "
            "its address, as --model http://HOST:8000/v1"
        )
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(child: subprocess.Popen[bytes], port: int, log: Path, end: float) -> None:
    while not _healthy(port):
        if child.poll() is not None:
            raise VllmError(f"vllm ended with code {child.returncode}:\n{_last_lines(log)}")
        if time.monotonic() > end:
            raise VllmError(f"vllm isn't ready in time (--vllm-wait); it said\n{_last_lines(log)}")
        time.sleep(_POLL_SECONDS)


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _last_lines(log: Path) -> str:
    lines = log.read_bytes()[-8192:].decode("utf-8", "replace").splitlines()[-_LOG_LINES:]
    return "\n".join(f"  {line}" for line in lines)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Ends it with all its own children: politely, then not."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _die_with_parent() -> None:
    """Even a kill of this process that cannot be caught must not leave a server behind."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
