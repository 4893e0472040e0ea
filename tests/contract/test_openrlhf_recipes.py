"""The recipes for OpenRLHF: read by its own parser, scored by its own executor."""

from __future__ import annotations

import runpy
import sys
from operator import attrgetter
from pathlib import Path

import pytest

pytest.importorskip("openrlhf.utils.agent", reason="OpenRLHF is not installed")

from pyverify.integrations.recipes import RECIPES, recipe_path
from pyverify.integrations.recipes.command_line import RecipeError
from pyverify.integrations.recipes.launch_openrlhf import check_batches, parse

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")


def run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    *words: str,
    code: int = 0,
) -> str:
    """A recipe as its user starts it; what it prints."""
    monkeypatch.setattr(sys, "argv", [str(recipe_path(name, "openrlhf")), *words])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(sys.argv[0], run_name="__main__")
    told = capfd.readouterr()
    assert stop.value.code == code, told.err
    return told.out + told.err


@pytest.mark.parametrize(
    ("name", "rewards"),
    [
        ("grpo", "[1.0, 0.1, 0.9]"),
        ("gspo", "[1.0, 0.0, 1.0]"),
        # A reward that counts tokens, by an agent.
        ("dapo", "[1.0, -1.0, 1.0]"),
        ("ppo_critic", "[1.0, 0.0, 1.0]"),
        ("staged_grpo", "[105."),
        ("rlpr", "RLPR's agent, which asks vLLM, is loaded"),
    ],
)
def test_a_smoke_run_comes_as_far_as_a_cpu_does(
    name: str,
    rewards: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # OpenRLHF reads such a file once in a process: what it sets, and what it imports, stays.
    monkeypatch.setenv("PYVERIFY_REWARD", "")
    for file in ("reward", "reward_agent", "rlpr_agent"):
        monkeypatch.delitem(sys.modules, f"pyverify.integrations.openrlhf.{file}", raising=False)
    told = run(monkeypatch, capfd, name, "--smoke", "--output", str(tmp_path))
    assert f"OpenRLHF's executor: {rewards}" in told
    assert "as far as it goes on a CPU" in told


WANTED = {
    "grpo": {
        "algo.advantage.estimator": "group_norm",
        "algo.kl.init_coef": 0.0,
        "rollout.batch_size": 264,
        "rollout.n_samples_per_prompt": 6,
        "actor.adam.lr": 1e-5,
        "rollout.max_new_tokens": 512,
        "train.num_episodes": 15,
        "eval.steps": 10,
        "ckpt.save_steps": 200,
        "critic.model_name_or_path": None,
    },
    "ppo_critic": {
        "algo.advantage.estimator": "gae",
        "algo.kl.init_coef": 0.0,
        "rollout.batch_size": 512,
        "train.batch_size": 128,
        "train.micro_batch_size": 4,
        "actor.adam.lr": 1e-6,
        "critic.adam.lr": 1e-5,
        "critic.model_name_or_path": "models/critic-8b",
        "vllm.tensor_parallel_size": 2,
        "vllm.gpu_memory_utilization": 0.8,
    },
    "dapo": {
        "actor.eps_clip_low_high": [0.2, 0.28],
        "actor.loss_agg_mode": "token-mean",
        "algo.dynamic_filtering_enable": True,
        "rollout.max_new_tokens": 20480,
    },
    "gspo": {"actor.policy_loss_type": "gspo", "actor.eps_clip_low_high": [3e-4, 4e-4]},
    "rlpr": {
        "rollout.batch_size": 768,
        "rollout.n_samples_per_prompt": 8,
        "actor.eps_clip_low_high": [0.2, 0.27],
        "rollout.max_new_tokens": 3072,
        "rollout.temperature": 1.0,
        # RLPR's own agent: OpenRLHF calls what an agent scores remote.
        "reward.remote_url": ["agent"],
    },
}


@pytest.mark.parametrize("name", WANTED)
def test_the_settings_land_in_openrlhf(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = run(monkeypatch, capfd, name, "--print").split()
    args = parse(words[words.index("openrlhf.cli.train_ppo_ray") + 1 :])
    check_batches(args)
    assert {key: attrgetter(key)(args) for key in WANTED[name]} == WANTED[name]


def test_the_last_round_alone_clips_higher(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = run(monkeypatch, capfd, "staged_grpo", "--print").strip().splitlines()
    parsed = [parse(line.split()[3:]) for line in lines]
    clips = [tuple(one.actor.eps_clip_low_high) for one in parsed]
    assert clips == [(0.2, 0.2)] * 4 + [(0.2, 0.28)]
    # Rewards of 100 must come through.
    assert {tuple(one.reward.clip_range) for one in parsed} == {(-200, 200)}


def test_every_recipe_is_looked_at() -> None:
    assert {*WANTED, "staged_grpo"} == {*RECIPES}


def test_the_users_words_win_and_wrong_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = run(monkeypatch, capfd, "grpo", "--print", "--actor.adam.lr", "3e-6").split()
    assert parse(words[3:]).actor.adam.lr == 3e-6
    small = ["--smoke", "--output", str(tmp_path)]
    told = run(monkeypatch, capfd, "grpo", *small, "--actor.learning_rate", "1", code=2)
    assert "unrecognized arguments: --actor.learning_rate" in told
    told = run(monkeypatch, capfd, "grpo", *small, "--train.batch_size", "432", code=2)
    assert "aren't a multiple of --train.batch_size 432" in told
    told = run(monkeypatch, capfd, "grpo", *small, "--actor.num_gpus_per_node", "8", code=2)
    assert "doesn't divide into micro-batches of 4 on 8 ranks" in told
    with pytest.raises(RecipeError, match="requires n_samples_per_prompt > 1"):
        parse([*words[3:], "--rollout.n_samples_per_prompt", "1"])
