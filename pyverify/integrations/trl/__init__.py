r"""Rewards for TRL's trainers, in their words.

Each recipe is a reward function by a dotted name, ``trl grpo --reward_funcs
pyverify.integrations.trl.math_reward``; `reward` makes others. They are called with plain and with
conversational prompts, log their components, and leave out (None) what they cannot judge.

Two modules import TRL, and nothing here imports them: `pyverify.integrations.trl.rlpr`, RLPR
(https://arxiv.org/abs/2506.18254) on the trainer's own model, and
`pyverify.integrations.trl.dynamic`, dynamic sampling.

Example:
    >>> completions = [[{"role": "assistant", "content": r"\boxed{4}"}]]
    >>> format_accuracy(prompts=["2+2?"], completions=completions, answer=["4"])
    [1.0]
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, overload

from pyverify.integrations.batch import SOURCE_COLUMN, AsyncBatchReward, BatchReward
from pyverify.integrations.trainer_reward import OnError
from pyverify.rewards import Reward

__all__ = [
    "choice",
    "dapo",
    "format_accuracy",
    "graded_basic",
    "graded_quality",
    "gsm8k_flexible",
    "gsm8k_strict",
    "math_boxed",
    "math_reward",
    "minerva",
    "r1",
    "reward",
]


@overload
def reward(
    reward: Reward | str | os.PathLike[str] = ...,
    *,
    asynchronous: Literal[False] = ...,
    name: str | None = ...,
    parameters: Mapping[str, object] | None = ...,
    gold_column: str | None = ...,
    source_column: str = ...,
    presets: Mapping[str, str] | None = ...,
    prefilled: bool = ...,
    on_error: OnError = ...,
) -> BatchReward: ...


@overload
def reward(
    reward: Reward | str | os.PathLike[str] = ...,
    *,
    asynchronous: Literal[True],
    name: str | None = ...,
    parameters: Mapping[str, object] | None = ...,
    gold_column: str | None = ...,
    source_column: str = ...,
    presets: Mapping[str, str] | None = ...,
    prefilled: bool = ...,
    on_error: OnError = ...,
) -> AsyncBatchReward: ...


def reward(
    reward: Reward | str | os.PathLike[str] = "correctness",
    *,
    asynchronous: bool = False,
    name: str | None = None,
    parameters: Mapping[str, object] | None = None,
    gold_column: str | None = None,
    source_column: str = SOURCE_COLUMN,
    presets: Mapping[str, str] | None = None,
    prefilled: bool = False,
    on_error: OnError = "abstain",
) -> BatchReward | AsyncBatchReward:
    r"""A reward function for ``reward_funcs``.

    Args:
        reward: As for `BatchReward`.
        asynchronous: Whether TRL awaits it, at the same time as the other functions that it awaits:
            for rewards that ask a judge.
        name: As for `BatchReward`: TRL logs ``rewards/NAME/mean``.
        parameters: As for `BatchReward`.
        gold_column: As for `BatchReward`.
        source_column: As for `BatchReward`.
        presets: As for `BatchReward`.
        prefilled: As for `BatchReward`.
        on_error: As for `BatchReward`.

    Example:
        >>> dapo_8k = reward("dapo", parameters={"max_length": 8192, "buffer": 1024})
        >>> dapo_8k(completions=[r"\boxed{4}"], answer=["4"], completion_ids=[[0] * 7680])
        [0.5]
    """
    made = BatchReward(
        reward,
        name=name,
        parameters=parameters,
        gold_column=gold_column,
        source_column=source_column,
        presets=presets,
        prefilled=prefilled,
        on_error=on_error,
    )
    return AsyncBatchReward(made) if asynchronous else made


math_reward = BatchReward("correctness", name="math_reward")
"""1 if the answer is right, else 0."""

# The recipes of docs/rewards.md; rlpr needs the trainer's model and has a module of its own.
choice = BatchReward("choice")
dapo = BatchReward("dapo")
format_accuracy = BatchReward("format_accuracy")
graded_basic = BatchReward("graded_basic")
graded_quality = BatchReward("graded_quality")
gsm8k_flexible = BatchReward("gsm8k_flexible")
gsm8k_strict = BatchReward("gsm8k_strict")
math_boxed = BatchReward("math_boxed")
minerva = BatchReward("minerva")
r1 = BatchReward("r1")
