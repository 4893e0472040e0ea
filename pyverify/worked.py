"""Golds that are worked solutions: the answer stands at their end, after ``####`` or in a box."""

from __future__ import annotations

from typing import TypeVar

from pyverify.types import Kind
from pyverify.verify import extract

__all__ = ["final_gold"]

G = TypeVar("G")

# A worked solution marks its answer; a bare answer of this length does not hold a line break.
_MARKS = ("####", "\\boxed", "\\fbox")
_LISTED = (Kind.HASHES, Kind.BOXED)


def final_gold(gold: G) -> G | str:
    r"""The answer of a gold that is a worked solution; any other gold is returned as it is.

    A gold counts as a worked solution if text stands before a final ``#### …`` line or a box.

    Example:
        >>> final_gold("She pays 3 * 4 = 12 dollars.\n#### 12")
        '12'
        >>> final_gold("12")
        '12'
    """
    if not isinstance(gold, str):
        return gold
    text = gold.strip()
    if not any(mark in text for mark in _MARKS) or text.startswith(("\\boxed", "\\fbox", "$")):
        return gold
    found = extract(text)
    if found.answer is None or found.kind not in _LISTED or len(found.parts) > 1:
        return gold
    return found.answer
