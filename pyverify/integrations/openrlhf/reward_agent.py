"""A reward by tokens: ``--train.agent_func_path "$(pyverify path openrlhf)/reward_agent.py"``.

The same as ``reward.py``, but an agent has the response's own tokens: rewards that count them know
how many there are, and no prompt has to be found in a text. Responses that end at about the same
time are scored in one call. ``PYVERIFY_REWARD`` says which reward, as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from openrlhf.utils.agent import SingleTurnAgentExecutor

from pyverify.integrations.merge import Merger
from pyverify.integrations.openrlhf.environment import reward_of_environment
from pyverify.integrations.openrlhf.reward_func import log_columns
from pyverify.integrations.trainer_reward import TrainerReward
from pyverify.rlpr.tokens import Tokenizer

REWARD = reward_of_environment()

# What an agent can tell about a response.
_KNOWN = {"token_counts"}


class Output(TypedDict, total=False):
    """What an execution gives: of all its fields those that are read or written here."""

    observation_tokens: Sequence[int]
    action_ranges: Sequence[tuple[int, int]]
    reward: float
    scores: float
    extra_logs: dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A response that waits for its reward."""

    completion: str
    tokens: int
    prompt: str
    label: object


@dataclass(frozen=True, slots=True)
class Found:
    """Its numbers."""

    reward: float
    score: float
    logs: dict[str, float]


class AgentExecutor(SingleTurnAgentExecutor):  # type: ignore[misc]  # it has no types
    """One turn, and its reward: 0 where that abstains, as in ``reward.py``.

    Raises:
        ValueError: The reward needs what isn't known here.
    """

    def __init__(self) -> None:
        super().__init__()
        lacking = set(REWARD.needs) - _KNOWN
        if lacking:
            raise ValueError(
                f"{REWARD.reward.formula!r} needs {', '.join(sorted(lacking))}, which isn't known "
                "of a response here"
            )
        self._score = Merger(score)

    async def execute(
        self,
        prompt: str,
        label: object,
        sampling_params: object,
        max_length: int,
        hf_tokenizer: Tokenizer,
        llm_engine: object,
        images: object = None,
    ) -> Output:
        """A response with its reward."""
        output: Output = await super().execute(
            prompt, label, sampling_params, max_length, hf_tokenizer, llm_engine, images
        )
        ((start, end),) = output["action_ranges"]
        ids = list(output["observation_tokens"][start:end])
        text = hf_tokenizer.decode(
            ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        found = await self._score(Row(str(text), len(ids), prompt, label))
        output["reward"] = found.reward
        output["scores"] = found.score
        output["extra_logs"] = found.logs
        return output


def score(rows: list[Row], reward: TrainerReward = REWARD) -> list[Found]:
    """The numbers of some responses."""
    scored = reward(
        [row.completion for row in rows],
        [row.label for row in rows],
        prompts=[row.prompt for row in rows],
        token_counts=[row.tokens for row in rows],
    )
    logs = log_columns(scored)
    names = list(logs)
    return [
        Found(0.0 if one is None else one, float(acc), dict(zip(names, numbers, strict=True)))
        for one, acc, *numbers in zip(
            scored.rewards, scored.columns["acc"], *logs.values(), strict=True
        )
    ]
