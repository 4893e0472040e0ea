"""Where a response has its answer, and whether it has the form that was asked for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.rewards import Format
from pyverify.rlpr import ANSWER_ONLY, BOXED, TEMPLATES, THINK_ANSWER, Template

PIECES = ["<think>", "</think>", "<answer>", "</answer>", "\\boxed{", "{", "}", "\\", "4", " ", "é"]
ALL = [*TEMPLATES.values(), THINK_ANSWER.behind()]


@pytest.mark.parametrize(
    ("template", "completion", "answer", "well_formed"),
    [
        (THINK_ANSWER, "<think>2+2</think><answer>4</answer>", "4", True),
        (THINK_ANSWER, "<think>2+2</think>\n\n<answer> 4 </answer><|im_end|>", " 4 ", True),
        (THINK_ANSWER, "<think>2+2</think> so <answer>4</answer>", "4", False),
        (THINK_ANSWER, "Well, <think>2+2</think><answer>4</answer>", "4", False),
        (THINK_ANSWER, "<think>2+2</think><answer>4", "4", False),
        (THINK_ANSWER, "<think>2+2</think><answer>", "", False),
        (THINK_ANSWER, "<think></think><answer>4</answer>", "4", False),
        (THINK_ANSWER, "<think>2+2</think><answer>4</answer> or 5", "4", False),
        (THINK_ANSWER, "<think></answer>2</think><answer>4</answer>", "4", False),
        (THINK_ANSWER.behind(), "2+2</think><answer>4</answer>", "4", True),
        (ANSWER_ONLY, "2+2 is four. <answer>4</answer>", "4", True),
        (ANSWER_ONLY, "2+2 is four. <answer>4</answer> Done.", "4", False),
        (ANSWER_ONLY, "<answer>4", "4", False),
        (BOXED, r"<think>\boxed{5}?</think> \boxed{\frac{1}{2}}.", r"\frac{1}{2}", True),
        (BOXED, r"\boxed{3} or \boxed{\}}", r"\}", True),
        (BOXED, r"It is \boxed{4", "4", False),
    ],
)
def test_a_place_and_a_form(
    template: Template, completion: str, answer: str, well_formed: bool
) -> None:
    found = template.parse(completion)
    assert found.reason is None
    assert completion[found.start : found.end] == answer
    assert found.well_formed is well_formed


@pytest.mark.parametrize(
    ("template", "completion", "reason"),
    [
        (THINK_ANSWER, "", "mark_missing"),
        (THINK_ANSWER, "<answer>4</answer>", "mark_missing"),
        (THINK_ANSWER, "<think>2</think>4", "mark_missing"),
        (THINK_ANSWER, "<think>2</think><ANSWER>4</ANSWER>", "mark_missing"),
        (THINK_ANSWER, "<think><think>2</think><answer>4</answer>", "mark_repeated"),
        (THINK_ANSWER, "<think>2</think><answer>4</answer><answer>5</answer>", "mark_repeated"),
        (THINK_ANSWER, "<think>2</think></think><answer>4</answer>", "mark_repeated"),
        (THINK_ANSWER, "<think><answer>4</answer></think>", "marks_out_of_order"),
        (THINK_ANSWER, "</think><think><answer>4</answer>", "marks_out_of_order"),
        (THINK_ANSWER.behind(), "<think>2</think><answer>4</answer>", "mark_repeated"),
        (ANSWER_ONLY, "It is 4.", "mark_missing"),
        (ANSWER_ONLY, "<answer>4</answer><answer>4</answer>", "mark_repeated"),
        (BOXED, r"<think>\boxed{4}</think> It is 4.", "marks_out_of_order"),
        (BOXED, "4", "mark_missing"),
    ],
)
def test_no_place(template: Template, completion: str, reason: str) -> None:
    found = template.parse(completion)
    assert (found.start, found.end, found.well_formed) == (None, None, False)
    assert found.reason == reason


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text(completion: str) -> None:
    for template in ALL:
        found = template.parse(completion)
        if found.start is None or found.end is None:
            assert found.reason is not None
            continue
        assert 0 <= found.start <= found.end <= len(completion)
        assert completion[: found.start].endswith(template.marks[-1])
        if found.well_formed:
            assert completion.startswith(template.closing, found.end)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_form_is_that_of_the_rewards(completion: str) -> None:
    parsed = THINK_ANSWER.parse(completion)
    if parsed.reason is None:
        assert parsed.well_formed == Format("think_answer", prefilled=False)(completion)
    parsed = BOXED.parse(completion)
    if parsed.reason is None:
        assert parsed.well_formed == Format("boxed", prefilled=False)(completion)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_whatever_is_well_formed_has_a_place(completion: str) -> None:
    if Format("think_answer", prefilled=False)(completion):
        assert THINK_ANSWER.parse(completion).well_formed
    if Format("boxed", prefilled=False)(completion):
        assert BOXED.parse(completion).well_formed


@pytest.mark.parametrize("piece", ["<think>", "<answer>", "</think><answer>", "\\boxed{", "}", "<"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begin = time.perf_counter()
    for template in ALL:
        template.parse("<think></think><answer>\\boxed{" + piece * 200_000)
        template.parse(piece * 200_000)
    assert time.perf_counter() - begin < 20


def test_behind_a_prompt_that_opens_the_reasoning() -> None:
    assert THINK_ANSWER.behind().empty == THINK_ANSWER.empty.removeprefix("<think>")
    with pytest.raises(ValueError, match="answer_only doesn't begin with <think>"):
        ANSWER_ONLY.behind()


def test_misuse() -> None:
    with pytest.raises(ValueError, match="aren't empty"):
        Template("x", ("",), "</x>", "", "")
    with pytest.raises(ValueError, match="prefilled"):
        Template("x", ("<x>",), "</x>", "", "<x>", prefilled=True)


def test_the_instruction_names_what_is_wanted() -> None:
    for template in TEMPLATES.values():
        assert template.empty.endswith(template.marks[-1])
        for mark in template.marks:
            assert mark in template.instruction
