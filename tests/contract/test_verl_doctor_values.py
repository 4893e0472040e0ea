"""What `pyverify doctor --verl` says of values and commands, held against verl itself."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import verl_source`

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import numpy as np
    import torch
    from omegaconf import DictConfig, OmegaConf
    from verl.experimental.reward_loop.reward_manager.registry import REWARD_MANAGER
    from verl.protocol import DataProto
    from verl.trainer.ppo import core_algos
    from verl.trainer.ppo.reward import get_custom_reward_fn, resolve_reward_manager_cls
    from verl.trainer.ppo.utils import need_critic, need_reference_policy
    from verl.trainer.ppo.v1 import get_trainer_cls
    from verl.trainer.ppo.v1.utils import compute_advantage_for_multi_trajectories
    from verl.utils.config import omega_conf_to_dataclass
    from verl.utils.reward_score import default_compute_score
    from verl.utils.tracking import Tracking
    from verl.workers.config import FSDPOptimizerConfig
    from verl_source import ACTOR, ACTOR_SIZE, base, composed, owner, settled_by, sources

from pyverify.integrations.doctor import Level, check_verl, verl_data, verl_reward, verl_training
from pyverify.integrations.verl.overrides import DEFAULTS, UNREAD

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def config() -> DictConfig:
    return base()


# Defaults and lists


def test_the_defaults_are_verls(config: DictConfig) -> None:
    found = {key: OmegaConf.select(config, key) for key in DEFAULTS}
    assert {key: list(x) if isinstance(x, tuple) else x for key, x in DEFAULTS.items()} == found


def test_the_lists_are_verls() -> None:
    assert {one.value for one in core_algos.AdvantageEstimator} == verl_training._ESTIMATORS
    assert set(core_algos.POLICY_LOSS_REGISTRY) == verl_training._LOSSES
    assert set(REWARD_MANAGER) == set(verl_reward._MANAGERS)
    for mode in verl_training._MODES:
        assert get_trainer_cls(mode)
    assert {"console", "wandb"} <= set(Tracking.supported_backend)
    for schedule in ("constant", "cosine"):
        assert FSDPOptimizerConfig(lr_scheduler_type=schedule)
    with pytest.raises(AssertionError):
        FSDPOptimizerConfig(lr_scheduler_type="linear")


@pytest.mark.parametrize("source", [*sorted(verl_data._SCORED), "aime2026"])
def test_verl_has_a_scorer(source: str) -> None:
    try:
        default_compute_score(source, "4", '{"target": ["4"]}')
    except NotImplementedError:
        pytest.fail(f"none for {source}")
    except Exception:
        return  # it was found, and would like more than this


def test_verl_has_no_scorer_for_others() -> None:
    with pytest.raises(NotImplementedError):
        default_compute_score("mine", "4", "4")


def test_managers_of_old_cant_be_chosen() -> None:
    for name in ("batch", "prime"):
        with pytest.raises(ValueError, match="Unknown reward manager"):
            resolve_reward_manager_cls(settled_by(f"reward.reward_manager.name={name}"))


# Values


def vanilla(**sizes: float) -> float:
    keys = [f"actor_rollout_ref.actor.{name}={size}" for name, size in sizes.items()]
    actor = omega_conf_to_dataclass(settled_by(*keys, ACTOR_SIZE).actor_rollout_ref.actor)
    old, new = torch.zeros(1, 1), torch.full((1, 1), 0.5)
    loss = core_algos.get_policy_loss_fn("vanilla")
    return loss(old, new, torch.ones(1, 1), torch.ones(1, 1), "token-mean", actor)[0].item()


def test_the_clip_ratio_alone_changes_nothing() -> None:
    assert vanilla(clip_ratio=0.9) == vanilla()
    assert vanilla(clip_ratio_low=0.4, clip_ratio_high=0.4) != vanilla()


@pytest.mark.parametrize("estimator", sorted(verl_training._ESTIMATORS))
def test_what_the_present_trainer_hands_over_is_enough_or_told(estimator: str) -> None:
    settled = settled_by(
        f"{ACTOR}.calculate_sum_pi_squared=True", "algorithm.gdpo_reward_keys=[acc]"
    )
    names = ("rm_scores", "token_level_rewards", "rollout_log_probs", "old_log_probs", "values")
    tensors = {name: torch.rand(4, 3) for name in names} | {"response_mask": torch.ones(4, 3)}
    prompts = np.array(["a", "a", "b", "b"], dtype=object)
    keys = [f"{prompt}_{number % 2}_0" for number, prompt in enumerate(prompts)]

    def compute() -> DataProto:
        return compute_advantage_for_multi_trajectories(
            DataProto.from_dict(tensors=tensors, non_tensors={"uid": prompts}),
            batch_keys=keys,
            adv_estimator=estimator,
            num_repeat=2,
            config=settled.algorithm,
        )

    if estimator in verl_training._FORMER:
        with pytest.raises((TypeError, AssertionError, KeyError)):
            compute()
    else:
        assert compute().batch["advantages"].shape == (4, 3)


def test_no_engine_tiles_its_mlps() -> None:
    calls = [
        node
        for name, tree in sources()
        if not name.startswith("models/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("use_tiled_mlp", "tiled_mlp_shards")
    ]
    assert calls == []


def test_the_critic_and_the_reference_are_made_as_the_doctor_thinks() -> None:
    settled = settled_by()
    assert need_critic(settled)
    assert not need_reference_policy(settled)
    settled.algorithm.adv_estimator = "grpo"
    settled.actor_rollout_ref.actor.use_kl_loss = True
    assert not need_critic(settled)
    assert need_reference_policy(settled)
    settled.critic.enable = True
    assert need_critic(settled)


def test_an_async_call_is_taken_for_a_plain_function(tmp_path: Path) -> None:
    file = tmp_path / "reward.py"
    file.write_text(
        "class Reward:\n    async def __call__(self, **kwargs):\n        return 1.0\n\n\n"
        "reward = Reward()\n"
    )
    words = (
        f"reward.custom_reward_function.path={file}",
        "reward.custom_reward_function.name=reward",
    )
    function = get_custom_reward_fn(settled_by(*words))
    assert not inspect.iscoroutinefunction(function)
    returned = function()
    assert asyncio.iscoroutine(returned)
    returned.close()
    (found,) = [one for one in check_verl(words).findings if one.key.endswith("function.name")]
    assert found.level is Level.ERROR


def test_an_overlong_buffer_wants_all_its_parts() -> None:
    words = [
        "reward.reward_manager.name=dapo",
        "+reward.reward_kwargs.overlong_buffer_cfg.enable=True",
        "+reward.reward_kwargs.overlong_buffer_cfg.len=10",
    ]
    settled = settled_by(*words)
    with pytest.raises(AssertionError, match="max_resp_len"):
        REWARD_MANAGER["dapo"](settled, None, lambda **_: 1.0)
    for part in ("penalty_factor", "log"):
        with pytest.raises(Exception, match=f"'?{part}'? is not in struct"):
            getattr(settled.reward.reward_kwargs.overlong_buffer_cfg, part)
    keys = {one.key for one in check_verl(words).findings if one.level is Level.ERROR}
    below = "reward.reward_kwargs.overlong_buffer_cfg"
    assert {f"{below}.penalty_factor", f"{below}.log", "reward.reward_kwargs.max_resp_len"} <= keys


def test_a_sampler_without_a_name_is_left_out() -> None:
    settled = settled_by("trainer.v1.sampler.custom_sampler.path=/nowhere.py")
    trainer = owner(settled)
    trainer.trainer_mode = "sync"
    trainer._add_prompts_to_generate = None
    assert type(trainer._build_replay_buffer()).__name__ == "ReplayBuffer"


# The whole command


@pytest.fixture
def good(tmp_path: Path) -> list[str]:
    """A command without fault."""
    row = {
        "data_source": "openai/gsm8k",
        "prompt": [{"role": "user", "content": "2+2?"}],
        "reward_model": {"style": "rule", "ground_truth": "4"},
    }
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for _ in range(8)))
    reward = tmp_path / "reward.py"
    reward.write_text(
        "def compute_score(data_source, solution_str, ground_truth, extra_info=None):\n"
        "    return 1.0\n"
    )
    return [
        "algorithm.adv_estimator=grpo",
        f"data.train_files={data}",
        f"data.val_files={data}",
        "data.train_batch_size=8",
        "actor_rollout_ref.model.path=Qwen/Qwen2.5-0.5B",
        "actor_rollout_ref.actor.ppo_mini_batch_size=4",
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=4",
        "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=4",
        "actor_rollout_ref.rollout.name=vllm",
        "actor_rollout_ref.rollout.n=8",
        f"reward.custom_reward_function.path={reward}",
        "trainer.logger=[console]",
    ]


def test_a_good_command_is_left_alone(good: list[str]) -> None:
    examined = check_verl(["python3", "-m", "verl.trainer.main_ppo", *good])
    assert examined.findings == []
    assert "composed by Hydra" in examined.against


def test_an_unknown_key_has_hydras_own_words_and_the_nearest(good: list[str]) -> None:
    (found,) = check_verl([*good, "data.train_batchsize=3"]).findings
    assert (found.level, found.key) == (Level.ERROR, "data.train_batchsize")
    assert "Could not override 'data.train_batchsize'" in found.what
    assert found.instead.startswith("data.train_batch_size=3")


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("reward_model.overlong_buffer.len=9", "+reward.reward_kwargs.overlong_buffer_cfg.len=9"),
        ("reward_model.strategy=fsdp", ""),
        (
            "critic.model.fsdp_config.param_offload=False",
            "critic.fsdp.param_offload=False",
        ),
    ],
)
def test_an_old_key_that_is_refused_has_the_new_one(
    good: list[str], word: str, instead: str
) -> None:
    (found,) = [
        one for one in check_verl([*good, word]).findings if one.key == word.partition("=")[0]
    ]
    assert (found.level, found.instead) == (Level.ERROR, instead)
    assert "Hydra refuses it" in found.what
    if instead.startswith("critic"):
        composed(instead)


def test_a_key_of_ones_own_needs_a_plus(good: list[str]) -> None:
    key = "reward.custom_reward_function.reward_kwargs.weight"
    (found,) = check_verl([*good, f"{key}=0.5"]).findings
    assert found.instead == f"+{key}=0.5"
    # With it, it reaches the function, which doesn't know it.
    (found,) = check_verl([*good, f"+{key}=0.5"]).findings
    assert "unexpected keyword argument 'weight'" in found.what


def test_a_plus_too_many_is_refused(good: list[str]) -> None:
    (found,) = check_verl([*good, "+trainer.nnodes=1"]).findings
    assert "An item is already at 'trainer.nnodes'" in found.what


def test_all_rows_are_told_at_once(config: DictConfig) -> None:
    words = ["critic.model.path=Qwen/Qwen2.5-0.5B"]
    words += [f"++{row.key}=7" for row in UNREAD if not has_children(config, row.key)]
    keys = {one.key for one in check_verl(words).findings if one.what.startswith("nothing reads")}
    assert keys == {row.key for row in UNREAD if not has_children(config, row.key)}


def has_children(config: DictConfig, key: str) -> bool:
    return isinstance(OmegaConf.select(config, key), DictConfig)


def test_values_below_megatron_come_from_its_configuration() -> None:
    examined = check_verl(["model_engine=megatron"])
    assert not [one for one in examined.findings if one.key == "model_engine"]


def test_a_configuration_that_isnt_there() -> None:
    (found, *_) = check_verl(["--config-name", "no_such_trainer"]).findings
    assert (found.level, found.key) == (Level.ERROR, "no_such_trainer")


def test_words_that_hydra_cant_read(good: list[str]) -> None:
    (found,) = check_verl([*good, "trainer.project_name=[a,"]).findings
    assert (found.level, found.key) == (Level.ERROR, "trainer.project_name")


def test_a_key_that_is_taken_away() -> None:
    assert [
        one for one in check_verl(["~data.shuffle"]).findings if one.key == "data.shuffle"
    ] == []


def test_validation_agrees(config: DictConfig) -> None:
    """What the doctor calls an error of batches, verl's own check refuses."""
    actor = "actor_rollout_ref.actor"
    settled = settled_by(ACTOR_SIZE, f"{actor}.ppo_mini_batch_size=2000").actor_rollout_ref.actor
    found = omega_conf_to_dataclass(settled)
    with pytest.raises(ValueError, match="must be >="):
        found.validate(8, 1024, SimpleNamespace(get=lambda *_: False))
    with pytest.raises(Exception, match="Invalid loss_agg_mode"):
        omega_conf_to_dataclass(
            settled_by(ACTOR_SIZE, f"{actor}.loss_agg_mode=mean").actor_rollout_ref.actor
        )
    with pytest.raises(Exception, match="Please set at least one"):
        omega_conf_to_dataclass(config.actor_rollout_ref.actor)
