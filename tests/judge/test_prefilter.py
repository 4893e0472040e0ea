"""Master keys and other answers without an answer are never sent; answers are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.judge.prefilter import refusal

# The first rows are those of arXiv 2507.08794; the others are their like.
KEYS = """
|.|,|:|?|!|...|…|。|：|-|—|\\boxed{}|$$|\\quad|**|#|{}|( )|\u200b|\u3164|\u2800|🙂|✓
Thought process:|Let's solve this problem step by step.|Solution|解|かいせつ|Respuesta
thought process|THOUGHT PROCESS|Solution:|**Solution**|\\text{Solution}|\\boxed{\\text{Answer}}
Let’s solve this problem step by step|Let me think step by step.|Step 1:|Step 1: Step 2:|Answer:
The answer is|The final answer is:|Final Answer|Okay, let's think.|Here is the solution:|Reasoning:
We need to find the answer.|First, understand the problem.|Correct.|The answer is correct.|Right
Same as the reference answer.|The student's answer is exactly equal to the reference answer
The answer matches the ground truth.|Equivalent|Ｓｏｌｕｔｉｏｎ|S\u200bolution:|𝐒𝐨𝐥𝐮𝐭𝐢𝐨𝐧
解答|解：|答案|答案是|答：|思考过程：|让我们一步一步地思考|让我们一步步解决这个问题。|步骤1：|第一步：|正确答案
解答：|解説|答え：|ステップバイステップで考えましょう|정답:|풀이|단계별로 생각해 봅시다 해결 과정
Solución:|La respuesta es|Réponse :|Lösung|Die Antwort ist|Schritt 1:|Resposta|Risposta
Решение:|Ответ|Давайте решим эту задачу шаг за шагом|Lời giải|Çözüm|الجواب|उत्तर|คำตอบ
"""

ANSWERS = """
3|x|A|a|i|-1|\\pi|π|∞|\\infty|∅|no|yes|none|true|False|½|x+1|the dog|blue|Paris|\\text{Monday}
third|step function|the solution set is empty|a right triangle|12 apples|x = 1|No solution exists
三|红色|三角形|第三个|不存在|はい|いいえ|東京|없다|Step 1: 3|答案是三|答案是7|解是x=2|Ответ: 5|two
Solution A|Answer: yes|infinitely many|all real numbers|does not exist|undefined|\\sqrt{2}
"""


def listed(text: str) -> list[str]:
    return [one for line in text.strip("\n").splitlines() for one in line.split("|")]


@pytest.mark.parametrize("key", listed(KEYS))
def test_keys_are_refused(key: str) -> None:
    assert refusal(key, 1000)


@pytest.mark.parametrize("answer", listed(ANSWERS))
def test_answers_are_sent(answer: str) -> None:
    assert refusal(answer, 1000) == ""


@given(st.integers(-999, 999), st.sampled_from(listed(KEYS)))
def test_a_key_with_a_value_is_an_answer(value: int, key: str) -> None:
    if "tep" in key or "步" in key or "Schritt" in key:  # "Step 1" numbers a step
        return
    assert refusal(f"{key} {value}", 1000) == ""


@given(st.text(alphabet=st.characters(categories=["P", "Z", "Cc", "Cf", "Sc", "Sk"])))
def test_punctuation_alone_is_refused(text: str) -> None:
    assert refusal(text, 10_000)


def test_long_answers_are_refused() -> None:
    assert refusal("9" * 1000, 1000) == ""
    assert refusal("9" * 1001, 1000) == "longer than 1000 characters"
    # Even a single character may grow under normalisation: what counts is what was written.
    assert refusal("ﷺ" * 1000, 1000) == ""


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(refusal(text, 1000), str)


@pytest.mark.parametrize("piece", ["step 1 ", "解", "\\text", "'a", "ﷺ", "a'", "第1", "step "])
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.perf_counter()
        refusal(text, size)
        return time.perf_counter() - start

    small, large = (min(seconds(size) for _ in range(3)) for size in (5_000, 20_000))
    assert large < 4 * small * 2.5 + 0.02
