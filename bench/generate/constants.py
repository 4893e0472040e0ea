"""Random constants: what stands in a box when no variable is left."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from .tree import (
    PI,
    E,
    I,
    Node,
    add,
    binom,
    degrees,
    div,
    fn,
    integer,
    mul,
    neg,
    number,
    power,
    root,
    sub,
    unary,
)

Random: TypeAlias = random.Random
Maker: TypeAlias = "Callable[[Random], Node]"

_SQUAREFREE = (2, 3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 19, 21, 23, 29, 30, 33, 37, 1009)
_ANGLES = (3, 4, 5, 6, 8, 10, 12, 15, 24)


def small(rng: Random) -> int:
    """A number as exercises like it."""
    return rng.choice(
        (rng.randint(1, 12), rng.randint(1, 12), rng.randint(1, 99), rng.randint(1, 2500))
    )


def fraction(rng: Random) -> Fraction:
    """Positive."""
    return Fraction(small(rng), rng.choice((2, 3, 4, 5, 6, 8, 9, 12, 25, rng.randint(2, 99))))


def rational_leaf(rng: Random) -> Node:
    """An integer, a fraction or a decimal."""
    kind = rng.randrange(6)
    if kind < 3:
        return integer(small(rng))
    if kind < 5:
        return number(fraction(rng))
    return Node("dec", (), Fraction(rng.randint(1, 9999), 10 ** rng.randint(1, 4)))


def _combine(rng: Random, leaf: Maker, depth: int) -> Node:
    if depth == 0:
        return leaf(rng)
    left = _combine(rng, leaf, depth - 1)
    right = _combine(rng, leaf, rng.randrange(depth))
    match rng.randrange(7):
        case 0 | 1:
            return add(left, right)
        case 2:
            return sub(left, right)
        case 3:
            return mul(left, right)
        case 4:
            return div(left, right)
        case 5:
            return add(left, right, neg(leaf(rng)))
        case _:
            return power(left, rng.choice((2, 3))) if depth == 1 else neg(left)


def rational(rng: Random) -> Node:
    """Arithmetic of rationals."""
    return _combine(rng, rational_leaf, rng.randint(0, 3))


def _surd_term(rng: Random) -> Node:
    surd = root(integer(rng.choice(_SQUAREFREE)), rng.choice((2, 2, 2, 2, 3, 4, 5)))
    match rng.randrange(4):
        case 0:
            return surd
        case 1:
            return mul(integer(rng.randint(2, 12)), surd)
        case 2:
            return div(surd, integer(rng.randint(2, 9)))
        case _:
            return mul(number(fraction(rng)), surd)


def surd(rng: Random) -> Node:
    """a + b sqrt(c), and the like."""
    term = _surd_term(rng)
    match rng.randrange(5):
        case 0:
            return term
        case 1:
            return add(rational_leaf(rng), term)
        case 2:
            return sub(rational_leaf(rng), term)
        case 3:
            return add(term, _surd_term(rng))
        case _:
            return div(rational_leaf(rng), add(rational_leaf(rng), term))


def nested_radical(rng: Random) -> Node:
    """Radicals in radicals, some of which can be written without."""
    kind = rng.randrange(4)
    if kind == 0:  # (a + b sqrt c)^2 under a root, multiplied out
        a, b, c = rng.randint(1, 9), rng.randint(1, 6), rng.choice(_SQUAREFREE)
        return root(add(integer(a * a + b * b * c), mul(integer(2 * a * b), root(integer(c)))))
    if kind == 1:
        return add(root(add(integer(small(rng)), _surd_term(rng))), rational_leaf(rng))
    if kind == 2:
        return mul(
            root(add(integer(small(rng)), root(integer(rng.choice(_SQUAREFREE)), 3)), 3), surd(rng)
        )
    return _combine(rng, surd, rng.randint(1, 2))


def exponential(rng: Random) -> Node:
    """Pi, e, logarithms and powers."""

    def leaf(rng: Random) -> Node:
        match rng.randrange(9):
            case 0 | 1:
                return PI
            case 2:
                return mul(number(fraction(rng)), PI)
            case 3:
                return power(
                    E, number(rng.choice((Fraction(rng.randint(1, 5)), fraction(rng) % 7)))
                )
            case 4:
                return fn("ln", integer(rng.randint(2, 99)))
            case 5:
                return mul(
                    integer(rng.randint(2, 9)), fn("ln", number(Fraction(rng.randint(2, 60), 7)))
                )
            case 6:
                return Node(
                    "logb", (integer(rng.choice((2, 3, 5, 10))), integer(rng.randint(2, 99)))
                )
            case 7:
                return power(integer(rng.randint(2, 9)), root(integer(rng.choice((2, 3, 5)))))
            case _:
                return rational_leaf(rng)

    return _combine(rng, leaf, rng.randint(0, 2))


def trigonometric(rng: Random) -> Node:
    """Values at rational multiples of pi, in radians or degrees, and of the inverses."""

    def leaf(rng: Random) -> Node:
        kind = rng.randrange(8)
        if kind < 4:
            den = rng.choice(_ANGLES)
            angle = div(mul(integer(rng.randint(2, 2 * den)), PI), integer(den))
            if rng.random() < 0.3:
                angle = div(PI, integer(den))
            return fn(rng.choice(("sin", "cos", "tan", "sin", "cos", "sec")), angle)
        if kind < 6:
            return fn(rng.choice(("sin", "cos", "tan")), degrees(3 * rng.randint(1, 60)))
        if kind == 6:
            value = number(Fraction(rng.randint(1, 9), rng.randint(9, 20)))
            return fn(rng.choice(("arcsin", "arccos", "arctan")), value)
        return rng.choice((rational_leaf(rng), surd(rng)))

    return _combine(rng, leaf, rng.randint(0, 2))


def discrete(rng: Random) -> Node:
    """Factorials, binomials, powers, floors, absolute values."""

    def leaf(rng: Random) -> Node:
        match rng.randrange(7):
            case 0:
                return unary("fact", integer(rng.randint(2, 25)))
            case 1:
                n = rng.randint(2, 40)
                return binom(integer(n), integer(rng.randint(0, n)))
            case 2:
                return power(integer(rng.randint(2, 13)), rng.randint(2, 60))
            case 3:
                return unary(rng.choice(("floor", "ceil")), add(surd(rng), number(fraction(rng))))
            case 4:
                return unary("abs", sub(surd(rng), rational_leaf(rng)))
            case 5:
                return power(integer(rng.randint(2, 9)), neg(integer(rng.randint(1, 30))))
            case _:
                return integer(small(rng))

    return _combine(rng, leaf, rng.randint(0, 2))


def complex_number(rng: Random) -> Node:
    """Arithmetic with i."""

    def leaf(rng: Random) -> Node:
        match rng.randrange(6):
            case 0:
                return I
            case 1 | 2:
                return add(rational_leaf(rng), mul(integer(rng.randint(2, 9)), I))
            case 3:
                return sub(root(integer(rng.choice(_SQUAREFREE))), I)
            case 4:
                angle = div(mul(integer(rng.randint(2, 9)), PI, I), integer(rng.choice(_ANGLES)))
                return power(E, angle)
            case _:
                return unary(
                    rng.choice(("conj", "abs", "re", "im")),
                    sub(rational_leaf(rng), mul(integer(3), I)),
                )

    node = _combine(rng, leaf, rng.randint(0, 2))
    return (
        node if rng.random() < 0.8 else power(add(integer(rng.randint(1, 3)), I), rng.randint(2, 9))
    )


def huge(rng: Random) -> Node:
    """Beyond every float."""
    kind = rng.randrange(4)
    if kind == 0:
        return add(power(integer(rng.randint(2, 12)), rng.randint(60, 900)), rational_leaf(rng))
    if kind == 1:
        return div(
            unary("fact", integer(rng.randint(30, 300))),
            power(integer(rng.randint(2, 9)), rng.randint(9, 90)),
        )
    if kind == 2:
        return integer(rng.randrange(10 ** rng.randint(15, 120)))
    return div(integer(rng.randrange(1, 10**30)), integer(rng.randrange(1, 10**30)))


FAMILIES: dict[str, Maker] = {
    "rational": rational,
    "surd": surd,
    "nested radical": nested_radical,
    "exponential": exponential,
    "trigonometric": trigonometric,
    "discrete": discrete,
    "complex": complex_number,
    "huge": huge,
}
