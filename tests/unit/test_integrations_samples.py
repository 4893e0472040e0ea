"""The samples of one prompt, as the harnesses' adapters judge and count them."""

from __future__ import annotations

import pytest

from pyverify import PRESETS, Options, Verdict
from pyverify.integrations.samples import FAULTS, changed, gold_as_text, judge, tallied

MATH = PRESETS["math"]


@pytest.mark.parametrize(
    ("gold", "text"),
    [
        (r"\frac12", r"\frac12"),
        ("3 * 4 = 12\n#### 12", "12"),
        (r"So $x=\boxed{5}$.", "5"),
        (["7"], "7"),
        (["1", "2"], '{"any_of": [["1", "2"]]}'),
        ({"any_of": ["1", "2"]}, '{"any_of": ["1", "2"]}'),
        (42, "42"),
        (None, ""),
        ([], ""),
        ("  ", ""),
        ({"who": "knows"}, ""),
        ([["1"], ["2"]], ""),
        (float("nan"), ""),
    ],
)
def test_golds_of_every_form_become_one_text(gold: object, text: str) -> None:
    assert gold_as_text(MATH, gold) == text


def test_a_list_of_golds_is_wanted_whole() -> None:
    gold = gold_as_text(MATH, ["1", "2"])
    one, both = judge([r"\boxed{1}", r"\boxed{2, 1}"], gold=gold, options=Options())
    assert not one
    assert both


def test_what_is_no_text_answers_nothing() -> None:
    results = judge([None, 7, b"\\boxed{1}", float("nan")], gold="1", options=Options())
    assert {result.verdict for result in results} == {Verdict.NO_ANSWER}


def test_a_gold_that_is_none_is_counted_and_not_raised() -> None:
    results = judge([r"\boxed{1}"], gold=gold_as_text(MATH, None), options=Options())
    counts, signature = tallied(results, Options())
    assert counts["bad_gold"] == 1
    assert signature[:2] == (1, 0)


def test_samples_are_counted_and_equivalent_answers_share_a_cluster() -> None:
    said = [r"\boxed{0.5}", r"\boxed{\frac12}", r"\boxed{3}", r"\boxed{\sqrt{9}}", r"\boxed{3.0}"]
    counts, signature = tallied(judge([*said, ""], gold="1/2", options=Options()), Options())
    assert signature == (6, 2, 3, 0, 2, 2)
    assert {name: counts[name] for name in FAULTS} == {**dict.fromkeys(FAULTS, 0), "no_answer": 1}


def test_options_are_changed_by_name() -> None:
    options = PRESETS["aime"].options
    assert changed(options, None) is options
    assert changed(options, {"units": "required"}).units == "required"
    assert changed(options, {"units": "required"}).require_evaluated


@pytest.mark.parametrize(
    "told", [{"unit": "policy"}, {"units": "none"}, {"seed": "x"}, "strict", 5]
)
def test_options_that_are_none_are_refused(told: object) -> None:
    with pytest.raises(ValueError, match=r"unit|seed|strict|5"):
        changed(Options(), told)
