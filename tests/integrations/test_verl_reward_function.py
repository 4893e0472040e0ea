"""compute_score in verl's words, without verl."""

from __future__ import annotations

import inspect
import logging
import math
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy
import pytest

from pyverify.integrations.verl import ComputeScore, compute_score
from pyverify.integrations.verl.reward_function import from_settings
from pyverify.rewards import Correctness, Format, Function, Given, recipe, to_json

BOXED = r"So it is \boxed{%s}."
FIXED = ["score", "acc", "pred", "verdict", "reason", "abstained", "error", "unknown_source"]


def test_one_response_is_one_flat_dict() -> None:
    row = compute_score("openai/gsm8k", BOXED % 4, "2 + 2 = 4\n#### 4", reward="format_accuracy")
    assert list(row) == [*FIXED, "format", "correctness"]
    assert row["score"] == row["acc"] == row["format"] == 1.0
    assert (row["pred"], row["verdict"], row["unknown_source"]) == ("4", "equal", 0.0)


def test_a_component_called_score_is_not_the_score() -> None:
    own = 0.5 * Correctness(name="score") + 0.5 * Format("boxed")
    row = ComputeScore(own)("math", BOXED % 5, "4")
    assert list(row) == [*FIXED, "pyverify_score", "format"]
    assert (row["score"], row["pyverify_score"], row["format"]) == (0.5, 0.0, 1.0)


@pytest.mark.parametrize("name", ["correctness", "format_accuracy", "graded_basic", "r1"])
@pytest.mark.parametrize("text", [BOXED % 4, BOXED % 5, "", "no", None, 7, "</think>" * 99])
@pytest.mark.parametrize(
    "gold", ["4", None, math.nan, [], ["4", "5"], numpy.array(["4"]), object()]
)
def test_keys_depend_on_the_reward_alone_and_numbers_are_numbers(
    name: str, text: object, gold: object
) -> None:
    row = compute_score("acme/sums", text, gold, reward=name)
    assert list(row) == [*FIXED, *recipe_components(name)]
    texts = ("pred", "verdict", "reason")
    assert all(type(row[one]) is str for one in texts)
    assert all(type(v) is float and math.isfinite(v) for k, v in row.items() if k not in texts)


def recipe_components(name: str) -> Sequence[str]:
    return (Correctness() if name == "correctness" else recipe(name)).components


def test_what_a_response_gets_that_cannot_be_scored() -> None:
    row = compute_score("math", BOXED % 4, None, abstained=-1.0)
    assert (row["score"], row["acc"], row["abstained"]) == (-1.0, 0.0, 1.0)
    assert compute_score("math", BOXED % 4, None)["score"] == 0.0
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValueError, match="abstained must be finite"):
            compute_score("math", BOXED % 4, "4", abstained=wrong)
    with pytest.raises(TypeError, match="abstained must be a number"):
        ComputeScore(abstained=True)


def test_positions_are_those_of_verls_evaluation() -> None:
    names = list(inspect.signature(compute_score).parameters)
    assert names[:4] == ["data_source", "solution_str", "ground_truth", "extra_info"]
    assert list(inspect.signature(ComputeScore.__call__).parameters)[1:5] == names[:4]
    assert compute_score("math", BOXED % 4, "4", {"index": 3})["score"] == 1.0


def test_what_verl_passes_is_taken_and_typos_are_not() -> None:
    verls = {"reward_router_address": "10.0.0.1:80", "reward_model_tokenizer": object()}
    assert compute_score("math", BOXED % 4, "4", None, **verls)["score"] == 1.0
    assert ComputeScore()("math", BOXED % 4, "4", None, **verls)["score"] == 1.0
    with pytest.raises(TypeError, match=r"unknown reward_kwargs \['rewrad'\].*on_error"):
        compute_score("math", BOXED % 4, "4", rewrad="r1")
    with pytest.raises(TypeError, match=r"unknown reward_kwargs \['reward'\].*in its file"):
        ComputeScore()("math", BOXED % 4, "4", reward="r1")
    with pytest.raises(TypeError, match=r"unknown reward_kwargs \['rewrad'\]"):
        from_settings({"rewrad": "r1"})
    with pytest.raises(TypeError, match=r"reward=dapo parameters\.max_length"):
        from_settings({"max_resp_len": 99})


