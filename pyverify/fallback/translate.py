"""Nodes to sympy, by constructors from a fixed list. Runs in the worker only.

Sizes are checked before anything is built, because sympy evaluates numbers as soon as it has them.
Whatever is not listed, or has two conventions, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy

Nodes = Sequence[tuple[str, str, Sequence[int]]]

MOST_BITS = 65_536
_MOST_POWER = 1_000
_MOST_FACTORIAL = 3_000
_MOST_COLUMNS = 6

_FUNCTIONS: dict[str, Callable[..., sympy.Expr]] = {
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sec": sympy.sec,
    "csc": sympy.csc,
    "cot": sympy.cot,
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "arcsinh": sympy.asinh,
    "arccosh": sympy.acosh,
    "arctanh": sympy.atanh,
    "ln": sympy.log,
    "exp": sympy.exp,
    "sign": sympy.sign,
}
_UNARY: dict[str, Callable[..., sympy.Expr]] = {
    "neg": lambda a: -a,
    "abs": sympy.Abs,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "real": sympy.re,
    "imag": sympy.im,
    "conj": sympy.conjugate,
    "percent": lambda a: a / 100,
}
_TRIGONOMETRIC = frozenset(("sin", "cos", "tan", "sec", "csc", "cot"))
_OPERATORS_LEFT = (sympy.Integral, sympy.Sum, sympy.Product, sympy.Limit, sympy.Derivative)


class RefusedError(Exception):
    """Not to be translated."""


class Translator:
    """Builds the scalars of one side.

    Args:
        nodes: The side's nodes.
        integers: Free variables are non-negative integers rather than reals.
        ten: A logarithm without a base is to base ten.
    """

    def __init__(self, nodes: Nodes, *, integers: bool, ten: bool) -> None:
        self.nodes = nodes
        self.integers = integers
        self.ten = ten
        self.integrals: list[sympy.Integral] = []
        self._made: dict[int, sympy.Expr] = {}

    def scalar(self, root: int) -> sympy.Expr:
        """The value of a node.

        Raises:
            RefusedError: It holds something that is not translated.
        """
        needed = {root}
        for at in range(root, -1, -1):
            if at in needed:
                needed.update(self.nodes[at][2])
        for at in sorted(needed):
            if at not in self._made:
                self._made[at] = _sound(self._node(at))
        return self._made[root]

    def _node(self, at: int) -> sympy.Expr:
        kind, text, operands = self.nodes[at]
        parts = [self._made[operand] for operand in operands]
        if kind in _UNARY:
            return _UNARY[kind](*parts)
        method = getattr(self, f"_make_{kind}", None)
        if method is None:
            raise RefusedError(kind)
        made: sympy.Expr = method(at, text, parts)
        return made

    # ---- leaves

    def _make_number(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        digits, _, exponent = text.partition("e")
        power = int(exponent or "0")
        if len(digits) > 1200 or abs(power) > 1000 or not digits.isdecimal():
            raise RefusedError("number")
        return sympy.Integer(int(digits)) * sympy.Integer(10) ** power

    def _make_symbol(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return self.symbol(text)

    def symbol(self, name: str) -> sympy.Symbol:
        """A variable; its name is a letter or a hash."""
        if self.integers:
            return sympy.Symbol(name, integer=True, nonnegative=True)
        return sympy.Symbol(name, real=True)

    def _make_pi(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.pi

    def _make_e(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.E

    def _make_i(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.I

    def _make_infinity(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.oo

    # ---- arithmetic

    def _make_add(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return parts[0] + parts[1]

    def _make_sub(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return parts[0] - parts[1]

    def _make_mul(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return parts[0] * parts[1]

    def _make_div(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if parts[1].is_zero:
            raise RefusedError("undefined")
        return parts[0] / parts[1]

    def _make_mod(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if not all(part.is_Integer for part in parts) or parts[1].is_zero:
            raise RefusedError("mod")
        return sympy.Mod(*parts)

    def _make_pow(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        base, exponent = parts
        if exponent.is_Integer:
            return _integer_power(base, int(exponent))
        if exponent.is_Rational:
            if max(abs(exponent.p), exponent.q) > _MOST_POWER:
                raise RefusedError("pow")
            return _integer_power(_root(base, exponent.q), exponent.p)
        if base.is_zero or _bits(exponent) > 64:
            raise RefusedError("pow")
        return base**exponent

    def _make_root(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if not parts[1].is_Integer:
            raise RefusedError("root")
        return _root(parts[0], int(parts[1]))

    def _make_factorial(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.factorial(_small(parts[0]))

    def _make_double_factorial(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.factorial2(_small(parts[0]))

    def _make_binomial(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.binomial(_small(parts[0]), _small(parts[1]))

    def _make_gcd(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return self._of_integers(sympy.igcd, parts)

    def _make_lcm(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return self._of_integers(sympy.ilcm, parts)

    def _of_integers(self, of: Callable[..., int], parts: list[sympy.Expr]) -> sympy.Expr:
        if len(parts) < 2 or len(parts) > 16 or not all(part.is_Integer for part in parts):
            raise RefusedError("integers wanted")
        return sympy.Integer(of(*(int(part) for part in parts)))

    def _make_max(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.Max(*parts)

    def _make_min(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        return sympy.Min(*parts)

    # ---- functions

    def _make_function(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if text == "log":
            if not self.ten:
                return sympy.log(_nonzero(parts[0]))
            return sympy.log(_nonzero(parts[0])) / sympy.log(10)
        if text not in _FUNCTIONS:
            raise RefusedError(text)
        argument = self.nodes[at][2][0]
        if text == "ln":
            _nonzero(parts[0])
        if self.nodes[argument][0] == "degree" and text not in _TRIGONOMETRIC:
            raise RefusedError("degree")
        return _FUNCTIONS[text](parts[0])

    def _make_degree(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        # A bare figure may stand for degrees elsewhere: only an angle inside a function is sure.
        users = [node for node in self.nodes if at in node[2]]
        if not users or any(node[0] != "function" for node in users):
            raise RefusedError("degree")
        return parts[0] * sympy.pi / 180

    def _make_log_base(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if parts[0] == 1:
            raise RefusedError("undefined")
        return sympy.log(_nonzero(parts[1])) / sympy.log(_nonzero(parts[0]))

    # ---- operators

    def _make_operator(self, at: int, text: str, parts: list[sympy.Expr]) -> sympy.Expr:
        if text in ("sum", "product") and len(parts) == 4 and parts[0].is_Symbol:
            of = sympy.Sum if text == "sum" else sympy.Product
            return _finished(of(parts[3], (parts[0], parts[1], parts[2])).doit())
        if text == "limit" and len(parts) == 3 and parts[0].is_Symbol:
            left = sympy.limit(parts[2], parts[0], parts[1], "-")
            if parts[1].is_finite and left != sympy.limit(parts[2], parts[0], parts[1], "+"):
                raise RefusedError("the limits of both sides differ")
            return _finished(left)
        if text == "derivative" and len(parts) == 2 and parts[0].is_Symbol:
            return _finished(sympy.diff(parts[1], parts[0]))
        if text == "det":
            size = round(len(parts) ** 0.5)
            if size * size == len(parts) and 0 < size <= _MOST_COLUMNS:
                return sympy.Matrix(size, size, parts).det()
        if text == "integral" and len(parts) == 4:
            return self._integral(parts)
        raise RefusedError(text)

    def _integral(self, parts: list[sympy.Expr]) -> sympy.Expr:
        variable, low, high, body = parts
        if not variable.is_Symbol or low.has(variable) or high.has(variable):
            raise RefusedError("integral")
        integral = sympy.Integral(body, (variable, low, high))
        self.integrals.append(integral)
        return _finished(integral.doit())


def _bits(value: sympy.Expr) -> int:
    if value.is_Rational:
        return max(int(value.p).bit_length(), int(value.q).bit_length())
    return max((_bits(part) for part in value.atoms(sympy.Rational)), default=0)


def _sound(value: sympy.Expr) -> sympy.Expr:
    if not isinstance(value, sympy.Expr) or value.has(sympy.nan, sympy.zoo):
        raise RefusedError("undefined")
    if _bits(value) > MOST_BITS:
        raise RefusedError("too large")
    return value


def _finished(value: sympy.Expr) -> sympy.Expr:
    if not isinstance(value, sympy.Expr) or value.has(*_OPERATORS_LEFT, sympy.Piecewise):
        raise RefusedError("not finished")
    return value


def _integer_power(base: sympy.Expr, exponent: int) -> sympy.Expr:
    if base.is_zero and exponent <= 0:
        raise RefusedError("undefined")
    if abs(exponent) * max(_bits(base), 1) > MOST_BITS:
        raise RefusedError("too large")
    if not base.is_Rational and abs(exponent) > _MOST_POWER:
        raise RefusedError("too large")
    return base**exponent


def _root(base: sympy.Expr, index: int) -> sympy.Expr:
    """The principal root; the real one of a negative number when the index is odd."""
    if not 1 <= index <= _MOST_POWER:
        raise RefusedError("root")
    if index % 2 == 0 or index == 1 or base.is_nonnegative:
        return sympy.root(base, index)
    if base.is_negative:
        return -sympy.root(-base, index)
    raise RefusedError("root of either sign")


def _small(value: sympy.Expr) -> sympy.Expr:
    if value.is_number and not (value.is_Integer and 0 <= int(value) <= _MOST_FACTORIAL):
        raise RefusedError("factorial")
    return value


def _nonzero(value: sympy.Expr) -> sympy.Expr:
    if value.is_zero:
        raise RefusedError("undefined")
    return value
