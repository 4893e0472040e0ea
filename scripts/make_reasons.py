"""Writes docs/reasons.md: every reason with its meaning and an example the engine confirms.

Run with the package installed: python scripts/make_reasons.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pyverify
from pyverify import Limits, Options, Reason, Result

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reasons.md"

HEAD = """# Reasons

Every `Result` says in `reason` which rule decided. The values are stable words for code and files.
This page is written by `scripts/make_reasons.py`, which asks the engine for every example.
Three more are no reasons of the engine's: `sympy` ([fallback.md](fallback.md)), `judge` and
`unavailable` ([judge.md](judge.md)).

| reason | what it says | gold | answer or response | verdict |
|---|---|---|---|---|
"""

_SMALL = Options(limits=Limits(work=2000))
_SHORT = Options(limits=Limits(answer_bytes=8))

# reason: (meaning, gold, text, is it a whole response?, options)
EXAMPLES: dict[str, tuple[str, str, str, bool, Options | None]] = {
    "text_exact": (
        "the same words, or the same characters",
        "triangle",
        r"\text{a Triangle}",
        False,
        None,
    ),
    "rational": ("exact fractions", r"\frac12", "0.50", False, None),
    "field": ("signatures in two finite fields", r"2\sqrt3", r"\sqrt{12}", False, None),
    "field_numeric": (
        "the signatures agree and no sample point objects",
        r"\sqrt{x}\sqrt{y}",
        r"\sqrt{y}\sqrt{x}",
        False,
        None,
    ),
    "numeric_disjoint": (
        "rigorous enclosures don't meet",
        r"\sin 1",
        r"\cos 1",
        False,
        None,
    ),
    "numeric_dd": (
        "106-bit enclosures agree at every sample point",
        r"\sin 2x",
        r"2\sin x\cos x",
        False,
        None,
    ),
    "numeric_hp": (
        "384-bit enclosures of two constants agree",
        r"\cos 36^\circ",
        r"\frac{1+\sqrt5}{4}",
        False,
        None,
    ),
    "exact": (
        "exact integers of any size",
        "2^{120}",
        "1329227995784915872903807060280344576",
        False,
        None,
    ),
    "structure": ("element by element", r"\{1,2\}", "x=2 or x=1", False, None),
    "tolerance": ("within the rounding of a decimal gold", "3.14", r"\pi", False, None),
    "unit": ("quantities with units", "2.5 km", "2500 m", False, None),
    "choice": ("multiple choice", "B", "(C)", False, None),
    "kind_mismatch": ("things of two kinds", "(1,2)", r"\{1,2\}", False, None),
    "count_mismatch": ("another number of elements", "1,2", "1,2,3", False, None),
    "symbol_mismatch": ("another name or label", "x=5", "y=5", False, None),
    "unit_mismatch": ("another dimension, currency or thing", "3 cm", "3 kg", False, None),
    "form_mismatch": ("the gold's form is part of the answer", "1011_2", "11", False, None),
    "not_evaluated": (
        "an operator left standing, or arithmetic where the option asks for a value",
        "6",
        r"2\cdot3",
        False,
        Options(require_evaluated=True),
    ),
    "undefined_value": ("undefined equals nothing", "1", r"\frac{1}{0}", False, None),
    "unsolved": ("the problem copied instead of solved", "x=3", "2x=6", False, None),
    "tautology": ("proves nothing", "5", "5=5", False, None),
    "false_chain": ("a link of the chain is false", "7", "8=7", False, None),
    "hedged": ("doubt, or a range around the gold", "12", r"x\ge12", False, None),
    "multiple_answers": ("several answers where one is wanted", "4", "4 or 5", False, None),
    "undecided": (
        "neither shown equal nor different",
        r"\int_0^1 \sin(x^2)\,dx",
        r"\frac13",
        False,
        None,
    ),
    "unparseable": ("no mathematics that could be read", "12", "12 +", False, None),
    "unsupported": ("read, but not understood", "7", r"\forall x, x=7", False, None),
    "ambiguous": ("two readings", r"\frac13", "0.3...", False, None),
    "empty": ("no text", "4", r"\boxed{}", True, None),
    "placeholder": ("a template left unfilled", "4", r"\boxed{answer}", True, None),
    "in_reasoning": ("the reasoning never ended", "4", "<think>so 4", True, None),
    "unclosed": ("a truncated box", "4", r"so \boxed{4", True, None),
    "no_candidate": (
        "nothing marked as the final answer",
        "4",
        "First we add.\nThen we see that it is small.",
        True,
        None,
    ),
    "limit_bytes": ("the answer is too long", "4", "1+1+1+1+1", False, _SHORT),
    "limit_depth": ("nested too deeply", "4", "(" * 700 + "4" + ")" * 700, False, None),
    "limit_nodes": ("too many parts", "4", "+".join(["1"] * 3000), False, None),
    "limit_work": (
        "too much work",
        r"\sqrt2",
        "+".join(rf"\sin {n}" for n in range(2, 200)),
        False,
        _SMALL,
    ),
    "limit_bits": ("a literal with too many digits", "4", "4" * 5000, False, None),
}


def run(reason: str) -> Result:
    """The verdict of a reason's example."""
    _, gold, text, whole, options = EXAMPLES[reason]
    ask = pyverify.verify if whole else pyverify.equivalent
    return ask(text, gold=gold, options=options)


def cell(text: str) -> str:
    """A text as code in a table cell, shortened."""
    short = text if len(text) <= 48 else f"{text[:32]} … ({len(text)} characters)"
    short = short.replace("\n", "⏎").replace("|", "\\|")
    return f"`{short}`" if short else "(nothing)"


def page() -> str:
    """The whole page. Raises ValueError when the engine gives another reason than the page says."""
    lines = [HEAD]
    for reason in Reason:
        if reason.value in ("none", "sympy", "judge", "unavailable"):
            continue
        meaning, gold, text, _, _ = EXAMPLES[reason.value]
        result = run(reason.value)
        if result.reason is not reason:
            raise ValueError(f"{reason.value}: the example gives {result.reason.value}")
        lines.append(
            f"| `{reason.value}` | {meaning} | {cell(gold)} | {cell(text)} "
            f"| {result.verdict.value} |\n"
        )
    return "".join(lines)


def main() -> int:
    """Writes the page, or checks it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 when the page is out of date"
    )
    check = parser.parse_args().check
    text = page()
    if check:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
