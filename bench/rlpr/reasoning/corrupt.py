"""Right reasoning made wrong, by rules that chance decides in but a seed repeats."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Sequence
from fractions import Fraction

from reasoning.problems import Problem, gsm8k_steps, states

_ANNOTATION = re.compile(r"<<([^<>=]*)=([^<>]*)>>")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?|(?<![\w.])\.\d+")
_SLIPS = (-10, -5, -3, -2, -1, 1, 2, 3, 5, 10)
_OPERATORS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def shuffled_steps(steps: Sequence[str], draw: random.Random) -> str | None:
    """Steps in another order; None where there is none."""
    order = _reordered(steps, draw)
    return None if order is None else "\n".join(order)


def shuffled_words(steps: Sequence[str], draw: random.Random) -> str | None:
    """Words in another order, white space where it was; None where there is no other."""
    pieces = re.split(r"(\s+)", "\n".join(steps))
    words = _reordered(pieces[::2], draw)
    if words is None:
        return None
    pieces[::2] = words
    return "".join(pieces)


def slipped(problem: Problem, draw: random.Random) -> tuple[tuple[str, ...], str] | None:
    """A solution of GSM8K with one result off, and all that follows worked out from that.

    Returns:
        The steps and the answer that they arrive at; None where no slip leads to another answer, or
        the right one stands in every solution so made.
    """
    results = len(_ANNOTATION.findall(problem.raw))
    tries = [(at, slip) for at in range(results) for slip in _SLIPS]
    draw.shuffle(tries)
    for at, slip in tries:
        found = _carried(problem, at, slip)
        if found is not None:
            return found
    return None


def _reordered(items: Sequence[str], draw: random.Random) -> list[str] | None:
    if len(set(items)) < 2:
        return None
    order = list(items)
    while order == list(items):
        draw.shuffle(order)
    return order


def _carried(problem: Problem, at: int, slip: int) -> tuple[tuple[str, ...], str] | None:
    """The solution with result number `at` off by `slip`."""
    changed: dict[Fraction, Fraction] = {}
    text, behind = "", 0
    for count, found in enumerate(_ANNOTATION.finditer(problem.raw)):
        text += _replaced(problem.raw[behind : found.start()], changed)
        behind = found.end()
        right, value = _value(found[2]), _value(_replaced(found[1], changed))
        if right is None or value is None:
            return None
        if count == at:
            value = right + slip
        if value <= 0 or (100 * value).denominator != 1:
            return None
        if value != right:
            changed[right] = value
        else:
            changed.pop(right, None)
    text += _replaced(problem.raw[behind:], changed)
    answer = _value(problem.answer)
    if answer is None or answer not in changed:
        return None
    steps = gsm8k_steps(text)
    return None if states("\n".join(steps), problem.answer) else (steps, _shown(changed[answer]))


def _replaced(text: str, changed: dict[Fraction, Fraction]) -> str:
    def other(found: re.Match[str]) -> str:
        value = _value(found[0])
        return _shown(changed[value]) if value in changed else found[0]

    return _NUMBER.sub(other, text)


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"


def _value(text: str) -> Fraction | None:
    """What a sum in figures comes to; None if it is something else."""
    try:
        return _worked(ast.parse(text.replace(",", "").strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError):
        return None


def _worked(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worked(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_worked(node.left), _worked(node.right))
    raise ValueError("neither a number nor one of + - * /")
