"""The recipes for verl: composed by its Hydra, scored by its reward loop, run by its trainer."""

from __future__ import annotations

import os
import runpy
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from omegaconf import OmegaConf
    from verl.utils.config import validate_config

from pyverify.integrations.doctor import check_verl
from pyverify.integrations.recipes import RECIPES, recipe_path
from pyverify.integrations.recipes.command_line import Paths, RecipeError
from pyverify.integrations.recipes.launch_verl import (
    check,
    check_batches,
    compose,
    overrides,
    written,
)
from pyverify.integrations.recipes.tiny import BOXED, make_tokenizer, save_model

pytestmark = pytest.mark.filterwarnings("ignore")

WANTED = {
    "ppo_critic": {
        "algorithm.adv_estimator": "gae",
        "data.train_batch_size": 512,
        "data.max_prompt_length": 1024,
        "data.max_response_length": 512,
        "actor_rollout_ref.actor.optim.lr": 1e-6,
        "critic.optim.lr": 1e-5,
        "actor_rollout_ref.actor.ppo_mini_batch_size": 128,
        # The critic's follows the actor's.
        "critic.ppo_mini_batch_size": 128,
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 4,
        "critic.ppo_micro_batch_size_per_gpu": 4,
        # What verl reads in its place.
        "critic.fsdp.use_dynamic_bsz": False,
        "critic.fsdp.micro_batch_size_per_gpu": 4,
        "critic.fsdp.infer_micro_batch_size_per_gpu": 4,
        "critic.fsdp.param_offload": True,
        "critic.fsdp.optimizer_offload": True,
        "actor_rollout_ref.rollout.tensor_model_parallel_size": 2,
        "actor_rollout_ref.rollout.gpu_memory_utilization": 0.8,
        "trainer.total_epochs": 15,
    },
    "grpo": {
        "algorithm.adv_estimator": "grpo",
        "actor_rollout_ref.actor.optim.lr": 1e-5,
        "data.train_batch_size": 264,
        "actor_rollout_ref.actor.ppo_mini_batch_size": 72,
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 4,
        "data.max_prompt_length": 2048,
        "data.max_response_length": 512,
        "actor_rollout_ref.rollout.n": 6,
        "actor_rollout_ref.rollout.dtype": "bfloat16",
        "trainer.total_epochs": 15,
        "trainer.test_freq": 10,
        "trainer.save_freq": 200,
        "reward.reward_kwargs.reward": "format_accuracy",
    },
    "staged_grpo": {
        "algorithm.adv_estimator": "grpo",
        "actor_rollout_ref.model.path": "Qwen/Qwen2.5-Math-1.5B",
        "reward.reward_kwargs.reward": "graded_basic",
        "actor_rollout_ref.actor.clip_ratio_high": 0.2,
    },
    "rlpr": {
        "algorithm.adv_estimator": "grpo",
        "data.train_batch_size": 768,
        "actor_rollout_ref.rollout.n": 8,
        "actor_rollout_ref.actor.ppo_mini_batch_size": 192,
        "actor_rollout_ref.rollout.temperature": 1.0,
        "actor_rollout_ref.actor.clip_ratio_low": 0.2,
        "actor_rollout_ref.actor.clip_ratio_high": 0.27,
        "data.max_response_length": 3072,
        "actor_rollout_ref.rollout.agent.default_agent_loop": "rlpr_agent",
        "trainer.v1.sampler.custom_sampler.name": "std_filter_sampler",
        "trainer.v1.sampler.sampler_kwargs.state_path": "runs/rlpr/std_filter.jsonl",
    },
    "dapo": {
        "actor_rollout_ref.actor.clip_ratio_high": 0.28,
        "actor_rollout_ref.actor.loss_agg_mode": "token-mean",
        "algorithm.filter_groups.enable": True,
        "algorithm.filter_groups.metric": "acc",
        "reward.reward_kwargs.reward": "dapo",
        "data.max_response_length": 20480,
    },
    "gspo": {
        "actor_rollout_ref.actor.policy_loss.loss_mode": "gspo",
        "actor_rollout_ref.actor.loss_agg_mode": "seq-mean-token-mean",
        "actor_rollout_ref.actor.clip_ratio_low": 3e-4,
        "actor_rollout_ref.actor.clip_ratio_high": 4e-4,
    },
}


def run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    *words: str,
    code: int = 0,
) -> str:
    """A recipe as its user starts it; what it prints."""
    monkeypatch.setattr(sys, "argv", [str(recipe_path(name, "verl")), *words])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(sys.argv[0], run_name="__main__")
    told = capfd.readouterr()
    assert stop.value.code == code, told.err
    return told.out + told.err


def commands(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, *words: str
) -> list[list[str]]:
    """The command lines that a recipe would run, behind Python's own words."""
    printed = run(monkeypatch, capfd, name, "--print", *words).strip().splitlines()
    return [shlex.split(line)[2:] for line in printed]


