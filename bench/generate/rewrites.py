"""Rewrites that keep the value: algebra on the tree itself.

Every rule takes a node and gives an equal one, or None where it doesn't apply. "Equal" is meant as
the grading policy means it: at every real point where the old node has a value, single points
aside, the new one has the same. So no rule here may lose points; none gains any either, but for
single ones, so that a rewritten tree may stand on either side.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from . import rewrites_functions
from .constants import Random
from .rewrites_numbers import (
    absolute,
    binomial,
    detour,
    factorial,
    rewrite_decimal,
    rewrite_fraction,
    rewrite_integer,
    shift_floor,
)
from .tree import (
    Node,
    Path,
    add,
    div,
    integer,
    mul,
    neg,
    number,
    power,
    replace,
    root,
    sub,
    walk,
)

Rule: TypeAlias = "Callable[[Node, Random], Node | None]"


# Sums and products


def commute(node: Node, rng: Random) -> Node | None:
    args = list(node.args)
    rng.shuffle(args)
    return Node(node.op, tuple(args))


def associate(node: Node, rng: Random) -> Node | None:
    if len(node.args) < 3:
        return None
    cut = rng.randint(1, len(node.args) - 1)
    left, right = node.args[:cut], node.args[cut:]
    parts = [Node(node.op, part) if len(part) > 1 else part[0] for part in (left, right)]
    return Node(node.op, tuple(parts))


def flatten(node: Node, rng: Random) -> Node | None:
    args: list[Node] = []
    for arg in node.args:
        args.extend(arg.args if arg.op == node.op else (arg,))
    return Node(node.op, tuple(args)) if len(args) > len(node.args) else None


def distribute(node: Node, rng: Random) -> Node | None:
    sums = [index for index, arg in enumerate(node.args) if arg.op == "add"]
    if not sums:
        return None
    chosen = rng.choice(sums)
    others = node.args[:chosen] + node.args[chosen + 1 :]
    terms = []
    for term in node.args[chosen].args:
        if term.op == "neg":
            terms.append(neg(mul(*others, term.args[0])))
        else:
            terms.append(mul(*others, term))
    return add(*terms)


def turn_sum(node: Node, rng: Random) -> Node | None:
    return neg(Node("add", tuple(_minus(arg) for arg in node.args)))


def _minus(node: Node) -> Node:
    return node.args[0] if node.op == "neg" else neg(node)


def factor_out(node: Node, rng: Random) -> Node | None:
    factor = integer(rng.randint(2, 9))
    return mul(factor, add(*(_quotient(arg, factor) for arg in node.args)))


def _quotient(node: Node, by: Node) -> Node:
    return neg(div(node.args[0], by)) if node.op == "neg" else div(node, by)


def common_denominator(node: Node, rng: Random) -> Node | None:
    bottoms, tops = [], []
    for arg in node.args:
        inner = arg.args[0] if arg.op == "neg" else arg
        top, bottom = inner.args if inner.op == "div" else (inner, integer(1))
        tops.append(neg(top) if arg.op == "neg" else top)
        bottoms.append(bottom)
    if sum(bottom.op == "int" and bottom.value == 1 for bottom in bottoms) == len(bottoms):
        return None
    terms = []
    for index, top in enumerate(tops):
        others = [b for at, b in enumerate(bottoms) if at != index and not _is_one(b)]
        inner = top.args[0] if top.op == "neg" else top
        term = mul(inner, *others)
        terms.append(neg(term) if top.op == "neg" else term)
    return div(add(*terms), mul(*(b for b in bottoms if not _is_one(b))))


def _is_one(node: Node) -> bool:
    return node.op == "int" and node.value == 1


def push_sign(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if inner.op == "add":
        return add(*(_minus(arg) for arg in inner.args))
    if inner.op == "mul":
        return mul(neg(inner.args[0]), *inner.args[1:])
    if inner.op == "div":
        return div(neg(inner.args[0]), inner.args[1])
    return mul(neg(integer(1)), inner)


# Quotients


def split_quotient(node: Node, rng: Random) -> Node | None:
    top, bottom = node.args
    if top.op == "add":
        return add(*(_quotient(arg, bottom) for arg in top.args))
    return mul(div(integer(1), bottom), top)


def quotient_as_power(node: Node, rng: Random) -> Node | None:
    return mul(node.args[0], power(node.args[1], neg(integer(1))))


def widen(node: Node, rng: Random) -> Node | None:
    top, bottom = node.args
    factor: Node = integer(rng.randint(2, 12))
    if rng.random() < 0.3:
        factor = root(integer(rng.choice((2, 3, 5, 7))))
    elif rng.random() < 0.2:
        factor = neg(factor)
    return div(mul(factor, top), mul(factor, bottom))


def rationalise(node: Node, rng: Random) -> Node | None:
    top, bottom = node.args
    if bottom.op == "root" and bottom.value == 2 and bottom.args[0].op == "int":
        return div(mul(top, bottom), bottom.args[0])
    if bottom.op != "add" or len(bottom.args) != 2:
        return None
    left, right = bottom.args
    # (l + r)(l - r) = l^2 - r^2; not 0 unless l = +-r, so only where the two are incommensurable.
    if left.rational() in (None, 0) or right.rational() is not None:
        return None
    if not _is_surd(right):
        return None
    other = add(left, _minus(right))
    return div(mul(top, other), sub(power(left, 2), power(_bare(right), 2)))


def _bare(node: Node) -> Node:
    return node.args[0] if node.op == "neg" else node


def _is_surd(node: Node) -> bool:
    node = _bare(node)
    if node.op == "mul":
        return all(arg.rational() is not None for arg in node.args[:-1]) and _is_surd(node.args[-1])
    if node.op == "div":
        return _is_surd(node.args[0]) and node.args[1].rational() is not None
    return node.op == "root" and node.value == 2 and node.args[0].op == "int"


# Powers and roots


def unroll_power(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if exponent.op != "int" or exponent.value < 2:
        return None
    n = exponent.value
    if n <= 4 and rng.random() < 0.4:
        return mul(*[base] * n)
    cut = rng.randint(1, n - 1)
    parts = [base if part == 1 else power(base, part) for part in (cut, n - cut)]
    return mul(*parts)


def binomial_square(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if exponent.op != "int" or exponent.value != 2 or base.op != "add" or len(base.args) != 2:
        return None
    left, right = base.args
    middle = mul(integer(2), _bare(left), _bare(right))
    if (left.op == "neg") != (right.op == "neg"):
        middle = neg(middle)
    return add(power(_bare(left), 2), middle, power(_bare(right), 2))


def power_of_product(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if exponent.op != "int":
        return None
    if base.op == "mul":
        return mul(*(power(arg, exponent) for arg in base.args))
    if base.op == "div":
        return div(power(base.args[0], exponent), power(base.args[1], exponent))
    return None


def negative_power(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if exponent.op == "neg":
        return div(integer(1), power(base, exponent.args[0]))
    if exponent.op == "add" and _positive_literal(base):
        return mul(*(power(base, arg) for arg in exponent.args))
    return None


def _positive_literal(node: Node) -> bool:
    return node.op in ("e", "pi") or (node.op == "int" and node.value > 0)


def power_of_integer(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if base.op != "int" or base.value < 2:
        return None
    for factor in (2, 3, 5, 7):
        if base.value % factor == 0 and base.value > factor:
            rest = base.value // factor
            return mul(power(integer(factor), exponent), power(integer(rest), exponent))
    return None


def root_as_power(node: Node, rng: Random) -> Node | None:
    if node.value % 2 and not _positive_literal(node.args[0]):
        return None
    return power(node.args[0], number(Fraction(1, node.value)))


def root_of_multiple(node: Node, rng: Random) -> Node | None:
    if node.args[0].rational() is None:
        return None
    factor = rng.randint(2, 6)
    inner = node.args[0]
    if inner.op == "int":
        inner = integer(inner.value * factor**node.value)
    else:
        inner = mul(power(integer(factor), node.value), inner)
    return div(root(inner, node.value), integer(factor))


def split_root(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if inner.op == "int":
        for factor in (2, 3, 5, 7):
            if inner.value % factor == 0 and inner.value > factor:
                rest = integer(inner.value // factor)
                return mul(root(integer(factor), node.value), root(rest, node.value))
    if inner.op == "div" and inner.rational() and inner.args[1].op == "int":
        return div(root(inner.args[0], node.value), root(inner.args[1], node.value))
    return None


def deepen_root(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if node.value != 2 or inner.op != "int":
        return None
    if rng.random() < 0.5:
        return root(power(inner, 3), 6)
    return root(integer(inner.value**2), 4) if inner.value < 10**6 else None


def denest(node: Node, rng: Random) -> Node | None:
    """sqrt(p + q sqrt c) with p^2 - q^2 c a square, as a sum of two roots."""
    inner = node.args[0]
    if node.value != 2 or inner.op != "add" or len(inner.args) != 2:
        return None
    first, second = inner.args
    if first.op != "int" or second.op != "mul" or len(second.args) != 2:
        return None
    q, surd = second.args
    if q.op != "int" or surd.op != "root" or surd.value != 2 or surd.args[0].op != "int":
        return None
    rest = first.value**2 - q.value**2 * surd.args[0].value
    if rest < 0:
        return None
    side = int(rest**0.5 + 0.5)
    if side * side != rest:
        return None
    above, below = Fraction(first.value + side, 2), Fraction(first.value - side, 2)
    return add(root(number(above)), root(number(below)))


RULES: dict[str, list[Rule]] = {
    "add": [commute, commute, associate, flatten, turn_sum, factor_out, common_denominator],
    "mul": [commute, commute, associate, flatten, distribute, distribute],
    "neg": [push_sign],
    "div": [split_quotient, quotient_as_power, widen, rationalise, rationalise, rewrite_fraction,
            rewrite_fraction],
    "pow": [unroll_power, binomial_square, power_of_product, negative_power, power_of_integer],
    "root": [root_as_power, root_of_multiple, split_root, deepen_root, denest, denest],
    "int": [rewrite_integer],
    "dec": [rewrite_decimal],
    "mixed": [rewrite_decimal],
    "abs": [absolute],
    "floor": [shift_floor],
    "ceil": [shift_floor],
    "fact": [factorial],
    "binom": [binomial],
}  # fmt: skip
for _op, _rules in rewrites_functions.RULES.items():
    RULES[_op] = RULES.get(_op, []) + _rules


def _keeps_its_form(node: Node, path: Path) -> bool:
    """Whether a path leads into a rational exponent, or into what must be an integer.

    How a power is meant depends on the form of its exponent; a factorial wants to see an integer.
    """
    for index in path:
        if node.op == "pow" and index == 1 and node.args[1].rational() is not None:
            return True
        if node.op in ("fact", "binom"):
            return True
        node = node.args[index]
    return False


def step(node: Node, rng: Random) -> Node | None:
    """One rule at one place; None where the dice found none that applies."""
    places = [place for place in walk(node) if not _keeps_its_form(node, place[0])]
    for _ in range(4):
        path, chosen = places[0] if rng.random() < 0.3 else rng.choice(places)
        rules = RULES.get(chosen.op)
        rule = rng.choice(rules) if rules and rng.random() < 0.92 else detour
        new = rule(chosen, rng)
        if new is not None:
            return replace(node, path, new)
    return None


def rewrite(node: Node, rng: Random, steps: int) -> Node:
    """Some rules after one another."""
    for _ in range(steps):
        node = step(node, rng) or node
    return node
