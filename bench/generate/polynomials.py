"""Polynomials multiplied out by python-flint, and written down again."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_mpoly_ctx

from .constants import Random
from .tree import RATIONAL_LEAVES, Node, add, integer, mul, neg, number, power, var, variables

_MOST_TERMS = 40
_MOST_DEGREE = 24


def expand(node: Node, rng: Random) -> Node | None:
    """The normal form of a polynomial, its terms in any order; None for anything else."""
    names = sorted(variables(node))
    if not names:
        return None
    degree = _degree(node)
    if degree is None or degree > _MOST_DEGREE:
        return None
    context = fmpq_mpoly_ctx.get(names, "lex")
    generators = dict(zip(names, context.gens(), strict=True))
    terms = [
        _term(exponents, coefficient, names)
        for exponents, coefficient in _polynomial(node, generators, context).terms()
    ]
    if not 0 < len(terms) <= _MOST_TERMS:
        return None
    rng.shuffle(terms)
    return add(*terms)


def _degree(node: Node) -> int | None:
    """A bound of the degree; None where the tree is no polynomial."""
    if node.op in RATIONAL_LEAVES:
        return 0
    if node.op == "var":
        return 1
    if node.op not in ("neg", "add", "mul", "div", "pow"):
        return None
    if node.op == "pow":
        below = _degree(node.args[0])
        exponent = node.args[1]
        return None if below is None or exponent.op != "int" else below * exponent.value
    if node.op == "div" and not node.args[1].rational():
        return None
    parts = [_degree(arg) for arg in node.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return sum(known) if node.op == "mul" else max(known)


def _polynomial(node: Node, generators: dict, context):  # type: ignore[no-untyped-def, type-arg]
    if node.op == "var":
        return generators[node.value]
    if node.op in RATIONAL_LEAVES:
        value = Fraction(node.value)
        return context.constant(fmpq(value.numerator, value.denominator))
    first = _polynomial(node.args[0], generators, context)
    if node.op == "neg":
        return -first
    if node.op == "pow":
        return first ** node.args[1].value
    if node.op == "div":
        divisor = node.args[1].rational() or Fraction(1)
        return first * fmpq(divisor.denominator, divisor.numerator)
    for arg in node.args[1:]:
        other = _polynomial(arg, generators, context)
        first = first + other if node.op == "add" else first * other
    return first


def _term(exponents: tuple[int, ...], coefficient: fmpq, names: list[str]) -> Node:
    value = Fraction(int(coefficient.p), int(coefficient.q))
    factors: list[Node] = []
    if abs(value) != 1 or not any(exponents):
        factors.append(
            integer(abs(value.numerator)) if value.denominator == 1 else number(abs(value))
        )
    for name, exponent in zip(names, exponents, strict=True):
        if exponent:
            factors.append(var(name) if exponent == 1 else power(var(name), int(exponent)))
    term = mul(*factors)
    return neg(term) if value < 0 else term
