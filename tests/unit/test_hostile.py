"""Inputs made to hang, crash or fool a verifier: each ends within the work limit with a verdict."""

from __future__ import annotations

import pytest

import pyverify
from pyverify import Limits, Verdict

WORK = Limits().work


def boxed(text: str) -> str:
    return "\\boxed{" + text + "}"


def joined(form: str, numbers: range, by: str = ",") -> str:
    return by.join(form % i for i in numbers)


_MATRIX = (
    r"\begin{pmatrix}"
    + r"\\".join("&".join(str(i * 40 + j) for j in range(40)) for i in range(40))
    + r"\end{pmatrix}"
)
_PRIMES = (2**61 - 2373, 2**61 - 3153)

# name: (gold, completion, may it be equal?)
RESPONSES = {
    "tower of nines": ("1", boxed("9^{9^{9^9}}"), False),
    "tower of tens": ("1", boxed("10^{10^{10}}"), False),
    "tower of fives": ("1", boxed(r"\dfrac{5^{(5^{(5^{(5^5)}-4)})-5}}{16}"), False),
    "large power": ("1", boxed("7^{10^7}"), False),
    "ten thousand braces": ("1", boxed("{" * 10000 + "1" + "}" * 10000), False),
    "three thousand parentheses": ("1", boxed("(" * 3000 + "1" + ")" * 3000), False),
    "three hundred fractions": ("1", boxed(r"\frac{1}{" * 300 + "1" + "}" * 300), False),
    "a megabyte of prose": ("1", "lorem ipsum dolor " * 58000, False),
    "a megabyte of prose and a box": ("1", "lorem ipsum dolor " * 58000 + boxed("1"), True),
    "a megabyte of maths and a box": ("1", r"$x^2+\frac{1}{2}$ " * 58000 + boxed("1"), True),
    "unclosed boxes": ("1", r"\boxed{" * 20000, False),
    "display brackets": ("1", r"\[" * 50000 + boxed("1"), True),
    "an unsolvable integral": ("1", boxed(r"\int_0^1 e^{x^x}dx"), False),
    "another integral": (r"\int_0^1\sin(x^2)dx", boxed(r"\int_0^1\cos(x^2)dx"), False),
    "a long sum": ("1", boxed(r"\sum_{n=1}^{10^9}\frac1n"), False),
    "a factorial": ("1", boxed("100000!"), False),
    "a large factorial": ("1", boxed("10000000!"), False),
    "nested factorials": ("1", boxed("((9!)!)!"), False),
    "a binomial": ("1", boxed(r"\binom{10000000}{5000000}"), False),
    "nested logarithms": ("1", boxed(r"\log(" * 100 + "2" + ")" * 100), False),
    "100k digits": ("7" * 100000, boxed("7" * 100000), False),
    "the last of 2k digits": ("7" * 2000, boxed("7" * 1999 + "8"), False),
    "the same 2k digits": ("7" * 2000, boxed("7" * 2000), True),
    "a matrix of 1600 entries": (_MATRIX, boxed(_MATRIX), True),
    "division by zero": ("1", boxed(r"\frac10"), False),
    "zero by zero": (r"\frac10", boxed(r"\frac00"), False),
    "full-width digits": ("42", boxed("４２"), True),
    "emoji": ("1", boxed("\U0001f600" * 2000), False),
    "direction marks": ("5", boxed("\u200b5\u200f"), True),
    "NUL": ("5", boxed("5\x00"), False),
    "a lone surrogate": ("5", boxed("5\ud800"), False),
    "nothing": ("1", "", False),
    "an empty box": ("1", r"\boxed{}", False),
    "a truncated box": ("1", r"\boxed{1", False),
    "a megabyte of \\b": ("1", r"\b" * 500000, False),
    "a megabyte of #": ("1", "#" * 1000000, False),
    "cue after cue": ("1", "the answer is " * 70000, False),
}

_LABEL = "(" * 14 + "B" + r"\cup A)\cap A)" * 7

