"""One input opened for reading: its records, and the fields that they are read by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

from pyverify.io.blocks import Block, read_blocks
from pyverify.io.fields import SAMPLE_ROWS, Fields, FieldsError, detect_fields
from pyverify.io.lines import BrokenLine, Json, JsonLine, read_line
from pyverify.io.sources import Source, SourceError, open_source

Settle = Callable[[Sequence[dict[str, Json]]], Fields]
"""Looks at the first records and says what is fixed about the fields."""


def open_records(
    name: str, fixed: Fields | Settle, *, need_gold: bool = True, need_response: bool = True
) -> Records:
    """Opens an input and settles how it is read.

    Args:
        name: A file, or ``-`` for standard input.
        fixed: Fields the caller named, or what names them when it has seen the first records.
        need_gold: False when the golds come from elsewhere.
        need_response: False for a file of golds alone.

    Raises:
        SourceError: It cannot be read, or holds no record.
        FieldsError: Its fields are not clear.
    """
    source = open_source(name)
    try:
        return Records(source, fixed, need_gold, need_response)
    except BaseException:
        source.close()
        raise


class Records:
    """An input whose fields are settled; a context manager, read once.

    Attributes:
        source: What messages and reports call it.
        total_bytes: Its size, or None if unknown.
        layout: What wrote it.
        fields: Where things are.
        head: The first records.
        repeated: Records passed over because another one holds the same response.
        plain: Whether the fields alone say how its records, which are lines of JSON, are read: then
            `blocks` may be read instead.
    """

    def __init__(
        self, source: Source, fixed: Fields | Settle, need_gold: bool, need_response: bool
    ) -> None:
        """Takes over an opened source; see `open_records`."""
        self.source = source.name
        self.total_bytes = source.total_bytes
        self.layout = "lines of JSON"
        self.repeated = 0
        self._source = source
        self._blocks = read_blocks(source)
        self._first: list[Block | BrokenLine] = []
        self.head = self._read_head()
        known = fixed if isinstance(fixed, Fields) else fixed(self.head)
        try:
            self.fields = detect_fields(
                self.head, known, need_gold=need_gold, need_response=need_response
            )
        except FieldsError as error:
            raise type(error)(f"{source.name}: {error}") from None
        # lm-eval writes a line per answer filter, each with the same responses.
        self._filter = next((row["filter"] for row in self.head if _is_filtered(row)), None)
        self.plain = self._filter is None

    def _read_head(self) -> list[dict[str, Json]]:
        head: list[dict[str, Json]] = []
        broken = 0
        for block in self._blocks:
            if isinstance(block, Block):
                # The reader's buffer is filled again for the next block.
                block = Block(memoryview(bytes(block.view)), block.first_line)
                for number, raw in block.lines():
                    line = read_line(number, raw)
                    if isinstance(line, JsonLine):
                        head.append(line.value)
                    broken += isinstance(line, BrokenLine)
                    if len(head) == SAMPLE_ROWS:
                        break
            self._first.append(block)
            if len(head) == SAMPLE_ROWS:
                break
        if not head:
            wrong = "not one line is a JSON object; lines of JSON are expected"
            raise SourceError(f"{self.source}: {wrong}" if broken else f"{self.source} is empty")
        return head

    def __enter__(self) -> Records:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the input."""
        self._source.close()

    def bytes_read(self) -> int | None:
        """Bytes of the input taken so far, or None if unknown."""
        return self._source.bytes_read()

    def blocks(self) -> Iterator[Block | BrokenLine]:
        """Whole lines in blocks, from the first; a view lives until the next is asked for."""
        while self._first:
            yield self._first.pop(0)
        yield from self._blocks

    def __iter__(self) -> Iterator[JsonLine | BrokenLine]:
        """Every record and every broken line, in order."""
        for block in self.blocks():
            if isinstance(block, BrokenLine):
                yield block
                continue
            for number, raw in block.lines():
                line = read_line(number, raw)
                if line is None:
                    continue
                if isinstance(line, JsonLine) and self._is_repeated(line.value):
                    self.repeated += 1
                    continue
                yield line

    def _is_repeated(self, row: dict[str, Json]) -> bool:
        return self._filter is not None and _is_filtered(row) and row["filter"] != self._filter


def _is_filtered(row: dict[str, Json]) -> bool:
    return "filter" in row and "resps" in row
