"""Tables of texts, drawn for a terminal or in Markdown; names from files do no harm in either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LONGEST_NAME = 40
# What Markdown takes as it is; everything else goes into a code span.
_PLAIN = re.compile(r"(?!www\.)[A-Za-z0-9]+([ ._/+-][A-Za-z0-9]+)*", re.ASCII)

Row = tuple[str, Sequence[str]]
"""A name, as the file has it, and the figures."""


@dataclass(slots=True)
class Grid:
    """A table: a name and some figures in every row.

    Attributes:
        label: What the names are names of.
        columns: What the figures are.
        rows: What stands in it.
        notes: What is to be said below.
        fold: Which column a table that is too wide goes on with below, if it matters.
    """

    label: str
    columns: Sequence[str]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fold: int | None = None

    def without_empty_columns(self) -> Grid:
        """The table without the columns in which there is no figure."""
        kept = [
            i for i in range(len(self.columns)) if any(cells[i] != "-" for _, cells in self.rows)
        ]
        rows: list[Row] = [(name, [cells[i] for i in kept]) for name, cells in self.rows]
        return Grid(self.label, [self.columns[i] for i in kept], rows, self.notes)

    def as_text(self, width: int) -> list[str]:
        """The lines for a terminal; a table that is too wide goes on below."""
        names = [plain(self.label), *(plain(name) for name, _ in self.rows)]
        columns = [
            _aligned([column, *(cells[i] for _, cells in self.rows)])
            for i, column in enumerate(self.columns)
        ]
        first = max(map(_width, names))
        lines: list[str] = []
        for part in self._parts([len(column[0]) + 2 for column in columns], width - first):
            if lines:
                lines.append("")
            for i, name in enumerate(names):
                cells = [column[i] for column in columns[part]]
                if "".join(cells).strip():
                    lines.append("  ".join([name + " " * (first - _width(name)), *cells]))
        return [line.rstrip() for line in [*lines, *map(plain_line, self.notes)]]

    def _parts(self, widths: Sequence[int], room: int) -> Iterator[slice]:
        """The columns that stand beside each other where there is so much room."""
        begin = 0
        for i in range(1, len(widths)):
            wide = sum(widths[begin : i + 1]) > room
            if wide or (i == self.fold and sum(widths) > room):
                yield slice(begin, i)
                begin = i
        yield slice(begin, len(widths))

    def as_markdown(self) -> list[str]:
        """The lines of a table in Markdown."""
        lines = [
            _markdown_row([markdown(self.label), *self.columns]),
            _markdown_row([":--", *("--:" for _ in self.columns)]),
            *(_markdown_row([markdown(name), *cells]) for name, cells in self.rows),
        ]
        for note in self.notes:
            lines += ["", markdown_line(note)]
        return lines


def plain(text: str) -> str:
    """A name for a terminal: no control characters, and not too long.

    Paths and versions differ at their end as often as at their beginning: the middle is left out.
    """
    shown = plain_line(text)
    if len(shown) <= _LONGEST_NAME:
        return shown
    half = (_LONGEST_NAME - 1) // 2
    return shown[: _LONGEST_NAME - 1 - half] + "…" + shown[-half:]


def plain_line(text: str) -> str:
    """A line for a terminal: no control characters."""
    return "".join(c if c.isprintable() else "?" for c in text)


def markdown(text: str) -> str:
    """A name for a cell in Markdown, where nothing in it is markup, a link or a mention."""
    shown = plain(text)
    if _PLAIN.fullmatch(shown):
        return shown
    # Neither character can be escaped within code in a cell.
    return f"`{shown.replace('`', chr(0x27)).replace('|', '¦')}`"


def markdown_line(text: str) -> str:
    """A line of words and figures for Markdown; what could be markup is escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$!])", r"\\\1", plain_line(text))


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _aligned(cells: Sequence[str]) -> list[str]:
    """The cells of a column, to the right; a star behind a figure stands out of the digits' way."""
    if any(cell.endswith("*") for cell in cells):
        cells = [cell if cell.endswith("*") else cell + " " for cell in cells]
    width = max(map(_width, cells))
    return [" " * (width - _width(cell)) + cell for cell in cells]


def _width(text: str) -> int:
    """How many places a terminal gives a text: two to a Chinese character, none to an accent."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
