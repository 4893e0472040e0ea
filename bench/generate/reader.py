"""Reads the scalar golds of benchmarks: a small part of LaTeX, strictly.

Numbers, fractions, roots, pi, e, i, letters, sums, products, powers, brackets. Whatever else stands
in a text makes it None: a gold read wrongly would be labelled wrongly.
"""

from __future__ import annotations

from fractions import Fraction

from .tree import PI, E, I, Node, add, div, integer, mul, neg, power, root, var

_LETTERS = "xyztuabcnkpqrvw"
_FRACTIONS = ("\\frac", "\\dfrac", "\\tfrac")
_DROPPED = ("\\left", "\\right", "\\!", "\\,", "\\;", "\\ ", "$")


class _UnreadError(Exception):
    """Something the reader doesn't know."""


def read(text: str) -> Node | None:
    """The tree of a gold, or None.

    Args:
        text: A gold as benchmarks have it.

    Returns:
        Its tree, if it is a scalar within the reader's part of LaTeX.
    """
    try:
        reader = _Reader(_tokens(text))
        node = reader.sum()
        return node if reader.next is None else None
    except (_UnreadError, RecursionError):
        return None


def _tokens(text: str) -> list[str]:
    for dropped in _DROPPED:
        text = text.replace(dropped, " " if dropped == "\\ " else "")
    text = text.replace("{,}", "")
    tokens = []
    at = 0
    while at < len(text):
        char = text[at]
        end = at + 1
        if char.isascii() and char.isdigit():
            while end < len(text) and (text[end].isdigit() or text[end] == "."):
                end += 1
            if text[end - 1] == "." or text[end : end + 1] == "e":  # 3.2e5 is no product
                raise _UnreadError
        elif char == "\\":
            while end < len(text) and text[end].isalpha():
                end += 1
        elif not (char in "+-*/^(){}[] " or char in _LETTERS + "ei"):
            raise _UnreadError
        if char != " ":
            tokens.append(text[at:end])
        at = end
    return tokens


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, wanted: str | None = None) -> str:
        token = self.next
        if token is None or wanted not in (None, token):
            raise _UnreadError
        self._at += 1
        return token

    def sum(self) -> Node:
        terms = [self._signed()]
        while self.next in ("+", "-"):
            minus = self._take() == "-"
            term = self._product()
            terms.append(neg(term) if minus else term)
        return add(*terms)

    def _signed(self) -> Node:
        if self.next == "-":
            self._take()
            return neg(self._product())
        return self._product()

    def _product(self) -> Node:
        factors = [self._power()]
        while True:
            if self.next in ("*", "\\cdot", "\\times"):
                self._take()
                factors.append(self._power())
            elif self.next == "/":
                self._take()
                factors = [div(mul(*factors), self._power())]
            elif self._starts():
                last = self._tokens[self._at - 1]
                here = self.next or ""
                # A mixed number, or 3 4, or x(y): no place for a guess.
                if last[0].isdigit() and (here in _FRACTIONS or here[0].isdigit()):
                    factors.append(self._mixed(factors.pop()))
                    continue
                if here == "(" and last[0].isalpha():
                    raise _UnreadError
                factors.append(self._power())
            else:
                return mul(*factors)

    def _mixed(self, whole: Node) -> Node:
        part = self._power().rational()
        if whole.op != "int" or part is None or not 0 < part < 1 or self._starts():
            raise _UnreadError
        return Node("mixed", (), whole.value + part)

    def _starts(self) -> bool:
        token = self.next
        if token is None:
            return False
        return token[0].isalnum() or token == "(" or token in (*_FRACTIONS, "\\sqrt", "\\pi")

    def _power(self) -> Node:
        base = self._primary()
        if self.next == "^":
            self._take()
            return power(base, self._argument(signed=True))
        return base

    def _argument(self, *, signed: bool = False) -> Node:
        if self.next == "{":
            self._take()
            inner = self.sum()
            self._take("}")
            return inner
        token = self._take()
        if len(token) == 1 and token.isdigit():
            return integer(int(token))
        if len(token) == 1 and token.isalpha():
            return _letter(token)
        if token[0].isdigit():  # \frac12: one digit each
            self._at -= 1
            self._tokens[self._at] = token[1:]
            if "." in token:
                raise _UnreadError
            return integer(int(token[0]))
        raise _UnreadError

    def _primary(self) -> Node:
        token = self._take()
        if token[0].isdigit():
            if "." in token:
                if token.count(".") > 1:
                    raise _UnreadError
                return Node("dec", (), Fraction(token))
            return integer(int(token))
        if token in _FRACTIONS:
            top = self._argument()
            return div(top, self._argument())
        if token == "\\sqrt":
            index = 2
            if self.next == "[":
                self._take()
                index = int(self._take()) if (self.next or "").isdigit() else 0
                self._take("]")
            if not 2 <= index <= 9:
                raise _UnreadError
            return root(self._argument(), index)
        if token == "\\pi":
            return PI
        if token in "({" and token:
            inner = self.sum()
            self._take(")" if token == "(" else "}")
            return inner
        if len(token) == 1 and token.isalpha():
            return _letter(token)
        raise _UnreadError


def _letter(token: str) -> Node:
    return {"e": E, "i": I}.get(token) or var(token)
