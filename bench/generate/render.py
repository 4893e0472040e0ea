"""Spells a tree: LaTeX, plain text or Unicode, in one of many usual ways.

Whatever is written here has one reading under the grading policy: a mixed number is never written
for a product, `2e-1` never for a difference, a function's argument is bracketed unless it ends the
term, and so on. The other readings that occur in print are no matter of arithmetic.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from fractions import Fraction

from .tree import Node, some

# How tightly the outermost operation binds.
_SUM, _PRODUCT, _POWER, _ATOM = range(4)

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_ONLY_LATEX = frozenset(("binom", "conj", "re", "im", "rep"))
MODES = ("latex", "plain", "unicode")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of output.

    Attributes:
        text: The characters.
        level: How tightly it binds.
        call: Whether it ends in the argument of a function, so that nothing may stand close behind.
        frac: Whether it is a LaTeX fraction.
    """

    text: str
    level: int
    call: bool = False
    frac: bool = False


class Renderer:
    """One way of writing; draw another for the next text."""

    def __init__(self, rng: random.Random, mode: str) -> None:
        """Chooses habits once, as an author would."""
        self._rng = rng
        self.mode = mode
        self._latex = mode == "latex"
        self._plus = rng.choice(("+", " + ", "+"))
        self._minus = {"unicode": "−"}.get(mode, self._plus.replace("+", "-"))
        if self._latex:
            self._dot = rng.choice((r"\cdot ", r" \cdot ", r"\times ", r"\,\cdot\,"))
            self._open, self._close = rng.choice(
                (("(", ")"), ("(", ")"), (r"\left(", r"\right)"), (r"\bigl(", r"\bigr)"))
            )
            self._frac = rng.choice((r"\frac", r"\frac", r"\dfrac", r"\tfrac"))
            self._thin = rng.choice(("", "", "", r"\,", r"\!", " "))
        else:
            self._dot = "*" if mode == "plain" else rng.choice(("·", "×", "*"))
            self._open, self._close = "(", ")"
            self._frac = ""
            self._thin = ""
        self._close_up = rng.random() < 0.7
        self._compact = rng.random() < 0.3
        self._exp_name = rng.random() < 0.3

    def spell(self, node: Node) -> str:
        """The whole text."""
        text = self._spell(node).text
        if self._latex and self._rng.random() < 0.08:
            return f"${text}$"
        return text

    def _group(self, node: Node, level: int) -> Text:
        piece = self._spell(node)
        return piece if piece.level >= level else self._in_brackets(piece)

    def _in_brackets(self, piece: Text) -> Text:
        return Text(f"{self._open}{piece.text}{self._close}", _ATOM)

    def _spell(self, node: Node) -> Text:
        match node.op:
            case "int":
                return Text(self._digits(node.value), _ATOM)
            case "dec":
                return Text(decimal(node.value), _ATOM)
            case "rep":
                return Text(_repeating(node.value), _ATOM)
            case "mixed":
                return self._mixed(node.value)
            case "deg":
                return Text(self._degrees(node.value), _ATOM)
            case "pi":
                return Text({"latex": r"\pi", "plain": "pi", "unicode": "π"}[self.mode], _ATOM)
            case "e" | "i":
                return Text(node.op, _ATOM)
            case "var":
                return Text(node.value, _ATOM)
            case "neg":
                return Text(f"-{self._group(node.args[0], _PRODUCT).text}", _SUM)
            case "add":
                return self._sum(node)
            case "mul":
                return self._product(node)
            case "div":
                return self._quotient(node)
            case "pow":
                return self._power(node)
            case "root":
                return self._root(node)
            case "fn":
                return self._function(node.value, node.args[0])
            case "logb":
                return self._log(node)
            case _:
                return self._other(node)

    def _digits(self, value: int) -> str:
        text = str(value)
        if self._latex and value >= 10_000 and self._compact:
            return f"{value:,}".replace(",", "{,}")
        return text

    def _mixed(self, value: Fraction) -> Text:
        whole, part = divmod(value, 1)
        if self._latex:
            return Text(rf"{whole}{self._frac}{{{part.numerator}}}{{{part.denominator}}}", _SUM)
        return Text(f"{whole} {part.numerator}/{part.denominator}", _SUM)

    def _degrees(self, value: Fraction) -> str:
        figure = str(value.numerator) if value.denominator == 1 else decimal(value)
        if self._latex:
            return figure + (r"^\circ" if self._compact else r"^{\circ}")
        return figure + "°"

    def _sum(self, node: Node) -> Text:
        pieces = []
        for index, arg in enumerate(node.args):
            minus = arg.op == "neg"
            term = self._group(arg.args[0] if minus else arg, _PRODUCT)
            if arg.op == "mixed":
                term = self._spell(arg)  # a sum of mixed numbers needs no brackets
            if index == 0:
                pieces.append("-" + term.text if minus else term.text)
            else:
                pieces.append((self._minus if minus else self._plus) + term.text)
        return Text("".join(pieces), _SUM)

    def _product(self, node: Node) -> Text:
        pieces = [self._group(arg, _PRODUCT) for arg in node.args]
        # A quotient written with a slash would take the next factors along.
        pieces = [
            self._in_brackets(piece) if piece.level == _PRODUCT and index else piece
            for index, piece in enumerate(pieces)
        ]
        text = pieces[0].text
        for left, right in itertools.pairwise(pieces):
            text += self._between(left, right) + right.text
        return Text(text, _PRODUCT, pieces[-1].call)

    def _between(self, left: Text, right: Text) -> str:
        a, b = left.text, right.text
        if left.call or not self._close_up:
            return self._dot
        figure = a[-1].isdigit()
        if b[0].isdigit() or b[0] in ".|⌊⌈" or a[-1] in "|!⌋⌉°" or b.startswith((r"\left|", r"\l")):
            return self._dot
        if (figure and right.frac) or (b[0] == "e" and not b.startswith("e^")) or a.endswith("e"):
            return self._dot
        if self._latex:
            return " " if a[-1].isalpha() and b[0].isalpha() else self._thin
        if figure and len(b) == 1 and b in "xyztuabnk" and a.isdigit():
            return ""
        return self._dot

    def _quotient(self, node: Node) -> Text:
        top, bottom = node.args
        plain_leaves = top.op in ("int", "var", "pi") and bottom.op in ("int", "var")
        if self._latex and not (plain_leaves and self._rng.random() < 0.15):
            above, below = self._spell(top).text, self._spell(bottom).text
            if self._compact and len(above) == len(below) == 1:
                sep = " " if above.isalpha() else ""
                return Text(f"{self._frac}{sep}{above}{below}", _ATOM, frac=True)
            return Text(f"{self._frac}{{{above}}}{{{below}}}", _ATOM, frac=True)
        above_piece = self._group(top, _PRODUCT)
        below = self._group(bottom, _POWER).text
        return Text(f"{above_piece.text}/{below}", _PRODUCT)

    def _power(self, node: Node) -> Text:
        base, exponent = node.args
        whole = exponent.value if exponent.op == "int" else None
        if base.op == "e" and self._exp_name and whole is None:
            return self._function("exp", exponent)
        if (
            base.op == "fn"
            and whole is not None
            and whole >= 2
            and self._latex
            and base.value in _TRIG
        ):
            return self._function(base.value, base.args[0], whole)
        below = self._spell(base)
        if base.op not in ("int", "dec", "var", "e", "i", "pi"):
            below = self._in_brackets(below)
        if self._latex:
            above = self._spell(exponent).text
            if len(above) == 1 and self._compact:
                return Text(f"{below.text}^{above}", _POWER)
            return Text(f"{below.text}^{{{above}}}", _POWER)
        if self.mode == "unicode" and whole is not None:
            return Text(f"{below.text}{str(whole).translate(_SUPERSCRIPTS)}", _POWER)
        if exponent.op in ("int", "var"):
            return Text(f"{below.text}^{self._spell(exponent).text}", _POWER)
        return Text(f"{below.text}^({self._spell(exponent).text})", _POWER)

    def _root(self, node: Node) -> Text:
        inner = self._spell(node.args[0]).text
        index = node.value
        if self._latex:
            if index == 2:
                if len(inner) == 1 and self._compact:
                    return Text(rf"\sqrt{' ' if inner.isalpha() else ''}{inner}", _POWER)
                return Text(rf"\sqrt{{{inner}}}", _POWER)
            return Text(rf"\sqrt[{index}]{{{inner}}}", _POWER)
        if index == 2:
            return Text(f"{'√' if self.mode == 'unicode' else 'sqrt'}({inner})", _POWER)
        if index == 3 and self.mode == "unicode":
            return Text(f"∛({inner})", _POWER)
        return Text(f"({inner})^(1/{index})", _POWER)

    def _function(self, name: str, argument: Node, exponent: int | None = None) -> Text:
        inner = self._spell(argument).text
        head = f"\\{name}" if self._latex else name
        if exponent is not None:
            head += f"^{{{exponent}}}" if exponent > 9 or not self._compact else f"^{exponent}"
        if argument.op in ("var", "int", "pi") and self._latex and self._compact:
            return Text(f"{head} {inner}", _PRODUCT, call=True)
        return Text(f"{head}{self._open}{inner}{self._close}", _PRODUCT, call=True)

    def _log(self, node: Node) -> Text:
        base, argument = node.args
        if not self._latex:
            quotient = Node("div", (Node("fn", (argument,), "ln"), Node("fn", (base,), "ln")))
            return self._quotient(quotient)
        below, inner = self._spell(base).text, self._spell(argument).text
        return Text(rf"\log_{{{below}}}{self._open}{inner}{self._close}", _PRODUCT, call=True)

    def _other(self, node: Node) -> Text:
        inner = self._spell(node.args[0]).text
        match node.op:
            case "abs":
                if not self._latex:
                    return Text(f"abs({inner})", _ATOM)
                return Text(rf"\left|{inner}\right|", _ATOM)
            case "floor" | "ceil":
                if not self._latex:
                    return Text(f"{node.op}({inner})", _ATOM)
                return Text(rf"\l{node.op} {inner} \r{node.op}", _ATOM)
            case "fact":
                atom = node.args[0].op in ("int", "var")
                return Text((inner if atom else f"({inner})") + "!", _POWER)
            case "binom":
                return Text(rf"\binom{{{inner}}}{{{self._spell(node.args[1]).text}}}", _ATOM)
            case "conj":
                return Text(rf"\overline{{{inner}}}", _ATOM)
            case "re" | "im":
                name = "Re" if node.op == "re" else "Im"
                return Text(rf"\operatorname{{{name}}}({inner})", _PRODUCT, call=True)
        raise ValueError(node.op)


_TRIG = frozenset(("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh"))


def decimal(value: Fraction) -> str:
    """A terminating decimal, in digits."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        if places > 400:
            raise ValueError(f"{value} doesn't terminate")
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"


def _repeating(value: Fraction) -> str:
    """Digits with a bar over the ones that repeat."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits: list[str] = []
    seen: dict[int, int] = {}
    while rest not in seen:
        seen[rest] = len(digits)
        digit, rest = divmod(rest * 10, value.denominator)
        digits.append(str(digit))
    start = seen[rest]
    return rf"{whole}.{''.join(digits[:start])}\overline{{{''.join(digits[start:])}}}"


def spell(node: Node, rng: random.Random, mode: str | None = None) -> str:
    """A text for the tree.

    Args:
        node: The tree.
        rng: Draws the habits.
        mode: One of `MODES`; None for any that can write the tree.

    Returns:
        The text.
    """
    if mode is None:
        mode = rng.choice(("latex", "latex", "plain", "unicode"))
    if mode != "latex" and some(node, lambda n: n.op in _ONLY_LATEX):
        mode = "latex"
    return Renderer(rng, mode).spell(node)
