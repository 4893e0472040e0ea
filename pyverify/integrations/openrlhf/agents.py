"""What the agents of this folder are made of.

OpenRLHF loads an agent's file without making it a module: classes that look for their own module,
as dataclasses do, must be somewhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypedDict

from pyverify.integrations.merge import Merger
from pyverify.integrations.openrlhf.reward_func import log_columns
from pyverify.integrations.trainer_reward import TrainerReward

__all__ = ["Engine", "Found", "Output", "Row", "RowReward"]

# What an agent can tell about a response.
_KNOWN = {"token_counts"}


class Output(TypedDict, total=False):
    """What an execution gives: of all its fields those that are read or written here."""

    observation_tokens: Sequence[int]
    action_ranges: Sequence[tuple[int, int]]
    reward: float
    scores: float
    extra_logs: dict[str, float]


class Engine(Protocol):
    """What an agent asks: OpenRLHF's Ray actor around vLLM."""

    async def generate(self, prompt_token_ids: list[int], sampling_params: object) -> object:
        """The engine's answer to token ids."""


@dataclass(frozen=True, slots=True)
class Row:
    """A response that waits for its reward.

    Attributes:
        completion: Its text.
        tokens: How many tokens it has.
        prompt: What it answers.
        label: The gold, as the data set has it.
    """

    completion: str
    tokens: int
    prompt: str
    label: object


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of a response.

    Attributes:
        reward: What advantages are made of; 0 where the reward abstains.
        score: Its accuracy, from 0 to 1.
        logs: The numbers behind them, the same names every time.
    """

    reward: float
    score: float
    logs: dict[str, float]


class RowReward:
    """Scores responses one by one; those that wait at the same time in one call.

    Args:
        reward: What gives the numbers.

    Raises:
        ValueError: It needs what an agent doesn't know.
    """

    def __init__(self, reward: TrainerReward) -> None:
        lacking = sorted(set(reward.needs) - _KNOWN)
        if lacking:
            raise ValueError(
                f"{reward.reward.formula!r} needs {', '.join(lacking)}, which an agent doesn't "
                "know of a response"
            )
        self.reward = reward
        self._merged = Merger(self._score)

    async def __call__(self, row: Row) -> Found:
        """The numbers of a response."""
        return await self._merged(row)

    def _score(self, rows: list[Row]) -> list[Found]:
        scored = self.reward(
            [row.completion for row in rows],
            [row.label for row in rows],
            prompts=[row.prompt for row in rows],
            token_counts=[row.tokens for row in rows],
        )
        logs = log_columns(scored)
        columns = zip(scored.rewards, scored.columns["acc"], *logs.values(), strict=True)
        return [
            Found(
                0.0 if reward is None else reward, float(acc), dict(zip(logs, numbers, strict=True))
            )
            for reward, acc, *numbers in columns
        ]
