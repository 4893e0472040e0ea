"""How far a recipe gets in verl without a GPU: everything but the first rollout.

Data are made and looked at, the configuration is composed, verl's own reward loop scores rows in
its own actors, and its trainer runs until it asks for GPUs. Where there are some, it trains two
steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify.integrations.recipes.command_line import Chosen, Paths, RecipeError
from pyverify.integrations.recipes.launch_verl import (
    Settings,
    check,
    compose,
    config_folder,
    overrides,
)

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from verl.protocol import DataProto

# What verl says when it has come to the GPUs and there are none.
NO_GPU = "Total available GPUs 0 is less than total desired GPUs"

# So many does Ray believe in: verl's actors take one each, and most of them idle.
_PROCESSORS = 8

SMOKE: Settings = {
    "ray_kwargs.ray_init.num_cpus": _PROCESSORS,
    "trainer.n_gpus_per_node": 1,
    "trainer.nnodes": 1,
    "trainer.total_training_steps": 2,
    "trainer.save_freq": -1,
    "trainer.logger": ["console"],
    "data.train_batch_size": 8,
    "data.dataloader_num_workers": 0,
    "data.max_prompt_length": 16,
    "data.max_response_length": 32,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 4,
    "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 1,
    "actor_rollout_ref.actor.ulysses_sequence_parallel_size": 1,
    "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu": 1,
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 1,
    "actor_rollout_ref.rollout.max_model_len": 64,
    "actor_rollout_ref.rollout.val_kwargs.n": 1,
    "actor_rollout_ref.rollout.agent.num_workers": 1,
    "critic.ppo_micro_batch_size_per_gpu": 1,
    "reward.num_workers": 1,
    # A store in eight actors wants as many processors.
    "transfer_queue.backend.SimpleStorage.num_data_storage_units": 1,
}


def smoke(
    chosen: Chosen,
    settings: Settings,
    *,
    reward: str,
    command: Sequence[str],
    verified: bool = True,
) -> int:
    """Runs a recipe as far as it goes.

    Args:
        chosen: What the command line says.
        settings: The recipe's.
        reward: A reward's name or file.
        command: What is run with the overrides.
        verified: Whether a verifier reads the golds.

    Returns:
        0 where verl came to the GPUs, or trained; else its exit code.

    Raises:
        RecipeError: Something failed before.
    """
    config_folder()  # before anything is made
    import torch

    paths = small(chosen.paths)
    found = {**settings, **SMOKE}
    if not torch.cuda.is_available():
        found["trainer.device"] = "cpu"
    words = overrides(paths, found, reward=reward, extra=chosen.extra)
    if chosen.show:
        print(" ".join([*command, *words]))
        return 0
    print("\n".join(check(words, verified=verified)), flush=True)
    rewards = score_rows(compose(words), ["is \\boxed{4}", "is \\boxed{5}", "4"], "4")
    print(
        f"verl's reward loop: {rewards} for a right answer, a wrong one and a bare one", flush=True
    )
    if rewards[0] <= rewards[1]:
        raise RecipeError(f"a right answer must earn more than a wrong one by {reward}")
    return train([*command, *words])


def small(paths: Paths) -> Paths:
    """A tiny model, a critic of the same vocabulary, and sums in verl's columns."""
    from pyverify.integrations.recipes.tiny import BOXED, save_model, sums

    folder = Path(paths.output).resolve() / "smoke"
    files = []
    for seed, (name, count) in enumerate((("train", 64), ("val", 16))):
        rows = sums(count, seed).map(
            lambda row, at, name=name: {
                "data_source": "openai/gsm8k",
                "reward_model": {"style": "rule", "ground_truth": row["answer"]},
                "extra_info": {"index": at, "split": name},
            },
            with_indices=True,
            remove_columns=["answer"],
        )
        files.append(str(folder / f"{name}.parquet"))
        folder.mkdir(parents=True, exist_ok=True)
        rows.to_parquet(files[-1])
    # Nothing of this run depends on what the models have learnt.
    models = [save_model(folder / name, 1, BOXED) for name in ("model", "critic")]
    return replace(
        paths,
        model=models[0],
        critic=None if paths.critic is None else models[1],
        train=files[:1],
        val=files[1:],
    )


def score_rows(config: DictConfig, texts: Sequence[str], gold: str) -> list[float]:
    """Rewards of verl's reward loop, in its own actors.

    Args:
        config: verl's whole configuration.
        texts: Responses.
        gold: To all of them.
    """
    from verl.experimental.reward_loop import RewardLoopManager

    with _cluster():
        scored = RewardLoopManager(config).compute_rm_score(_batch(config, texts, gold))
    found: list[float] = scored.batch["rm_scores"].sum(-1).tolist()
    return [round(one, 6) for one in found]


def train(command: Sequence[str]) -> int:
    """Runs verl's trainer until it asks for GPUs.

    Args:
        command: The whole command line.

    Returns:
        0 where it came so far, or trained; else its exit code.
    """
    met = False
    # A cluster of its own, whatever else runs on this machine.
    own = {"RAY_ADDRESS": "local", "RAY_AUTH_MODE": "disabled", "HYDRA_FULL_ERROR": "1"}
    with subprocess.Popen(  # noqa: S603  # a recipe's own command
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | own
    ) as process:
        for line in process.stdout or ():
            met = met or NO_GPU in line
            if not met:
                sys.stdout.write(line)
                sys.stdout.flush()
    if met:
        print("verl came to the GPUs, and there are none: this is as far as it goes on a CPU.")
        return 0
    return process.returncode


def _batch(config: DictConfig, texts: Sequence[str], gold: str) -> DataProto:
    """Responses as verl's agent loops hand them over."""
    import numpy as np
    import torch
    from transformers import AutoTokenizer
    from verl.protocol import DataProto

    tokenizer = AutoTokenizer.from_pretrained(config.actor_rollout_ref.model.path)
    asked = tokenizer.encode("2+2=\n")
    answered = [tokenizer.encode(one) for one in texts]
    width = max(map(len, answered))
    responses = torch.zeros(len(texts), width, dtype=torch.long)
    mask = torch.zeros(len(texts), len(asked) + width, dtype=torch.long)
    for at, ids in enumerate(answered):
        responses[at, : len(ids)] = torch.tensor(ids)
        mask[at, : len(asked) + len(ids)] = 1
    prompts = torch.tensor([asked] * len(texts))
    others = {
        "data_source": "openai/gsm8k",
        "reward_model": {"style": "rule", "ground_truth": gold},
        "extra_info": {"index": 0},
        "__num_turns__": 2,
    }
    columns = {}
    for name, value in others.items():
        columns[name] = np.empty(len(texts), dtype=object)
        columns[name][:] = [value] * len(texts)
    tensors = {
        "prompts": prompts,
        "responses": responses,
        "attention_mask": mask,
        "input_ids": torch.cat([prompts, responses], 1),
    }
    return DataProto.from_dict(tensors=tensors, non_tensors=columns)


@contextmanager
def _cluster() -> Iterator[None]:
    """Ray on this machine alone."""
    import ray

    # Ray 2.60 writes a token into the home folder otherwise.
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    try:
        ray.init("local", include_dashboard=False, log_to_driver=False, num_cpus=_PROCESSORS)
        yield
    except ray.exceptions.RayError as error:
        raise RecipeError(f"verl's reward loop failed: {error}") from error
    finally:
        ray.shutdown()
