"""Expression trees: what the generators build, rewrite, spell and enclose.

A node is an operation, its operands and, for a leaf, its value. Trees are immutable, so a rewrite
shares everything but the path to what it changed, and so do the enclosures kept in the nodes.

Operations: leaves `int` (never negative), `dec` (a terminating decimal), `rep` (a repeating one),
`mixed`, `deg` (degrees, as the argument of a trigonometric function), `pi`, `e`, `i`, `var`; and
`neg`, `add`, `mul` (any number of operands), `div`, `pow`, `root` (its value is the index), `fn`
(its value is the name), `logb` (base, argument), `abs`, `floor`, `ceil`, `fact`, `binom`, `conj`,
`re`, `im`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

Path: TypeAlias = "tuple[int, ...]"

# Values of leaves that are rational numbers.
RATIONAL_LEAVES = frozenset(("int", "dec", "rep", "mixed"))


class Node:
    """One operation of a tree."""

    __slots__ = ("_rational", "args", "balls", "op", "value")

    def __init__(self, op: str, args: tuple[Node, ...] = (), value: Any = None) -> None:
        """`balls` is the oracle's memory."""
        self.op = op
        self.args = args
        self.value = value
        self.balls: dict[object, Any] | None = None
        self._rational: Fraction | bool | None = False

    def __repr__(self) -> str:
        """For failures."""
        if not self.args:
            return self.op if self.value is None else str(self.value)
        name = self.op if self.value is None else f"{self.op}:{self.value}"
        return f"{name}({', '.join(map(repr, self.args))})"

    def rational(self) -> Fraction | None:
        """The value, where arithmetic alone gives it as a small rational."""
        if self._rational is False:
            self._rational = _rational(self)
        return self._rational  # type: ignore[return-value]


def _rational(node: Node) -> Fraction | None:
    if node.op in RATIONAL_LEAVES:
        return Fraction(node.value)
    if node.op not in ("neg", "add", "mul", "div", "pow"):
        return None
    values = [arg.rational() for arg in node.args]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    match node.op:
        case "neg":
            return -known[0]
        case "add":
            return sum(known, Fraction())
        case "mul":
            product = Fraction(1)
            for value in known:
                product *= value
            return product
        case "div":
            return known[0] / known[1] if known[1] else None
        case _:
            base, exponent = known
            if exponent.denominator != 1 or abs(exponent) > 64 or (base == 0 and exponent <= 0):
                return None
            return base ** int(exponent)


PI = Node("pi")
E = Node("e")
I = Node("i")  # noqa: E741 - its name in mathematics
_INTEGERS = [Node("int", (), value) for value in range(257)]


def integer(value: int) -> Node:
    """An integer of either sign."""
    if value < 0:
        return neg(integer(-value))
    return _INTEGERS[value] if value < len(_INTEGERS) else Node("int", (), value)


def number(value: Fraction | int) -> Node:
    """A rational number as an integer or a fraction in lowest terms."""
    if isinstance(value, int) or value.denominator == 1:
        return integer(int(value))
    top = div(integer(abs(value.numerator)), integer(value.denominator))
    return neg(top) if value < 0 else top


def var(name: str) -> Node:
    """A variable."""
    return Node("var", (), name)


def neg(a: Node) -> Node:
    """-a."""
    return Node("neg", (a,))


def add(*args: Node) -> Node:
    """A sum; nested ones are kept."""
    return args[0] if len(args) == 1 else Node("add", args)


def sub(a: Node, b: Node) -> Node:
    """a - b."""
    return Node("add", (a, neg(b)))


def mul(*args: Node) -> Node:
    """A product; nested ones are kept."""
    return args[0] if len(args) == 1 else Node("mul", args)


def div(a: Node, b: Node) -> Node:
    """a / b."""
    return Node("div", (a, b))


def power(a: Node, b: Node | int) -> Node:
    """a ^ b."""
    return Node("pow", (a, integer(b) if isinstance(b, int) else b))


def root(a: Node, index: int = 2) -> Node:
    """The principal root; of odd index the real root of a real number."""
    return Node("root", (a,), index)


def fn(name: str, a: Node) -> Node:
    """A function of one argument."""
    return Node("fn", (a,), name)


def unary(op: str, a: Node) -> Node:
    """`abs`, `floor`, `ceil`, `fact`, `conj`, `re`, `im`."""
    return Node(op, (a,))


def binom(n: Node, k: Node) -> Node:
    """n choose k."""
    return Node("binom", (n, k))


def degrees(value: Fraction | int) -> Node:
    """An angle in degrees."""
    return Node("deg", (), Fraction(value))


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path from the root."""
    yield path, node
    for index, arg in enumerate(node.args):
        yield from walk(arg, (*path, index))


def replace(node: Node, path: Path, new: Node) -> Node:
    """The tree with another node at a path."""
    if not path:
        return new
    index = path[0]
    args = list(node.args)
    args[index] = replace(args[index], path[1:], new)
    return Node(node.op, tuple(args), node.value)


def some(node: Node, test: Callable[[Node], bool]) -> bool:
    """Whether any node passes."""
    return test(node) or any(some(arg, test) for arg in node.args)


def variables(node: Node) -> set[str]:
    """Names of the variables."""
    if node.op == "var":
        return {node.value}
    return set().union(*(variables(arg) for arg in node.args)) if node.args else set()


def size(node: Node) -> int:
    """Number of nodes."""
    return 1 + sum(map(size, node.args))
