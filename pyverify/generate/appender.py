"""Lines of JSON appended to a file, each of them on its way to the disk at once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Appender", "line_of"]


def line_of(row: Mapping[str, object]) -> bytes:
    """A row as its line; half a surrogate pair becomes a question mark."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8", "replace") + b"\n"


class Appender:
    """Appends to a file. What was appended survives the end of the process, however it ends.

    Args:
        path: The file; it is made if it isn't there.
    """

    def __init__(self, path: Path) -> None:
        """Opens it."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._open = True

    def append(self, row: Mapping[str, object]) -> tuple[int, int]:
        """Appends a row.

        Returns:
            Where its line begins, and its size.
        """
        data = line_of(row)
        begin = os.lseek(self._file, 0, os.SEEK_END)
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        return begin, len(data)

    def close(self) -> None:
        """Closes it, if it is open."""
        if self._open:
            self._open = False
            os.close(self._file)
