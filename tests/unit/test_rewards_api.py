"""How rewards are called, composed and described; what they do with wrong use."""

from __future__ import annotations

import asyncio
import doctest
import importlib.util
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

from pyverify import AnyOf, Options, Verdict
from pyverify.rewards import (
    RECIPES,
    Choice,
    Clip,
    ConfigError,
    Correctness,
    CosineLength,
    Ensemble,
    ExactText,
    Format,
    Function,
    Gate,
    Given,
    Graded,
    LanguageConsistency,
    LengthBonus,
    Minimum,
    OverlongPenalty,
    ProcessReward,
    Repetition,
    Reward,
    RewardBatch,
    Steps,
    Sum,
    Tolerance,
    approximate_tokens,
    from_dict,
    from_json,
    from_toml,
    load_reward,
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


# Wrong use.


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: REWARD(FOUR), TypeError, "needs golds"),
        (lambda: REWARD(4, gold="4"), TypeError, "must be a list"),
        (lambda: REWARD([None], golds=["4"]), TypeError, r"completions\[0\]"),
        (lambda: REWARD([FOUR], golds=["4", "5"]), ValueError, "1 completions but 2 golds"),
        (lambda: REWARD([FOUR], gold="4", golds=["4"]), TypeError, "one of them"),
        (lambda: REWARD(FOUR, golds=["4"]), TypeError, "takes gold="),
        (lambda: REWARD([FOUR], golds="4"), TypeError, "golds must be a list"),
        (lambda: LengthBonus()(FOUR), TypeError, "token_counts"),
        (lambda: LengthBonus()([FOUR], token_counts=[-1]), ValueError, "at least 0"),
        (lambda: LengthBonus()([FOUR], token_counts=["many"]), TypeError, "must be an int"),
        (lambda: LengthBonus()([FOUR], token_counts=[1, 2]), ValueError, "2 token_counts"),
        (lambda: Given("p")(FOUR), TypeError, "pass p="),
        (lambda: Given("p")(FOUR, p="high"), TypeError, "must be numbers or None"),
        (lambda: Correctness(preset="harsh"), ValueError, "no preset"),
        (lambda: Correctness(marks=("bold",)), ValueError, "marks are"),
        (lambda: Correctness(options="strict"), TypeError, "pyverify.Options"),
        (lambda: Correctness(name="a b"), ValueError, "name is letters"),
        (lambda: Correctness(name=5), TypeError, "name must be a str"),
        (lambda: Given("reward"), ValueError, "may not be called"),
        (lambda: Given("golds"), ValueError, "argument of every call"),
        (lambda: Ensemble((Correctness(),), name=""), ValueError, "name is letters"),
        (lambda: Correctness(judge="m"), TypeError, "judge must be"),
        (lambda: Correctness(marks=(["boxed"],)), ValueError, "marks are"),
        (lambda: REWARD({FOUR}, golds=["4"]), TypeError, "must be a list, not set"),
        (lambda: REWARD([FOUR], golds=["4"], threads=0), ValueError, "threads must be at least 1"),
        (lambda: REWARD([FOUR], golds=[object()]), TypeError, "gold must be"),
        (lambda: Format(prefilled=1), ValueError, "prefilled"),
        (lambda: LanguageConsistency(binary="no"), TypeError, "True or False"),
        (lambda: recipe("rlpr", gated="no"), TypeError, "True or False"),
        (lambda: Repetition(65), ValueError, "at most 64"),
        (lambda: Correctness() * 10**400, ValueError, "finite"),
        (lambda: Minimum(Correctness()), TypeError, "a tuple of rewards"),
        (lambda: Graded(1, 0, 2), ValueError, "must rise"),
        (lambda: Graded(float("nan")), ValueError, "finite"),
        (lambda: Tolerance(), ValueError, "relative=… or absolute=…"),
        (lambda: Tolerance(-1), ValueError, "negative"),
        (lambda: Choice("XYZ"), ValueError, "A to J"),
        (lambda: ExactText("box"), ValueError, "where is"),
        (lambda: Format("bold"), ValueError, "a style is one of"),
        (lambda: Format(prefilled="yes"), ValueError, "prefilled"),
        (lambda: LengthBonus(0), ValueError, "at least 1"),
        (lambda: OverlongPenalty(10, 20), ValueError, "longer than max_length"),
        (lambda: CosineLength(1.5), TypeError, "must be an int"),
        (lambda: Repetition(allowed=1), ValueError, "below 1"),
        (lambda: LanguageConsistency(("xx",)), ValueError, "languages are"),
        (lambda: LanguageConsistency(target="ru"), ValueError, "not among"),
        (lambda: Steps(True), TypeError, "must be an int"),
        (lambda: Sum(()), ValueError, "at least one"),
        (lambda: Sum(((1.0, 2.0),)), TypeError, "a reward was expected"),
        (lambda: Correctness() * float("inf"), ValueError, "finite"),
        (lambda: Clip(Correctness(), 1, 0), ValueError, "must not be above"),
        (lambda: Minimum(()), ValueError, "at least one"),
        (lambda: Ensemble(()), TypeError, "one or more"),
        (lambda: Ensemble((Correctness(),), "loud"), ValueError, "a rule is one of"),
        (lambda: Ensemble((Correctness(),), weights=(1, 2)), ValueError, "1 members but 2"),
        (lambda: Ensemble((Correctness(),), quorum=2), ValueError, "quorum"),
        (lambda: ProcessReward(reduce="max"), ValueError, "reduce is one of"),
        (lambda: recipe("golden"), ValueError, "no recipe"),
        (lambda: recipe("dapo", length=3), TypeError, "it has max_length"),
    ],
)
def test_wrong_use_is_said(call: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, 'type = "…" is one of'),
        ({"type": "correct"}, "not 'correct'"),
        ({"type": "correctness", "presets": "gsm8k"}, "correctness has no 'presets'"),
        ({"type": "correctness", "preset": "hard"}, "no preset 'hard'"),
        ({"type": "correctness", "options": {"unit": "x"}}, "unit"),
        ({"type": "overlong_penalty", "max_length": 5}, "buffer"),
        (
            {"type": "sum", "terms": [{"weight": 1, "rewards": {}}]},
            "a term is a weight and a reward",
        ),
        (
            {"type": "sum", "terms": [{"reward": {"type": "steps", "wanted": 0}}]},
            r"terms\[0\].reward: ",
        ),
        ({"type": "clip", "reward": 3}, "clip"),
        ({"recipe": "dapo", "size": 3}, "has no 'size'"),
        ({"recipe": "golden"}, "no recipe"),
        ([], "a table with a type"),
    ],
)
def test_mistakes_in_files_are_placed(table: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_dict(table)  # type: ignore[arg-type]


def test_files(tmp_path: Path) -> None:
    where = tmp_path / "mine.toml"
    where.write_text(to_toml(REWARD), encoding="utf-8")
    assert load_reward(where) == load_reward(str(where)) == REWARD
    where.write_text("type = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml: this is no TOML"):
        load_reward(where)
    with pytest.raises(ConfigError, match="neither a recipe"):
        load_reward("mine.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_reward(tmp_path / "none.json")
    with pytest.raises(ConfigError, match="no JSON"):
        from_json("{")


def test_options_beside_a_preset_are_changes_to_it() -> None:
    found = from_toml('type = "correctness"\npreset = "gsm8k"\noptions = {units = "required"}\n')
    assert isinstance(found, Correctness)
    assert found.judged_by.last_number
    assert found.judged_by.units == "required"


# What is shipped.


def test_point_at_files_are_the_recipes(repository: Path) -> None:
    files = sorted((repository / "rewards").glob("*.py"))
    assert [file.stem for file in files] == sorted(RECIPES)
    for file in files:
        spec = importlib.util.spec_from_file_location(f"pointed_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.reward == recipe(file.stem)
        assert type(module.reward).__module__.startswith("pyverify.")


def test_lines_for_trainers_in_the_readme(repository: Path) -> None:
    text = (repository / "rewards" / "README.md").read_text(encoding="utf-8")
    names: dict[str, object] = {"reward": recipe("format_accuracy")}
    exec(text.split("```python\n")[3].split("```")[0], names)  # the block of trainers
    compute_score, trl_reward = names["compute_score"], names["trl_reward"]
    assert callable(compute_score)
    assert callable(trl_reward)
    found = compute_score("gsm8k", FOUR, "4", {"index": 3})
    assert found == {"score": 1.0, "format": 1.0, "correctness": 1.0}
    assert compute_score("gsm8k", FOUR, None) == {"score": 0.0, "format": 1.0, "correctness": 0.0}
    talks = [[{"role": "assistant", "content": FOUR}]] * 2
    columns = {"completion_ids": [[1], [2, 3]], "trainer_state": object(), "log_metric": print}
    assert trl_reward(["1+3?"] * 2, talks, answer=["4", "#### 5"], **columns) == [1.0, 0.1]


def test_other_processes_get_equal_rewards() -> None:
    code = (
        "import pickle, sys; reward = pickle.loads(sys.stdin.buffer.read());"
        r"print(reward(r'\boxed{4}', gold='4', token_counts=3), hash(reward) == hash(reward))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(recipe("dapo")),
        capture_output=True,
        check=True,
        cwd="/",
    )
    assert done.stdout.split() == [b"1.0", b"True"]


def test_the_page_is_right(repository: Path) -> None:
    page = repository / "docs" / "rewards.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 40
    assert failed == 0
    text = page.read_text(encoding="utf-8")
    for name in RECIPES:
        assert f"| `{name}` |" in text
    toml = text.split("```toml\n")[1].split("```")[0]
    assert isinstance(from_toml(toml), Reward)


def test_token_estimates() -> None:
    assert approximate_tokens([]) == []
    few, many = approximate_tokens(["We add 2 and 3.", "We add 2 and 3. " * 10])
    assert 4 <= few <= 9
    assert many == pytest.approx(10 * few, abs=10)
