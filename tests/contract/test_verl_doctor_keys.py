"""The doctor's tables of verl's keys held against verl itself: each row is proved."""

from __future__ import annotations

import ast
import inspect
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import verl_source`

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import torch
    from omegaconf import DictConfig, OmegaConf
    from verl.experimental.reward_loop.reward_loop import migrate_legacy_reward_impl
    from verl.experimental.reward_loop.reward_manager.registry import REWARD_MANAGER
    from verl.trainer.ppo import core_algos
    from verl.trainer.ppo.reward import get_custom_reward_fn, resolve_reward_manager_cls
    from verl.utils.config import omega_conf_to_dataclass
    from verl_source import (
        ACTOR_SIZE,
        ROOT,
        base,
        composed,
        has,
        owner,
        readers,
        settled_by,
        sources,
    )

from pyverify.integrations.doctor import verl_training
from pyverify.integrations.verl.overrides import IDLE, MOVED, UNREAD

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def config() -> DictConfig:
    return base()


@pytest.fixture(scope="module", name="readers")
def _readers() -> Mapping[str, set[str]]:
    return readers()


# Old keys


# Of DAPO's former scripts; the migration knows it below reward_kwargs.
NEVER_MIGRATED = {"reward_model.overlong_buffer"}


def test_old_keys_are_where_verls_own_migration_puts_them(config: DictConfig) -> None:
    values = {old: str(number) for number, old in enumerate(MOVED, start=100)}
    values["reward_model.reward_kwargs"] = values["custom_reward_function.reward_kwargs"] = "{a: 1}"
    words = [f"{'' if has(config, old) else '+'}{old}={value}" for old, value in values.items()]
    settled = composed(*words)
    expected = {old: OmegaConf.select(settled, old) for old in MOVED}
    for old, new in MOVED.items():
        assert OmegaConf.select(settled, new) != expected[old], "Hydra alone puts it nowhere"
    migrated = migrate_legacy_reward_impl(settled)
    # The migration writes a key that nobody reads; the class is taken by reward_manager.name.
    name = "reward_model.reward_loop_class_name"
    assert migrated.reward.reward_manager.module.name == expected[name]
    for old in MOVED.keys() - NEVER_MIGRATED - {name}:
        assert OmegaConf.select(migrated, MOVED[old]) == expected[old], old


def test_nothing_that_main_ppo_runs_migrates_old_keys() -> None:
    calls = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "migrate_legacy_reward_impl"
    }
    assert calls == set()


def test_an_old_function_and_an_old_manager_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "reward.py"
    file.write_text("def compute_score(**kwargs):\n    return 1.0\n")
    settled = settled_by(f"custom_reward_function.path={file}", "reward_model.reward_manager=dapo")
    assert get_custom_reward_fn(settled) is None
    assert resolve_reward_manager_cls(settled) is REWARD_MANAGER["naive"]
    settled = settled_by(
        f"reward.custom_reward_function.path={file}", "reward.reward_manager.name=dapo"
    )
    assert get_custom_reward_fn(settled)() == 1.0
    assert resolve_reward_manager_cls(settled) is REWARD_MANAGER["dapo"]


# Keys that nobody reads

# The word of a key, where others read another key of the same name.
NAMESAKES = {
    # An optimizer's own, deprecated there; ActorConfig and CriticConfig don't hand theirs on.
    "grad_clip": {"workers/config/optimizer.py"},
    # Of the actor, and of engines; the critic has tests of its own below.
    "ppo_micro_batch_size_per_gpu": None,
    "use_dynamic_bsz": None,
    "ppo_max_token_len_per_gpu": {"workers/engine_workers.py"},
    # Validation asserts that a temperature is above 0 with it.
    "do_sample": {"utils/config.py"},
    # The dataset keeps them and looks no more; see below.
    "truncation": {"utils/dataset/rl_dataset.py"},
    "return_raw_chat": {"utils/dataset/rl_dataset.py"},
    "return_full_prompt": {"utils/dataset/rl_dataset.py"},
    # Of models.
    "tokenizer": None,
    "trust_remote_code": None,
    # Words of many things.
    "name": None,
    "enabled": None,
    # Read to say that it is ignored; see below.
    "max_num_gen_batches": {"trainer/ppo/v1/trainer_base.py"},
}


@pytest.mark.parametrize("key", [row.key for row in UNREAD])
def test_nothing_reads_it(key: str, config: DictConfig, readers: Mapping[str, set[str]]) -> None:
    assert has(config, key), "Hydra accepts it"
    node = OmegaConf.select(config, key)
    words = [str(one) for one in node] if isinstance(node, DictConfig) else [key.rpartition(".")[2]]
    for word in words:
        allowed = NAMESAKES.get(word, set())
        if allowed is not None:
            assert readers.get(word, set()) <= allowed


# Handed over as they are, to packages that know them.
HANDED_OVER = (
    "actor_rollout_ref.actor.fsdp_config.turbo_config",
    "actor_rollout_ref.actor.megatron",
    "actor_rollout_ref.model.lora",
    "actor_rollout_ref.ref.fsdp_config.turbo_config",
    "critic.fsdp.turbo_config",
    "critic.model.lora",
    "global_profiler.global_tool_config",
    "ray_kwargs.ray_init",
    "transfer_queue.backend",
)
# What only the dataclasses read that are filled with it, or other keys take their value from.
TAKEN_ELSEWHERE = {
    "actor_rollout_ref.actor.optim.warmup_style",
    "actor_rollout_ref.actor.ppo_micro_batch_size",
    "actor_rollout_ref.model.external_lib",
    "critic.model.external_lib",
    "critic.optim.warmup_style",
    "critic.ppo_micro_batch_size",
    "data.max_response_length",
    # As the rollout's own, which is in the table; a reward model's is left out there.
    "reward.reward_model.rollout.multi_stage_wake_up",
}


def test_no_other_key_is_unread(config: DictConfig, readers: Mapping[str, set[str]]) -> None:
    """What a version of verl stops reading belongs into the table."""
    told = (*(row.key for row in UNREAD), *MOVED, *HANDED_OVER, "reward_model.")
    unread = set()
    for key in leaves(OmegaConf.to_container(config)):
        last = key.rpartition(".")[2]
        where = {one for one in readers.get(last, ()) if not one.startswith("workers/config/")}
        if not where and last != "_target_" and not key.startswith(told):
            unread.add(key)
    assert unread == TAKEN_ELSEWHERE


def leaves(node: object, path: str = "") -> Iterator[str]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path


@pytest.mark.parametrize("word", ["truncation", "return_raw_chat", "return_full_prompt"])
def test_the_dataset_keeps_it_and_never_looks(word: str) -> None:
    tree = ast.parse((ROOT / "utils/dataset/rl_dataset.py").read_text(encoding="utf-8"))
    loads = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == word and isinstance(node.ctx, ast.Load)
    ]
    assert loads == []


def test_the_keys_of_data_that_belong_to_models_arent_read() -> None:
    tree = ast.parse((ROOT / "utils/dataset/rl_dataset.py").read_text(encoding="utf-8"))
    asked = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "config.get"
        and isinstance(node.args[0], ast.Constant)
    }
    assert "prompt_key" in asked
    assert not {"tokenizer", "trust_remote_code", "reward_fn_key"} & asked
    read = {
        node.attr
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("config.data")
    }
    assert "train_files" in read
    assert not {"tokenizer", "trust_remote_code"} & read


@pytest.fixture(scope="module")
def critic_reads() -> set[str]:
    """What of the critic's configuration the trainer reads."""
    found = set()
    for name, tree in sources():
        if not name.startswith("trainer/ppo/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = ast.unparse(node.value)
                if owner == "critic_cfg" or owner.endswith("config.critic"):
                    found.add(node.attr)
    return found


def test_the_critics_sizes_arent_read(critic_reads: set[str]) -> None:
    assert {"ppo_mini_batch_size", "ppo_infer_max_token_len_per_gpu"} <= critic_reads
    unread = {row.key.removeprefix("critic.") for row in UNREAD if row.key.startswith("critic.")}
    assert not unread & critic_reads
    worker = (ROOT / "workers/engine_workers.py").read_text(encoding="utf-8")
    assert "config.critic" not in worker


def critic(*words: str) -> object:
    settled = settled_by(*words).critic
    del settled.model
    return omega_conf_to_dataclass(settled)


def test_the_critics_engine_packs_by_tokens_whatever_the_critic_says() -> None:
    size = "critic.ppo_micro_batch_size_per_gpu=4"
    found = critic(size, "critic.use_dynamic_bsz=False", "critic.grad_clip=0.5")
    assert (found.use_dynamic_bsz, found.ppo_micro_batch_size_per_gpu) == (False, 4)
    assert (found.engine.use_dynamic_bsz, found.engine.micro_batch_size_per_gpu) == (True, None)
    assert found.ppo_infer_max_token_len_per_gpu == 32768
    assert found.optim.clip_grad == 1.0
    found = critic(
        size,
        "+critic.fsdp.use_dynamic_bsz=False",
        "+critic.fsdp.micro_batch_size_per_gpu=4",
        "+critic.fsdp.infer_micro_batch_size_per_gpu=4",
        "+critic.ppo_infer_max_token_len_per_gpu=9000",
        "critic.optim.clip_grad=0.5",
    )
    engine = found.engine
    assert (engine.use_dynamic_bsz, engine.micro_batch_size_per_gpu) == (False, 4)
    assert engine.infer_micro_batch_size_per_gpu == 4
    assert found.ppo_infer_max_token_len_per_gpu == 9000
    assert found.optim.clip_grad == 0.5


def test_both_micro_batch_sizes_of_the_critic_are_refused() -> None:
    with pytest.raises(Exception, match="You have set both"):
        critic("critic.ppo_micro_batch_size=4")


def test_the_actors_norm_is_the_optimizers() -> None:
    words = ("actor_rollout_ref.actor.grad_clip=0.5", ACTOR_SIZE)
    found = omega_conf_to_dataclass(settled_by(*words).actor_rollout_ref.actor)
    assert found.optim.clip_grad == 1.0


# Keys that wait for another


def test_a_filter_that_is_off_has_no_metric() -> None:
    words = ["algorithm.filter_groups.metric=acc", "algorithm.filter_groups.max_num_gen_batches=4"]
    assert owner(settled_by(*words))._resolve_filter_groups_metric() is None
    on = settled_by(*words, "algorithm.filter_groups.enable=True")
    assert owner(on)._resolve_filter_groups_metric() == "acc"


def test_max_num_gen_batches_is_ignored(caplog: pytest.LogCaptureFixture) -> None:
    on = settled_by(
        "algorithm.filter_groups.enable=True", "algorithm.filter_groups.max_num_gen_batches=4"
    )
    with caplog.at_level("WARNING", logger="verl.trainer.ppo.v1.trainer_base"):
        owner(on)._resolve_filter_groups_metric()
    assert "is ignored" in caplog.text


def test_a_model_of_rewards_on_the_trainers_gpus_is_too_late_for_a_filter() -> None:
    on = settled_by("algorithm.filter_groups.enable=True", "reward.reward_model.enable=True")
    with pytest.raises(AssertionError, match="enable_resource_pool"):
        owner(on)._resolve_filter_groups_metric()


def within(file: str, word: str, condition: str) -> bool:
    """Whether a file reads a word only where a condition is asked."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and condition in ast.unparse(node.test):
            inside.update(one for statement in node.body for one in ast.walk(statement))
    reads = [one for one in ast.walk(tree) if isinstance(one, ast.Attribute) and one.attr == word]
    return bool(reads) and all(one in inside for one in reads)


@pytest.mark.parametrize(
    ("file", "word", "condition"),
    [
        ("workers/utils/losses.py", "kl_loss_coef", "use_kl_loss"),
        ("workers/utils/losses.py", "kl_loss_type", "use_kl_loss"),
        ("trainer/ppo/v1/trainer_base.py", "kl_ctrl", "use_kl_in_reward"),
        ("trainer/ppo/v1/trainer_base.py", "kl_penalty", "use_kl_in_reward"),
    ],
)
def test_kl_keys_are_read_only_with_kl(file: str, word: str, condition: str) -> None:
    assert within(file, word, condition)


def test_only_gae_has_a_lambda() -> None:
    with_lambda = {
        name
        for name, function in core_algos.ADV_ESTIMATOR_REGISTRY.items()
        if "lam" in inspect.signature(function).parameters
    }
    assert with_lambda == {"gae"}


@pytest.mark.parametrize("mode", verl_training._AGGREGATIONS)
def test_the_factor_counts_in_one_mode(mode: str) -> None:
    losses, mask = torch.arange(6.0).reshape(2, 3), torch.ones(2, 3)
    one, two = (
        core_algos.agg_loss(losses, mask, mode, loss_scale_factor=factor).item()
        for factor in (3, 7)
    )
    assert (one != two) is (mode == "seq-mean-token-sum-norm")


def test_only_sapo_has_a_tau() -> None:
    with_tau = {
        name
        for name, function in core_algos.POLICY_LOSS_REGISTRY.items()
        if "tau_pos" in inspect.getsource(function)
    }
    assert with_tau == {"sapo"}


@pytest.mark.parametrize("row", IDLE, ids=lambda row: row.key)
def test_hydra_accepts_both_keys(row: object, config: DictConfig) -> None:
    assert has(config, row.key)
    assert has(config, row.on)
    assert OmegaConf.select(config, row.on) not in row.values or row.on == "algorithm.adv_estimator"
