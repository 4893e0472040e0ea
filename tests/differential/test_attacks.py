"""Answers built to fool one tier or another: a crafted coincidence never passes, with any seed."""

from __future__ import annotations

import itertools

import pytest

from pyverify import Options, Verdict, equivalent

P1, P2 = (1 << 61) - 2373, (1 << 61) - 3153
SEEDS = (0, 1, 2, 12345, (1 << 64) - 1)
OPTIONS = [Options(seed=seed) for seed in SEEDS]

# Each is a multiple of both primes, spelled with few digits or many.
MULTIPLES = [
    str(P1 * P2),
    str(P1 * P2 * 987654321),
    f"{P1} \\cdot {P2}",
    f"({P1 + 1}-1)({P2 + 7}-7)",
    "(2^{61}-2373)(2^{61}-3153)",
    "(2^{61}-2373)(8^{20}\\cdot 2-3153)",
    "(\\sqrt{2}^{122}-2373)(\\sqrt[3]{2}^{183}-3153)",
    "((1+1)^{61}-2373)((3-1)^{61}-3153)",
    "(2305843009213693952-2373)(\\frac{4611686018427387904}{2}-3153)",
    f"({P1}^{{2}}-{P1})\\cdot({P2}^{{2}}+{P2})",
    "(2^{2^{6}-3}-2373)(2^{2^{6}-3}-3153)",
    "(4^{30.5}-2373)(4^{\\frac{61}{2}}-3153)",
    "(e^{61\\ln 2}-2373)(e^{61\\ln 2}-3153)",
    "(10^{61\\log_{10}2}-2373)(10^{61\\log_{10}2}-3153)",
]
# ... made as small as can be, or hidden.
HOLDERS = [
    "{gold}+{m}",
    "{gold}-{m}",
    "{gold}+\\frac{{{m}}}{{10^{{60}}}}",
    "{gold}+{m}\\cdot 10^{{-200}}",
    "{gold}+{m}\\cdot e^{{-200}}",
    "{gold}+\\frac{{{m}}}{{100!}}",
    "{gold}+{m}\\cdot 2^{{-1000}}",
    "({gold})(1+\\frac{{{m}}}{{10^{{80}}}})",
    "{gold}+\\sqrt{{({m})^{{2}}}}\\cdot 10^{{-90}}",
    "{gold}\\cdot\\frac{{{m}+1}}{{1}}",
    "{gold}+\\frac{{{m}}}{{{m}+1}}",
]
GOLDS = [
    "5",
    "-\\frac{3}{7}",
    "\\sqrt{2}",
    "1+\\sqrt{3}",
    "\\pi",
    "e^{2}",
    "\\ln 5",
    "2+3i",
    "\\sin 1",
    "x",
    "x^{2}+1",
    "\\frac{1}{x}",
    "\\sin x",
    "|x|",
    "\\sqrt{x+7}",
    "e^{x}",
]


@pytest.mark.parametrize("gold", GOLDS)
def test_multiples_of_the_primes(gold: str) -> None:
    for multiple, holder in itertools.product(MULTIPLES, HOLDERS):
        answer = holder.format(gold=gold, m=f"({multiple})")
        for options in OPTIONS[:2]:
            there = equivalent(answer, gold=gold, options=options)
            assert there.verdict is not Verdict.EQUAL, answer
            back = equivalent(gold, gold=answer, options=options)
            assert back.verdict is not Verdict.EQUAL, answer


@pytest.mark.parametrize("gold", GOLDS)
def test_honest_verdicts_do_not_depend_on_the_seed(gold: str) -> None:
    answers = [
        gold,
        f"{gold}+1",
        f"2\\cdot({gold})-({gold})",
        f"{gold}+10^{{-9}}",
        f"-({gold})",
        f"\\frac{{3({gold})}}{{3}}",
        f"({gold})^{{2}}",
        f"({gold})+0.0000000001",
    ]
    for answer in answers:
        verdicts = {equivalent(answer, gold=gold, options=option).verdict for option in OPTIONS}
        assert len(verdicts) == 1, answer


# What doubles, or doubles of doubles, can't see; in each, one side is not the other.
CLOSE = [
    ("e^{\\pi\\sqrt{163}}", "640320^{3}+744"),
    ("e^{\\pi\\sqrt{163}}", "262537412640768744"),
    ("x", "x+10^{-40}"),
    ("x", "x\\tanh(60)"),
    ("x\\cosh(67)", "x\\sinh(67)"),
    ("|x|", "|x|+\\operatorname{sech}(70)"),
    ("|x|^{2}", "(|x|+1-\\tanh(50))(|x|-1+\\tanh(50))"),
    (
        "|x|^{3}",
        "(|x|-\\frac{1}{\\cosh 50})(|x|^{2}+\\frac{|x|}{\\cosh 50}+\\frac{1}{\\cosh^{2}50})",
    ),
    ("|x|", "\\sqrt[4]{x^{4}+\\frac{1}{\\cosh^{4} 99}}"),
    ("|x|", "\\sqrt{x^{2}+e^{-300}}"),
    ("|x|", "|x|\\cos(e^{-70})"),
    ("|x|", "|x|\\cos(\\frac{1}{\\cosh 90})"),
    ("|x|", "|x|^{1+e^{-90}}"),
    ("1", "|x|^{\\frac{1}{\\cosh 80}}"),
    ("\\frac{\\pi|x|}{2x}", "\\arctan(x\\sinh(90))"),
    ("\\frac{\\pi|x|}{2}", "|x|\\arctan(\\cosh(90))"),
    ("xi", "x\\tan(x+60i)"),
    ("|x|", "\\ln(e^{|x|}+e^{-90})"),
    ("|x|", "\\ln(e^{|x|}+\\frac{1}{\\cosh 95})"),
    ("|x|", "|x|+(\\sqrt{10^{40}+1}-10^{20})^{4}"),
    ("|x|", "|x|+\\frac{1}{60!}"),
    ("|x|", "|x|+\\frac{1}{\\binom{300}{150}}"),
    ("|x|", "|x|+(\\sqrt{2}-1)^{200}"),
    ("|x|", "|x|+(\\sqrt{2}-\\frac{99}{70})^{20}"),
    ("|x|", "|x|\\sqrt[300]{1+10^{-60}}"),
    ("|x|", "|x|+\\frac{1}{9^{9^{2}}}"),
    ("|x|", "|x|+(((\\frac{1}{9})^{9})^{9})"),
    ("|x|", "|x|+((((\\frac{1}{9})^{2})^{2})^{2})^{2}\\cdot((((\\frac{1}{9})^{2})^{2})^{2})^{2}"),
    ("|x|", "|x|+e^{-e^{5}}"),
    ("|x|", "|x|+e^{-e^{e^{1.7}}}"),
    ("|x|", "|x|+\\sin(e^{-100})"),
    ("|x|", "|x|+\\arctan(e^{-100})"),
    ("|x|", "|x|+\\ln(1+e^{-100})"),
    ("|x|", "|x|+\\frac{\\pi}{2}-\\arctan(10^{40})"),
    ("|x|", "|x|+\\tan(\\frac{\\pi}{2}-10^{-30})^{-2}"),
    ("|x|", "|x|(1-\\cos(10^{-20}))+|x|"),
]


@pytest.mark.parametrize(("gold", "answer"), CLOSE)
def test_close_values(gold: str, answer: str) -> None:
    for options in OPTIONS:
        assert equivalent(answer, gold=gold, options=options).verdict is not Verdict.EQUAL
        assert equivalent(gold, gold=answer, options=options).verdict is not Verdict.EQUAL
