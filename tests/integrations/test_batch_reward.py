"""A reward as a function of a batch."""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import pytest

from pyverify.integrations import trl
from pyverify.integrations.batch import GOLD_COLUMNS, AsyncBatchReward, BatchReward
from pyverify.rewards import RECIPES, Format, Function, Given, recipe

BOXED = r"So it is \boxed{%s}."
BOTH = [BOXED % 4, BOXED % 5]


def said(text: str) -> list[dict[str, object]]:
    return [{"role": "assistant", "content": text}]


@pytest.mark.parametrize("column", GOLD_COLUMNS)
def test_golds_are_found_by_their_usual_names(column: str) -> None:
    assert BatchReward()(completions=BOTH, **{column: ["4", "4"]}) == [1.0, 0.0]


def test_an_answer_is_preferred_to_a_worked_solution() -> None:
    solutions = [r"Two and two is \boxed{5}."] * 2
    reward = BatchReward()
    assert reward(completions=BOTH, solution=solutions, answer=["4"] * 2) == [1.0, 0.0]
    assert reward(completions=BOTH, solution=solutions) == [0.0, 1.0]
    own = BatchReward(gold_column="solution")
    assert own(completions=BOTH, solution=solutions, answer=["4"] * 2) == [0.0, 1.0]


def test_rows_of_verl() -> None:
    truth = [{"style": "rule", "ground_truth": "4"}] * 2
    assert BatchReward()(completions=BOTH, reward_model=truth) == [1.0, 0.0]


def test_golds_that_are_missing_are_named() -> None:
    with pytest.raises(TypeError, match=r"passed level, prompts_of.*'answer' or.*gold_column="):
        BatchReward()(completions=BOTH, level=[1, 2], prompts_of="?")
    with pytest.raises(TypeError, match=r"mine found no golds.*no list 'truth'"):
        BatchReward(name="mine", gold_column="truth")(completions=BOTH, answer=["4", "4"])
    # What compares nothing wants none.
    assert BatchReward(Format("boxed"))(completions=BOTH) == [1.0, 1.0]


def test_by_place_as_ms_swift_and_by_name_as_trl() -> None:
    reward = BatchReward()
    assert reward(BOTH, solution=["4", "4"], trainer_state=object()) == [1.0, 0.0]
    assert reward(["2+2", "2+2"], BOTH, answer=["4", "4"]) == [1.0, 0.0]
    assert reward(prompts=["2+2"] * 2, completions=BOTH, answer=["4", "4"]) == [1.0, 0.0]
    with pytest.raises(TypeError, match="by name"):
        reward(BOTH, BOTH, BOTH, answer=["4", "4"])
    with pytest.raises(TypeError, match="by name"):
        reward(BOTH, completions=BOTH, answer=["4", "4"])
    with pytest.raises(TypeError, match="needs completions"):
        reward(answer=["4", "4"])


def test_one_completion_is_no_batch() -> None:
    reward = BatchReward()
    with pytest.raises(TypeError, match="completions must be a list, not str"):
        reward(completions="4", answer=["4"])
    with pytest.raises(TypeError, match="a single conversation"):
        reward(completions=said("4"), answer=["4"])


def test_trainers_that_look_at_names_find_them() -> None:
    # verifiers takes what has `completions` for a function of a group.
    parameters = inspect.signature(BatchReward()).parameters
    assert {"prompts", "completions"} <= set(parameters)
    assert any(one.kind is one.VAR_KEYWORD for one in parameters.values())


def test_a_trainer_that_knows_no_none_gets_a_number() -> None:
    golds = ["4", None]
    assert BatchReward()(completions=BOTH, answer=golds, mode="train") == [1.0, None]
    reward = BatchReward(abstained=-1.0)
    assert reward(completions=BOTH, answer=golds, mode="train") == [1.0, -1.0]


def test_columns_that_are_arrays() -> None:
    reward = BatchReward()
    assert reward(completions=numpy.array(BOTH), answer=numpy.array(["4", "4"])) == [1.0, 0.0]
    assert reward(completions=tuple(BOTH), answer=numpy.array([4, 4])) == [1.0, 0.0]


def test_what_is_no_value_for_each_completion_is_left_alone() -> None:
    others = {
        "trainer_state": object(),
        "environments": None,
        "mode": "train",
        "threads": [1, 2],
        "golds": ["5", "5"],
        "few": [1],
        "table": {"a": 1, "b": 2},
    }
    assert BatchReward()(completions=BOTH, answer=["4", "4"], **others) == [1.0, 0.0]


