"""Near misses: one small change somewhere. The oracle must still show that it matters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from . import attacks
from .constants import Random
from .tree import PI, E, Node, Path, add, integer, neg, number, power, replace, root, sub, walk

Change: TypeAlias = "Callable[[Node, Random], Node | None]"

_COUSINS = {
    "sin": "cos", "cos": "sin", "tan": "cot", "cot": "tan", "sec": "csc", "csc": "sec",
    "arcsin": "arccos", "arccos": "arcsin", "arctan": "tan", "sinh": "cosh", "cosh": "sinh",
    "tanh": "sinh", "ln": "tanh",
}  # fmt: skip


def _integer(node: Node, rng: Random) -> Node | None:
    n = node.value
    match rng.randrange(6):
        case 0 | 1:
            return integer(n + 1)
        case 2 | 3:
            return integer(n - 1)
        case 4:
            return integer(n * 10)
        case _:
            digits = list(str(n))
            place = rng.randrange(len(digits))
            digits[place] = str((int(digits[place]) + rng.randint(1, 9)) % 10)
            return integer(int("".join(digits)))


def _decimal(node: Node, rng: Random) -> Node | None:
    places = 1
    while (node.value * 10**places).denominator != 1:
        places += 1
    changed = node.value + Fraction(rng.choice((-1, 1)), 10 ** rng.choice((places, places + 1)))
    return Node("dec", (), changed) if changed > 0 else None


def _fraction_leaf(node: Node, rng: Random) -> Node | None:
    changed = node.value + Fraction(rng.choice((-1, 1)), node.value.denominator)
    return number(changed)


def _degrees(node: Node, rng: Random) -> Node | None:
    return Node("deg", (), node.value + rng.choice((-1, 1, 90, 180)))


def _drop(node: Node, rng: Random) -> Node | None:
    at = rng.randrange(len(node.args))
    rest = node.args[:at] + node.args[at + 1 :]
    return Node(node.op, rest) if len(rest) > 1 else rest[0]


def _turn_one(node: Node, rng: Random) -> Node | None:
    args = list(node.args)
    at = rng.randrange(len(args))
    args[at] = args[at].args[0] if args[at].op == "neg" else neg(args[at])
    return Node(node.op, tuple(args))


def _swap(node: Node, rng: Random) -> Node | None:
    return Node(node.op, node.args[::-1])


def _drop_sign(node: Node, rng: Random) -> Node | None:
    return node.args[0]


def _exponent(node: Node, rng: Random) -> Node | None:
    base, exponent = node.args
    if exponent.op == "int":
        return power(base, integer(exponent.value + rng.choice((-1, 1))))
    return power(base, neg(exponent)) if rng.random() < 0.5 else Node("mul", (exponent, base))


def _distribute_power(node: Node, rng: Random) -> Node | None:
    """(a + b)^2 as a^2 + b^2."""
    base, exponent = node.args
    if base.op != "add":
        return None
    return add(*(power(arg, exponent) for arg in base.args))


def _index(node: Node, rng: Random) -> Node | None:
    return root(node.args[0], node.value + 1) if rng.random() < 0.6 else node.args[0]


def _distribute_root(node: Node, rng: Random) -> Node | None:
    """sqrt(a + b) as sqrt(a) + sqrt(b)."""
    inner = node.args[0]
    if inner.op != "add":
        return None
    return add(*(root(arg, node.value) for arg in inner.args))


def _cousin(node: Node, rng: Random) -> Node | None:
    return Node("fn", node.args, _COUSINS[node.value]) if node.value in _COUSINS else None


def _base(node: Node, rng: Random) -> Node | None:
    return Node("logb", (add(node.args[0], integer(1)), node.args[1]))


def _pi(node: Node, rng: Random) -> Node | None:
    if rng.random() < 0.3:
        return E
    return number(rng.choice((Fraction(22, 7), Fraction(355, 113), attacks.truncated_pi(rng))))


def _e(node: Node, rng: Random) -> Node | None:
    return PI if rng.random() < 0.4 else number(Fraction(271828182845904523536, 10**20))


def _i(node: Node, rng: Random) -> Node | None:
    return neg(node) if rng.random() < 0.7 else integer(1)


def _unwrap(node: Node, rng: Random) -> Node | None:
    return node.args[0]


def _variable(node: Node, rng: Random) -> Node | None:
    return rng.choice((neg(node), add(node, integer(1)), sub(node, integer(1)), power(node, 2)))


def _choose(node: Node, rng: Random) -> Node | None:
    n, k = node.args
    return (
        Node("binom", (n, add(k, integer(1))))
        if rng.random() < 0.5
        else Node("binom", (add(n, integer(1)), k))
    )


def _factorial(node: Node, rng: Random) -> Node | None:
    return Node("fact", (add(node.args[0], integer(1)),))


_CHANGES: dict[str, list[Change]] = {
    "int": [_integer],
    "dec": [_decimal],
    "rep": [_fraction_leaf],
    "mixed": [_fraction_leaf],
    "deg": [_degrees],
    "add": [_drop, _turn_one, _turn_one],
    "mul": [_drop, _turn_one],
    "neg": [_drop_sign],
    "div": [_swap, _swap, _drop_sign],
    "pow": [_exponent, _exponent, _distribute_power],
    "root": [_index, _distribute_root],
    "fn": [_cousin],
    "logb": [_swap, _base],
    "pi": [_pi],
    "e": [_e],
    "i": [_i],
    "abs": [_unwrap],
    "floor": [_unwrap],
    "ceil": [_unwrap],
    "conj": [_unwrap],
    "re": [_unwrap],
    "im": [_unwrap],
    "var": [_variable],
    "binom": [_choose],
    "fact": [_factorial],
}


def change(node: Node, rng: Random) -> Node | None:
    """One change at one place; None where the dice found none."""
    places: list[tuple[Path, Node]] = list(walk(node))
    for _ in range(4):
        path, chosen = rng.choice(places)
        new = rng.choice(_CHANGES[chosen.op])(chosen, rng)
        if new is not None:
            return replace(node, path, new)
    return None
