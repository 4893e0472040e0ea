"""What holds records: a file of lines, a table, an archive; what they mean is a layout's matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol, runtime_checkable

from pyverify.io.lines import BrokenLine, JsonLine


class Container(Protocol):
    """An opened input that is a sequence of records.

    Attributes:
        name: What messages and reports call it.
        kind: What it is, for messages.
        total_bytes: Its size, or None if unknown.
    """

    name: str
    kind: str
    total_bytes: int | None

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every record, numbered from 1, and everything that should have been one."""

    def bytes_read(self) -> int | None:
        """How much of the input has been taken, or None if unknown."""

    def close(self) -> None:
        """Closes it."""


@runtime_checkable
class Columnar(Container, Protocol):
    """A container that can read some of its columns without the others."""

    def narrowed(self, columns: Collection[str]) -> Iterator[JsonLine | BrokenLine]:
        """Every record from the first again, with those columns alone."""
