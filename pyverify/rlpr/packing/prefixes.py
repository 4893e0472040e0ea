"""Token sequences as bytes, whose order brings shared prefixes together."""

from __future__ import annotations

from array import array

from pyverify.rlpr.spliced import Spliced

# Bytes of a token: the same for all, so that a prefix of bytes is one of tokens.
_WIDTH = 8


def inputs(sequence: Spliced) -> bytes:
    """What a model must read to predict a sequence's reference: all but the last token.

    Empty where nothing is asked, for an empty reference.

    Raises:
        TypeError: Ids are no ints.
        ValueError: One is negative, or nothing stands before the reference.
    """
    ids = _ids(sequence)
    if not len(sequence.reference):
        return b""
    if len(ids) == len(sequence.reference):
        raise ValueError(
            "a reference needs a token before it, which predicts its first: "
            "let the prompt begin with the tokenizer's bos_token_id"
        )
    return ids[:-1].tobytes()


def tokens(data: bytes) -> array[int]:
    """The tokens of bytes."""
    return array("q", data)


def length(data: bytes) -> int:
    """How many tokens they are."""
    return len(data) // _WIDTH


def shared(one: bytes, other: bytes) -> int:
    """How many tokens two sequences begin with in common."""
    low, high = 0, min(length(one), length(other))
    while low < high:
        # Most of a group differ soon after the prompt, or not at all.
        middle = (low + high + 1) // 2
        if one[low * _WIDTH : middle * _WIDTH] == other[low * _WIDTH : middle * _WIDTH]:
            low = middle
        else:
            high = middle - 1
    return low


def _ids(sequence: Spliced) -> array[int]:
    try:
        ids = array("q", [*sequence.prompt, *sequence.kept, *sequence.reference])
    except TypeError:
        raise TypeError("token ids must be ints: pass .tolist() of a tensor or an array") from None
    if ids and min(ids) < 0:
        raise ValueError(f"token ids must not be negative, got {min(ids)}: leave padding out")
    return ids