ANSWERS = {
    "a label of many sets": (f"{_LABEL}=5", f"{_LABEL.replace('B', 'C')}=5", False),
    "many integrals": ("7", r"\sum_{i=1}^{300}\int_0^1 ix dx", False),
    "many integrals in a chain": ("7", r"\sum_{i=1}^{300}\int_0^1 ix dx=7", False),
    "open braces": ("5", "{" * 8000, False),
    "minus signs": ("5", "-" * 8000 + "5", False),
    "carets": ("1", "^" * 8000, False),
    "a tower in plain text": ("5", "^".join(["2"] * 3900), False),
    "a large exponent": ("(x+1)^{1000000000}", "(1+x)^{1000000000}", False),
    "factorials": ("5", "+".join(["3000!"] * 200), False),
    "a huge exponent": ("1", "1e999999999", False),
    "a tiny number": ("0", "0." + "0" * 7000 + "1", False),
    "bars": ("5", "|" * 8000, False),
    "nested bars": ("5", "|x+" * 1300 + "1" + "|" * 1300, False),
    "nested sines": ("5", r"\sin " * 1600 + "x", False),
    "nested roots": ("2", r"\sqrt{" * 150 + "2" + "}" * 150, False),
    "signs": ("5", "1" + r"\pm1" * 900, False),
    "unions": ("(1,2)", r"\cup".join(["(1,2)"] * 700), True),
    "disjoint unions": (
        "(1,2)",
        r"\cup".join(f"({2 * i},{2 * i + 1})" for i in range(200)),
        False,
    ),
    "permuted roots": (
        joined(r"\sqrt{%d}", range(2, 250)),
        joined(r"\sqrt{%d}", range(249, 1, -1)),
        True,
    ),
    "permuted sines": (
        joined(r"\sin{%d}", range(2, 250)),
        joined(r"\sin{%d}", range(249, 1, -1)),
        True,
    ),
    "sum of sines": (r"\sqrt2", joined(r"\sin{%d}", range(1, 300), "+"), False),
    "an exponential tower": ("e^{e^{e^{x}}}", "e^{e^{e^{x}}}", True),
    "a semiprime under a root": ("5", r"\sqrt{999999000000999983}", False),
    "a multiple of the moduli": ("5", f"5+{_PRIMES[0]}*{_PRIMES[1]}", False),
    "a tiny multiple of the moduli": (
        "5",
        rf"5+\frac{{{_PRIMES[0]}\cdot{_PRIMES[1]}}}{{10^{{60}}}}",
        False,
    ),
    "four thousand terms": ("5", "+".join(["x"] * 4000), False),
    "four thousand factors": ("5", "x" * 4000, False),
    "commas": ("1", "," * 8000, False),
    "underscores": ("1", "_" * 8000, False),
    "words": ("yes", "a " * 4000, False),
    "nested text": ("1", r"\text{" * 1300, False),
    "subscripts": ("1", "x_{" * 2600, False),
    "a chain of names": ("x=1", "x=" * 3900 + "1", False),
    "a chain of ones": ("x=1", "=".join(["1"] * 250), False),
    "environments": ("1", r"\begin{pmatrix}" * 500, False),
    "units upon units": ("5 m", "5" + " kg m/s" * 900, False),
    "choices of choices": ("A. " * 2600 + "1", "A. " * 2600 + "2", False),
    "a rate around a root": ("9", r"每小时4\sqrt{7}千米", False),
    "a rate around a fraction": ("9", r"每秒2\frac13千米", False),
    "a rate around a letter": ("9", r"每天4\pi米", False),
    "a rate around an integral": ("9", r"每秒1\int_0^2 7千米", False),
    "python": ("1", "__import__('os').system('true')", False),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_response(name: str) -> None:
    gold, completion, equal = RESPONSES[name]
    result = pyverify.verify(completion, gold=gold)
    assert bool(result) is equal
    # One step may overshoot the limit, the extraction has its own, linear share.
    assert result.work <= 1.1 * WORK + len(completion)


@pytest.mark.parametrize("name", ANSWERS)
def test_answer(name: str) -> None:
    gold, answer, equal = ANSWERS[name]
    result = pyverify.equivalent(answer, gold=gold)
    assert bool(result) is equal
    assert result.work <= 1.1 * WORK


@pytest.mark.parametrize("name", [*RESPONSES, *ANSWERS])
def test_as_gold(name: str) -> None:
    _, text, _ = RESPONSES.get(name) or ANSWERS[name]
    result = pyverify.equivalent("1", gold=text)
    assert result.verdict in set(Verdict)
    assert result.work <= 1.1 * WORK


def test_same_bytes_twice() -> None:
    for gold, answer, _ in ANSWERS.values():
        assert pyverify.equivalent(answer, gold=gold) == pyverify.equivalent(answer, gold=gold)


def test_a_label_beyond_the_limit_is_not_another_one() -> None:
    gold, answer, _ = ANSWERS["a label of many sets"]
    assert pyverify.equivalent(answer, gold=gold).verdict is Verdict.LIMIT
