"""CSV and TSV: a row a record, the first row its names."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator

from pyverify.io.errors import SourceError
from pyverify.io.lines import MAX_LINE_BYTES, BrokenLine, JsonLine
from pyverify.io.sources import Source


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
        # A response is longer than what the module allows a cell to be.
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_BYTES))
        text = io.TextIOWrapper(self._source.stream, "utf-8-sig", "replace", newline="")
        rows = csv.reader(text, delimiter=self._delimiter, strict=True)
        number = 0
        try:
            names = self._names(rows)
            width = len(names)
            while True:
                try:
                    for row in rows:
                        if not row:
                            continue
                        number += 1
                        if len(row) == width:
                            cells = [cell or None for cell in row]
                            yield JsonLine(number, dict(zip(names, cells, strict=True)))
                        else:
                            problem = f"{len(row)} cells where the header has {width}"
                            yield BrokenLine(number, problem)
                    return
                except csv.Error as error:
                    number += 1
                    yield BrokenLine(number, f"not {self.kind}: {error}")
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{self.name} is damaged after row {number}: {error}") from None

    def _names(self, rows: Iterator[list[str]]) -> list[str]:
        names = next(rows, [])
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
