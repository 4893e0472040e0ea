"""What the tests of verl's contract share: a tokenizer, configurations, rows as verl makes them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cache

import numpy as np
import ray
import torch
from hydra import compose, initialize_config_module
from omegaconf import DictConfig, OmegaConf
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast
from verl.protocol import DataProto

MANAGER = (
    "reward.reward_manager.source=importlib",
    "reward.reward_manager.name=PyverifyRewardManager",
    "reward.reward_manager.module.path=pkg://pyverify.integrations.verl",
)
FUNCTION = ("reward.custom_reward_function.path=pkg://pyverify.integrations.verl",)
PROMPT = "What is it?\nassistant\n"


@cache
def _composed(overrides: tuple[str, ...]) -> DictConfig:
    with initialize_config_module(config_module="verl.trainer.config", version_base=None):
        return compose("ppo_trainer", list(overrides))


def config(*overrides: str) -> DictConfig:
    """verl's whole configuration."""
    return deepcopy(_composed(overrides))


def make_tokenizer(texts: Sequence[str] = ()) -> PreTrainedTokenizerFast:
    """Every byte is a token, and so is what is frequent in some texts; tags stay in the text."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        show_progress=False,
        special_tokens=["<pad>", "<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    made.train_from_iterator([PROMPT, *texts], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="<eos>")


def objects(values: Sequence[object]) -> np.ndarray:
    """A column of anything."""
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def rows(
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    golds: Sequence[object],
    *,
    prompt: str = PROMPT,
    source: str = "openai/gsm8k",
    turns: int = 2,
    **columns: Sequence[object],
) -> DataProto:
    """Responses as the agent loops hand them to the reward loop."""
    asked = tokenizer.encode(prompt)
    answered = [tokenizer.encode(text) for text in texts]
    count, width = len(texts), max(map(len, answered))
    prompts = torch.tensor([asked] * count)
    responses = torch.zeros(count, width, dtype=torch.long)
    mask = torch.zeros(count, len(asked) + width, dtype=torch.long)
    for at, ids in enumerate(answered):
        responses[at, : len(ids)] = torch.tensor(ids)
        mask[at, : len(asked) + len(ids)] = 1
    return DataProto.from_dict(
        tensors={
            "prompts": prompts,
            "responses": responses,
            "attention_mask": mask,
            "input_ids": torch.cat([prompts, responses], 1),
        },
        non_tensors={
            "data_source": objects([source] * count),
            "reward_model": objects([{"style": "rule", "ground_truth": one} for one in golds]),
            "extra_info": objects([{"index": at} for at in range(count)]),
            "raw_prompt": objects([[{"role": "user", "content": prompt}]] * count),
            "__num_turns__": np.full(count, turns),
            **{name: objects(values) for name, values in columns.items()},
        },
    )


@contextmanager
def cluster() -> Iterator[None]:
    """Ray on this machine, with room for verl's actors."""
    os.environ["RAY_AUTH_MODE"] = "disabled"
    ray.init(
        # One of our own, whatever else runs here.
        address="local",
        num_cpus=16,
        include_dashboard=False,
        configure_logging=False,
        object_store_memory=256 << 20,
    )
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def transfer_queue() -> Iterator[None]:
    """verl's store of trajectories, as its trainer starts it."""
    import transfer_queue as tq

    whole = config("transfer_queue.backend.SimpleStorage.num_data_storage_units=1").transfer_queue
    tq.init(OmegaConf.create(OmegaConf.to_container(whole)))
    try:
        yield
    finally:
        tq.close()
