"""Every form of a gold, and the mistakes people make with them."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyverify
from pyverify import AnyOf, Choice, Verdict
from pyverify.golds import gold_spec, gold_text
from pyverify.types import Gold


@pytest.mark.parametrize(
    ("gold", "text"),
    [
        ("1/2", "1/2"),
        (7, "7"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (0.5, "0.5"),
        (-0.25, "-0.25"),
        (0.1, "0.1"),
        (12.0, "12"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (1e22, "1" + "0" * 22),
        (float("inf"), r"\infty"),
        (float("-inf"), r"-\infty"),
        (Fraction(3, 4), "3/4"),
        (Fraction(-6, 3), "-2"),
        (Decimal("12.0"), "12.0"),
        (Decimal("1.20E-3"), "0.00120"),
        (Decimal("-Infinity"), r"-\infty"),
    ],
)
def test_single_golds(gold: Gold, text: str) -> None:
    assert gold_spec(gold) == ((text,),)
    assert gold_text(gold_spec(gold)) == text


@pytest.mark.parametrize(
    ("gold", "spec"),
    [
        (["x=1", "x=2"], (("x=1", "x=2"),)),
        ((1, 0.5), (("1", "0.5"),)),
        (AnyOf(["a", "b"]), (("a",), ("b",))),
        (AnyOf([["1", 2], 3]), (("1", "2"), ("3",))),
        (AnyOf(str(i) for i in range(2)), (("0",), ("1",))),
        ({"any_of": ["a", ["b", "c"]]}, (("a",), ("b", "c"))),
        ('{"any_of": ["1/2", "0.5"]}', (("1/2",), ("0.5",))),
        (' {"any_of": [["1", "2"], 3.10]}', (("1", "2"), ("3.10",))),
    ],
)
def test_golds_of_several_parts(gold: Gold, spec: tuple[tuple[str, ...], ...]) -> None:
    assert gold_spec(gold) == spec
    assert gold_spec(gold_text(spec)) == spec


@pytest.mark.parametrize(
    "text",
    [r"\{1, 2\}", "{1}", '{"any_of"', '{"any_of": ["1"], "x": 2}', '{"x": "any_of"}', "", " "],
)
def test_other_braces_are_text(text: str) -> None:
    assert gold_spec(text) == ((text,),)


@pytest.mark.parametrize(
    ("gold", "error", "message"),
    [
        (None, TypeError, "None"),
        (True, TypeError, "bool"),
        ([True], TypeError, "bool"),
        (b"1", TypeError, "bytes"),
        ({1, 2}, TypeError, "set"),
        (1j, TypeError, "complex"),
        ([["1"]], TypeError, "list"),
        ([], ValueError, "no parts"),
        ({}, ValueError, "any_of"),
        ({"any_of": "1"}, ValueError, "any_of"),
        ({"anyof": ["1"]}, ValueError, "any_of"),
        ({"any_of": []}, ValueError, "at least one"),
        ('{"any_of": []}', ValueError, "at least one"),
        ('{"any_of": [null]}', TypeError, "None"),
        (float("nan"), ValueError, "NaN"),
        (Decimal("NaN"), ValueError, "NaN"),
        (Decimal("1e999999"), ValueError, "digits"),
        pytest.param(10**5000, ValueError, "digits", id="10**5000"),
    ],
)
def test_misuse(gold: Gold, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        pyverify.verify(r"\boxed{1}", gold=gold)
    with pytest.raises(error, match=message):
        pyverify.Verifier(gold=gold)
    with pytest.raises(error, match=message):
        pyverify.verify_batch([r"\boxed{1}"], golds=[gold])


def test_any_of_misuse() -> None:
    with pytest.raises(TypeError, match="list of alternatives"):
        AnyOf("12")
    with pytest.raises(ValueError, match="at least one"):
        AnyOf([])
    assert hash(AnyOf([["1", "2"]])) == hash(AnyOf([("1", "2")]))


@pytest.mark.parametrize("gold", ["5", "$5$", r"\boxed{5}", r"$\boxed{5}$", 5, 5.0, Fraction(5)])
def test_golds_are_unwrapped(gold: Gold) -> None:
    assert pyverify.verify(r"\boxed{5}", gold=gold)
    assert not pyverify.verify(r"\boxed{6}", gold=gold)


def test_floats_are_what_was_written() -> None:
    assert pyverify.equivalent("1/10", gold=0.1)
    assert pyverify.equivalent(r"\frac{3}{4}", gold=Fraction(3, 4))


def test_equal_keys_of_other_types_do_not_share_a_gold() -> None:
    assert pyverify.verify(r"\boxed{1}", gold=1)
    assert pyverify.verify(r"\boxed{1}", gold=1.0)
    with pytest.raises(TypeError, match="bool"):
        pyverify.verify(r"\boxed{1}", gold=True)


def test_any_alternative_is_right() -> None:
    gold = AnyOf(["2", "3"])
    assert pyverify.verify(r"\boxed{2}", gold=gold)
    assert pyverify.verify(r"\boxed{3}", gold=gold)
    assert not pyverify.verify(r"\boxed{4}", gold=gold)
    assert pyverify.verify(r"\boxed{3}", gold=json.dumps({"any_of": ["2", "3"]}))


def test_all_parts_are_wanted() -> None:
    assert pyverify.verify(r"\boxed{1, 2}", gold=["1", "2"])
    assert not pyverify.verify(r"\boxed{1}", gold=["1", "2"])
    assert not pyverify.verify(r"\boxed{1, 2, 3}", gold=["1", "2"])


def test_result_gold_reads_back() -> None:
    result = pyverify.verify(r"\boxed{2}", gold=AnyOf(["1", ["2", "3"]]))
    assert result.gold == '{"any_of": ["1", ["2", "3"]]}'
    assert pyverify.verify(r"\boxed{2}", gold=result.gold) == result


TEXTS = {"A": "3", "B": "42", "C": "none of these"}


@pytest.mark.parametrize(
    ("gold", "spec"),
    [
        (Choice("B"), (("B",),)),
        (Choice("BD"), (("BD",),)),
        (Choice("B", TEXTS), (("B. 42",),)),
        (Choice("B", ["3", 42]), (("B. 42",),)),
        (Choice("BC", TEXTS), (("BC",),)),
        ({"choice": "B"}, (("B",),)),
        ({"choice": "C", "texts": TEXTS}, (("C. none of these",),)),
        ('{"choice": "B", "texts": {"A": 3, "B": 4.20}}', (("B. 4.20",),)),
        # another option is equal to it
        (Choice("B", ["1/2", "0.5"]), (("B",),)),
        (Choice("A", ["3.14", r"\pi"]), (("A",),)),
        # a text that would make something else of the letter
        (Choice("B", ["x", "+3"]), (("B",), ("+3",))),
    ],
)
def test_choices(gold: Gold, spec: tuple[tuple[str, ...], ...]) -> None:
    assert gold_spec(gold) == spec
    assert gold_spec(gold_text(spec)) == spec


def test_texts_of_choices() -> None:
    right = ["B", "(B)", "b", "Option B", "42", "B. 42", "42.0"]
    wrong = ["A", "3", "A. 42", "B. 84", "84", "AB", "none of these", "B or C"]
    for gold in (Choice("B", TEXTS), {"choice": "B", "texts": TEXTS}):
        assert [a for a in right + wrong if pyverify.equivalent(a, gold=gold)] == right
    completions = [rf"\boxed{{{answer}}}" for answer in right + wrong]
    golds = [json.dumps({"choice": "B", "texts": TEXTS})] * len(completions)
    found = pyverify.verify_batch(completions, golds=golds)
    assert [bool(result) for result in found] == [True] * len(right) + [False] * len(wrong)


@pytest.mark.parametrize(
    ("letters", "texts", "error"),
    [
        (2, (), TypeError),
        ("B", "42", TypeError),
        ("B", 42, TypeError),
        ("", (), ValueError),
        ("b", (), ValueError),
        ("K", (), ValueError),
        ("BB", (), ValueError),
        ("C", ["1", "2"], ValueError),
        ("A", {"one": "1"}, ValueError),
        ("A", ["1"] * 11, ValueError),
    ],
)
def test_choice_misuse(letters: str, texts: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        Choice(letters, texts)
    with pytest.raises((ValueError, TypeError)):
        gold_spec({"choice": letters, "texts": texts})


@pytest.mark.parametrize("gold", ["", "   "])
def test_empty_golds_reward_nothing(gold: str) -> None:
    for completion in (r"\boxed{1}", "", r"\boxed{}", gold):
        result = pyverify.verify(completion, gold=gold)
        assert not result
    assert pyverify.verify(r"\boxed{1}", gold=gold).verdict is Verdict.BAD_GOLD


@given(st.recursive(st.text(max_size=8), lambda part: st.lists(part, min_size=1, max_size=3)))
def test_texts_of_golds_read_back(gold: Gold) -> None:
    try:
        spec = gold_spec(gold)
    except TypeError:
        return
    assert gold_spec(gold_text(spec)) == spec
