"""Another parser on the same LaTeX: sympy's, made with ANTLR, against the engine's reading.

usage: python tests/differential/readings.py [--texts N] [--seed N]

A generator writes a tree as LaTeX and as plain text. Sympy's parser reads the LaTeX, and its value
at a point is compared with the tree's; the engine is asked whether the LaTeX is the plain text.
Where sympy reads what was meant and the engine says "different", one of the engine's two readings
is wrong. Where sympy reads something else, the reason must be one of `EXCEPTIONS`. Needs pyverify
installed, python-flint, sympy and antlr4-python3-runtime 4.11.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from generate import oracle
from generate.oracle import Domain
from generate.render import spell
from generate.rewrites import rewrite
from generate.stream import FAMILIES
from generate.tree import Node, size, some, variables

from pyverify import Verdict, equivalent

# What sympy's parser is known to read otherwise, or not at all, by what the tree holds ...
_IN_TREES = {
    "mixed": "a mixed number is a product to it",
    "rep": "it knows no repeating decimals",
    "deg": "the degree sign is a symbol to it",
    "re": "it knows no real part",
    "im": "it knows no imaginary part",
}
# ... and by what the text holds.
_IN_TEXTS = {
    r"\\sqrt ?[0-9a-z](?![0-9a-z{])": "a root without braces loses its radicand",
    r"\\[dt]?frac ?[0-9a-z]{2}": "a fraction without braces is read only for digits",
    r"\\(?:sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|sinh|cosh|tanh|ln|exp)(?:\^\{?\d+\}?)? "
    r"?(?:[a-z0-9]|\\pi)": "a function without brackets takes the whole product",
    r"\\(?:sin|cos|tan|cot|sec|csc|sinh|cosh|tanh)\^": "sin^2 and sinh^2 are read for some names",
    r"\d/\d+(?:\\[!,])? ?(?:[a-z(]|\\[dt]?frac|\\sqrt|\\pi)": "a slash takes the product "
    "behind it along",
    r"(?:(?<![a-z\\])[a-z]|\\pi)(?:\\[!,])? ?\(": "a letter before a bracket is a function to it",
    r"\d[a-z]\\sqrt": "a letter between a number and a root is lost",
    r"\\exp|\\log": "exp and log in front of a product take some of it along",
    r"\d!|\)!|[a-z]!": "a factorial takes the sign or factor before it along",
    r"\\(?:sin|cos|tan|cot|sec|csc|ln|arctan|arcsin|arccos)\([^()]*\)[^ +\-})]": "a function takes "
    "the factor behind its brackets along",
}
_REAL_ROOT = "an odd root of a negative number is a complex one to it"
EXCEPTIONS = {*_IN_TREES.values(), *_IN_TEXTS.values(), _REAL_ROOT}


@dataclass
class Readings:
    """What came out.

    Attributes:
        counts: `agree`, `engine undecided`, `unread by sympy`, or an exception.
        refused: Sympy reads what was meant, the engine says "different".
        unexplained: Sympy reads something else for no listed reason.
    """

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


def compare(seed: int, count: int) -> Readings:
    """Reads so many texts twice."""
    readings = Readings()
    for latex, plain, tree in _texts(seed, count):
        meant = _as_meant(latex, tree)
        if meant is None:
            readings.counts["unread by sympy"] += 1
        elif not meant:
            reason = _reason(latex, tree)
            readings.counts[reason or "unexplained"] += 1
            if reason is None:
                readings.unexplained.append(latex)
        verdict = equivalent(latex, gold=plain).verdict
        if verdict is Verdict.NOT_EQUAL:
            readings.refused.append(f"{latex}   {plain}")
        elif verdict is not Verdict.EQUAL:
            readings.counts["engine undecided"] += 1
        elif meant:
            readings.counts["agree"] += 1
    return readings


def _texts(seed: int, count: int) -> Iterator[tuple[str, str, Node]]:
    rng = random.Random(f"readings/{seed}")
    names = sorted(set(FAMILIES) - {"huge"})
    made = 0
    while made < count:
        tree = rewrite(FAMILIES[rng.choice(names)](rng), rng, rng.choice((0, 1, 2)))
        domain = oracle.domain_of(tree)
        if size(tree) > 40 or not oracle.defined(tree, domain) or _rounded(tree):
            continue
        made += 1
        yield spell(tree, rng, "latex"), spell(tree, rng, "plain"), tree


def _rounded(tree: Node) -> bool:
    return tree.rational() is not None and some(tree, lambda n: n.op == "dec")


# Habits of typesetting that carry no meaning, and that sympy's grammar lacks.
_DROPPED = (r"\left", r"\right", r"\bigl", r"\bigr", r"\!", r"\,", "{,}", "$")


def _as_meant(latex: str, tree: Node) -> bool | None:
    """Whether sympy's reading has the tree's value; None where it doesn't read the text."""
    from sympy.parsing.latex import parse_latex
    from sympy.parsing.latex.errors import LaTeXParsingError

    for dropped in _DROPPED:
        latex = re.sub(re.escape(dropped) + ("(?![a-z])" if dropped[-1].isalpha() else ""),
                       " " if dropped == r"\," else "", latex)  # fmt: skip
    try:
        read = parse_latex(latex, backend="antlr")
    except LaTeXParsingError:
        return None
    domain = oracle.domain_of(tree)
    met = False
    for point in range(2):
        value = oracle.enclosure(tree, domain, point, 128)
        if not value.is_finite() or not abs(value) < 1e200:
            continue
        met = True
        if not _has_value(read, tree, point, value, domain):
            return False
        if not variables(tree):
            break
    return met or None


def _has_value(read: Any, tree: Node, point: int, value: Any, domain: Domain) -> bool:
    import sympy

    values: dict[Any, Any] = {sympy.Symbol("pi"): sympy.pi, sympy.Symbol("e"): sympy.E}
    if domain is Domain.COMPLEX:
        values[sympy.Symbol("i")] = sympy.I
    for name in variables(tree):
        at = oracle.value(name, point, domain)
        values[sympy.Symbol(name)] = sympy.Rational(at.numerator, at.denominator)
    try:
        found, wanted = complex(sympy.N(read.subs(values), 30)), complex(value)
        return abs(found - wanted) <= 1e-12 * (1 + abs(wanted))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, AttributeError):
        return False


def _reason(latex: str, tree: Node) -> str | None:
    for op, reason in _IN_TREES.items():
        if some(tree, lambda n, op=op: n.op == op):  # type: ignore[misc]
            return reason
    for pattern, reason in _IN_TEXTS.items():
        if re.search(pattern, latex.replace(r"\left", "").replace(r"\bigl", "")):
            return reason
    if some(tree, lambda n: n.op == "root" and n.value % 2 == 1):
        return _REAL_ROOT
    return None


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    readings = compare(args.seed, args.texts)
    for what, count in readings.counts.most_common():
        print(f"{count:7}  {what}")
    for name, rows in (("refused", readings.refused), ("unexplained", readings.unexplained)):
        print(f"{name}: {len(rows)}")
        for row in rows[:20]:
            print(f"    {row}")
    return 1 if readings.refused or readings.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
