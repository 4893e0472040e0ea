"""Are two sides equal? Runs in the worker only, one fork for each question.

Equal needs a symbolic proof and agreeing numbers; different needs numbers that differ. Everything
else stays undecided, because a reward for something unproven is a false positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy

from pyverify.fallback.translate import Nodes, RefusedError, Translator

_EQUAL, _NOT_EQUAL, _UNDECIDED = "equal", "not_equal", "undecided"
_ORDERED = ("tuple", "bracket", "interval", "matrix", "ratio")
_UNORDERED = ("list", "set")
_MOST_ITEMS = 6
_DIGITS = 30
_POINTS = (
    sympy.Rational(-7, 4),
    sympy.Rational(3, 8),
    sympy.Rational(5, 2),
    sympy.Rational(13, 4),
    sympy.Rational(-5, 16),
    sympy.Rational(9, 8),
    sympy.Rational(-11, 4),
    sympy.Rational(31, 16),
    sympy.Rational(3, 4),
    sympy.Rational(11, 2),
)
_LEAST_POINTS = 3


def version() -> str:
    """The version of sympy."""
    return str(sympy.__version__)


def warm_up() -> None:
    """Loads what sympy loads late, so that a forked job doesn't."""
    x = sympy.Symbol("x", real=True)
    sympy.integrate(x * sympy.exp(-x), (x, 0, sympy.oo))
    sympy.Integral(sympy.sin(x), (x, 0, 1)).evalf(15)
    sympy.Sum(1 / x**2, (x, 1, sympy.oo)).doit()
    sympy.limit(sympy.sin(x) / x, x, 0)
    sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2 + sympy.sqrt(3 + 2 * sympy.sqrt(2)) - 1)
    (sympy.cos(sympy.pi / 7) - sympy.sqrt(2)).equals(0)


def run(job: Mapping[str, object]) -> str:
    """The outcome for one job: ``equal``, ``not_equal`` or ``undecided``."""
    gold, answer = _nodes(job["gold"]), _nodes(job["answer"])
    logs = any(kind == "function" and text == "log" for kind, text, _ in [*gold, *answer])
    # log without a base: equal if equal under ln throughout or under log10 throughout
    readings = (False, True) if logs else (False,)
    outcome = _any([_Question(gold, answer, ten=ten).decide() for ten in readings])
    return outcome if outcome == _EQUAL or job["exact"] else _UNDECIDED


def _nodes(side: object) -> Nodes:
    """JSON has no tuples."""
    assert isinstance(side, list)  # noqa: S101
    return [(kind, text, tuple(operands)) for kind, text, operands in side]


class _Question:
    def __init__(self, gold: Nodes, answer: Nodes, *, ten: bool) -> None:
        self.integers = _about_integers(gold)
        self.gold = Translator(gold, integers=self.integers, ten=ten)
        self.answer = Translator(answer, integers=self.integers, ten=ten)

    def decide(self) -> str:
        try:
            gold, answer = _values(self.gold.nodes, self.answer.nodes)
            return self.compare(gold, answer)
        except RefusedError:
            return _UNDECIDED

    def compare(self, gold: int, answer: int) -> str:
        kind, text, mine = self.gold.nodes[gold]
        other, held, theirs = self.answer.nodes[answer]
        if kind in _UNORDERED and other in _UNORDERED:
            return self.unordered(mine, theirs)
        if kind in _ORDERED:
            if kind != other or text != held or len(mine) != len(theirs):
                return _UNDECIDED
            outcomes = [self.compare(a, b) for a, b in zip(mine, theirs, strict=True)]
            return _all(outcomes)
        return self.scalars(gold, answer)

    def unordered(self, gold: Sequence[int], answer: Sequence[int]) -> str:
        if len(gold) > _MOST_ITEMS or len(answer) > _MOST_ITEMS:
            return _UNDECIDED
        table = [[self.compare(a, b) for b in answer] for a in gold]
        rows = [_any(row) for row in table]
        columns = [_any([row[i] for row in table]) for i in range(len(answer))]
        return _all([*rows, *columns])

    def scalars(self, gold: int, answer: int) -> str:
        before = len(self.gold.integrals)
        a, b = self.gold.scalar(gold), self.answer.scalar(answer)
        if a.has(sympy.oo, -sympy.oo) or b.has(sympy.oo, -sympy.oo):
            return _EQUAL if a == b else _NOT_EQUAL
        if not all(_integral_agrees(one) for one in self.gold.integrals[before:]):
            return _UNDECIDED
        if not (a.free_symbols | b.free_symbols):
            return _constants(a, b)
        return self.functions(a, b)

    def functions(self, a: sympy.Expr, b: sympy.Expr) -> str:
        symbols = sorted(a.free_symbols | b.free_symbols, key=str)
        usable = 0
        for k in range(len(_POINTS)):
            point = {
                symbol: sympy.Integer(k + 1 + i)
                if self.integers
                else _POINTS[(k + 3 * i) % len(_POINTS)] + i
                for i, symbol in enumerate(symbols)
            }
            gold = _number(a.subs(point))
            if gold is None or abs(sympy.im(gold)) > 1e-20:
                continue  # where the gold is not defined nobody asks
            answer = _number(b.subs(point))
            if answer is None:
                return _UNDECIDED
            if abs(gold - answer) > 1e-18 * (1 + abs(gold)):
                return _NOT_EQUAL
            usable += 1
        if usable < _LEAST_POINTS:
            return _UNDECIDED
        return _EQUAL if sympy.simplify(a - b) == 0 else _UNDECIDED


