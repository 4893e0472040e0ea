"""How many samples metrics take: what --k asks for, and what it is otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from pyverify.evaluate.metrics.figures import Samples

USUAL = (1, 4, 8)
"""What every summary has, so that programs find the keys."""
MOST = 1024
_MOST_AT_ONCE = 32


def parse_ks(text: str) -> tuple[int, ...]:
    """The numbers of samples of an option like ``1,4,16``, ascending.

    Raises:
        ValueError: Something else stands there.

    Example:
        >>> parse_ks("16,1,4")
        (1, 4, 16)
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise ValueError(f"numbers of samples, as 1,4,16, not {text!r}")
    if not all(len(part) <= 4 and 1 <= int(part) <= MOST for part in parts):
        raise ValueError(f"numbers of samples from 1 to {MOST}, not {text!r}")
    ks = tuple(sorted({int(part) for part in parts}))
    if len(ks) > _MOST_AT_ONCE:
        raise ValueError(f"at most {_MOST_AT_ONCE} numbers of samples, not {len(ks)}")
    return ks


def usual_ks(tables: Iterable[Samples | None]) -> tuple[int, ...]:
    """What is taken unless the caller says: 1, 4, 8, and what the prompts of each data set have.

    What they have is the most that more than half of them have: a prompt that stands in the file
    twice has twice the samples, and must not hide what the others have.

    Args:
        tables: The samples of each data set.

    Example:
        >>> usual_ks([Samples(16, 32, 16.1, 16), None])
        (1, 4, 8, 16)
    """
    have = {samples.usual for samples in tables if samples is not None}
    return tuple(sorted({*USUAL, *(k for k in have if k <= MOST)}))
