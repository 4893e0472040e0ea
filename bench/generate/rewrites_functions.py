"""Rewrites of exponentials, logarithms, trigonometric functions and complex numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from .constants import Random
from .tree import PI, E, Node, add, degrees, div, fn, integer, mul, neg, number, power, some, sub

Rule: TypeAlias = "Callable[[Node, Random], Node | None]"

_PYTHAGORAS = ("sin", "cos")


def _half(node: Node) -> Node:
    return div(node, integer(2))


def double_angle(node: Node, rng: Random) -> Node | None:
    u = _to_radians(node.args[0])
    match node.value:
        case "sin":
            return mul(integer(2), fn("sin", _half(u)), fn("cos", _half(u)))
        case "cos" if rng.random() < 0.5:
            return sub(integer(1), mul(integer(2), power(fn("sin", _half(u)), 2)))
        case "cos":
            return sub(power(fn("cos", _half(u)), 2), power(fn("sin", _half(u)), 2))
        case "sinh":
            return mul(integer(2), fn("sinh", _half(u)), fn("cosh", _half(u)))
    return None


def addition(node: Node, rng: Random) -> Node | None:
    u = node.args[0]
    if node.value not in _PYTHAGORAS or u.op != "add" or len(u.args) != 2:
        return None
    a, b = u.args
    minus = b.op == "neg"
    if minus:
        b = b.args[0]
    if node.value == "sin":
        left, right = mul(fn("sin", a), fn("cos", b)), mul(fn("cos", a), fn("sin", b))
    else:
        left, right = mul(fn("cos", a), fn("cos", b)), mul(fn("sin", a), fn("sin", b))
        minus = not minus
    return sub(left, right) if minus else add(left, right)


def complement(node: Node, rng: Random) -> Node | None:
    other = {"sin": "cos", "cos": "sin", "tan": "cot", "cot": "tan", "sec": "csc", "csc": "sec"}
    if node.value not in other:
        return None
    u = node.args[0]
    if u.op == "deg":
        return fn(other[node.value], degrees(90 - u.value)) if u.value < 90 else None
    return fn(other[node.value], sub(_half(PI), u))


def full_turn(node: Node, rng: Random) -> Node | None:
    if node.value not in ("sin", "cos", "tan", "sec", "csc", "cot"):
        return None
    u = node.args[0]
    if u.op == "deg":
        return fn(node.value, degrees(u.value + 360))
    return fn(node.value, add(u, mul(integer(2), PI)))


def parity(node: Node, rng: Random) -> Node | None:
    u = node.args[0]
    if u.op == "deg":
        return None
    turned = u.args[0] if u.op == "neg" else neg(u)
    if node.value in ("cos", "sec", "cosh"):
        return fn(node.value, turned)
    if node.value in ("sin", "tan", "csc", "cot", "sinh", "tanh", "arctan", "arcsin"):
        return neg(fn(node.value, turned))
    return None


def by_definition(node: Node, rng: Random) -> Node | None:
    u = node.args[0]
    match node.value:
        case "tan":
            return div(fn("sin", u), fn("cos", u))
        case "cot":
            return div(fn("cos", u), fn("sin", u))
        case "sec":
            return div(integer(1), fn("cos", u))
        case "csc":
            return div(integer(1), fn("sin", u))
        case "sinh":
            return _half(sub(power(E, u), power(E, neg(u))))
        case "cosh":
            return _half(add(power(E, u), power(E, neg(u))))
        case "tanh":
            return div(fn("sinh", u), fn("cosh", u))
    return None


def switch_units(node: Node, rng: Random) -> Node | None:
    u = node.args[0]
    if u.op == "deg":
        return fn(node.value, _to_radians(u))
    if u.op != "div" or u.args[1].op != "int" or node.value not in ("sin", "cos", "tan"):
        return None
    top = u.args[0]
    times = 1
    if top.op == "mul" and len(top.args) == 2 and top.args[0].op == "int":
        times, top = top.args[0].value, top.args[1]
    turned = Fraction(180 * times, u.args[1].value) if u.args[1].value else Fraction(1, 7)
    if top.op != "pi" or turned.denominator not in (1, 2, 4, 5, 10):
        return None
    return fn(node.value, degrees(turned))


def _to_radians(node: Node) -> Node:
    return mul(number(node.value / 180), PI) if node.op == "deg" else node


def exact_value(node: Node, rng: Random) -> Node | None:
    """Sines and cosines of the usual angles."""
    u = node.args[0]
    if u.op != "deg" or node.value not in _PYTHAGORAS:
        return None
    angle = u.value if node.value == "sin" else 90 - u.value
    angle %= 360
    sign = 1
    if angle >= 180:
        angle, sign = angle - 180, -1
    angle = min(angle, 180 - angle)
    known = {
        0: integer(0),
        15: div(sub(_root(6), _root(2)), integer(4)),
        18: div(sub(_root(5), integer(1)), integer(4)),
        30: number(Fraction(1, 2)),
        45: _half(_root(2)),
        54: div(add(_root(5), integer(1)), integer(4)),
        60: _half(_root(3)),
        75: div(add(_root(6), _root(2)), integer(4)),
        90: integer(1),
    }.get(int(angle) if angle.denominator == 1 else -1)
    if known is None:
        return None
    return known if sign > 0 else neg(known)


def _root(n: int) -> Node:
    return Node("root", (integer(n),), 2)


def square_of_trig(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if base.op != "fn" or exponent.op != "int" or exponent.value != 2:
        return None
    u = _to_radians(base.args[0])
    match base.value:
        case "sin" if rng.random() < 0.5:
            return sub(integer(1), power(fn("cos", u), 2))
        case "sin":
            return _half(sub(integer(1), fn("cos", mul(integer(2), u))))
        case "cos":
            return sub(integer(1), power(fn("sin", u), 2))
        case "cosh":
            return add(integer(1), power(fn("sinh", u), 2))
        case "sec":
            return add(integer(1), power(fn("tan", u), 2))
    return None


def log_rules(node: Node, rng: Random) -> Node | None:
    if node.value != "ln":
        return None
    u = node.args[0]
    if u.op == "div" and u.rational() is not None and u.args[0].op == u.args[1].op == "int":
        return sub(fn("ln", u.args[0]), fn("ln", u.args[1]))
    if u.op == "int":
        for factor in (2, 3, 5, 7):
            rest = u.value // factor
            if u.value % factor == 0 and rest > 1:
                return add(fn("ln", integer(factor)), fn("ln", integer(rest)))
        return _half(fn("ln", integer(u.value**2))) if u.value < 10**4 else None
    if u.op == "mul" and u.args[0].op == "int" and u.args[0].value > 0:
        return add(fn("ln", u.args[0]), fn("ln", mul(*u.args[1:])))
    if u.op == "pow" and u.args[0].op in ("int", "e") and not some(u, lambda n: n.op == "i"):
        return mul(u.args[1], fn("ln", u.args[0]))
    return neg(fn("ln", div(integer(1), u)))


def change_base(node: Node, rng: Random) -> Node | None:
    base, u = node.args
    match rng.randrange(3):
        case 0:
            return div(fn("ln", u), fn("ln", base))
        case 1 if base.op == "int" and base.value < 100:
            return Node("logb", (integer(base.value**2), power(u, 2))) if u.op == "int" else None
        case _:
            return (
                div(integer(1), Node("logb", (u, base))) if u.op == "int" and u.value > 1 else None
            )


def exponential(node: Node, rng: Random) -> Node | None:
    base, u = node.args
    if base.op != "e":
        if base.op == "int" and base.value > 1 and u.op != "int" and rng.random() < 0.6:
            return power(E, mul(u, fn("ln", base)))
        return None
    if u.op == "add":
        return mul(*(power(E, arg) for arg in u.args))
    if u.op == "neg":
        return div(integer(1), power(E, u.args[0]))
    return power(power(E, _half(u)), 2)


def euler(node: Node, rng: Random) -> Node | None:
    """e^{i x} with the i as a factor."""
    base, u = node.args
    if base.op != "e":
        return None
    bottom: Node | None = None
    if u.op == "div":
        u, bottom = u.args
    if u.op != "mul" or not any(arg.op == "i" for arg in u.args):
        return None
    if bottom is not None and bottom.op != "int":
        return None
    at = next(index for index, arg in enumerate(u.args) if arg.op == "i")
    rest = u.args[:at] + u.args[at + 1 :]
    angle = mul(*rest) if bottom is None else div(mul(*rest), bottom)
    return add(fn("cos", angle), mul(Node("i"), fn("sin", angle)))


def turn_i(node: Node, rng: Random) -> Node | None:
    match rng.randrange(4):
        case 0:
            return div(neg(integer(1)), Node("i"))
        case 1:
            return power(Node("i"), 5)
        case 2:
            return neg(power(Node("i"), 3))
        case _:
            return Node("root", (neg(integer(1)),), 2)


def conjugate(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if inner.op in ("add", "mul", "div"):
        return Node(inner.op, tuple(_conjugated(arg) for arg in inner.args))
    return None


def _conjugated(node: Node) -> Node:
    if node.op == "i":  # one letter under a bar is another name
        return neg(node)
    return Node("conj", (node,)) if node.rational() is None else node


def parts(node: Node, rng: Random) -> Node | None:
    inner = node.args[0]
    if node.op == "re":
        return _half(add(inner, Node("conj", (inner,))))
    return div(sub(inner, Node("conj", (inner,))), mul(integer(2), Node("i")))


def rewrite_pi(node: Node, rng: Random) -> Node | None:
    match rng.randrange(3):
        case 0:
            return mul(integer(4), fn("arctan", integer(1)))
        case 1:
            return mul(integer(2), fn("arcsin", integer(1)))
        case _:
            return add(_half(PI), _half(PI))


RULES: dict[str, list[Rule]] = {
    "fn": [double_angle, addition, addition, complement, full_turn, parity, by_definition,
           switch_units, exact_value, exact_value, log_rules, log_rules],
    "pow": [square_of_trig, exponential, exponential, euler],
    "logb": [change_base],
    "i": [turn_i],
    "conj": [conjugate],
    "re": [parts],
    "im": [parts],
    "pi": [rewrite_pi],
}  # fmt: skip
