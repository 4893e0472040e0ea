"""The first file's rows while the second one is read: on disk, a few bytes of each in memory."""

from __future__ import annotations

import json
import tempfile
from types import TracebackType

__all__ = ["Spool"]


class Spool:
    """Values written one after the other and read again from where they stand."""

    def __init__(self) -> None:
        """Opens a file that goes with the process."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0

    def write(self, value: object) -> int:
        """Appends a value; returns where it stands."""
        begin = self._end
        self._end += self._file.write(json.dumps(value).encode() + b"\n")
        return begin

    def read(self, begin: int) -> object:
        """The value that stands there."""
        self._file.seek(begin)
        value: object = json.loads(self._file.readline())
        self._file.seek(self._end)
        return value

    def __enter__(self) -> Spool:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forgets everything."""
        self._file.close()
