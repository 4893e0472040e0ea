"""Proofs by enclosures: python-flint's arb and acb at fixed points.

`different` is a proof: two enclosures that don't meet at a point where both sides are defined.
Nothing here knows the engine; the two share no line and no method but ball arithmetic itself.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz
from flint.utils.flint_exceptions import DomainError

from .tree import RATIONAL_LEAVES, Node, some, variables

# What python-flint raises where there is no value, or none of a size it can hold.
_FAILURES = (ValueError, OverflowError, ZeroDivisionError, DomainError)

# Precisions tried one after the other, in bits.
PRECISIONS = (96, 400, 2400)


class Domain(Enum):
    """Where a tree is evaluated."""

    CONSTANT = "constant"
    COMPLEX = "complex"
    REAL = "real"
    INTEGER = "integer"


# Values of the variables at each point, by their place in _NAMES.
_NAMES = "xyztuabcnkpqrvw"
_REAL_POINTS = 4
_INTEGER_POINTS = 5


def value(name: str, point: int, domain: Domain) -> Fraction:
    """What a variable is at a point."""
    place = _NAMES.index(name)
    if domain is Domain.INTEGER:
        return Fraction(
            point + 2 + (place * 5 + point * place) % 4 if name != "k" else point // 2 + 1
        )
    match point:
        case 0:
            return Fraction(37 + 11 * place, 41)
        case 1:
            return Fraction(211 + 31 * place, 97)
        case 2:
            return Fraction((71 + 13 * place) * (-1) ** (place + 1), 59)
        case _:
            return Fraction(701 + 37 * place, 101)


def domain_of(*nodes: Node) -> Domain:
    """How the policy reads the variables of a gold (and an answer)."""
    if not any(variables(node) for node in nodes):
        if any(some(node, lambda n: n.op in ("i", "conj", "re", "im")) for node in nodes):
            return Domain.COMPLEX
        return Domain.CONSTANT
    if some(nodes[0], lambda n: n.op in ("fact", "binom") and bool(variables(n))):
        return Domain.INTEGER
    return Domain.REAL


def _points(domain: Domain) -> int:
    if domain is Domain.REAL:
        return _REAL_POINTS
    return _INTEGER_POINTS if domain is Domain.INTEGER else 1


def enclosure(node: Node, domain: Domain, point: int, precision: int) -> Any:
    """A ball that holds the value; not finite where there is none, or none was found."""
    ctx.prec = precision
    return _ball(node, (domain, point, precision))


def _ball(node: Node, key: tuple[Domain, int, int]) -> Any:
    memory = node.balls
    if memory is None:
        memory = node.balls = {}
    known = memory.get(key)
    if known is None:
        known = memory[key] = _compute(node, key)
    return known


def _exact(value: Fraction | int, domain: Domain) -> Any:
    if isinstance(value, Fraction):
        ball = arb(fmpq(value.numerator, value.denominator))
    else:
        ball = arb(fmpz(value))
    return acb(ball) if domain is Domain.COMPLEX else ball


def _nothing(domain: Domain) -> Any:
    return acb(arb.nan()) if domain is Domain.COMPLEX else arb.nan()


def _compute(node: Node, key: tuple[Domain, int, int]) -> Any:
    op, domain = node.op, key[0]
    if op in RATIONAL_LEAVES:
        return _exact(node.value, domain)
    if op == "var":
        return _exact(value(node.value, key[1], domain), domain)
    if op == "pi":
        return acb(arb.pi()) if domain is Domain.COMPLEX else arb.pi()
    if op == "e":
        return acb(arb.const_e()) if domain is Domain.COMPLEX else arb.const_e()
    if op == "i":
        return acb(0, 1) if domain is Domain.COMPLEX else _nothing(domain)
    if op == "deg":
        return _exact(node.value / 180, domain) * arb.pi()
    values = [_ball(arg, key) for arg in node.args]
    first = values[0]
    if op == "neg":
        return -first
    if op == "add":
        for other in values[1:]:
            first = first + other
        return first
    if op == "mul":
        for other in values[1:]:
            first = first * other
        return first
    if op == "div":
        return first / values[1]
    if op == "pow":
        return _power(node, first, values[1], domain)
    if op == "root":
        return _root(first, node.value, domain)
    if op == "fn":
        return _function(node.value, first, domain)
    if op == "logb":
        return values[1].log() / first.log()
    return _other(node, values, domain)


def _other(node: Node, values: list[Any], domain: Domain) -> Any:
    first = values[0]
    is_complex = domain is Domain.COMPLEX
    match node.op:
        case "abs":
            return acb(abs(first)) if is_complex else abs(first)
        case "conj":
            return first.conjugate() if is_complex else first
        case "re":
            return acb(first.real) if is_complex else first
        case "im":
            return acb(first.imag) if is_complex else arb(0)
        case "floor" | "ceil":
            if is_complex:
                return _nothing(domain)
            return first.floor() if node.op == "floor" else first.ceil()
        case "fact":
            n = node.args[0].rational()
            if n is not None and n.denominator == 1 and 0 <= n <= 3000:
                return _exact(int(fmpz.fac_ui(fmpz(int(n)))), domain)
            return (first + 1).gamma() if domain is Domain.INTEGER else _nothing(domain)
        case "binom":
            n, k = (arg.rational() for arg in node.args)
            if n is not None and k is not None:
                if n.denominator == k.denominator == 1 and 0 <= k <= n <= 3000:
                    return _exact(int(fmpz.bin_uiui(int(n), int(k))), domain)
                return _nothing(domain)
            if domain is not Domain.INTEGER:
                return _nothing(domain)
            return (first + 1).gamma() / (values[1] + 1).gamma() / (first - values[1] + 1).gamma()
    raise ValueError(node.op)


def _is_real(value: Any, domain: Domain) -> bool:
    return domain is not Domain.COMPLEX or bool(value.imag == 0)


def _real(value: Any, domain: Domain) -> Any:
    return value.real if domain is Domain.COMPLEX else value


def _not_zero(value: Any) -> bool:
    """For certain: a ball around 0 is neither."""
    return bool(value != 0)


def _power(node: Node, base: Any, exponent: Any, domain: Domain) -> Any:
    exact = node.args[1].rational()
    if exact is not None and exact.denominator == 1 and abs(exact) < 1 << 40:
        if exact == 0 and not _not_zero(base):
            return _nothing(domain)
        return base ** fmpz(int(exact)) if exact >= 0 else 1 / base ** fmpz(-int(exact))
    if node.args[0].op == "e":
        return exponent.exp()
    if exact is not None and exact.denominator % 2 == 1 and _is_real(base, domain):
        taken = _root(base, exact.denominator, domain)
        return taken ** fmpz(exact.numerator) if exact > 0 else 1 / taken ** fmpz(-exact.numerator)
    if domain is not Domain.COMPLEX:
        return (exponent * base.log()).exp() if base > 0 else _nothing(domain)
    if exact is None or exact.denominator % 2 == 0 or _surely_not_negative(base):
        return (exponent * base.log()).exp()
    return _nothing(domain)


def _surely_not_negative(value: Any) -> bool:
    """Complex, or positive: no question of a real root arises."""
    return not value.imag.contains(0) or bool(value.real > 0)


def _root(value: Any, index: int, domain: Domain) -> Any:
    if _is_real(value, domain):
        real = _real(value, domain)
        if real < 0:
            if index % 2:
                taken = -((-real).root(index))
                return acb(taken) if domain is Domain.COMPLEX else taken
            if domain is not Domain.COMPLEX:
                return _nothing(domain)
        elif real > 0 or real == 0:
            taken = real.root(index) if real > 0 else arb(0)
            return acb(taken) if domain is Domain.COMPLEX else taken
        if domain is not Domain.COMPLEX:
            return _nothing(domain)
    if index == 2:
        return value.sqrt()
    return value.root(index) if index % 2 == 0 or _surely_not_negative(value) else _nothing(domain)


_METHODS = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}


def _function(name: str, value: Any, domain: Domain) -> Any:
    if name == "ln" and _is_real(value, domain) and not _real(value, domain) > 0:
        return value.log() if domain is Domain.COMPLEX and value.real < 0 else _nothing(domain)
    return getattr(value, _METHODS.get(name, name))()


def differ(gold: Node, answer: Node) -> bool:
    """Whether two trees are shown to differ where the gold is defined."""
    domain = domain_of(gold, answer)
    try:
        return any(_apart(gold, answer, domain, precision) for precision in PRECISIONS)
    except _FAILURES:
        return False


def _apart(gold: Node, answer: Node, domain: Domain, precision: int) -> bool:
    for point in range(_points(domain)):
        left = enclosure(gold, domain, point, precision)
        if not left.is_finite():
            continue
        right = enclosure(answer, domain, point, precision)
        if right.is_finite() and not left.overlaps(right):
            return True
    return False


def agrees(gold: Node, answer: Node, domain: Domain) -> bool:
    """Whether two trees that ought to be equal are: defined somewhere, and nowhere apart."""
    met = 0
    try:
        for point in range(_points(domain)):
            left = enclosure(gold, domain, point, PRECISIONS[0])
            right = enclosure(answer, domain, point, PRECISIONS[0])
            if left.is_finite() and right.is_finite():
                if not left.overlaps(right):
                    raise AssertionError(f"a rewrite is unsound: {gold!r} and {answer!r}")
                met += 1
    except _FAILURES:
        return False
    return met > 0


def defined(node: Node, domain: Domain) -> bool:
    """Whether a tree has a value of moderate size at some point."""
    try:
        for point in range(_points(domain)):
            value = enclosure(node, domain, point, PRECISIONS[0])
            if value.is_finite() and bool(abs(value) < 1e40) and value.rel_accuracy_bits() > 20:
                return True
    except _FAILURES:
        pass
    return False
