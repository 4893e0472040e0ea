"""Rewards in the form of verl's reward functions: one response, one flat dict with the same keys.

verl calls a function for each response, in a thread of an actor, with ``reward_kwargs`` from its
configuration. It takes the keys of a batch from the first dict, wants a number in ``score``, and
loses a trajectory whose function raises: nothing here raises for what a model wrote or a data set
holds.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pyverify.integrations.scored import Scored
from pyverify.integrations.trainer_reward import OnError, TrainerReward
from pyverify.integrations.verl.turns import said
from pyverify.rewards import Reward, approximate_tokens

__all__ = ["ComputeScore", "Row", "compute_score", "from_settings"]

Row = dict[str, float | str]
"""``score``, then the columns of `TrainerReward.names`."""

_VERLS = frozenset(
    {
        "reward_router_address",
        "reward_model_tokenizer",
        "sandbox_fusion_url",
        "concurrent_semaphore",
        "memory_limit_mb",
    }
)
"""What verl passes to every reward function, and this one has no use for."""

_SETTINGS = (
    "reward",
    "parameters",
    "prefilled",
    "presets",
    "abstained",
    "approximate",
    "on_error",
)


class ComputeScore:
    r"""A reward as verl's ``compute_score``. Calls may overlap in any thread; it pickles.

    A file to point verl at has one line of it: ``compute_score = ComputeScore(reward)``.

    Args:
        reward: As for `TrainerReward`: a reward, a recipe's name, or a file that describes one.
        parameters: What to change in a recipe.
        prefilled: Whether the chat template ends the prompt inside a reasoning block.
        presets: Names of data sources of the caller's own, and their presets.
        abstained: What a response gets whose reward abstains (a gold that is missing or cannot be
            used, a judge that is out): verl knows no missing reward.
        approximate: Whether a reward that counts tokens may guess them from the text. The reward
            manager knows them.
        on_error: As for `TrainerReward`.

    Attributes:
        scorer: The reward.
        abstained: As above.

    Raises:
        ValueError: There is no such reward, parameter or preset; `abstained` isn't finite.
        TypeError: `reward` is none of these.

    Example:
        >>> row = ComputeScore("format_accuracy")("openai/gsm8k", r"So \boxed{4}.", "#### 4")
        >>> row["score"], row["acc"], row["pred"], row["format"]
        (1.0, 1.0, '4', 1.0)
    """

    def __init__(
        self,
        reward: Reward | str | os.PathLike[str] = "correctness",
        *,
        parameters: Mapping[str, object] | None = None,
        prefilled: bool = False,
        presets: Mapping[str, str] | None = None,
        abstained: float = 0.0,
        approximate: bool = False,
        on_error: OnError = "abstain",
    ) -> None:
        if isinstance(abstained, bool) or not isinstance(abstained, (int, float)):
            raise TypeError(f"abstained must be a number, not {abstained!r}")
        if not math.isfinite(abstained):
            raise ValueError(
                f"abstained must be finite, not {abstained}: verl knows no missing reward"
            )
        self.abstained = float(abstained)
        self.approximate = bool(approximate)
        self.scorer = TrainerReward(
            reward,
            parameters=parameters,
            prefilled=prefilled,
            presets=presets,
            on_error=on_error,
        )

    def __call__(
        self,
        data_source: str,
        solution_str: str,
        ground_truth: object,
        extra_info: Mapping[str, object] | None = None,
        **given: object,
    ) -> Row:
        """The reward of one response, as verl calls it.

        Args:
            data_source: Chooses the preset.
            solution_str: The response's text.
            ground_truth: ``reward_model["ground_truth"]``, as `TrainerReward` takes golds.
            extra_info: The data set's dict; columns that the reward needs are looked for in it.
            **given: What verl passes for functions with a reward model. Anything else is a mistake.

        Raises:
            TypeError: An unknown keyword; a column that the reward needs and nobody gives.
        """
        _refuse(given, "this reward is set up in its file; change it there")
        info = extra_info if isinstance(extra_info, Mapping) else {}
        columns = {name: [self._column(name, solution_str, info)] for name in self.scorer.needs}
        scored = self.scorer(
            [said(solution_str, info.get("num_turns"))],
            [ground_truth],
            data_sources=[data_source],
            **columns,
        )
        return self.rows(scored)[0]

    def rows(self, scored: Scored) -> list[Row]:
        """What verl gets for each response of a call of `scorer`."""
        return scored.rows(self.abstained, reward="score")

    def lacks(self, name: str) -> TypeError:
        """What to raise for a row without a column that the reward needs."""
        return TypeError(
            f"{self.scorer.reward.formula!r} needs {name!r}, which this row's extra_info "
            "doesn't have: put it there, or let an agent loop score, as RLPR's does"
        )

    def _column(self, name: str, text: object, info: Mapping[str, object]) -> object:
        """What the reward needs beside the text."""
        if name in info:
            return info[name]
        if name != "token_counts":
            raise self.lacks(name)
        if not self.approximate:
            raise TypeError(
                f"{self.scorer.reward.formula!r} counts tokens, which verl doesn't tell a reward "
                "function. The reward manager knows them: reward.reward_manager.source=importlib "
                "reward.reward_manager.name=PyverifyRewardManager "
                "reward.reward_manager.module.path=pkg://pyverify.integrations.verl. Or pass "
                "approximate=True, which guesses them"
            )
        return approximate_tokens([text])[0] if isinstance(text, str) else 0


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: object,
    extra_info: Mapping[str, object] | None = None,
    *,
    reward: Reward | str | os.PathLike[str] = "correctness",
    parameters: Mapping[str, object] | None = None,
    prefilled: bool = False,
    presets: Mapping[str, str] | None = None,
    abstained: float = 0.0,
    approximate: bool = False,
    on_error: OnError = "abstain",
    **given: object,
) -> Row:
    r"""The reward of one response, as verl calls it; `ComputeScore` tells what the settings mean.

    Settings stand in verl's configuration, each with a ``+``
    (``+reward.custom_reward_function.reward_kwargs.reward=format_accuracy``).

    Args:
        data_source: As for `ComputeScore.__call__`.
        solution_str: As there.
        ground_truth: As there.
        extra_info: As there.
        reward: As for `ComputeScore`.
        parameters: As there.
        prefilled: As there.
        presets: As there.
        abstained: As there.
        approximate: As there.
        on_error: As there.
        **given: What verl passes for functions with a reward model. Anything else is a mistake.

    Returns:
        A finite number in ``score``; ``acc``, ``pred``, ``verdict``, ``reason``, ``abstained``,
        ``error``, ``unknown_source``; each component's number. The keys depend on the
        settings alone.

    Raises:
        TypeError: An unknown setting; a column that the reward needs and nobody gives.
        ValueError: There is no such reward, parameter or preset.

    Example:
        >>> row = compute_score("lighteval/MATH", r"So \boxed{\frac12}.", "0.5")
        >>> row["score"], row["pred"], row["verdict"], row["abstained"]
        (1.0, '\\frac12', 'equal', 0.0)
    """
    _refuse(given, f"the settings are {', '.join(_SETTINGS)}")
    function = _known(
        reward if isinstance(reward, Reward) else os.fspath(reward),
        _frozen(parameters),
        prefilled,
        _frozen(presets),
        abstained,
        approximate,
        on_error,
    )
    return function(data_source, solution_str, ground_truth, extra_info)


def from_settings(settings: Mapping[str, object]) -> ComputeScore:
    """A reward set up as verl's configuration says.

    Args:
        settings: ``reward_kwargs``; may hold containers of OmegaConf.

    Raises:
        TypeError: An unknown setting.
        ValueError: There is no such reward, parameter or preset.
    """
    plain = {name: _plain(value) for name, value in settings.items()}
    unknown = sorted({*plain} - {*_SETTINGS})
    if {*unknown} & {"max_resp_len", "overlong_buffer_cfg"}:
        raise TypeError(
            f"{unknown} are settings of verl's dapo manager; here they are reward=dapo "
            "parameters.max_length=… parameters.buffer=… parameters.penalty=…"
        )
    if unknown:
        raise TypeError(f"unknown reward_kwargs {unknown}; the settings are {', '.join(_SETTINGS)}")
    return ComputeScore(**plain)  # type: ignore[arg-type]  # it checks them itself


@lru_cache(maxsize=64)
def _known(
    reward: Reward | str,
    parameters: str | None,
    prefilled: bool,
    presets: str | None,
    abstained: float,
    approximate: bool,
    on_error: OnError,
) -> ComputeScore:
    """What was set up before."""
    return ComputeScore(
        reward,
        parameters=None if parameters is None else json.loads(parameters),
        prefilled=prefilled,
        presets=None if presets is None else json.loads(presets),
        abstained=abstained,
        approximate=approximate,
        on_error=on_error,
    )


def _frozen(settings: Mapping[str, object] | None) -> str | None:
    """Something that a dict of settings can be looked up by."""
    return None if settings is None else json.dumps(_plain(settings), sort_keys=True)


def _plain(value: object) -> object:
    """Containers of OmegaConf as dicts and lists."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


def _refuse(given: Mapping[str, object], advice: str) -> None:
    unknown = sorted({*given} - _VERLS)
    if unknown:
        raise TypeError(f"unknown reward_kwargs {unknown}: {advice}")
