"""Rewrites of numbers, absolute values, floors, factorials and binomials."""

from __future__ import annotations

from fractions import Fraction

from .constants import Random
from .tree import Node, add, div, integer, mul, neg, number, power, root, sub, unary


def _minus(node: Node) -> Node:
    return node.args[0] if node.op == "neg" else neg(node)


def rewrite_integer(node: Node, rng: Random) -> Node | None:
    n = node.value
    match rng.randrange(6):
        case 0:
            other = rng.randint(1, 50)
            return sub(integer(n + other), integer(other))
        case 1:
            other = rng.randint(0, n)
            return add(integer(other), integer(n - other))
        case 2:
            other = rng.randint(2, 12)
            return div(integer(n * other), integer(other))
        case 3:
            factors = [k for k in (2, 3, 5, 7, 11) if n and n % k == 0 and n > k]
            if factors:
                factor = rng.choice(factors)
                return mul(integer(factor), integer(n // factor))
            return None
        case 4:
            return root(integer(n * n)) if n < 10**9 else None
        case _:
            side = int(n**0.5) if n < 10**12 else 0
            return power(integer(side), 2) if side > 1 and side * side == n else None


def rewrite_fraction(node: Node, rng: Random) -> Node | None:
    """Of two integers: another fraction, a decimal, a repeating one, a mixed number."""
    top, bottom = node.args
    if top.op != "int" or bottom.op != "int" or not bottom.value:
        return None
    value = Fraction(top.value, bottom.value)
    kind = rng.randrange(4)
    if kind == 0:
        factor = rng.randint(2, 12)
        return div(integer(top.value * factor), integer(bottom.value * factor))
    if kind == 1 and value.denominator != 1:
        rest = value.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1 and value.denominator < 10**6:
            return Node("dec", (), value)
        return Node("rep", (), value) if rest in (3, 7, 9, 11, 27, 37) else None
    if kind == 2 and value > 1 and value.denominator != 1 and value.numerator < 10**6:
        return Node("mixed", (), value)
    return sub(number(value + 1), integer(1))


def rewrite_decimal(node: Node, rng: Random) -> Node | None:
    return number(node.value)


def detour(node: Node, rng: Random) -> Node | None:
    """Adds and takes away, multiplies and divides."""
    other: Node = integer(rng.randint(2, 30))
    if rng.random() < 0.3 and node.op not in ("fact", "binom"):
        other = root(integer(rng.choice((2, 3, 5))))
    if rng.random() < 0.5:
        return sub(add(node, other), other)
    return div(mul(node, other), other)


def absolute(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    match rng.randrange(3):
        case 0:
            return unary("abs", neg(inner))
        case 1 if inner.op != "i":
            return (
                unary("abs", add(*(_minus(arg) for arg in inner.args)))
                if inner.op == "add"
                else None
            )
    return unary("abs", unary("abs", inner))


def shift_floor(node: Node, rng: Random) -> Node | None:
    shift = integer(rng.randint(1, 9))
    if rng.random() < 0.5:
        return sub(unary(node.op, add(node.args[0], shift)), shift)
    return neg(unary("ceil" if node.op == "floor" else "floor", neg(node.args[0])))


def factorial(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if inner.op == "int":
        if inner.value < 2:
            return None
        return mul(integer(inner.value), unary("fact", integer(inner.value - 1)))
    # n (n - 1)! has no value at 0.
    return div(unary("fact", add(inner, integer(1))), add(inner, integer(1)))


def binomial(node: Node, rng: Random) -> Node | None:
    n, k = node.args
    if rng.random() < 0.5:
        return Node("binom", (n, sub(n, k)))
    return div(unary("fact", n), mul(unary("fact", k), unary("fact", sub(n, k))))