def _values(gold: Nodes, answer: Nodes) -> tuple[int, int]:
    """The roots without their labels: x = 5 and 5 are the same, y = 5 and x = 5 are not."""
    mine, theirs = _label(gold), _label(answer)
    if mine is not None and theirs is not None and mine != theirs:
        raise RefusedError("labels")
    return _value(gold), _value(answer)


def _label(nodes: Nodes) -> tuple[str, str] | None:
    kind, text, operands = nodes[-1]
    if kind != "relation":
        return None
    if text != "=":
        raise RefusedError("relation")
    name = nodes[operands[0]]
    if name[0] != "symbol":
        raise RefusedError("label")
    return name[0], name[1]


def _value(nodes: Nodes) -> int:
    kind, _, operands = nodes[-1]
    return operands[1] if kind == "relation" else len(nodes) - 1


def _about_integers(gold: Nodes) -> bool:
    """Does the gold itself say that its variables count something?"""
    for kind, text, operands in gold:
        counting = kind in ("factorial", "double_factorial", "binomial")
        if kind == "operator" and text in ("sum", "product"):
            counting = True
            operands = operands[2:3]  # the upper bound
        if counting and any(gold[operand][0] not in ("number", "infinity") for operand in operands):
            return True
    return False


def _all(outcomes: Sequence[str]) -> str:
    if _NOT_EQUAL in outcomes:
        return _NOT_EQUAL
    return _EQUAL if outcomes and all(one == _EQUAL for one in outcomes) else _UNDECIDED


def _any(outcomes: Sequence[str]) -> str:
    if _EQUAL in outcomes:
        return _EQUAL
    return _NOT_EQUAL if all(one == _NOT_EQUAL for one in outcomes) else _UNDECIDED


def _number(value: sympy.Expr) -> sympy.Expr | None:
    found = value.evalf(_DIGITS, maxn=400)
    if not found.is_number or not found.is_finite or found.has(*_UNFINISHED):
        return None
    real, imaginary = found.as_real_imag()
    return found if real.is_Number and imaginary.is_Number else None


_UNFINISHED = (sympy.nan, sympy.zoo, sympy.Integral, sympy.Sum, sympy.Function)


def _constants(a: sympy.Expr, b: sympy.Expr) -> str:
    one, other = _number(a), _number(b)
    if one is None or other is None:
        return _UNDECIDED
    if abs(one - other) > 1e-20 * (1 + abs(one)):
        return _NOT_EQUAL
    return _EQUAL if sympy.simplify(a - b) == 0 else _UNDECIDED


def _integral_agrees(integral: sympy.Integral) -> bool:
    """Symbolic integration has had faults of a branch: the number must be the same."""
    if integral.free_symbols:
        return True
    closed, measured = _number(integral.doit()), integral.evalf(15)
    if closed is None or not measured.is_number or measured.has(sympy.Integral):
        return False
    return bool(abs(closed - measured) <= 1e-8 * (1 + abs(closed)))
