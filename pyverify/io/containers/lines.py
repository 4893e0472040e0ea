"""Lines of JSON, one record a line."""

from __future__ import annotations

from collections.abc import Iterator

from pyverify.io.blocks import Block, read_blocks
from pyverify.io.errors import DamagedError
from pyverify.io.lines import BrokenLine, JsonLine, read_line
from pyverify.io.sources import Source

_HEAD_BYTES = 64 << 20
_HEAD_LINES = 1 << 16


class Lines:
    """A file of lines of JSON; a `Container` that can be read in blocks of whole lines, too."""

    kind = "lines of JSON"

    def __init__(self, source: Source, first_number: int = 1) -> None:
        """Takes over an opened source."""
        self.name = source.name
        self.total_bytes = source.total_bytes
        self._source = source
        self._blocks = read_blocks(source, first_number)
        self._kept: list[Block | BrokenLine] = []
        self.damage: DamagedError | None = None

    @property
    def divisible(self) -> bool:
        """Whether some of its bytes can be read without those before them."""
        return not self._source.packed and self.total_bytes is not None

    def blocks(self) -> Iterator[Block | BrokenLine]:
        """Whole lines in blocks, from the first; a view lives until the next is asked for."""
        while self._kept:
            yield self._kept.pop(0)
        if self.damage is not None:
            raise self.damage
        yield from self._blocks

    def head(self, most: int) -> list[JsonLine | BrokenLine]:
        """The first records, up to so many good ones; they are read again later."""
        found: list[JsonLine | BrokenLine] = []
        good = 0
        for block in self._from_the_first():
            if isinstance(block, Block):
                for line in _read(block):
                    found.append(line)
                    good += isinstance(line, JsonLine)
                    if good == most or len(found) == _HEAD_LINES:
                        return found
        return found

    def mentions(self, word: bytes) -> bool:
        """Whether the head's bytes, which go far beyond its records, have a word somewhere."""
        views = (block.view for block in self._kept if isinstance(block, Block))
        return any(word in bytes(view) for view in views)

    def _from_the_first(self) -> Iterator[Block | BrokenLine]:
        """What has been kept and, up to the most bytes of a head, what follows; it is kept, too."""
        yield from self._kept
        size = sum(len(block.view) for block in self._kept if isinstance(block, Block))
        while size < _HEAD_BYTES and (block := self._next()) is not None:
            if isinstance(block, Block):
                # The reader's buffer is filled again for the next block.
                block = Block(memoryview(bytes(block.view)), block.first_line, block.line_count)
                size += len(block.view)
            self._kept.append(block)
            yield block

    def _next(self) -> Block | BrokenLine | None:
        """The next block, or None; a damage is told when the blocks are read again."""
        try:
            return next(self._blocks, None)
        except DamagedError as error:
            self.damage = error
            return None

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every line that is not blank."""
        for block in self.blocks():
            if isinstance(block, BrokenLine):
                yield block
            else:
                yield from _read(block)

    def bytes_read(self) -> int | None:
        """Bytes of the input taken so far, or None if unknown."""
        return self._source.bytes_read()

    def close(self) -> None:
        """Closes the source."""
        self._source.close()


def _read(block: Block) -> Iterator[JsonLine | BrokenLine]:
    for number, raw in block.lines():
        line = read_line(number, raw)
        if line is not None:
            yield line
