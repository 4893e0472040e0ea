r"""A problem's text boiled down, so that copies of it meet whatever their spaces and LaTeX trivia.

What is left are letters and digits: brackets, dollars, accents of typing and the spacing commands
that copies differ in are gone, and so is the difference between ``\dfrac`` and ``\frac``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Commands that say how a thing looks, not what it is: copies add and drop them.
_TRIVIA = frozenset(
    (
        "left",
        "right",
        "big",
        "Big",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "bigg",
        "Bigg",
        "quad",
        "qquad",
        "displaystyle",
        "textstyle",
        "limits",
        "text",
        "textrm",
        "textbf",
        "textit",
        "mathrm",
        "mathbf",
        "mathit",
        "mbox",
        "hbox",
        "rm",
        "bf",
        "it",
    )
)
_SAME = {"dfrac": "frac", "tfrac": "frac", "dbinom": "binom", "tbinom": "binom", "le": "leq"}
_SAME |= {"ge": "geq", "ne": "neq", "degree": "circ"}

_MAX_CHARS = 1 << 16
"""So much of a prompt's end is looked at; the problem asked stands there."""

_ANCHOR = 12
"""Letters of a problem's end by which it is looked for inside a prompt."""


def boiled(text: str) -> str:
    r"""The letters and digits of a problem.

    Example:
        >>> boiled(r"What is $\dfrac{1}{2}$ of\quad 4?") == boiled("What is \\frac12 of 4 ?")
        True
    """
    out: list[str] = []
    i, size = 0, len(text)
    while i < size:
        c = text[i]
        if c == "\\":
            end = i + 1
            while end < size and text[end].isascii() and text[end].isalpha():
                end += 1
            name = text[i + 1 : end]
            if name and name not in _TRIVIA:
                out.append(_SAME.get(name, name))
            i = max(end, i + 1 if name else i + 2)
            continue
        out.append(c)
        i += 1
    plain = unicodedata.normalize("NFKC", "".join(out)).lower()
    return "".join(c for c in plain if c.isalnum())


class ProblemTexts:
    """Finds the problem that a text is, or that a prompt asks.

    Args:
        texts: The problems' texts by key; of two equal ones the first is found.
    """

    def __init__(self, texts: Mapping[int, str]) -> None:
        self._exact: dict[str, int] = {}
        self._by_end: dict[str, list[tuple[str, int]]] = {}
        for key, text in texts.items():
            plain = boiled(text)
            if not plain or plain in self._exact:
                continue
            self._exact[plain] = key
            if len(plain) >= _ANCHOR:
                self._by_end.setdefault(plain[-_ANCHOR:], []).append((plain, key))

    def find(self, text: str) -> int | None:
        """The key of a problem, or None: one that the text is, else the last one it contains."""
        plain = boiled(text[-_MAX_CHARS:])
        known = self._exact.get(plain)
        return known if known is not None else self._inside(plain)

    def _inside(self, prompt: str) -> int | None:
        # From the end: examples of how to answer stand before the problem that is asked.
        for end in range(len(prompt), _ANCHOR - 1, -1):
            found = [
                (len(problem), key)
                for problem, key in self._by_end.get(prompt[end - _ANCHOR : end], ())
                if prompt.endswith(problem, 0, end)
            ]
            if found:
                return max(found)[1]
        return None
