"""Keeps two whole runs from working in one folder of parts at the same time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from pyverify.io import SourceError

LOCK = ".lock"
_WHO_BYTES = 200


class BusyError(SourceError):
    """Another run is at work in the folder."""


@contextlib.contextmanager
def folder_for(path: str, *, alone: bool) -> Iterator[None]:
    """Makes a folder of parts if there is none, and holds it while a run is at work there.

    The system lets go of it when the process ends, however it does. If nothing is in the folder
    in the end, it goes again.

    Args:
        path: The folder.
        alone: Whether no other run may hold it; shares of a run work side by side.

    Raises:
        BusyError: Another run holds it.
        SourceError: It cannot be written.
    """
    made = not os.path.isdir(path)
    try:
        os.makedirs(path, exist_ok=True)
        handle = _take(Path(path, LOCK)) if alone else None
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
    try:
        yield
    finally:
        if handle is not None:
            _release(Path(path, LOCK), handle)
        if made:
            with contextlib.suppress(OSError):
                os.rmdir(path)


def _take(lock: Path) -> int | None:
    """The open lock; None where files cannot be locked."""
    while True:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            # Who held it has just removed the folder.
            os.makedirs(lock.parent, exist_ok=True)
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(handle, _WHO_BYTES).decode("utf-8", "replace")
            os.close(handle)
            raise BusyError(
                f"another run is at work in {lock.parent}{who and f' ({who})'}: "
                "wait for it, or choose another -o"
            ) from None
        except OSError:
            os.close(handle)
            lock.unlink(missing_ok=True)
            return None
        if _is_at(lock, handle):
            os.ftruncate(handle, 0)
            os.write(handle, f"process {os.getpid()} on {os.uname().nodename}".encode())
            return handle
        # Who held it has removed it: it guards nothing any more.
        os.close(handle)


def _release(lock: Path, handle: int) -> None:
    # Only who holds it removes it, so what has its name stays what it is in between.
    if _is_at(lock, handle):
        lock.unlink()
    os.close(handle)


def _is_at(lock: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(lock), os.fstat(handle))
    except OSError:
        return False
