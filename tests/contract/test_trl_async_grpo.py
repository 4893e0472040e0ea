"""pyverify.integrations.trl as TRL's asynchronous trainer calls it: in a process of its own."""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="trl is not installed")

from accelerate import PartialState
from trl.import_utils import TRLExperimentalWarning

with warnings.catch_warnings():
    # Once in a process: another test's import may have had it.
    warnings.simplefilter("ignore", TRLExperimentalWarning)
    from trl.experimental.async_grpo.async_rollout_worker import (
        RolloutGroup,
        RolloutSample,
        TrainingSequence,
        _AsyncRolloutLoop,
    )

from pyverify.integrations import trl
from pyverify.integrations.batch import AsyncBatchReward, BatchReward
from pyverify.rewards import Function

FUNCTIONS = [
    trl.format_accuracy,
    trl.reward("dapo", name="shaped", parameters={"max_length": 4, "buffer": 2}),
    trl.reward("correctness", name="judge", asynchronous=True),
]
TEXTS = [r"\boxed{4}", "It is 4.", r"\boxed{5}", ""]


def score(functions: list, texts: list[str], **columns: list) -> list[RolloutSample]:
    """What TRL's loop makes of a group, by its own code; the loop's servers aren't there."""
    PartialState()  # TRL's loggers want it
    loop = object.__new__(_AsyncRolloutLoop)
    loop.reward_funcs = functions
    loop.reward_func_names = [function.__name__ for function in functions]
    loop._env_reward_types = []
    size = len(texts)
    group = RolloutGroup(
        prompts=[[{"role": "user", "content": "2+2="}]] * size,
        reward_kwargs=columns,
        completions=[[{"role": "assistant", "content": text}] for text in texts],
        completions_ids=[[1, 2, 3]] * size,
        completions_sequences=[[TrainingSequence([1, 2], [0, 1], [0.0, -1.0], 0)]] * size,
        tool_call_counts=[0] * size,
        tool_failure_counts=[0] * size,
        model_version=0,
        group_id=0,
        env_rewards=[None] * size,
        rollout_rewards=[None] * size,
    )
    return asyncio.run(loop._score_group(group))


def test_rewards_of_a_group() -> None:
    functions = pickle.loads(pickle.dumps(FUNCTIONS))
    found = [one.metrics for one in score(functions, TEXTS, answer=["4"] * 4)]
    assert [one["rewards/format_accuracy"] for one in found] == pytest.approx([1, 0.9, 0.1, 0])
    assert [one["rewards/shaped"] for one in found] == pytest.approx([0.5, 0.5, -1.5, -1.5])
    assert [one["rewards/judge"] for one in found] == [1, 1, 0, 0]


def test_they_reach_a_spawned_process() -> None:
    # The trainer's own way: the functions are pickled, and the child imports what they name.
    context = multiprocessing.get_context("spawn")
    call = {"completions": TEXTS, "answer": ["4"] * 4, "completion_ids": [[1, 2, 3]] * 4}
    with ProcessPoolExecutor(1, mp_context=context) as child:
        for function in FUNCTIONS:
            reward = function.reward if isinstance(function, AsyncBatchReward) else function
            assert isinstance(reward, BatchReward)
            assert child.submit(reward, **call).result() == reward(**call)


def test_what_abstains_moves_nothing() -> None:
    found = score(FUNCTIONS, TEXTS, answer=["4", "4", None, "4"])
    assert found[2].advantage == 0
    assert math.isnan(found[2].metrics["reward"])
    assert found[0].advantage > 0 > found[3].advantage


def test_a_function_of_the_users_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_async_function.py").write_text("def fails(completions, **_):\n    1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    own = Function("own_async_function:fails")
    found = score([trl.reward(own, name="own"), trl.math_reward], TEXTS, answer=["4"] * 4)
    # The other function's reward is left.
    assert [one.metrics["reward"] for one in found] == [1, 1, 0, 0]
    with pytest.raises(ZeroDivisionError):
        score([trl.reward(own, on_error="raise")], TEXTS, answer=["4"] * 4)