@pytest.mark.parametrize("name", RECIPES)
def test_the_settings_land_in_verl(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # verl reads the configuration of a critic's model, where there is one.
    critic = ["--critic", save_model(tmp_path, 0)] if name == "ppo_critic" else []
    (module, *words), *_ = commands(monkeypatch, capfd, name, *critic)
    assert module == "verl.trainer.main_ppo"
    config = compose(words)
    found = {key: OmegaConf.select(config, key) for key in WANTED[name]}
    assert found == WANTED[name]
    if critic:
        assert config.critic.model.path == critic[-1]
    # No KL term anywhere.
    assert not config.algorithm.use_kl_in_reward
    assert not config.actor_rollout_ref.actor.use_kl_loss
    # The reward is found by the keys that verl reads, not by those that it only takes.
    assert config.reward.reward_manager.name == "PyverifyRewardManager"
    check_batches(config)
    validate_config(config=config, use_reference_policy=False, use_critic=name == "ppo_critic")


def test_the_critic_is_reset_behind_its_epochs(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ((module, *words),) = commands(monkeypatch, capfd, "ppo_critic", "--reset-critic")
    assert module == "pyverify.integrations.verl.critic"
    assert words[:2] == ["--reset-at-epoch", "25"]
    assert compose(words[2:]).trainer.total_epochs == 25 + 7


def test_the_last_round_alone_clips_higher(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    rounds = [compose(words[1:]) for words in commands(monkeypatch, capfd, "staged_grpo")]
    clips = [one.actor_rollout_ref.actor.clip_ratio_high for one in rounds]
    assert clips == [0.2] * 4 + [0.28]
    rewards = [one.reward.reward_kwargs.reward for one in rounds]
    assert rewards == ["graded_basic"] * 3 + ["graded_quality"] * 2


# What isn't here, and what the known run has: 264 prompts in mini-batches of 72.
ABSENT = {"data.train_files", "data.val_files", "critic.model.path"}
ABSENT |= {"actor_rollout_ref.rollout.agent.agent_loop_config_path"}
KNOWN = {"grpo": {"data.train_batch_size"}}


@pytest.mark.parametrize("name", RECIPES)
def test_the_doctor_finds_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    *_, (_, *words) = commands(monkeypatch, capfd, name)
    found = {one.key: one.what for one in check_verl(words).findings if one.key not in ABSENT}
    assert found.keys() == KNOWN.get(name, set()), found


def test_rows_have_the_column_that_managers_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"prompt": [], "mine": "math", "reward_model": {"ground_truth": "4"}}\n')
    words = overrides(
        Paths("m", [str(file)], [str(file)], "o"),
        {"data.train_batch_size": 8, "actor_rollout_ref.actor.ppo_mini_batch_size": 8},
        reward="correctness",
        extra=["algorithm.adv_estimator=grpo", "data.reward_fn_key=mine"],
    )
    with pytest.raises(RecipeError, match="no data_source"):
        check(words)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_path_reaches_hydra_as_it_is(text: str, files: list[str]) -> None:
    parser = OverridesParser.create()
    (one, several) = parser.parse_overrides([f"a={written(text)}", f"b={written(files)}"])
    assert one.value() == text
    assert several.value() == files


def test_the_users_words_win_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    paths = Paths("m", ["t"], ["v"], "o")
    settings = {"trainer.total_epochs": 15, "+reward.reward_kwargs.weight": 0.5}
    extra = ["trainer.total_epochs=3", "++reward.reward_kwargs.weight=1"]
    words = overrides(paths, settings, reward="correctness", extra=extra)
    config = compose(words)
    assert config.trainer.total_epochs == 3
    assert config.reward.reward_kwargs.weight == 1
    assert not [word for word in words if word.endswith(("=15", "=0.5"))]
    with pytest.raises(RecipeError, match="takes words like"):
        overrides(paths, settings, reward="correctness", extra=["--epochs", "3"])
    with pytest.raises(RecipeError, match=r"doesn't take this.*trainer\.epochs"):
        compose(["trainer.epochs=3"])


def test_batches_that_do_not_divide_are_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ((_, *words),) = commands(monkeypatch, capfd, "grpo", "trainer.n_gpus_per_node=8")
    with pytest.raises(RecipeError, match="72 prompts x 6 responses doesn't divide into micro-b"):
        check_batches(compose(words))
    ((_, *words),) = commands(monkeypatch, capfd, "grpo", "trainer.n_gpus_per_node=5")
    with pytest.raises(RecipeError, match="264 prompts x 6 responses don't divide among 5 GPUs"):
        check_batches(compose(words))


def test_a_critic_of_another_vocabulary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from pyverify.integrations.recipes.smoke_verl import SMOKE, small

    paths = small(Paths("", [], [], str(tmp_path), ""))
    other = make_tokenizer(BOXED)
    other.add_tokens(["fine"])
    # The critic may have more than the actor, not the other way round.
    other.save_pretrained(paths.model)
    files = ["--model", paths.model, "--critic", str(paths.critic), "--train", *paths.train]
    words = [f"{key}={written(value)}" for key, value in SMOKE.items()]
    told = run(monkeypatch, capfd, "ppo_critic", *files, "--val", *paths.val, *words, code=2)
    assert "the critic lacks 1 of" in told


# Some minutes; CI leaves it to test_verl_manager.py to start verl's runner.
@pytest.mark.slow
def test_a_smoke_run_comes_as_far_as_a_cpu_does(tmp_path: Path) -> None:
    script = recipe_path("ppo_critic", "verl")
    done = subprocess.run(
        [sys.executable, str(script), "--smoke", "--output", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "train.parquet: 64 rows" in done.stdout
    assert "verl's reward loop: [1.0, 0.0, 1.0] for a right answer" in done.stdout
    assert "verl came to the GPUs, and there are none" in done.stdout
    # Nothing is left where it was started.
    assert {one.name for one in tmp_path.iterdir()} <= {"smoke", "hydra", "tensorboard_log"}
