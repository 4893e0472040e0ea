"""Random expressions with variables."""

from __future__ import annotations

import random
from fractions import Fraction

from .constants import Maker, Random, fraction, small
from .tree import (
    PI,
    E,
    Node,
    add,
    binom,
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
    var,
)

_TRIG = ("sin", "cos", "sin", "cos", "tan", "sec", "csc", "cot")


def _names(rng: Random, most: int) -> list[Node]:
    names = rng.choice(("xyz", "xyz", "abc", "xtu", "nka"))
    return [var(name) for name in names[: rng.randint(1, most)]]


def _signed(terms: list[Node], rng: Random) -> Node:
    return add(*(neg(term) if rng.random() < 0.35 else term for term in terms))


def _monomial(rng: Random, names: list[Node], degree: int) -> Node:
    factors: list[Node] = []
    coefficient = rng.choice((1, 1, small(rng), small(rng)))
    if coefficient != 1:
        factors.append(number(fraction(rng)) if rng.random() < 0.15 else integer(coefficient))
    for name in names:
        exponent = rng.randint(0, degree)
        if exponent == 1:
            factors.append(name)
        elif exponent:
            factors.append(power(name, exponent))
    return mul(*factors) if factors else integer(small(rng))


def _polynomial(rng: Random, names: list[Node], terms: int, degree: int) -> Node:
    return _signed([_monomial(rng, names, degree) for _ in range(terms)], rng)


def polynomial(rng: Random) -> Node:
    """Sums, products and powers."""
    names = _names(rng, 3)
    kind = rng.randrange(4)
    if kind == 0:
        return _polynomial(rng, names, rng.randint(1, 5), 4)
    if kind == 1:
        return mul(*(_polynomial(rng, names, 2, 2) for _ in range(rng.randint(2, 3))))
    if kind == 2:
        return power(_polynomial(rng, names, rng.randint(2, 3), 1), rng.randint(2, 4))
    left = mul(_polynomial(rng, names, 2, 1), _polynomial(rng, names, 2, 2))
    return sub(left, _polynomial(rng, names, 2, 2))


def rational_function(rng: Random) -> Node:
    """Quotients of polynomials."""
    names = _names(rng, 2)
    quotient = div(
        _polynomial(rng, names, rng.randint(1, 3), 2), _polynomial(rng, names, rng.randint(1, 3), 2)
    )
    match rng.randrange(4):
        case 0:
            return add(quotient, _polynomial(rng, names, 1, 2))
        case 1:
            return mul(quotient, _polynomial(rng, names, 2, 1))
        case 2:
            other = div(integer(small(rng)), _polynomial(rng, names, 2, 1))
            return sub(quotient, other)
        case _:
            return quotient


def radical_function(rng: Random) -> Node:
    """Roots of polynomials, absolute values."""
    names = _names(rng, 2)
    inner = _polynomial(rng, names, rng.randint(1, 3), 2)
    if rng.random() < 0.3:
        inner = power(_polynomial(rng, names, 2, 1), 2)
    taken = root(inner, rng.choice((2, 2, 2, 3, 4)))
    match rng.randrange(5):
        case 0:
            return add(taken, _polynomial(rng, names, 1, 2))
        case 1:
            return div(_polynomial(rng, names, 1, 2), taken)
        case 2:
            return mul(_polynomial(rng, names, 1, 1), taken)
        case 3:
            return add(unary("abs", _polynomial(rng, names, 2, 1)), taken)
        case _:
            return taken


def _exponent(rng: Random, names: list[Node]) -> Node:
    """A polynomial of degree one in each variable, rarely with large coefficients."""
    if rng.random() < 0.05:
        return _polynomial(rng, names, rng.randint(1, 2), 1)
    terms = [
        mul(integer(rng.randint(2, 9)), rng.choice(names)),
        names[-1],
        integer(rng.randint(1, 9)),
    ]
    return _signed(rng.sample(terms, rng.randint(1, 2)), rng)


def exponential_function(rng: Random) -> Node:
    """Exponentials and logarithms."""
    names = _names(rng, 2)
    argument = _exponent(rng, names)

    def leaf() -> Node:
        match rng.randrange(6):
            case 0 | 1:
                return power(E, argument)
            case 2:
                return power(integer(rng.randint(2, 9)), names[0])
            case 3:
                return fn("ln", add(power(names[0], 2), integer(rng.randint(1, 9))))
            case 4:
                return fn("ln", mul(integer(rng.randint(2, 9)), names[0]))
            case _:
                return fn(rng.choice(("sinh", "cosh", "tanh")), argument)

    match rng.randrange(4):
        case 0:
            return leaf()
        case 1:
            return mul(_polynomial(rng, names, rng.randint(1, 2), 2), leaf())
        case 2:
            return add(leaf(), mul(number(fraction(rng)), leaf()))
        case _:
            return div(leaf(), add(integer(rng.randint(1, 9)), power(E, names[0])))


def trigonometric_function(rng: Random) -> Node:
    """Trigonometric functions of linear arguments."""
    names = _names(rng, 2)

    def argument() -> Node:
        match rng.randrange(5):
            case 0 | 1:
                return names[0]
            case 2:
                return mul(integer(rng.randint(2, 6)), names[-1])
            case 3:
                return add(names[0], div(PI, integer(rng.choice((2, 3, 4, 6)))))
            case _:
                return _polynomial(rng, names, 2, 1)

    def leaf() -> Node:
        taken = fn(rng.choice(_TRIG), argument())
        return power(taken, rng.randint(2, 4)) if rng.random() < 0.3 else taken

    match rng.randrange(5):
        case 0:
            return leaf()
        case 1:
            return mul(integer(rng.randint(2, 9)), leaf(), leaf())
        case 2:
            return _signed([leaf(), leaf(), integer(small(rng))], rng)
        case 3:
            return div(leaf(), add(integer(rng.randint(2, 9)), leaf()))
        case _:
            return fn("arctan", _polynomial(rng, names, 1, 1))


def sequence(rng: Random) -> Node:
    """Factorials and binomials of a variable, which make it an integer."""
    n, k = var("n"), var("k")
    shifted = add(n, integer(rng.randint(1, 4)))
    match rng.randrange(5):
        case 0:
            return div(unary("fact", shifted), unary("fact", n))
        case 1:
            return binom(n, k)
        case 2:
            return add(binom(shifted, integer(rng.randint(2, 3))), mul(integer(small(rng)), n))
        case 3:
            return mul(unary("fact", n), _polynomial(rng, [n], 2, 1))
        case _:
            return div(power(integer(rng.randint(2, 5)), n), unary("fact", n))


def mixed_function(rng: Random) -> Node:
    """Two kinds in one."""
    makers = (polynomial, rational_function, radical_function, exponential_function)
    state = rng.getrandbits(30)
    left = rng.choice(makers)(random.Random(state))
    right = rng.choice((trigonometric_function, exponential_function))(random.Random(state + 1))
    factor = number(Fraction(rng.randint(1, 9), rng.randint(1, 9)))
    return rng.choice((add, sub, mul))(left, mul(factor, right))


FAMILIES: dict[str, Maker] = {
    "polynomial": polynomial,
    "rational function": rational_function,
    "radical function": radical_function,
    "exponential function": exponential_function,
    "trigonometric function": trigonometric_function,
    "sequence": sequence,
    "mixed function": mixed_function,
}
