"""The answers of a task on disk: one line each, written as they come, put in order at the end.

Two files hold them. ``responses.jsonl`` is what is scored; while a run goes on lines are only
appended to it, so that the worst a sudden end leaves behind is half a line.
``responses.jsonl.unused`` holds answers that the last run didn't ask for, of other settings or of
samples beyond its number; a run that asks for them finds them there, and who reads a folder of
predictions passes them over.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

from pyverify.generate.appender import Appender, line_of
from pyverify.io.atomic import begin_file, publish

__all__ = ["Answers", "Key"]


class Key(NamedTuple):
    """What an answer is known by.

    Attributes:
        id: The problem's name.
        prompt: The digest of the prompt.
        settings: The digest of the other settings of the request.
        sample: Which of the problem's answers it is.
    """

    id: str
    prompt: str
    settings: str
    sample: int


class _Place(NamedTuple):
    file: Path
    offset: int
    size: int


class Answers:
    """The answers in a folder.

    Args:
        folder: The folder; it is made if it isn't there.
        remark: Told of lines that cannot be used.
    """

    def __init__(self, folder: Path, remark: Callable[[str], None]) -> None:
        """Reads what is there."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "responses.jsonl"
        self._unused = folder / "responses.jsonl.unused"
        self._remark = remark
        self._places: dict[Key, _Place] = {}
        self._read(self._unused)
        self._mend()
        self._read(self.path)
        self._appender = Appender(self.path)

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._appender.close()

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def add(self, key: Key, row: Mapping[str, object]) -> None:
        """Appends an answer; when this returns, the end of the process cannot lose it."""
        self._places[key] = _Place(self.path, *self._appender.append(row))

    def settle(self, wanted: Iterable[tuple[Key, Mapping[str, object]]]) -> int:
        """Puts the answers that are wanted in order, and the others aside.

        Args:
            wanted: What there should be, and what each row says besides the answer. A row without
                an answer that was ``refused`` is written, too.

        Returns:
            How many of the wanted ones have an answer.
        """
        found: set[Key] = set()
        self._appender.close()
        with contextlib.ExitStack() as stack:
            files = {
                path: stack.enter_context(open(path, "rb"))
                for path in (self.path, self._unused)
                if path.exists()
            }
            ordered = self._temporary(self._ordered(wanted, files, found))
            stack.callback(ordered.unlink, missing_ok=True)
            rest = [key for key in self._places if key not in found]
            others = self._temporary(_bytes(files, self._places[key]) for key in rest)
            stack.callback(others.unlink, missing_ok=True)
            for file in files.values():
                file.close()
            # The others first: should this end here, some answers are there twice, none never.
            publish(others, self._unused)
            publish(ordered, self.path)
        if not rest:
            self._unused.unlink()
        return len(found)

    def _ordered(
        self,
        wanted: Iterable[tuple[Key, Mapping[str, object]]],
        files: Mapping[Path, BinaryIO],
        found: set[Key],
    ) -> Iterable[bytes]:
        for key, row in wanted:
            place = self._places.get(key)
            if place is not None:
                found.add(key)
                yield line_of({**json.loads(_bytes(files, place)), **row})
            elif "refused" in row:
                yield line_of({**row, "sample": key.sample, "completion": None})

    def _temporary(self, lines: Iterable[bytes]) -> Path:
        handle, path = begin_file(str(self.path), self.path)
        try:
            with os.fdopen(handle, "wb") as file:
                for line in lines:
                    file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _mend(self) -> None:
        """Cuts off half a line that a sudden end left."""
        if not self.path.exists():
            return
        with open(self.path, "rb+") as file:
            size = file.seek(0, os.SEEK_END)
            end = _end_of_last_line(file, size)
            if end < size:
                file.truncate(end)
                self._remark(f"{self.path}: half a line at the end is dropped and asked for again")

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        offset = 0
        with open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                key = self._key(path, number, line)
                if key is not None:
                    self._places[key] = _Place(path, offset, len(line))
                offset += len(line)

    def _key(self, path: Path, number: int, line: bytes) -> Key | None:
        try:
            row = json.loads(line)
            if row["completion"] is None:
                return None  # what was refused may be tried again
            key = Key(row["id"], row["prompt_digest"], row["settings_digest"], row["sample"])
            if not all(isinstance(part, str) for part in key[:3]) or type(key.sample) is not int:
                raise ValueError(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            self._remark(f"{path}, line {number}: no answer can be read here; it is asked again")
            return None
        return key


def _bytes(files: Mapping[Path, BinaryIO], place: _Place) -> bytes:
    file = files[place.file]
    file.seek(place.offset)
    return file.read(place.size)


def _end_of_last_line(file: BinaryIO, size: int) -> int:
    """Where the last whole line ends."""
    end = size
    while end > 0:
        begin = max(0, end - (1 << 16))
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0
