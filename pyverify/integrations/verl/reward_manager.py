"""verl's reward manager that scores in batches.

verl's own managers handle one response at a time: slices of the batch, a thread to decode, another
to score. Here all that is asked for at the same time is decoded and scored at once, in one thread
beside the actor's event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from verl.experimental.reward_loop.reward_manager.base import RewardManagerBase
from verl.utils.import_utils import load_extern_object

from pyverify import _core
from pyverify.integrations.merge import Merger
from pyverify.integrations.verl.reward_function import ComputeScore, compute_score, from_settings
from pyverify.integrations.verl.turns import said
from pyverify.messages import Completion
from pyverify.rewards import Function, ProcessReward, Reward

if TYPE_CHECKING:
    import numpy
    from omegaconf import DictConfig
    from transformers import PreTrainedTokenizerBase
    from verl import DataProto

__all__ = ["PyverifyRewardManager"]

_log = logging.getLogger(__name__)

# What a chat template puts behind the last message fits into these.
_TAIL = 16
_MOST_TAILS = 4096


class PyverifyRewardManager(RewardManagerBase):  # type: ignore[misc]
    """Scores responses in batches; whatever is asked for at the same time is one.

    A reward is set up by ``+reward.reward_kwargs.…``; the settings are those of `ComputeScore`. A
    ``custom_reward_function`` that is pyverify's own (`compute_score`, or a `ComputeScore` in a
    file) is taken with its settings, and called with batches; any other one is not used.

    Args:
        config: verl's whole configuration.
        tokenizer: The policy's.
        compute_score: What verl has loaded for other managers; not used.
        reward_router_address: As for every manager; not used.
        reward_model_tokenizer: As for every manager; not used.

    Attributes:
        function: The reward, as verl's functions have it.

    Raises:
        TypeError: An unknown setting.
        ValueError: There is no such reward, parameter or preset; two places have settings.
    """

    def __init__(
        self,
        config: DictConfig,
        tokenizer: PreTrainedTokenizerBase,
        compute_score: object = None,
        reward_router_address: str | None = None,
        reward_model_tokenizer: PreTrainedTokenizerBase | None = None,
    ) -> None:
        super().__init__(config, tokenizer, compute_score)
        self.function = _function(config.reward)
        self._asks = _asks(self.function.scorer.reward)
        self._tails: dict[bytes, str] = {}
        self._merger: Merger[DataProto, dict[str, object]] = Merger(self.score)

    async def run_single(self, data: DataProto) -> dict[str, object]:
        """The reward of a trajectory; of one with several sequences the last counts.

        Args:
            data: As verl's managers get it.

        Returns:
            ``reward_score``, a finite number, and ``reward_extra_info``, a flat dict whose keys
            depend on the reward alone.

        Raises:
            TypeError: verl gave no gold at all, or a column is missing that the reward needs.
        """
        return await self._merger(data)

    def score(self, batches: Sequence[DataProto]) -> list[dict[str, object]]:
        """The rewards of several trajectories, as `run_single` gives them.

        Args:
            batches: What `run_single` takes, several of them.

        Raises:
            TypeError: As there.
        """
        rows = [_Row(data) for data in batches]
        decode = self.tokenizer.decode
        ids = [row.response() for row in rows]
        # The same call as in verl's managers, so that the texts are the same.
        texts = [decode(one, skip_special_tokens=True) for one in ids]
        rewarded = self.function.rows(
            self.function.scorer(
                [said(text, row.turns) for text, row in zip(texts, rows, strict=True)],
                [row.gold for row in rows],
                prompts=self._prompts(rows),
                data_sources=[row.source for row in rows],
                **self._columns(rows, ids),
            )
        )
        return [{"reward_score": one["score"], "reward_extra_info": one} for one in rewarded]

    def _columns(self, rows: Sequence[_Row], ids: Sequence[numpy.ndarray]) -> dict[str, object]:
        """What the reward needs beside texts."""
        found: dict[str, object] = {}
        for name in self.function.scorer.needs:
            if name == "token_counts":
                found[name] = [len(one) for one in ids]
            else:
                found[name] = [row.column(name, self.function) for row in rows]
        return found

    def _prompts(self, rows: Sequence[_Row]) -> list[Completion] | None:
        """Ends of prompts that open a reasoning block; questions, too, where they are wanted."""
        known = self.function.scorer.prefilled
        tails = [""] * len(rows) if known else [self._tail(row.prompt_end()) for row in rows]
        if not self._asks:
            return cast("list[Completion]", tails) if any(tails) else None
        return [
            [*row.question, {"role": "assistant", "content": tail}] if tail else row.question
            for row, tail in zip(rows, tails, strict=True)
        ]

    def _tail(self, ids: numpy.ndarray | None) -> str:
        """The end of a prompt if it opens a reasoning block, else ""."""
        if ids is None:
            return ""
        key = ids.tobytes()
        known = self._tails.get(key)
        if known is None:
            text = self.tokenizer.decode(ids.tolist(), skip_special_tokens=False)
            known = text if _core.opens_reasoning((text,))[0] else ""
            # Without a chat template, prompts end in words of their own.
            if len(self._tails) < _MOST_TAILS:
                self._tails[key] = known
        return known


class _Row:
    """A trajectory as verl hands it over."""

    __slots__ = ("_data", "_other", "gold", "source", "turns")

    def __init__(self, data: DataProto) -> None:
        self._data = data.batch
        self._other: Mapping[str, Sequence[object]] = data.non_tensor_batch
        if "reward_model" not in self._other:
            raise TypeError(
                "verl gave no reward_model with the gold. Where it runs a reward model without a "
                "resource pool it gives none: set reward.reward_model.enable_resource_pool=True"
            )
        model = self._last("reward_model")
        self.gold = model.get("ground_truth") if isinstance(model, Mapping) else None
        self.source = self._last("data_source")
        self.turns = self._last("__num_turns__")

    def _last(self, name: str) -> object:
        values = self._other.get(name)
        return None if values is None else values[-1]

    def response(self) -> numpy.ndarray:
        """The response's ids, without padding."""
        ids = self._array("responses")
        mask = self._array("attention_mask")
        return ids[: int(mask[len(mask) - len(ids) :].sum())]

    def prompt_end(self) -> numpy.ndarray | None:
        """The last ids of the prompt, which is padded on the left."""
        return self._array("prompts")[-_TAIL:] if "prompts" in self._data else None

    def _array(self, name: str) -> numpy.ndarray:
        """A column's last row; numpy is the faster one for a single row."""
        return cast("numpy.ndarray", self._data[name].numpy(force=True)[-1])

    @property
    def question(self) -> list[Mapping[str, object]]:
        """The prompt's messages."""
        return list(cast("Sequence[Mapping[str, object]]", self._last("raw_prompt") or ()))

    def column(self, name: str, function: ComputeScore) -> object:
        """What an agent loop or the data set says.

        Raises:
            TypeError: They don't.
        """
        for where in ("tool_extra_fields", "extra_info"):
            fields = self._last(where)
            if isinstance(fields, Mapping) and name in fields:
                return fields[name]
        raise function.lacks(name)