def test_token_counts_come_from_ids() -> None:
    reward = BatchReward("dapo", parameters={"max_length": 10, "buffer": 4})
    ids = [[0] * 8, [0] * 2]
    assert reward(completions=BOTH, answer=["4", "4"], completion_ids=ids) == [0.5, -1.0]
    with pytest.raises(TypeError, match="token_counts"):
        reward(completions=BOTH, answer=["4", "4"])
    with pytest.raises(TypeError, match="token_counts"):
        reward(completions=BOTH, answer=["4", "4"], token_counts=[1, 2, 3])


def test_rows_name_their_data_set(caplog: pytest.LogCaptureFixture) -> None:
    # A choice is judged as one where the data set has choices.
    completions = ["The answer is (B).", "The answer is (B)."]
    reward = BatchReward(presets={"mine": "choice"})
    call = {"completions": completions, "answer": ["B", "B"]}
    with caplog.at_level(logging.WARNING):
        assert reward(**call, data_source=["mine", "mine"]) == [1.0, 1.0]
        assert not caplog.records
        reward(**call, data_source=["mine", "who knows"])
        reward(**call, data_source=["who knows", "who knows"])
    assert len(caplog.records) == 1
    assert reward.scorer.unknown_sources == {"who knows": 3}
    other = BatchReward(source_column="set")
    other(**call, set=["x", "y"], data_source=["z", "z"])
    assert set(other.scorer.unknown_sources) == {"x", "y"}


@pytest.mark.parametrize(
    ("gold", "right"),
    [
        (["1", "2"], r"\boxed{1, 2}"),
        ({"any_of": ["1", "2"]}, r"\boxed{2}"),
        ('{"any_of": ["1", "2"]}', r"\boxed{2}"),
    ],
)
def test_golds_that_are_lists(gold: object, right: str) -> None:
    call = {"completions": [right, BOXED % 7], "answer": [gold, gold]}
    assert BatchReward()(**call) == [1.0, 0.0]


def test_conversations_with_tools() -> None:
    turns = [
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "add"}}]},
        {"role": "tool", "name": "add", "content": r"\boxed{4}"},
        {"role": "assistant", "content": BOXED % 5},
    ]
    silent = [*turns[:2], {"role": "assistant", "content": None}]
    call = {"completions": [turns, silent, said(BOXED % 4), []], "answer": ["4"] * 4}
    # What a tool says is no answer of the model's.
    assert BatchReward()(**call) == [0.0, 0.0, 1.0, 0.0]


def test_prompts_that_open_the_reasoning() -> None:
    cut = r"maybe \boxed{4}, or"
    whole = r"maybe \boxed{5}</think> \boxed{4}"
    call = {"completions": [cut, whole], "answer": ["4", "4"]}
    opened = ["2+2? <think>\n"] * 2
    assert BatchReward()(prompts=opened, **call) == [0.0, 1.0]
    # Of a conversation nobody knows what the template adds.
    asked = [[{"role": "user", "content": "2+2?"}]] * 2
    assert BatchReward()(prompts=asked, **call) == [1.0, 1.0]
    assert BatchReward(prefilled=True)(prompts=asked, **call) == [0.0, 1.0]


class Logs:
    def __init__(self) -> None:
        self.metrics: dict[str, float] = {}
        self.extra: dict[str, list[object]] = {}

    def columns(self) -> dict[str, object]:
        return {
            "log_metric": lambda name, value: self.metrics.__setitem__(name, value),
            "log_extra": lambda name, values: self.extra.__setitem__(name, values),
        }


def test_components_and_texts_are_logged() -> None:
    logs = Logs()
    completions = [BOXED % 4, "It is 4.", BOXED % 5, "", BOXED % 4]
    golds = ["4", 4, ["4"], {"any_of": ["4", "5"]}, None]
    rewards = trl.format_accuracy(completions=completions, answer=golds, **logs.columns())
    assert rewards == [1.0, 0.9, 0.1, 0.0, None]
    assert logs.metrics == {
        "format_accuracy/no_answer": 0.2,
        "format_accuracy/undecided": 0.0,
        "format_accuracy/limit": 0.0,
        "format_accuracy/bad_gold": 0.0,
        "format_accuracy/acc": 0.5,
        "format_accuracy/abstained": 0.2,
        "format_accuracy/error": 0.0,
        "format_accuracy/unknown_source": 0.0,
        "format_accuracy/format": 0.5,
        "format_accuracy/correctness": 0.5,
    }
    assert logs.extra["format_accuracy/pred"] == ["4", "4", "5", "", ""]
    assert logs.extra["format_accuracy/gold"] == ["4", "4", '["4"]', '{"any_of": ["4", "5"]}', ""]
    assert all(type(one) is str for one in logs.extra["format_accuracy/reason"])


def test_nothing_is_logged_of_what_is_not_there() -> None:
    logs = Logs()
    assert BatchReward()(completions=[], answer=[], **logs.columns()) == []
    assert BatchReward()(completions=[], answer=[], data_source=[], **logs.columns()) == []
    assert logs.metrics == {}
    assert BatchReward()(completions=BOTH, answer=[None, None], **logs.columns()) == [None, None]
    assert logs.metrics["correctness/abstained"] == 1.0
    assert "correctness/acc" not in logs.metrics


