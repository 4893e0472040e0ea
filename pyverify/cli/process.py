"""What surrounds the command: streams that lack letters, and a request to end."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

__all__ = ["Ending", "plain_streams", "polite_end", "stream_name", "was_interrupted"]

_PLAIN = {"±": "+-", "–": "-", "…": "...", "≤": "<=", "→": "->", "·": "-", "¦": "|"}


@dataclass(slots=True)
class Ending:
    """How the command ends.

    Attributes:
        asked: Whether the process was asked to end.
    """

    asked: bool = False


def was_interrupted(error: BaseException) -> bool:
    """Whether it is an interruption, or what Python or a library has made of one.

    Python before 3.12 makes a `RuntimeError` of what comes up in ``__set_name__``, for instance
    while a module is imported.
    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, KeyboardInterrupt):
        found = found.__cause__
    return found is not None


@contextlib.contextmanager
def polite_end() -> Iterator[Ending]:
    """Takes SIGTERM, by which Slurm and Docker end a process, as Ctrl-C is taken.

    Only once: what keeps the results so far must not be interrupted itself. Nothing changes in
    another than the main thread, or where the signal is somebody else's already.
    """
    ending = Ending()

    def end(_number: int, _frame: FrameType | None) -> None:
        if not ending.asked:
            ending.asked = True
            raise KeyboardInterrupt

    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if ours:
        signal.signal(signal.SIGTERM, end)
    try:
        yield ending
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def plain_streams() -> None:
    """Has a terminal that lacks a letter show another one, instead of failing.

    A stream that the process was started without is nothing: nothing to read, nothing that reads.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  # as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="pyverify.plain")


def stream_name(target: str | None) -> str:
    """What an output is called where it cannot be written."""
    return "standard output" if target in (None, "-") else str(target)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in missing), error.end


codecs.register_error("pyverify.plain", _plain)
