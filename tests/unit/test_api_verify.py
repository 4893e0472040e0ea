"""verify, equivalent, explain and extract: results, spans, misuse."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyverify
from pyverify import Kind, Reason, Result, Verdict


def test_equal_result_says_everything() -> None:
    completion = r"Half of one is \boxed{\frac{1}{2}}."
    result = pyverify.verify(completion, gold="1/2")
    assert result
    assert result.verdict is Verdict.EQUAL
    assert result.score == 1.0
    assert result.answer == r"\frac{1}{2}"
    assert result.gold == "1/2"
    assert result.span is not None
    assert completion[slice(*result.span)] == result.answer
    assert result.kind is Kind.BOXED
    assert result.unevaluated is False
    assert result.work > 0


def test_different_result() -> None:
    result = pyverify.verify(r"\boxed{3}", gold="4")
    assert not result
    assert result.verdict is Verdict.NOT_EQUAL
    assert result.score == 0.0
    assert result.answer == "3"


def test_no_answer() -> None:
    result = pyverify.verify("I could go on about this for a while.\nAnd on.", gold="4")
    assert not result
    assert result.verdict is Verdict.NO_ANSWER
    assert result.answer is None
    assert result.span is None
    assert result.kind is Kind.NONE


def test_truncated_box_is_no_answer() -> None:
    result = pyverify.verify(r"It is \boxed{4}. Or rather \boxed{\frac{1", gold="4")
    assert result.verdict is Verdict.NO_ANSWER
    assert result.reason is Reason.UNCLOSED


def test_unevaluated_is_flagged_and_can_be_refused() -> None:
    result = pyverify.equivalent(r"2\cdot 3", gold="6")
    assert result
    assert result.unevaluated
    options = pyverify.Options(require_evaluated=True)
    refused = pyverify.equivalent(r"2\cdot 3", gold="6", options=options)
    assert refused.verdict is Verdict.NOT_EQUAL
    assert refused.reason is Reason.NOT_EVALUATED


def test_equivalent_takes_a_bare_answer() -> None:
    result = pyverify.equivalent("50%", gold="1/2")
    assert result
    assert result.kind is Kind.NONE


@pytest.mark.parametrize(
    "before",
    [
        "",
        "plain text ",
        "naïve ",
        "答案是这样的：",
        "🙂 " * 50,
        "lone \ud800 surrogate ",
        "\ud800é\udfff🙂 ",
        "nul \0 byte ",
    ],
)
@pytest.mark.parametrize("after", ["", ".", " 因此。", " \udcff", " 🙂" * 80])
def test_spans_are_in_characters(before: str, after: str) -> None:
    completion = before + r"\boxed{17}" + after
    result = pyverify.verify(completion, gold="17")
    assert result
    begin = len(before) + len(r"\boxed{")
    assert result.span == (begin, begin + 2)
    assert result.answer == "17"
    found = pyverify.extract(completion)
    assert (found.answer, found.span) == (result.answer, result.span)


@pytest.mark.parametrize("length", [10, 20_000, 200_000])
def test_long_completions(length: int) -> None:
    completion = "wort " * (length // 5) + r"\boxed{8}"
    result = pyverify.verify(completion, gold="8")
    assert result
    assert result.span == (len(completion) - 2, len(completion) - 1)


def test_answers_with_their_own_wide_characters() -> None:
    completion = r"所以 \boxed{\text{是}}。"
    result = pyverify.verify(completion, gold="是")
    assert result.answer == r"\text{是}"
    assert result.span is not None
    assert completion[slice(*result.span)] == r"\text{是}"


def test_extract() -> None:
    found = pyverify.extract(r"Thus \boxed{42}.")
    assert found
    assert found.answer == "42"
    assert found.kind is Kind.BOXED
    assert found.reason is Reason.NONE
    missing = pyverify.extract("")
    assert not missing
    assert missing.answer is None
    assert missing.span is None
    assert missing.reason is not Reason.NONE


def test_extract_gives_the_parts_of_joined_boxes() -> None:
    found = pyverify.extract(r"The roots are \boxed{1} and \boxed{2}.")
    assert found.parts == ("1", "2")


def test_explain() -> None:
    story = pyverify.explain(r"First \boxed{2}, no: \boxed{3}", gold="2")
    assert not story
    assert story.result == pyverify.verify(r"First \boxed{2}, no: \boxed{3}", gold="2")
    assert [candidate.text for candidate in story.candidates][-1] == "3"
    report = str(story)
    assert "not_equal" in report
    assert "\n" in report
    assert pyverify.explain("4/2", gold="2", bare=True).result == pyverify.equivalent(
        "4/2", gold="2"
    )


def test_results_are_values() -> None:
    result = pyverify.verify(r"\boxed{1}", gold="1")
    again = pyverify.verify(r"\boxed{1}", gold="1")
    assert result == again
    assert hash(result) == hash(again)
    assert pickle.loads(pickle.dumps(result)) == result
    assert copy.deepcopy(result) == result
    assert dataclasses.replace(result, score=0.5).score == 0.5
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.score = 2.0  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        result.extra = 1  # type: ignore[attr-defined]
    assert isinstance(result, Result)
    assert set(dataclasses.asdict(result)) == {
        "verdict",
        "reason",
        "score",
        "answer",
        "gold",
        "span",
        "kind",
        "unevaluated",
        "work",
    }


@pytest.mark.parametrize(
    "value", [pyverify.extract(r"\boxed{1}"), pyverify.explain(r"\boxed{1}", gold="1")]
)
def test_other_results_pickle(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


def test_enums_print_as_their_values() -> None:
    assert str(Verdict.NO_ANSWER) == "no_answer"
    assert f"{Reason.FIELD}" == "field"
    assert Verdict("equal") is Verdict.EQUAL
    assert Kind("boxed") is Kind.BOXED
    assert isinstance(Kind.BOXED, str)


FUNCTIONS = [pyverify.verify, pyverify.equivalent, pyverify.explain]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_gold_is_keyword_only(function: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="positional"):
        function("4", "4")
    with pytest.raises(TypeError, match="gold"):
        function("4")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("wrong", [None, 4, b"4", ["4"]])
def test_a_completion_is_a_str(function: Callable[..., object], wrong: object) -> None:
    with pytest.raises(TypeError, match=r"must be a str, not"):
        function(wrong, gold="4")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_options_have_their_type(function: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match=r"pyverify\.Options"):
        function("4", gold="4", options={"last_number": True})
    with pytest.raises(TypeError, match=r"pyverify\.Options"):
        pyverify.extract("4", options={"last_number": True})  # type: ignore[arg-type]


def test_subclasses_of_str_are_strs() -> None:
    class Completion(str):
        __slots__ = ()

    assert pyverify.verify(Completion(r"\boxed{1}"), gold=Completion("1"))


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.one_of(
        ANY_TEXT,
        st.sampled_from(
            [
                r"\boxed{",
                "}",
                r"\frac",
                "{",
                "</think>",
                "<answer>",
                "####",
                "$",
                "1",
                "x",
                "^",
                ",",
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(PIECES, PIECES)
def test_no_text_raises(completion: str, gold: str) -> None:
    result = pyverify.verify(completion, gold=gold)
    assert result.score in (0.0, 1.0)
    assert bool(result) is (result.verdict is Verdict.EQUAL)
    if result.span is None:
        assert result.answer is None
    else:
        assert completion[slice(*result.span)] == result.answer
    assert pyverify.verify(completion, gold=gold) == result
    bare = pyverify.equivalent(completion, gold=gold)
    assert bare.verdict in Verdict
