"""Whole lines in blocks of some megabytes, for readers that take many lines at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyverify.io.errors import DamagedError
from pyverify.io.lines import MAX_LINE_BYTES, TOO_LONG, BrokenLine
from pyverify.io.sources import Source

BLOCK_BYTES = 4 << 20
"""What a block is filled up to; a longer line makes a longer block."""
_READ_BYTES = 1 << 18
_PIECE_LINES = 1 << 16
_PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other; only at the file's end may the last lack its line break.

    Attributes:
        view: The bytes, valid until the next block but one is asked for.
        first_line: The number of the first line, from 1.
        line_count: How many lines there are, about.
    """

    view: memoryview
    first_line: int
    line_count: int

    def pieces(self) -> Iterator[Block]:
        """The block in pieces of not too many lines: what is made of a line has its size, too."""
        if self.line_count <= _PIECE_LINES:
            yield self
            return
        text, number, begin = bytes(self.view), self.first_line, 0
        while begin < len(text):
            end = text.rfind(b"\n", begin, begin + _PIECE_BYTES) + 1
            if end == 0:
                end = text.find(b"\n", begin + _PIECE_BYTES) + 1 or len(text)
            count = text.count(b"\n", begin, end)
            yield Block(self.view[begin:end], number, count)
            number, begin = number + count, end

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each line."""
        text = bytes(self.view)
        number, begin = self.first_line, 0
        while begin < len(text):
            end = text.find(b"\n", begin)
            end = len(text) if end < 0 else end
            yield number, text[begin:end]
            number, begin = number + 1, end + 1


def read_blocks(source: Source, first_line: int = 1) -> Iterator[Block | BrokenLine]:
    """Yields the lines of a source in blocks; a line that is too long comes as a broken one.

    Raises:
        SourceError: If the file itself gives out half-way, a damaged gzip for instance.
    """
    # Two, filled in turn: one is read from while the other is filled.
    buffer, other = bytearray(BLOCK_BYTES), bytearray(BLOCK_BYTES)
    filled, number, skipping = 0, first_line, False
    ended, damage = False, None
    while not ended:
        filled, damage = _fill(source, buffer, filled)
        ended = filled < len(buffer) or damage is not None
        if skipping:
            # The rest of a line that is too long; its number has been counted.
            behind = buffer.find(b"\n", 0, filled) + 1
            skipping = behind == 0
            filled = 0 if skipping else _move(buffer, behind, filled)
            if skipping or not ended:
                continue
        # Behind a damage nobody knows how the last line goes on.
        cut = filled if ended and damage is None else buffer.rfind(b"\n", 0, filled) + 1
        if cut:
            lines = buffer.count(b"\n", 0, cut)
            yield Block(memoryview(buffer)[:cut], number, lines)
            # Only now is the block before this one done with.
            if len(other) < len(buffer):
                other = bytearray(len(buffer))
            left = filled - cut
            other[:left] = memoryview(buffer)[cut:filled]
            buffer, other = other, buffer
            number, filled = number + lines, left
        elif ended:
            pass
        elif len(buffer) <= MAX_LINE_BYTES:
            buffer = buffer + bytes(min(len(buffer), MAX_LINE_BYTES + 1 - len(buffer)))
        else:
            yield BrokenLine(number, TOO_LONG)
            number, filled, skipping = number + 1, 0, True
    if damage is not None:
        raise DamagedError(f"{source.name} is damaged in line {number}: {damage}")


def read_ahead(blocks: Iterator[Block | BrokenLine]) -> Iterator[Block | BrokenLine]:
    """Reads the next block in a thread of its own while one is worked on."""
    with ThreadPoolExecutor(1, "pyverify-read") as thread:
        following = thread.submit(next, blocks, None)
        while (block := following.result()) is not None:
            following = thread.submit(next, blocks, None)
            yield block


def _fill(source: Source, buffer: bytearray, filled: int) -> tuple[int, Exception | None]:
    """Reads until the buffer is full or the source ends; how full it is, and what went wrong."""
    with memoryview(buffer) as view:
        while filled < len(buffer):
            try:
                # In pieces: what a failing read has read is lost.
                read = source.stream.readinto(view[filled : filled + _READ_BYTES])  # type: ignore[attr-defined]  # has it
            except (OSError, EOFError, zlib.error) as error:
                return filled, error
            if not read:
                break
            filled += read
    return filled, None


def _move(buffer: bytearray, begin: int, end: int) -> int:
    """Moves what is left to the front; how much it is."""
    buffer[: end - begin] = buffer[begin:end]
    return end - begin
