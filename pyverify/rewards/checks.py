r"""A check of the arithmetic that steps state: ``12\cdot 3 = 36`` is right or wrong by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pyverify.options import Options
from pyverify.types import Verdict
from pyverify.verify import equivalent

__all__ = ["arithmetic"]

_EXACT = Options(round_decimals=False)

# Longer members are no arithmetic that anybody does in a step.
_LONGEST = 200

# ƒ stands for \frac while members are cut out: what is left of LaTeX is then figures and signs.
_REWRITTEN = (
    (r"\dfrac", "ƒ"),
    (r"\tfrac", "ƒ"),
    (r"\frac", "ƒ"),
    (r"\cdot", "*"),
    (r"\times", "*"),
    ("×", "*"),
    (r"\div", "/"),
    ("÷", "/"),
    ("−", "-"),
    (r"\left", ""),
    (r"\right", ""),
    (r"\,", ""),
    ("{,}", ","),
    (r"\(", ";"),
    (r"\)", ";"),
    (r"\[", ";"),
    (r"\]", ";"),
    ("$", ";"),
)
_ALLOWED = frozenset("0123456789+-*/^().,{}ƒ ")
_MEMBER = re.compile(r"-?[({ƒ0-9][-+*/^()., {}ƒ0-9]*")
_STRAY_COMMA = re.compile(r",(?![0-9]{3}(?![0-9]))|(?<![0-9]),|\.\.")
_POWER = re.compile(r"(?<=[0-9)])\*\*(?=[0-9(])")
# Two numbers side by side are a mixed number or two statements without a stop.
_SIDE_BY_SIDE = re.compile(r"[0-9)}] +[0-9({ƒ]")
_TWO_SLASHES = re.compile(r"/[^-+*()]*/")
_MIXED = re.compile(r"[0-9]+ [0-9]+/[0-9]+")
_OPERATOR = re.compile(r"[-+*/^ƒ]")
_ITEM = re.compile(r"(?:[-*•]|[0-9]{1,2}[.)]|\([0-9]{1,2}\)|step [0-9]{1,2}[:.])\s+", re.IGNORECASE)
_DECIMALS = re.compile(r"-?[0-9]*\.([0-9]+)")
# Figures behind an operator or in front of money: "4 * $10" is no formula that begins at the sign.
_CURRENCY = re.compile(
    r"\\\$|(?<![0-9A-Za-z)}$\\])\$(?=[0-9][0-9,.]*(?:[ ]?[-+*/=x×·,.;:)!?]|\s|$))"
)
_WITHIN = re.compile(r"(?<=[0-9)]) x (?=[0-9(])")
_ANNOTATED = re.compile(r"<<([^<>\n]*)>>")

# What may stand before the first member without being a part of it: "so 2+3=5", not "sin 2+3=5".
_OPENERS = frozenset(
    (
        *("and", "as", "be", "because", "calculate", "compute", "finally", "first", "get", "gets"),
        *("gives", "have", "hence", "is", "next", "now", "obtain", "second", "since", "so", "that"),
        *("then", "therefore", "thus", "total", "with", "us"),
    )
)
# What may not stand behind the last one: "10 = 5 times 2" states nothing about 5.
_CLOSERS = frozenset(
    (
        *("billion", "cubed", "divided", "dozen", "hundred", "less", "million", "minus", "mod"),
        *("modulo", "more", "multiplied", "over", "per", "percent", "plus", "remainder", "squared"),
        *("than", "thousand", "times", "when", "where", "with"),
    )
)
# What takes an equation back, asks about it, or says that it is meant otherwise.
_DOUBTS = re.compile(
    r"[?？]|矛盾|错误|錯誤|不成立|假设|假設|不等|如果|余|\b(?:absurd|assum|b?p?mod\b|base\b|binary|cannot\b"
    r"|clock|contradict|decimal\b|(?:do|does|did|is|was|can|isn|doesn|don|wo)n?['’]t\b|false|hex|hmm"
    r"|if\b|impossibl|incorrect|mathbb|modul|never\b|not?\b|octal|recompute|suppos|wait\b|wrong)",
    re.IGNORECASE,
)


def arithmetic(
    steps: Sequence[Sequence[str]], prompts: Sequence[str | None]
) -> list[list[float | None]]:
    r"""Scores steps by the equations between numbers that they state.

    A `StepScorer`. Only what needs no context is judged: chains such as ``2+3=5`` or
    ``\frac{6}{4}=1.5`` in which every member is made of figures. What holds only after rounding,
    such as ``2/3=0.67``, is neither right nor wrong, and so is what works nothing out (``5=5``).
    This finds mistakes; it doesn't make steps good: ``1+0=1`` is right, too.

    Args:
        steps: The steps of each response.
        prompts: Not looked at.

    Returns:
        For each step 1.0 if all of them hold, 0.0 if one doesn't, None if there is none.

    Example:
        >>> arithmetic([["So 2+3=5.", "and 5*2=11", "x=4"]], [None])
        [[1.0, 0.0, None]]
    """
    return [[_score(step) for step in response] for response in steps]


def _score(step: str) -> float | None:
    holds = False
    for chain in _chains(step):
        for member in chain[:-1]:
            if not _says_something(member, chain[-1]):
                continue
            found = equivalent(member, gold=chain[-1], options=_EXACT)
            if found:
                holds = True
            elif found.verdict is Verdict.NOT_EQUAL and not _rounded(member, chain[-1]):
                return 0.0
    return 1.0 if holds else None


def _says_something(member: str, last: str) -> bool:
    """Whether something was worked out: 5=5 and 12=12.0 state nothing."""
    worked = any(_OPERATOR.search(side[1:]) or r"\frac" in side for side in (member, last))
    return worked and member != last


def _rounded(member: str, last: str) -> bool:
    """Whether the last member is another one, rounded to the digits that it has."""
    decimals = _DECIMALS.fullmatch(last)
    if decimals is None:
        return False
    # A unit of the last place, not half of one: some cut digits off instead of rounding.
    return bool(equivalent(member, gold=last, options=_within(min(len(decimals.group(1)), 12))))


@lru_cache(maxsize=16)
def _within(places: int) -> Options:
    return Options(round_decimals=False, absolute_tolerance=10.0**-places)


def _chains(step: str) -> Iterator[list[str]]:
    """Runs of members joined by signs of equality, each made of figures and signs alone."""
    for line in step.split("\n"):
        # What takes an equation back may stand outside of its formula, anywhere in the sentence.
        for sentence in re.split(r"(?<=[.!?。！？])\s+", line):
            if not _DOUBTS.search(sentence):
                yield from _sentence_chains(sentence)


def _sentence_chains(sentence: str) -> Iterator[list[str]]:
    # GSM8K writes what was calculated beside the text: 6*7=<<6*7=42>>42.
    sentence = _ANNOTATED.sub(r";\1;", sentence)
    sentence = _CURRENCY.sub("", sentence)
    for written, plain in _REWRITTEN:
        sentence = sentence.replace(written, plain)
    sentence = _POWER.sub("^", _WITHIN.sub(" * ", sentence)).replace("**", "")
    for formula in sentence.split(";"):
        item = _ITEM.match(formula.lstrip())
        text = formula.lstrip()[item.end() :] if item else formula
        for number, clause in enumerate(re.split(r"[,.] ", text)):
            yield from _clause_chains(clause.split("="), begins=number == 0)


def _clause_chains(sides: list[str], *, begins: bool) -> Iterator[list[str]]:
    chain: list[str] = []
    for i, side in enumerate(sides):
        # At the ends stand words; between two signs of equality stands one member.
        if i == 0:
            member = _tail(side, alone=begins)
        elif i == len(sides) - 1:
            member = _head(side)
        else:
            member = _figures(side)
        if member is not None:
            chain.append(member)
        if member is None or i == len(sides) - 1:
            if len(chain) > 1:
                yield chain
            chain = []


def _tail(side: str, *, alone: bool) -> str | None:
    """The first member: all of the side, or what stands behind a word that opens a sentence.

    A number by itself belongs to the words before it ("the sum of 2 and 3 = 5"): only where the
    formula begins may it stand `alone`.
    """
    begin = len(side)
    while begin > 0 and side[begin - 1] in _ALLOWED:
        begin -= 1
    member = _figures(side[begin:])
    if member is None or (begin == 0 and alone):
        return member
    before = side[:begin]
    word = re.split(r"[^A-Za-z]", before[-20:])[-1].lower()
    opened = not before or before[-1] == ":" or (word in _OPENERS and side[begin] == " ")
    return member if opened and member[0] != "-" and _OPERATOR.search(member) else None


def _head(side: str) -> str | None:
    """The last member: what stands before the words, if these don't go on with it."""
    end = 0
    while end < len(side) and side[end] in _ALLOWED:
        end += 1
    # "1/2 = 1:2" goes on behind the colon.
    rest = re.split(r"[.,!?]|:(?![0-9])", side[end:])[0]
    if rest:
        words = re.findall(r"[A-Za-z]+", rest)
        spaced = side[end - 1 : end] == " " and rest[0].isalpha()
        if (
            not spaced
            or not words
            or len(words[0]) < 2
            or any(c.isdigit() or c in "\\(%^" for c in rest)
        ):
            return None
        if any(word.lower() in _CLOSERS for word in words):
            return None
    return _figures(side[:end].rstrip(" .,"))


def _figures(side: str) -> str | None:
    member = side.strip()
    if len(member) > _LONGEST or not _MEMBER.fullmatch(member) or _STRAY_COMMA.search(member):
        return None
    if _SIDE_BY_SIDE.search(member) and not _MIXED.fullmatch(member):
        return None
    # 7.5/1/2 has two readings, and a number that ends in a dot and goes on is a list.
    if _TWO_SLASHES.search(member):
        return None
    if member.count("(") != member.count(")") or member.count("{") != member.count("}"):
        return None
    return member.replace("ƒ", r"\frac")
