"""verl's own sources and configuration, for tests of what is said of them."""

from __future__ import annotations

import ast
import copy
import warnings
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import verl
    from hydra import compose, initialize_config_module
    from omegaconf import DictConfig, OmegaConf
    from verl.trainer.ppo.v1 import get_trainer_cls
    from verl.trainer.ppo.v1.trainer_base import PPOTrainer

ROOT = Path(verl.__file__).parent
# What `main_ppo` doesn't run: the former trainer, other trainers, the managers of old.
OTHERS = (
    "experimental/fully_async_policy/",
    "experimental/one_step_off_policy/",
    "experimental/separation/",
    "trainer/main_eval.py",
    "trainer/main_generation_server.py",
    "trainer/main_ppo_v0.py",
    "trainer/ppo/ray_trainer.py",
    "trainer/sft_trainer",
    "utils/dataset/multiturn_sft_dataset.py",
    "utils/dataset/rm_dataset.py",
    "utils/dataset/sft_dataset.py",
    "workers/reward_manager/",
    "workers/rollout/hf_rollout.py",
    "workers/rollout/naive/",
)
ACTOR = "actor_rollout_ref.actor"
ACTOR_SIZE = f"{ACTOR}.ppo_micro_batch_size_per_gpu=4"


def composed(*words: str) -> DictConfig:
    with initialize_config_module("verl.trainer.config", version_base=None):
        return compose("ppo_trainer", overrides=list(words))


@cache
def base() -> DictConfig:
    return composed()


def settled_by(*words: str) -> DictConfig:
    """As `composed`, at once: what Hydra accepts is no question here."""
    config = copy.deepcopy(base())
    OmegaConf.set_struct(config, False)
    config.merge_with_dotlist([word.lstrip("+") for word in words])
    OmegaConf.set_struct(config, True)
    return config


@cache
def sources() -> list[tuple[str, ast.Module]]:
    files = {str(file.relative_to(ROOT)): file for file in sorted(ROOT.rglob("*.py"))}
    return [
        (name, ast.parse(file.read_text(encoding="utf-8")))
        for name, file in files.items()
        if not name.startswith(OTHERS)
    ]


@cache
def readers() -> Mapping[str, set[str]]:
    """Words, and the files that read one: as an attribute, or as the name given to a function."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found[node.attr].add(name)
            elif isinstance(node, ast.Call):
                for one in node.args:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        found[one.value].add(name)
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                found[str(node.slice.value)].add(name)
    return found


def has(config: DictConfig, key: str) -> bool:
    parent, _, last = key.rpartition(".")
    return last in OmegaConf.select(config, parent)


def owner(config: DictConfig) -> PPOTrainer:
    trainer = PPOTrainer.__new__(get_trainer_cls("sync"))
    trainer.config = config
    return trainer