class Odd:
    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)


def test_golds_that_no_table_takes_are_shown_as_text() -> None:
    logs = Logs()
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    golds = [numpy.float64(4), {"odd": {1}}, math.nan, nested, 10**5000, Odd()]
    BatchReward()(completions=["4"] * 6, answer=golds, **logs.columns())
    shown = logs.extra["correctness/gold"]
    assert shown == ["4.0", "{'odd': {1}}", "NaN", "(list)", "(int)", "(Odd)"]


OWN = """
def fails(completions, **columns):
    if any("5" in one for one in completions):
        raise KeyError("5")
    return [float(level) for level in columns["level"]]
"""


def test_a_function_of_the_users_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "own_batch_reward.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    own = Function("own_batch_reward:fails")
    call = {"completions": [*BOTH, BOXED % 4], "answer": ["4"] * 3, "level": [0.25, 1, 0.5]}
    logs = Logs()
    with caplog.at_level(logging.ERROR):
        assert BatchReward(own)(**call, **logs.columns()) == [0.25, None, 0.5]
    (record,) = caplog.records
    assert record.exc_info is not None
    assert "KeyError" in caplog.text
    assert logs.metrics["reward/error"] == logs.metrics["reward/abstained"] == pytest.approx(1 / 3)
    with pytest.raises(KeyError):
        BatchReward(own, on_error="raise")(**call)


def test_it_pickles_and_says_what_it_is() -> None:
    reward = trl.reward("dapo", name="mine", gold_column="truth", prefilled=True)
    again = pickle.loads(pickle.dumps(reward))
    assert again.__name__ == "mine"
    assert again.gold_column == "truth"
    assert again.scorer.prefilled
    assert repr(again) == repr(reward)
    waiting = pickle.loads(pickle.dumps(trl.reward("r1", asynchronous=True)))
    assert waiting.__name__ == "r1"


def test_names_in_logs() -> None:
    assert BatchReward().__name__ == "correctness"
    assert BatchReward("dapo").__name__ == "dapo"
    assert BatchReward(recipe("dapo")).__name__ == "reward"
    assert BatchReward(recipe("dapo"), name="mine").__name__ == "mine"


def test_a_file_names_it(tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    file.write_text(
        '{"type": "sum", "terms": [{"weight": 0.5, "reward": {"type": "correctness"}}]}'
    )
    reward = BatchReward(file)
    assert reward.__name__ == "half"
    assert reward(completions=BOTH, answer=["4", "4"]) == [0.5, 0.0]


def test_awaited_and_in_threads() -> None:
    waiting = trl.reward("format_accuracy", asynchronous=True)
    assert isinstance(waiting, AsyncBatchReward)
    assert inspect.iscoroutinefunction(waiting.__call__)
    call = {"completions": BOTH, "answer": ["4", "4"]}

    async def several() -> list[list[float | None]]:
        return list(await asyncio.gather(*(waiting(**call) for _ in range(20))))

    assert asyncio.run(several()) == [[1.0, 0.1]] * 20
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(trl.format_accuracy, **call) for _ in range(50)]
    assert [one.result() for one in calls] == [[1.0, 0.1]] * 50


def test_every_recipe_has_a_dotted_name() -> None:
    # rlpr's probability comes from the trainer's model.
    for name in [*RECIPES, "math_reward"]:
        if name == "rlpr":
            assert not hasattr(trl, "rlpr_reward")
            continue
        function = getattr(trl, name)
        assert function.__name__ == name
        assert name in trl.__all__
        assert pickle.loads(pickle.dumps(function)).__name__ == name
    assert trl.dapo.scorer.reward == recipe("dapo")


def test_importing_it_imports_no_trainer() -> None:
    code = (
        "import sys, pyverify.integrations.trl, pyverify.integrations.batch\n"
        "print(sorted({'trl', 'torch', 'transformers', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_probability_given_as_a_column() -> None:
    reward = BatchReward(Given("probability"))
    call = {"completions": BOTH, "answer": ["4", "4"]}
    assert reward(**call, probability=[0.5, None]) == [0.5, None]
    with pytest.raises(TypeError, match="probability"):
        reward(**call)


def test_a_hundred_thousand_completions() -> None:
    size = 100_000
    completions = [BOXED % (at % 7) for at in range(size)]
    rewards = trl.format_accuracy(
        completions=completions, answer=["3"] * size, data_source=["gsm8k"] * size
    )
    assert len(rewards) == size
    assert rewards.count(1.0) == len(range(3, size, 7))
    assert rewards.count(0.1) == size - len(range(3, size, 7))
