"""A reward as OpenRLHF calls it: ``reward_func(queries, prompts, labels)``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from pyverify.integrations.openrlhf.responses import response_of
from pyverify.integrations.trainer_reward import Scored, TrainerReward
from pyverify.rewards import Reward

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["RewardFunc", "Rewards", "log_columns", "reward_func_of"]

# What OpenRLHF logs itself: a component of that name gets another, or one would hide the other.
_TAKEN = frozenset(
    [
        *("reward", "score", "return", "group_reward_std", "advantages", "returns", "values"),
        *("response_length", "total_length", "response_clip_ratio", "truncated", "index"),
        *("kl", "logprobs_diff", "ppo_kl", "ppo_clip_ratio", "vllm_kl", "is_filter_ratio"),
        *("policy_loss", "entropy_loss", "critic_loss", "aux_loss", "ptx_loss"),
        *("actor_lr", "critic_lr", "actor_grad_norm", "critic_grad_norm"),
    ]
)
_TEXTS = ("pred", "verdict", "reason")
_AGENTS = {"token_counts": "reward_agent.py", "probability": "rlpr_agent.py"}
# OpenRLHF gives no name of the data set with a label.
_LEFT_OUT = (*_TEXTS, "unknown_source")


class Rewards(TypedDict):
    """What OpenRLHF reads.

    Attributes:
        rewards: What advantages are made of, shape (n,).
        scores: Accuracies from 0 to 1, shape (n,): what dynamic filtering looks at.
        extra_logs: The numbers behind them by name, shape (n,) each; the same names every time.
    """

    rewards: Tensor
    scores: Tensor
    extra_logs: dict[str, Tensor]


class RewardFunc:
    """A callable for OpenRLHF. Calls may overlap in any thread; it pickles.

    OpenRLHF swallows exceptions and stops much later where a reward is missing. So there is a
    number for every response: a reward that abstains is 0, and ``abstained`` is 1.

    Args:
        reward: What gives the numbers.

    Raises:
        ValueError: The reward needs what OpenRLHF doesn't give to a function.
    """

    def __init__(self, reward: TrainerReward) -> None:
        if reward.needs:
            lacking = ", ".join(reward.needs)
            agent = _AGENTS.get(lacking)
            raise ValueError(
                f"{reward.reward.formula!r} needs {lacking}, which OpenRLHF doesn't give to a "
                "reward function"
                + (
                    ""
                    if agent is None
                    else ", but to an agent: --train.agent_func_path "
                    f'"$(pyverify path openrlhf)/{agent}"'
                )
            )
        self.reward = reward

    def __repr__(self) -> str:
        return f"RewardFunc({self.reward!r})"

    def __call__(
        self, queries: Sequence[str], prompts: Sequence[str], labels: Sequence[object]
    ) -> Rewards:
        """The rewards of some responses.

        Args:
            queries: Prompts and responses, each as one text with its special tokens.
            prompts: The prompts.
            labels: The golds, as the data set has them: a text, a number, a list of parts that are
                all wanted, ``{"any_of": […]}``, or that as JSON text; "" or None for none.
        """
        import torch

        responses = [
            response_of(query, prompt) for query, prompt in zip(queries, prompts, strict=True)
        ]
        scored = self.reward(responses, labels, prompts=prompts)
        rewards = [0.0 if one is None else one for one in scored.rewards]
        logs = log_columns(scored)
        # One tensor, and rows of it: to make one for each takes longer than the verdict.
        table = torch.tensor([rewards, scored.columns["acc"], *logs.values()])
        first, second, *others = table.unbind()
        return {
            "rewards": first,
            "scores": second,
            "extra_logs": dict(zip(logs, others, strict=True)),
        }


def log_columns(scored: Scored) -> dict[str, list[float]]:
    """The numbers that are logged, under names that OpenRLHF doesn't use itself."""
    return {
        f"pyverify_{name}" if name in _TAKEN else name: values  # type: ignore[misc]  # no texts
        for name, values in scored.columns.items()
        if name not in _LEFT_OUT
    }


def reward_func_of(
    reward: Reward | str | os.PathLike[str] = "correctness",
    *,
    parameters: Mapping[str, object] | None = None,
    prefilled: bool = False,
) -> RewardFunc:
    r"""A callable for ``--reward.remote_url FILE.py``, whose attribute ``reward_func`` it must be.

    Args:
        reward: A reward, a recipe's name, or a file that describes one (``.toml``, ``.json``).
        parameters: What to change in a recipe.
        prefilled: Whether responses begin inside a reasoning block; seen from the prompts
            otherwise.

    Raises:
        ValueError: There is no such reward, or it needs what OpenRLHF doesn't give to a function.

    Example:
        >>> reward_func = reward_func_of("format_accuracy")
        >>> reward_func
        RewardFunc(TrainerReward(Sum(terms=((0.1, Format()), (0.9, Correctness())))))
    """
    return RewardFunc(TrainerReward(reward, parameters=parameters, prefilled=prefilled))