def _function(config: DictConfig) -> ComputeScore:
    """The reward that the configuration asks for."""
    own = config.get("reward_kwargs") or {}
    custom = config.get("custom_reward_function") or {}
    path, given = custom.get("path"), custom.get("reward_kwargs") or {}
    if not path:
        if config.reward_model.enable:
            _log.warning(
                "reward.reward_model.enable=True without reward.custom_reward_function: verl takes "
                "the model's score and asks no reward manager"
            )
        return from_settings(own)
    found = load_extern_object(path, custom.get("name") or "compute_score")
    if found is compute_score:
        if own and given:
            raise ValueError(
                "there are settings in reward.reward_kwargs and in "
                "reward.custom_reward_function.reward_kwargs: keep one of them"
            )
        return from_settings(given or own)
    if isinstance(found, ComputeScore):
        if own or given:
            raise TypeError(f"reward_kwargs change nothing in {path}: its reward is set up there")
        return found
    _log.warning(
        "reward.custom_reward_function (%s of %s) is not used: PyverifyRewardManager scores with "
        "the reward of reward.reward_kwargs; other managers call your function",
        custom.get("name"),
        path,
    )
    return from_settings(own)


def _asks(reward: Reward) -> bool:
    """Whether a part of the reward reads questions."""
    return any(
        isinstance(leaf, (Function, ProcessReward)) or getattr(leaf, "judge", None) is not None
        for leaf in reward.leaves()
    )
