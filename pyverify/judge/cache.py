"""Votes that were paid for once: in memory, or in a file that processes share.

A cache never stands in the way: a file that is locked, full or broken is said once in the log, and
the judge goes on without. Only verdicts are kept, never failures.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from typing import Protocol

from pyverify.judge.values import VoteVerdict

__all__ = ["Cache", "FileCache", "MemoryCache", "open_cache"]

logger = logging.getLogger("pyverify.judge")

_ENTRIES = 65_536
# Writers wait for each other; the loop that waits also serves the requests on their way.
_BUSY_MILLISECONDS = 250
# Making the file takes longer when many processes start at once.
_OPEN_SECONDS = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS votes (
  key BLOB PRIMARY KEY, verdict TEXT NOT NULL, reply TEXT NOT NULL
) WITHOUT ROWID
"""


class Cache(Protocol):
    """Where votes are kept: a key to a verdict and the raw reply."""

    def get(self, key: bytes) -> tuple[VoteVerdict, str] | None:
        """What is kept under the key."""

    def put(self, key: bytes, verdict: VoteVerdict, reply: str) -> None:
        """Keeps a vote."""

    def close(self) -> None:
        """Lets go of what it holds open."""


class MemoryCache:
    """The last votes of this process, 65,536 at most."""

    def __init__(self) -> None:
        """Empty at first."""
        self._votes: OrderedDict[bytes, tuple[VoteVerdict, str]] = OrderedDict()

    def get(self, key: bytes) -> tuple[VoteVerdict, str] | None:
        """What is kept under the key."""
        found = self._votes.get(key)
        if found is not None:
            self._votes.move_to_end(key)
        return found

    def put(self, key: bytes, verdict: VoteVerdict, reply: str) -> None:
        """Keeps a vote, and forgets the one that was not asked for the longest."""
        self._votes[key] = (verdict, reply)
        self._votes.move_to_end(key)
        if len(self._votes) > _ENTRIES:
            self._votes.popitem(last=False)

    def close(self) -> None:
        """Nothing is open."""


# SQLite keeps what it knows of its locks in the process: a fork while a file is open would leave
# the child with locks that it doesn't hold. So every file is closed before a fork, under this lock,
# and opened again when it is next needed, in both.
_lock = threading.Lock()
_open: set[FileCache] = set()


class FileCache:
    """Votes in an SQLite file (WAL), safe to share between threads and processes of one machine.

    Args:
        path: The file; it is made if it isn't there. Not on a network file system.
    """

    def __init__(self, path: str) -> None:
        """Opens nothing yet."""
        self._path = os.path.abspath(path)
        self._connection: sqlite3.Connection | None = None
        self._broken = False

    def get(self, key: bytes) -> tuple[VoteVerdict, str] | None:
        """What is kept under the key; None as well if the file can't be read now."""
        rows = self._run("SELECT verdict, reply FROM votes WHERE key = ?", (key,))
        for verdict, reply in rows:
            if verdict in ("right", "wrong") and isinstance(reply, str):
                return verdict, reply
        return None

    def put(self, key: bytes, verdict: VoteVerdict, reply: str) -> None:
        """Keeps a vote, if the file can be written now."""
        self._run("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", (key, verdict, reply))

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[VoteVerdict, object]]:
        with _lock:
            try:
                return self._connected().execute(statement, values).fetchall()
            except sqlite3.Error as error:
                if not self._broken:
                    self._broken = True
                    logger.warning(
                        "the judge's cache %s fails (%s); votes that it can't keep are asked "
                        "again. Move the file away or name another.",
                        self._path,
                        error,
                    )
                return []

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(
                self._path, timeout=_OPEN_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                # The last votes may be lost with the machine's power, which costs a question each.
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute(_SCHEMA)
                connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
            _open.add(self)
        return self._connection

    def close(self) -> None:
        """Closes the file; it opens again if it is needed."""
        with _lock:
            self._let_go()

    def _let_go(self) -> None:
        _open.discard(self)
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_cache(path: str | None) -> Cache:
    """The cache of a judge: a file, or memory where there is no path."""
    return MemoryCache() if path is None else FileCache(path)


def _before_fork() -> None:
    _lock.acquire()
    for cache in list(_open):
        cache._let_go()


if hasattr(os, "register_at_fork"):  # not on every system
    os.register_at_fork(
        before=_before_fork, after_in_parent=_lock.release, after_in_child=_lock.release
    )
