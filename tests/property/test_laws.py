"""Laws that hold for every answer: checked on answers nobody wrote down.

Each shape below builds a text from integers in such a way that other integers mean another object.
So one strategy serves both directions: the same integers must be equal however the text is spaced
or wrapped, and one changed integer must never be.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pyverify import Options, Result, Verdict, Verifier, equivalent, extract, verify, verify_batch

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")

LAW = settings(max_examples=200, deadline=None, derandomize=True)

SQUAREFREE = (2, 3, 5, 6, 7, 10, 11, 13, 14, 15)


def term(coefficient: int, letter: str) -> str:
    return f"{coefficient:+d}{letter}"


@dataclass(frozen=True)
class Shape:
    """How integers become an answer.

    `symmetric` is False where the gold's form is part of the answer.
    """

    name: str
    build: Callable[[tuple[int, ...]], str]
    size: int
    symmetric: bool = True


def fraction(v: tuple[int, ...]) -> str:
    return rf"\frac{{{v[0]}}}{{997}}"


def polynomial(v: tuple[int, ...]) -> str:
    return f"{v[0]}x^{{2}}{term(v[1], 'x')}{term(v[2], '')}"


def two_letters(v: tuple[int, ...]) -> str:
    return f"{v[0]}a^{{3}}b{term(v[1], 'ab^{2}')}{term(v[2], 'b')}"


def radical(v: tuple[int, ...]) -> str:
    return rf"{v[0]}{term(v[1], chr(92) + 'sqrt{7}')}"


def pi_multiple(v: tuple[int, ...]) -> str:
    return rf"\frac{{{v[0]}\pi}}{{13}}"


def complex_number(v: tuple[int, ...]) -> str:
    return f"{v[0]}{term(v[1], 'i')}"


def exponential(v: tuple[int, ...]) -> str:
    return rf"e^{{{v[0]}x}}{term(v[1], chr(92) + 'sin x')}"


def triple(v: tuple[int, ...]) -> str:
    return rf"\left({v[0]},{v[1]},{v[2]}\right)"


def set_of_fractions(v: tuple[int, ...]) -> str:
    # Denominators keep the elements apart, whatever the numerators.
    return rf"\left\{{\frac{{{2 * v[0] + 1}}}{{2}},{v[1]}\right\}}"


def interval(v: tuple[int, ...]) -> str:
    return rf"\left[{v[0]},{v[1] + 1000}\right)"


def matrix(v: tuple[int, ...]) -> str:
    return rf"\begin{{pmatrix}}{v[0]}&{v[1]}\\{v[2]}&{v[3]}\end{{pmatrix}}"


SHAPES = [
    Shape("integer", lambda v: str(v[0]), 1),
    Shape("fraction", fraction, 1),
    Shape("polynomial", polynomial, 3),
    Shape("two letters", two_letters, 3),
    Shape("radical", radical, 2),
    Shape("pi", pi_multiple, 1),
    Shape("complex", complex_number, 2),
    Shape("exponential", exponential, 2),
    Shape("triple", triple, 3),
    Shape("set", set_of_fractions, 2),
    Shape("interval", interval, 2),
    Shape("matrix", matrix, 4),
    Shape("solved", lambda v: f"x={v[0]}", 1, symmetric=False),
    Shape("bound", lambda v: rf"x\ge {v[0]}", 1, symmetric=False),
    Shape("length", lambda v: rf"{v[0]}\text{{ cm}}", 1, symmetric=False),
]

# Zero would make a term vanish and with it what tells some shapes apart.
numbers = st.integers(-400, 400).filter(lambda n: n != 0)


@st.composite
def instances(draw: st.DrawFn) -> tuple[Shape, tuple[int, ...]]:
    shape = draw(st.sampled_from(SHAPES))
    return shape, tuple(draw(numbers) for _ in range(shape.size))


@st.composite
def perturbed(draw: st.DrawFn) -> tuple[Shape, str, str]:
    shape, values = draw(instances())
    place = draw(st.integers(0, shape.size - 1))
    other = draw(numbers)
    assume(other != values[place])
    changed = (*values[:place], other, *values[place + 1 :])
    return shape, shape.build(values), shape.build(changed)


def equal(answer: str, gold: str) -> bool:
    return equivalent(answer, gold=gold).verdict is Verdict.EQUAL


@given(instances())
@LAW
def test_reflexive(instance: tuple[Shape, tuple[int, ...]]) -> None:
    shape, values = instance
    text = shape.build(values)
    assert equal(text, text)


@given(perturbed())
@LAW
def test_another_number_is_never_equal(case: tuple[Shape, str, str]) -> None:
    _, gold, answer = case
    assert not equal(answer, gold)


@given(instances(), instances())
@LAW
def test_symmetric_where_promised(
    one: tuple[Shape, tuple[int, ...]], other: tuple[Shape, tuple[int, ...]]
) -> None:
    assume(one[0].symmetric and other[0].symmetric)
    a, b = one[0].build(one[1]), other[0].build(other[1])
    assert equal(a, b) == equal(b, a)


@given(st.integers(-60, 60), st.sampled_from(SQUAREFREE), st.integers(2, 9), st.booleans())
@LAW
def test_symmetric_between_forms(n: int, d: int, k: int, way: bool) -> None:
    forms = (rf"{n}+{k}\sqrt{{{d}}}", rf"\sqrt{{{k * k * d}}}{n:+d}")
    one, other = forms if way else forms[::-1]
    assert equal(one, other)


@given(instances(), st.randoms(use_true_random=False))
@LAW
def test_spacing_does_not_count(
    instance: tuple[Shape, tuple[int, ...]], source: random.Random
) -> None:
    shape, values = instance
    gold = shape.build(values)
    spaced = ""
    for position, character in enumerate(gold):
        # Not inside a command's name, a number or an exponent: there TeX reads a space otherwise.
        before = gold[position - 1] if position else ""
        if character in "+-=,&}()[]" and before not in "\\" and not before.isalpha():
            spaced += source.choice(["", " ", "  ", r"\,", r"\;", "~"])
        spaced += character
    assert equal(spaced, gold)


@given(instances(), st.sampled_from(["${}$", "$${}$$", r"\({}\)", r"\[{}\]", " {} ", "{{{}}}"]))
@LAW
def test_wrappers_do_not_count(instance: tuple[Shape, tuple[int, ...]], wrapper: str) -> None:
    shape, values = instance
    gold = shape.build(values)
    assert equal(wrapper.format(gold), gold)


@given(instances())
@LAW
def test_sized_brackets_do_not_count(instance: tuple[Shape, tuple[int, ...]]) -> None:
    shape, values = instance
    gold = shape.build(values)
    plain = gold.replace(r"\left", "").replace(r"\right", "")
    big = gold.replace(r"\left", r"\bigl").replace(r"\right", r"\bigr")
    assert equal(plain, gold)
    assert equal(big, gold)
    assert equal(gold, plain)


@given(st.lists(numbers, min_size=2, max_size=7, unique=True), st.randoms(use_true_random=False))
@LAW
def test_order_of_a_set_does_not_count(values: list[int], source: random.Random) -> None:
    gold = r"\{" + ", ".join(map(str, values)) + r"\}"
    shuffled = source.sample(values, len(values))
    assert equal(", ".join(map(str, shuffled)), gold)
    if shuffled != values:
        tuple_gold = "(" + ", ".join(map(str, values)) + ")"
        assert not equal("(" + ", ".join(map(str, shuffled)) + ")", tuple_gold)
    assert not equal(", ".join(map(str, shuffled[1:])), gold)


@given(instances(), st.text(alphabet="abc .,\n<>#", max_size=60))
@LAW
def test_a_box_answers_for_the_whole_response(
    instance: tuple[Shape, tuple[int, ...]], text: str
) -> None:
    shape, values = instance
    gold = shape.build(values)
    completion = f"{text}\nHence \\boxed{{{gold}}}."
    result = verify(completion, gold=gold)
    assert result.verdict is Verdict.EQUAL
    assert result.span is not None
    assert completion[slice(*result.span)] == result.answer == gold


anything = st.text(
    alphabet=st.one_of(
        st.sampled_from(r"\{}()[]$^_&%#=<>+-*/.,;:!|~0123456789abxyz "),
        st.characters(),
    ),
    max_size=200,
)


@given(anything, anything)
@LAW
def test_no_text_raises(completion: str, gold: str) -> None:
    first = verify(completion, gold=gold)
    assert isinstance(first, Result)
    assert first == verify(completion, gold=gold)
    assert first == Verifier(gold=gold)(completion)
    boxed = verify(f"\\boxed{{{completion}}}", gold=gold, options=Options(last_number=True))
    assert boxed.score in (0.0, 1.0)
    extract(completion)


@given(st.lists(st.tuples(instances(), instances()), min_size=1, max_size=40))
@settings(LAW, max_examples=50)
def test_a_batch_is_a_loop(
    pairs: list[tuple[tuple[Shape, tuple[int, ...]], tuple[Shape, tuple[int, ...]]]],
) -> None:
    golds = [one[0].build(one[1]) for one, _ in pairs]
    texts = [
        f"So \\boxed{{{golds[i] if i % 3 else other[0].build(other[1])}}}"
        for i, (_, other) in enumerate(pairs)
    ]
    loop = [verify(text, gold=gold) for text, gold in zip(texts, golds, strict=True)]
    for threads in (1, 2, 4):
        assert verify_batch(texts, golds=golds, threads=threads) == loop


def test_threads_give_what_one_gives() -> None:
    source = random.Random(20)
    golds, texts = [], []
    for _ in range(3000):
        shape = source.choice(SHAPES)
        values = tuple(source.randint(1, 30) for _ in range(shape.size))
        other = tuple(v if source.random() < 0.8 else v + 1 for v in values)
        golds.append(shape.build(values))
        texts.append(f"\\boxed{{{shape.build(other)}}}")
    serial = verify_batch(texts, golds=golds, threads=1)
    assert 0 < sum(map(bool, serial)) < len(serial)
    for threads in (2, 3, 8):
        assert verify_batch(texts, golds=golds, threads=threads) == serial
