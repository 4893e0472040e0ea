"""CSV and TSV: a row a record, the first row its names."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator

from pyverify.io.errors import DamagedError, SourceError
from pyverify.io.lines import MAX_LINE_BYTES, TOO_LONG, BrokenLine, Json, JsonLine
from pyverify.io.sources import Source

# Little enough for a core to have it at hand.
_STEP = 1 << 17
# Up to the closing quote or the end; so many doubled quotes at once, for each takes memory.
_UNQUOTED = re.compile(rb'[^"]*(?:""[^"]*){0,1000}')


class Table:
    """A table of text; a `Container`. A cell is a text, an empty one nothing.

    Rows are numbered from 1, the header not counted.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        """Takes over an opened source."""
        self.name = source.name
        self.kind = "TSV" if delimiter == "\t" else "CSV"
        self.total_bytes = source.total_bytes
        self._source = source
        self._delimiter = delimiter

    def records(self) -> Iterator[JsonLine | BrokenLine]:
        """Every row; one with too many or too few cells is broken."""
        rows = _Rows(self._source, self._delimiter)
        names = self._names(rows)
        width = rows.width = len(names)
        for number, row in enumerate(rows, start=1):
            if isinstance(row, str):
                yield BrokenLine(number, f"not {self.kind}: {row}")
            elif len(row) == width:
                yield JsonLine(number, dict(zip(names, row, strict=True)))
            else:
                yield BrokenLine(number, f"{len(row)} cells where the header has {width}")

    def _names(self, rows: _Rows) -> list[str]:
        header = next(rows, [])
        if isinstance(header, str):
            raise SourceError(f"{self.name}: the header is not {self.kind}: {header}")
        names = [str(cell or "") for cell in header]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise SourceError(f"{self.name}: two columns have the name {twice!r}")
        return names

    def bytes_read(self) -> int | None:
        """Bytes of the input taken so far, or None if unknown."""
        return self._source.bytes_read()

    def close(self) -> None:
        """Closes the source."""
        self._source.close()


class _CutOffError(Exception):
    """The row goes on behind what has been read."""


class _BrokenRowError(Exception):
    """A row is not quoted as it should be.

    Attributes:
        at: Where to go on, if nowhere before.
        quote: Where the quote is that closes what should have been closed before; 0 for none.
    """

    def __init__(self, problem: str, at: int, quote: int = 0) -> None:
        super().__init__(problem)
        self.at = at
        self.quote = quote


class _Rows(Iterator["list[Json] | str"]):
    """The rows of a table, each as its cells, or as what is wrong with it; no blank ones.

    Python's own module looks at every character, which for cells as long as responses is most of
    a run's time. This one looks for quotes and delimiters, among bytes: that is the fastest search
    there is, and no byte of another character looks like one of them.

    Attributes:
        width: How many cells a row has, as far as it is known.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        self._source = source
        self._delimiter = delimiter.encode()
        self._text = b""
        self._at = 0
        self._begun = False
        self._ended = False
        self.width = 0

    def __next__(self) -> list[Json] | str:
        while True:
            try:
                row = self._row()
            except _CutOffError:
                if len(self._text) - self._at > MAX_LINE_BYTES:
                    said = self._go_on(_BrokenRowError(TOO_LONG, len(self._text)))
                    return said if self._at < len(self._text) else self._give_up(TOO_LONG)
                self._fill(max(_STEP, len(self._text) - self._at))
                continue
            except _BrokenRowError as error:
                return self._go_on(error)
            if row != [None]:
                return row

    def _row(self) -> list[Json]:
        """The next row; leaves the place behind it."""
        text, delimiter, at = self._text, self._delimiter, self._at
        if at == len(text) and self._ended:
            raise StopIteration
        row: list[Json] = []
        line_end = -1
        while True:
            if text.startswith(b'"', at):
                cell, at = self._quoted(at + 1)
            else:
                if line_end < at:
                    line_end = text.find(b"\n", at)
                    if line_end < 0 and not self._ended:
                        raise _CutOffError
                    line_end = len(text) if line_end < 0 else line_end
                end = text.find(delimiter, at, line_end)
                if end < 0:
                    end = line_end - text.endswith(b"\r", at, line_end)
                cell, at = text[at:end], end
            row.append(cell.decode("utf-8", "replace") or None)
            if text.startswith(delimiter, at):
                at += 1
                continue
            at += text.startswith(b"\r", at)
            if at < len(text) and not text.startswith(b"\n", at):
                raise _BrokenRowError("text behind a closing quote", self._next_line(at), at)
            self._at = min(at + 1, len(text))
            return row

    def _quoted(self, begin: int) -> tuple[bytes, int]:
        """A cell that is quoted, and the place behind its closing quote."""
        text = self._text
        end = begin
        while True:
            end = _UNQUOTED.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing
            if not text.startswith(b'""', end):
                break
        # What follows the last character read, a second quote or a line break, is not known yet.
        if end + 2 >= len(text) and not self._ended:
            raise _CutOffError
        if end == len(text):
            raise _BrokenRowError("a quote that is never closed", len(text))
        # Faster than to replace them.
        return b'"'.join(text[begin:end].split(b'""')), end + 1

    def _go_on(self, error: _BrokenRowError) -> str:
        """Goes on behind a broken row, or within what it has taken; what is said of it.

        A quote that is not closed takes the rows behind it, up to the next that has a quote. If its
        line has all cells that a row has, the next line is a row; if not, the line of that quote
        is, provided that two rows in succession are as wide as the header.
        """
        text, begin = self._text, self._at
        line_end = text.find(b"\n", begin, error.at)
        starts = [text.rfind(b"\n", begin, error.quote) + 1]
        if text.count(self._delimiter, begin, max(line_end, begin)) + 1 >= self.width:
            starts.insert(0, line_end + 1)
        at = next((at for at in starts if begin < at < error.at and self._goes_on(at)), error.at)
        self._at = at
        lines = text.count(b"\n", begin, at)
        return f"{error}; {lines:,} lines are lost by it" if lines > 1 else str(error)

    def _goes_on(self, at: int) -> bool:
        self._at = at
        return self._is_row() and self._is_row()

    def _is_row(self) -> bool:
        """Whether a whole row follows, or the end; then it is passed over."""
        try:
            return len(self._row()) == self.width > 1
        except StopIteration:
            return True
        except (_CutOffError, _BrokenRowError):
            return False

    def _next_line(self, at: int) -> int:
        end = self._text.find(b"\n", at)
        if end < 0 and not self._ended:
            raise _CutOffError
        return len(self._text) if end < 0 else end + 1

    def _give_up(self, problem: str) -> str:
        """Nothing tells where the next row would begin: the rest is passed over."""
        while not self._ended:
            self._at = len(self._text)
            self._fill(_STEP)
        self._at = len(self._text)
        return problem

    def _fill(self, size: int) -> None:
        try:
            data = self._source.stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedError(f"{self._source.name} is damaged: {error}") from None
        self._ended = not data
        if not self._begun:
            data = data.removeprefix(codecs.BOM_UTF8)
            self._begun = True
        self._text = self._text[self._at :] + data
        self._at = 0
