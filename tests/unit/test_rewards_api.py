"""How rewards are called, composed and described; what they do with wrong use."""

from __future__ import annotations

import asyncio
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest

from pyverify import AnyOf, Options, Verdict
from pyverify.rewards import (
    Clip,
    Correctness,
    Ensemble,
    ExactText,
    Format,
    Function,
    Gate,
    Given,
    Graded,
    LengthBonus,
    Minimum,
    ProcessReward,
    Repetition,
    RewardBatch,
    Steps,
    Sum,
    from_toml,
    recipe,
    to_toml,
)

REWARD = 0.1 * Format("boxed") + 0.9 * Correctness()
FOUR = r"\boxed{4}"


def half(completions: list[str], **_: object) -> list[float]:
    return [0.5] * len(completions)


def short(completions: list[str], **_: object) -> list[float]:
    return [0.5]


def broken(completions: list[str], **_: object) -> list[float]:
    raise RuntimeError("mine")


SEEN: list[int] = []


def counted(completions: list[str], **_: object) -> list[float]:
    SEEN.append(len(completions))
    return [i / len(completions) for i in range(len(completions))]


async def slow(completions: list[str], **_: object) -> list[float]:
    return [0.5] * len(completions)


def scalar(completions: list[str], **_: object) -> float:
    return 0.5


class Holder:
    def half(self, completions: list[str], **_: object) -> list[float]:
        return half(completions)


def scorer(steps: list[list[str]], prompts: list[str | None]) -> list[list[float | None]]:
    return [[len(step) / 10 for step in response] for response in steps]


# Calls.


def test_one_completion_or_many() -> None:
    assert REWARD(FOUR, gold="4") == 1.0
    assert REWARD([FOUR, "4"], gold="4") == [1.0, 0.9]
    assert REWARD((FOUR, FOUR), golds=["4", 5]) == [1.0, 0.1]
    assert REWARD([], golds=[]) == []
    assert REWARD(iter([FOUR]), golds=iter(["4"])) == [1.0]


