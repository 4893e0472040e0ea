"""Tokens of a text with other tokens put behind some of it, without spelling it all anew.

Text that is tokenised again is not what a policy sampled: it may have spelt the same text by other
tokens, whose probabilities are others. So its tokens stay, and only the join is tokenised again:
some text before it, for the tokenizer to see what it would see, and what is put there. Behind the
last place where both spellings have a token end, the new one is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyverify.rlpr.tokens import Tokens

# How many tokens before the join are spelt again. Fewer help where a tokenizer rewrites text that
# the model wrote (a normal form of Unicode); none is the last resort.
_WINDOWS = (12, 3, 0)

# The last tokens of a response, most of which have its answer in them.
_TAIL = 32


@dataclass(frozen=True, slots=True)
class Joined:
    """Where to cut, and what follows.

    Attributes:
        cut: How many of the old tokens stay.
        between: New tokens between those and the reference's.
        reference: Tokens that have a character of the reference in them: the first may have some of
            what stands before it, such as the space in " 4".
        respelled: Old tokens before the join that did not stay.
    """

    cut: int
    between: list[int]
    reference: list[int]
    respelled: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A join: tokens, and how many of them stand before it as a whole.

    Attributes:
        ids: The old tokens, as far left as the join could concern.
        text: Theirs.
        stop: How many characters of it stay.
        inside: How many tokens lie in these as a whole.
        start: How many tokens come before `ids`.
    """

    ids: Sequence[int]
    text: str
    stop: int
    inside: int
    start: int


def join(
    tokens: Tokens, ids: Sequence[int], text: str, stop: int, middle: str, reference: str
) -> Joined | None:
    """Puts a text behind the beginning of another that is given as tokens.

    Args:
        tokens: The tokenizer.
        ids: Tokens.
        text: Theirs.
        stop: How many characters of it stay.
        middle: What comes behind them.
        reference: What comes behind that, not empty.

    Returns:
        None where the tokenizer's words don't fit together: decoded ids are no part of `text`, or
        what is encoded decodes to something else.
    """
    place = _place(tokens, ids, text, stop)
    if place is None:
        return None
    for window in _WINDOWS:
        found = _respell(tokens, place, window, middle, reference)
        if found is not None:
            return found
    return None


def _place(tokens: Tokens, ids: Sequence[int], text: str, stop: int) -> _Place | None:
    """The join in a tail of the tokens that is long enough."""
    size = _TAIL
    while True:
        start = max(0, len(ids) - size)
        tail = ids[start:]
        shown = tokens.decode(tail) if start else text
        before = len(text) - len(shown)
        if not start or (before < stop and text.endswith(shown)):
            inside = tokens.count_within(tail, shown, stop - before)
            if inside is not None and (inside >= _WINDOWS[0] or not start):
                return _Place(tail, shown, stop - before, inside, start)
        if not start:
            return None
        size *= 4


def _respell(
    tokens: Tokens, place: _Place, window: int, middle: str, reference: str
) -> Joined | None:
    """The join with so many tokens before it spelt again."""
    first = max(0, place.inside - window)
    begin = len(tokens.decode(place.ids[:first]))
    head = place.text[begin : place.stop] + middle
    new = tokens.encode(head + reference)
    # Some tokenizers take the space that a text begins with for the one that they put before any.
    hidden = int(head.startswith(" ") and not tokens.decode(new).startswith(" "))
    begin, head = begin + hidden, head[hidden:]
    # Decoders may drop a space at the beginning: only tokens decoded behind others are measured.
    old_ends, new_ends = {}, {-hidden: 0}
    if first + place.start == 0 or first == place.inside:
        old_ends[-hidden] = first
    for count in range(first + 1, place.inside + 1):
        piece = tokens.decode(place.ids[:count])
        if place.text.startswith(piece):
            old_ends[len(piece) - begin] = count
    for count, length in tokens.ends(new, head + reference):
        if length > len(head):
            break
        new_ends[length] = count
    ahead = max(new_ends.values())
    common = max(old_ends.keys() & new_ends.keys(), default=None)
    if common is None or not _reaches(tokens, new, ahead, head):
        return None
    torn = place.text[len(tokens.decode(place.ids[: place.inside])) : place.stop]
    return Joined(
        cut=place.start + old_ends[common],
        between=new[new_ends[common] : ahead],
        reference=new[ahead:],
        respelled=place.inside - old_ends[common] + bool(torn.strip()),
    )


def _reaches(tokens: Tokens, new: list[int], ahead: int, head: str) -> bool:
    """Whether the first token of the reference has all in it that is left of what goes before."""
    if ahead >= len(new):
        return False
    before = len(tokens.decode(new[:ahead]))
    return tokens.decode(new[: ahead + 1])[before:].startswith(head[before:])
