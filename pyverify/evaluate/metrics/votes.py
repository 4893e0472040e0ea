"""What the majority among k samples of a prompt is worth, exactly.

All C(n, k) choices of k of the n samples are equally likely. In each, the groups of equivalent
answers are counted; samples without an answer don't vote. A group that is chosen scores the share
of it that is right. Instead of drawing, all choices are counted, by the number of votes that win.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb

_FEW_VOTERS = 16
_MOST_VOTERS = 128
_MOST_SAMPLES = 512

Sizes = tuple[int, ...]
"""How many samples gave each answer, largest first."""


def countable(samples: int, k: int) -> bool:
    """Whether votes of k of so many samples can be counted in a moment, whatever the answers."""
    few = k <= _FEW_VOTERS or (k <= _MOST_VOTERS and samples <= _MOST_SAMPLES)
    return k == samples or few


@lru_cache(maxsize=1 << 16)
def chances(samples: int, sizes: Sizes, size: int, k: int) -> tuple[float, float]:
    """How likely an answer wins the vote of k samples.

    Args:
        samples: All samples of the prompt, at least k.
        sizes: How many of them gave each answer.
        size: How many gave the answer in question; one of `sizes`.
        k: How many samples vote.

    Returns:
        Its mean share of the win, where answers of as many votes share it evenly, and the chance
        that it wins alone.

    Example:
        >>> chances(3, (2, 1), 2, 3), chances(2, (1, 1), 1, 2)
        ((1.0, 1.0), (0.5, 0.0))
    """
    rivals = list(sizes)
    rivals.remove(size)
    if k == samples:
        best = max(rivals, default=0)
        ties = rivals.count(size)
        return (0.0 if best > size else 1 / (ties + 1), float(best < size))
    silent = samples - sum(sizes)
    shares = [0] * (len(rivals) + 1)
    for votes in range(1, min(size, k) + 1):
        ways = comb(size, votes)
        for ties, others in enumerate(_others(silent, rivals, votes, k - votes)):
            shares[ties] += ways * others
    draws = comb(samples, k)
    # Quotients of integers are correctly rounded, and there are few of them.
    shared = sum(ways / ((ties + 1) * draws) for ties, ways in enumerate(shares) if ways)
    return shared, shares[0] / draws


def _others(silent: int, rivals: list[int], votes: int, rest: int) -> list[int]:
    """The choices of `rest` samples in which no rival gets more than `votes`.

    Returns:
        How many there are in which 0, 1, 2, ... rivals get exactly as many.
    """
    strong = [size for size in rivals if size >= votes]
    # Those too small to tie are as good as silent.
    weak = silent + sum(rivals) - sum(strong)
    if weak + votes * len(strong) < rest:
        return []
    # Polynomials in x, whose power is the number of samples taken, as integers to the base
    # 2^width: Python multiplies those natively.
    width = comb(weak + sum(strong), min(rest, (weak + sum(strong)) // 2)).bit_length() + 1
    whole = (1 << width * (rest + 1)) - 1
    taken = [_polynomial(weak, min(weak, rest), width)]
    for size in strong:
        fewer = _polynomial(size, min(votes - 1, rest), width)
        tie = comb(size, votes) << width * votes
        taken.append(0)
        for ties in range(len(taken) - 1, -1, -1):
            lower = taken[ties - 1] * tie if ties else 0
            taken[ties] = (taken[ties] * fewer + lower) & whole
        while len(taken) > 1 and taken[-1] == 0:
            taken.pop()
    return [row >> width * rest for row in taken]


@lru_cache(maxsize=1 << 12)
def _polynomial(size: int, degree: int, width: int) -> int:
    """(1 + x)^size up to x^degree, for x = 2^width."""
    return sum(comb(size, power) << width * power for power in range(degree + 1))


def majority(samples: int, groups: Sequence[tuple[int, int]], k: int) -> tuple[float, float]:
    """The score of a vote of k samples, and that of a vote that must be won alone.

    Args:
        samples: All samples of the prompt, at least k.
        groups: How many samples gave each answer and how many of these are right, largest first.
        k: How many samples vote; `countable` says whether that takes long.

    Returns:
        maj@k, where ties are averaged, and cons@k, where a tie is lost. Without a vote both are 0.

    Example:
        >>> majority(4, [(2, 2), (1, 0)], 4), majority(2, [(1, 1), (1, 0)], 2)
        ((1.0, 1.0), (0.5, 0.0))
    """
    sizes = tuple(size for size, _ in groups)
    shared = alone = 0.0
    for size, right in groups:
        if right:
            share, lone = chances(samples, sizes, size, k)
            shared += share * right / size
            alone += lone * right / size
    return shared, alone