def test_conversations_count_what_the_assistant_says() -> None:
    talk = [
        {"role": "user", "content": "Is it 4?"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": FOUR},
        {"role": "assistant", "content": r"\boxed{5}"},
        {"role": "tool", "content": FOUR},
    ]
    assert REWARD(talk, gold="4") == 0.1
    assert REWARD([talk, talk], golds=["5", "4"]) == [1.0, 0.1]
    assert REWARD([{"role": "user", "content": FOUR}], gold="4") == 0.0
    parts = [{"role": "assistant", "content": [{"type": "text", "text": FOUR}]}]
    assert REWARD(parts, gold="4") == 1.0


def test_reasoning_that_was_split_off_is_put_back() -> None:
    talk = [{"role": "assistant", "reasoning_content": "2+2", "content": "<answer>4</answer>"}]
    assert Format("think_answer")(talk) == 1.0


def test_measures_look_at_all_turns() -> None:
    turns = [{"role": "assistant", "content": text} for text in ("a b c d e", "a b c d e")]
    assert Repetition(2)(turns) == pytest.approx(-4 / 9)


def test_what_is_missing_abstains() -> None:
    assert REWARD([FOUR, FOUR, FOUR], golds=["4", None, ""]) == [1.0, None, None]
    assert REWARD([FOUR, FOUR], golds=["4", float("nan")]) == [1.0, None]
    zero = Correctness(options=Options(on_bad_gold="zero"))
    assert zero([FOUR, FOUR], golds=["4", ""]) == [1.0, 0.0]


def test_components_verdicts_and_summary() -> None:
    batch = REWARD.evaluate(
        [FOUR, r"\boxed{5}", "Well, who knows what it might be", "4 or 5"], gold="4"
    )
    assert batch.components == {
        "format": [1.0, 1.0, 0.0, 0.0],
        "correctness": [1.0, 0.0, 0.0, 0.0],
    }
    assert [result.verdict for result in batch.results if result is not None] == [
        Verdict.EQUAL,
        Verdict.NOT_EQUAL,
        Verdict.NO_ANSWER,
        Verdict.NOT_EQUAL,
    ]
    assert next(iter(batch.rows())) == {"reward": 1.0, "format": 1.0, "correctness": 1.0}
    summary = batch.summary()
    assert (summary.count, summary.abstained) == (4, 0)
    assert summary.mean == pytest.approx(1.1 / 4)
    assert summary.shares["no_answer"] == summary.shares["hedged"] == 0.25
    assert sum(summary.histogram[1]) == 4
    metrics = summary.as_metrics()
    assert metrics["reward/format"] == 0.5
    assert metrics["verdict/no_answer"] == 0.25
    assert all(isinstance(value, float) for value in metrics.values())


def test_a_summary_of_nothing() -> None:
    summary = REWARD.evaluate([], golds=[]).summary()
    assert summary.count == 0
    assert summary.histogram == ((), ())
    assert "reward/mean" not in summary.as_metrics()


def test_long_lists_are_cut_into_pieces() -> None:
    texts = [rf"\boxed{{{i}}}" for i in range(5000)]
    golds = [str(i if i % 3 else i + 1) for i in range(5000)]
    rewards = REWARD(texts, golds=golds)
    assert rewards == [1.0 if i % 3 else 0.1 for i in range(5000)]
    assert REWARD(texts, golds=golds, threads=1) == rewards


def test_async_calls_leave_the_loop_alone() -> None:
    async def main() -> tuple[object, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticker = asyncio.create_task(tick())
        values = await asyncio.gather(
            REWARD.acall(FOUR, gold="4"),
            REWARD.acall([FOUR + " " * 100] * 20000, gold="5"),
            REWARD.aevaluate([FOUR], golds=["4"]),
        )
        ticker.cancel()
        assert values[2].rewards == [1.0]
        return values[0], ticks

    value, ticks = asyncio.run(main())
    assert value == 1.0
    assert ticks > 10


def test_many_threads_get_what_one_gets() -> None:
    texts = [FOUR, r"\boxed{5}", "no", "<think>a</think><answer>4</answer>"] * 50
    reward = recipe("graded_quality") + Steps() + Repetition()
    columns = {"token_counts": list(range(200))}
    wanted = reward(texts, gold="4", **columns)
    with ThreadPoolExecutor(16) as pool:
        for found in pool.map(lambda _: reward(texts, gold="4", threads=2, **columns), range(64)):
            assert found == wanted


def test_a_growing_response_earns_nothing_before_its_answer_is_whole() -> None:
    text = r"<think>It is \boxed{4}, yes.</think>So \boxed{\frac{8}{2}}"
    values = REWARD([text[:end] for end in range(len(text) + 1)], gold="4")
    assert values[-1] == 1.0
    assert set(values[:-1]) == {0.0}


# Composition.


def test_arithmetic() -> None:
    a, b = Correctness(), Format()
    assert a + b == Sum(((1.0, a), (1.0, b)))
    assert 2 * a - b / 2 + 1 == Sum(((2.0, a), (-0.5, b)), 1.0)
    assert -(a + 1) == Sum(((-1.0, a),), -1.0)
    assert 1 - a == Sum(((-1.0, a),), 1.0)
    assert 3 * (a + 2 * b) == Sum(((3.0, a), (6.0, b)))
    assert a.gated(by=b) == Gate(b, a)
    assert a.clipped(0, 1) == Clip(a, 0, 1)


def test_rescaling_moves_the_bounds() -> None:
    scaled = recipe("graded_quality").rescaled()
    assert scaled.bounds == pytest.approx((0.0, 1.0))
    best = FOUR + " Here is why, in words that are all different from each other."
    assert scaled(best, gold="4", token_counts=2000) == pytest.approx(1.0)
    assert scaled("I give up.", gold="4", token_counts=4) == pytest.approx(0.0)
    with pytest.raises(ValueError, match="cannot be rescaled"):
        Clip(Correctness(), 1, 1).rescaled()


def test_equal_parts_are_found_once_and_others_need_names() -> None:
    graded = Graded(-1, 0, 1)
    assert (graded + Gate(graded, Format())).components == ("graded", "format")
    with pytest.raises(ValueError, match="name="):
        Format("boxed") + Format("think")
    both = Format("boxed") + Format("think", name="think")
    assert both.components == ("format", "think")


def test_formulas() -> None:
    assert REWARD.formula == "0.1·format + 0.9·correctness"
    assert (Format() - 0.5).formula == "format - 0.5"
    assert Minimum((Format(), REWARD)).formula == "min(format, 0.1·format + 0.9·correctness)"
    assert (2 * Gate(Format(), Correctness())).formula == ("2·(correctness if format ≥ 1 else 0)")


def test_votes() -> None:
    members = tuple(Given(name) for name in ("a", "b", "c"))
    votes = {"a": [1.0, 0.0, None, None], "b": [1.0, 1.0, 0.0, None], "c": [0.0, None, 1.0, None]}
    texts = ["x"] * 4
    assert Ensemble(members, "majority")(texts, **votes) == [1.0, 0.0, 0.0, None]
    assert Ensemble(members, "mean")(texts, **votes) == [pytest.approx(2 / 3), 0.5, 0.5, None]
    assert Ensemble(members, "veto")(texts, **votes) == [0.0, 0.0, 0.0, None]
    assert Ensemble(members, "majority", (3, 1, 1))(texts, **votes) == [1.0, 0.0, 0.0, None]
    assert Ensemble(members, "mean", quorum=3)(texts, **votes)[1:] == [None, None, None]
    counts = Ensemble(members).evaluate(texts, **votes).components["ensemble_abstained"]
    assert counts == [0.0, 1.0, 1.0, 3.0]


def test_functions_of_the_user() -> None:
    reward = 0.5 * Function(half) + Correctness()
    assert reward(FOUR, gold="4") == 1.25
    assert pickle.loads(pickle.dumps(reward)) == reward
    assert from_toml(to_toml(reward)) == reward
    with pytest.raises(RuntimeError, match="mine"):
        Function(broken)(FOUR)
    with pytest.raises(ValueError, match="gave 1 rewards for 2"):
        Function(short)([FOUR, FOUR])
    with pytest.raises(TypeError, match="top of a module"):
        Function(lambda completions: [1.0])
    with pytest.raises(TypeError, match=r"package\.module:name"):
        Function("nowhere")


def test_process_rewards() -> None:
    assert ProcessReward(scorer, "mean")("ab\n\nabcd") == pytest.approx(0.3)
    given = {"step_scores": [[1.0, 0.5], [None], None, [2.0, 0.5]]}
    wanted = {
        "min": [0.5, None, None, 0.5],
        "product": [0.5, None, None, 0.5],
        "last": [0.5, None, None, 0.5],
        "mean": [0.75, None, None, 0.75],
    }
    for reduce, values in wanted.items():
        assert ProcessReward(reduce=reduce)(["x"] * 4, **given) == values


def test_a_function_sees_the_whole_call() -> None:
    sizes: list[int] = []
    SEEN.clear()
    texts = [FOUR] * 5000
    batch = (Function(counted) + Correctness()).evaluate(texts, gold="4")
    sizes.extend(SEEN)
    assert sizes == [5000]
    assert batch.rewards == [1.0 + i / 5000 for i in range(5000)]


def test_methods_and_async_functions_are_refused() -> None:
    with pytest.raises(TypeError, match="isn't what"):
        Function(Holder().half)
    with pytest.raises(TypeError, match="is async"):
        Function(slow)(FOUR)
    with pytest.raises(TypeError, match="must give a list"):
        Function(scalar)(FOUR)


def test_scalars_of_other_libraries_are_numbers() -> None:
    class Scalar:
        def item(self) -> int:
            return 4

    class Ids:
        def __len__(self) -> int:
            return 512

    assert Correctness()([FOUR, FOUR], golds=[Scalar(), Fraction(8, 2)]) == [1.0, 1.0]  # type: ignore[list-item]
    assert LengthBonus()([FOUR], completion_ids=[Ids()]) == [0.5]
    assert (Fraction(1, 2) * Correctness())(FOUR, gold="4") == 0.5  # type: ignore[operator]


def test_summaries_of_extreme_rewards() -> None:
    for ends in ((0.0, 5e-324), (-1e308, 1e308), (0.0, float("inf"))):
        batch = RewardBatch(rewards=list(ends), components={})
        assert sum(batch.summary().histogram[1]) == 2


def test_exact_text_takes_a_tag_as_it_stands() -> None:
    texts = ["<answer>SELECT 1;</answer>", "<answer>SELECT 1</answer>", "<answer>x</answer>"]
    assert ExactText()(texts, gold="SELECT 1;") == [1.0, 0.0, 0.0]
    assert ExactText()([r"\boxed{A}, \boxed{B}"] * 2, golds=["B", ["A", "B"]]) == [0.0, 1.0]
    opened = {"prompts": ["Which?\n<think>"] * 2}
    assert ExactText()([r"so \boxed{B}", r"so</think>\boxed{B}"], gold="B", **opened) == [0.0, 1.0]
    whole = ExactText("completion")
    assert whole(["<think>a</think> x", "a</think>x"], gold="x", **opened) == [1.0, 1.0]
    assert whole(["x", "y"], gold="x", **opened) == [0.0, 0.0]
    assert whole("#### 4 or so", gold="#### 4 or so") == 1.0


def test_golds_of_every_form() -> None:
    texts = [r"\boxed{1/2}", r"\boxed{1, 2}", FOUR, r"\boxed{B}"]
    golds = [AnyOf(["0.5", "7"]), ["1", "2"], 4, {"choice": "B"}]
    assert Correctness()(texts, golds=golds) == [1.0] * 4
    assert ExactText()([r"\boxed{ab}", r"\boxed{ab}"], golds=[AnyOf(["x", "ab"]), "aB"]) == [
        1.0,
        0.0,
    ]