def test_settings_come_as_a_configuration_has_them() -> None:
    settings = {
        "reward": "format_accuracy",
        "parameters": MappingProxyType({"format_weight": 0.5}),
        "presets": MappingProxyType({"acme": "gsm8k"}),
    }
    row = compute_score("acme", BOXED % 5, "#### 4", **settings)
    assert (row["score"], row["unknown_source"]) == (0.5, 0.0)
    function = from_settings(settings)
    assert function("acme", BOXED % 5, "#### 4") == row


def test_a_reward_can_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "reward.json"
    path.write_text(to_json(0.25 * Format("boxed")))
    assert compute_score("math", BOXED % 5, "4", reward=str(path))["score"] == 0.25


def test_a_reward_that_counts_tokens_says_who_knows_them() -> None:
    with pytest.raises(TypeError, match="PyverifyRewardManager"):
        compute_score("math", BOXED % 4, "4", reward="dapo")
    settings = {"reward": "dapo", "parameters": {"max_length": 8, "buffer": 4}}
    guessed = compute_score("math", "word " * 99 + BOXED % 4, "4", approximate=True, **settings)
    assert guessed["score"] == 0.0
    assert guessed["overlong_penalty"] == -1.0
    known = compute_score("math", BOXED % 4, "4", {"token_counts": 6}, **settings)
    assert known["score"] == 0.5


def test_a_column_may_stand_in_extra_info() -> None:
    function = ComputeScore(Given("probability"))
    assert function("math", "x", "4", {"probability": 0.25})["score"] == 0.25
    with pytest.raises(TypeError, match=r"'probability'.*extra_info"):
        function("math", "x", "4", {})


def test_what_tools_say_is_no_answer() -> None:
    turns = f"{BOXED % 3}\nuser\n<tool_response>\n{BOXED % 4}\n</tool_response>\nassistant\n"
    answers = {"": "3", BOXED % 5: "5"}
    for last, pred in answers.items():
        for info in (None, {"num_turns": 4}, {"num_turns": numpy.int64(4)}):
            row = compute_score("math", turns + last, "4", info)
            assert (row["pred"], row["score"]) == (pred, 0.0)
    # One turn has no tools: whatever it writes, it says itself.
    own = "<tool_response>\\boxed{4}</tool_response>"
    assert compute_score("math", own, "4", {"num_turns": 2})["score"] == 1.0


def test_many_threads_and_another_process() -> None:
    function = ComputeScore("format_accuracy", presets={"acme": "gsm8k"}, abstained=-1.0)
    copied = pickle.loads(pickle.dumps(function))
    assert pickle.loads(pickle.dumps(compute_score)) is compute_score
    assert not inspect.iscoroutinefunction(function)
    golds = [str(i % 7) if i % 5 else None for i in range(200)]
    wanted = [function("acme", BOXED % (i % 3), gold) for i, gold in enumerate(golds)]
    with ThreadPoolExecutor(8) as pool:
        for call in (copied, partial(compute_score, reward="format_accuracy", abstained=-1.0)):
            ask = partial(_asked, call)
            found = list(pool.map(ask, range(200), golds))
            assert [row["score"] for row in found] == [row["score"] for row in wanted]
    assert {row["score"] for row in wanted} == {-1.0, 0.1, 1.0}


def _asked(call: object, at: int, gold: str | None) -> dict[str, object]:
    return call("acme", BOXED % (at % 3), gold)


def fails(completions: Sequence[str], **_: object) -> list[float]:
    if any("5" in text for text in completions):
        raise RuntimeError("no fives")
    return [1.0] * len(completions)


def test_an_exception_in_a_users_function(caplog: pytest.LogCaptureFixture) -> None:
    function = ComputeScore(Function(fails, low=0.0, high=1.0), abstained=-1.0)
    with caplog.at_level(logging.ERROR):
        rows = [function("math", BOXED % i, "4") for i in (4, 5, 5)]
    assert [row["score"] for row in rows] == [1.0, -1.0, -1.0]
    assert [row["error"] for row in rows] == [0.0, 1.0, 1.0]
    assert len(caplog.records) == 1
    with pytest.raises(RuntimeError, match="no fives"):
        ComputeScore(Function(fails, low=0.0, high=1.0), on_error="raise")("math", BOXED % 5, "4")


def test_an_unknown_data_source_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    function = ComputeScore()
    with caplog.at_level(logging.WARNING):
        rows = [function("acme/unheard", BOXED % 4, "4") for _ in range(3)]
    assert [row["unknown_source"] for row in rows] == [1.0] * 3
    assert function.scorer.unknown_sources == {"acme/unheard": 3}
    assert len(caplog.records) == 1
