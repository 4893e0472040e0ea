"""What reviewers and a policy could do to rewards, repaired: each was wrong once."""

from __future__ import annotations

import pytest

from pyverify.rewards import (
    Correctness,
    Format,
    ProcessReward,
    Repetition,
    recipe,
)

REWARD = 0.1 * Format("boxed") + 0.9 * Correctness()


@pytest.mark.parametrize(
    ("step", "score"),
    [
        ("2+3=5 个", None),  # once an IndexError
        ("2+2 = é", None),
        ("4 * $10 = 4 * 10 = $40", 1.0),
        ("6*7=<<6*7=43>>43", 0.0),
        ("It is not true that $2+2=5$.", None),
        ("Modulo 5 we have $3+4=2$.", None),
        ("This gives 2+2=5, a contradiction.", None),
        ("so $3+4=8$ and done.", 0.0),
        ("2**3=8", 1.0),
        ("12-5=7 7+1=8", None),
        ("1=1", None),
        ("12=12.0", None),
        ("10/4=2:1", None),
        ("7.5 / 1/2 = 15", None),
    ],
)
def test_arithmetic_that_needs_no_context(step: str, score: float | None) -> None:
    assert ProcessReward("pyverify.rewards.checks:arithmetic")(step) == score


@pytest.mark.parametrize("token", ["<|im_end|>", "</s>", "<|eot_id|>", "<eos>", "<|endoftext|>\n"])
def test_end_tokens_are_as_if_they_were_not_there(token: str) -> None:
    assert recipe("r1")(f"<think>2+2</think><answer>4</answer>{token}", gold="4") == 2.0
    assert recipe("gsm8k_strict")(f"So\n#### 4{token}", gold="4") == 1.0
    assert Correctness()(f"4{token}", gold="4") == 1.0


@pytest.mark.parametrize("tag", ["<think>", "<thinking>\n", "◁think▷", "[THINK]"])
def test_a_prompt_that_opens_the_reasoning_closes_the_way_to_early_boxes(tag: str) -> None:
    texts = [r"so \boxed{4} hmm wait", r"so \boxed{4}"]
    assert REWARD(texts, gold="4", prompts=[f"2+2?{tag}", "2+2?"]) == [0.0, 1.0]


def test_a_mark_counts_with_what_its_sentence_joins_to_it() -> None:
    texts = [
        r"\boxed{4}. The final answer is 4.",
        r"\boxed{5} or \boxed{4}. The final answer is 4.",
        r"\boxed{5}. The final answer is 4.",
        r"<think>\boxed{4}</think> The final answer is 4.",
    ]
    assert recipe("math_boxed")(texts, gold="4") == [1.0, 0.0, 0.0, 0.0]


def test_decoration_hides_no_repetition() -> None:
    words = ("the quick brown fox jumps over the lazy dog again " * 20).split()
    plain = " ".join(words)
    marked = " ".join(f"({word}," if i % 3 else f'"{word}!' for i, word in enumerate(words))
    hidden = " ".join(f"{word}{chr(0xFE00 + i % 16)}" for i, word in enumerate(words))
    values = Repetition()([plain, marked, hidden])
    assert values == [values[0]] * 3
    assert values[0] is not None
    assert values[0] < -0.9


def test_a_worked_solution_as_gold_counts_in_marks_too() -> None:
    gold = "She has 6 bags of 7: 6*7=<<6*7=42>>42.\n#### 42"
    texts = ["#### 42", "#### 42\nSo the answer is $\\boxed{42}$.", "#### 41\nThe answer is 42."]
    assert recipe("gsm8k_strict")(texts, gold=gold) == [1.0, 1.0, 0.0]
