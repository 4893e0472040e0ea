"""The parts of a long response that a reader wants: its beginning, its answer, its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pyverify.evaluate.page.visible import visible

Piece: TypeAlias = "str | dict[str, str] | dict[str, int]"
"""Text as it stands, ``{"mark": answer}``, or ``{"gap": characters left out}``."""

_HEAD, _AROUND, _TAIL = 300, 300, 1500
# A gap shorter than the words that would stand for it isn't worth them.
_SMALLEST_GAP = 40


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Parts of a text; smaller ones can still be cut from it.

    Attributes:
        length: Characters of the whole text.
        span: Where the answer stands in it, or None.
        parts: What was kept, each with its place.
    """

    length: int
    span: tuple[int, int] | None
    parts: tuple[tuple[int, str], ...]

    def pieces(self, scale: float = 1.0) -> list[Piece]:
        """The text with its answer marked and its gaps counted.

        Args:
            scale: 1 for everything that was kept, less for shorter parts.
        """
        found: list[Piece] = []
        end = 0
        for start, stop in _windows(self.length, self.span, scale):
            if start > end:
                found.append({"gap": start - end})
            found.extend(self._marked(start, stop))
            end = stop
        if end < self.length:
            found.append({"gap": self.length - end})
        return found

    def _marked(self, start: int, stop: int) -> list[Piece]:
        first, last = self.span or (stop, stop)
        first, last = min(max(first, start), stop), min(max(last, start), stop)
        pieces: list[Piece] = []
        for begin, end, marked in ((start, first, False), (first, last, True), (last, stop, False)):
            text = visible(self._text(begin, end))
            if text:
                pieces.append({"mark": text} if marked else text)
        return pieces

    def _text(self, begin: int, end: int) -> str:
        for at, text in self.parts:
            if at <= begin < at + len(text):
                return text[begin - at : end - at]
        return ""


def excerpt(text: str, span: tuple[int, int] | None = None) -> Excerpt:
    """Cuts the parts that a page may show out of a response.

    Args:
        text: The response.
        span: Where its answer stands.
    """
    windows = _windows(len(text), span, 1.0)
    return Excerpt(len(text), span, tuple((a, text[a:b]) for a, b in windows))


def _windows(length: int, span: tuple[int, int] | None, scale: float) -> list[tuple[int, int]]:
    """Places in order, none of which touch. Smaller scales give parts of what larger ones give."""
    head, around, tail = (int(size * scale) for size in (_HEAD, _AROUND, _TAIL))
    wanted = [(0, head), (length - tail, length)]
    if span is not None:
        # Of an answer longer than what surrounds it, both ends.
        wanted += [(span[0] - around, span[0] + around), (span[1] - around, span[1] + around)]
    windows: list[tuple[int, int]] = []
    for start, stop in sorted((max(a, 0), min(b, length)) for a, b in wanted):
        if stop <= start:
            continue
        if windows and start - windows[-1][1] < _SMALLEST_GAP:
            windows[-1] = (windows[-1][0], max(stop, windows[-1][1]))
        else:
            windows.append((start, stop))
    return windows
