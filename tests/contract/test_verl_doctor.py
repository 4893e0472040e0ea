"""`pyverify doctor --verl` held against verl itself: each row of its tables is proved."""

from __future__ import annotations

import ast
import asyncio
import copy
import inspect
import json
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

with warnings.catch_warnings():
    # verl imports what its friends have deprecated.
    warnings.simplefilter("ignore")
    pytest.importorskip("verl", reason="verl is not installed")

    import numpy as np
    import torch
    import verl
    from hydra import compose, initialize_config_module
    from omegaconf import DictConfig, OmegaConf
    from verl.experimental.reward_loop.reward_loop import migrate_legacy_reward_impl
    from verl.experimental.reward_loop.reward_manager.registry import REWARD_MANAGER
    from verl.protocol import DataProto
    from verl.trainer.ppo import core_algos
    from verl.trainer.ppo.reward import get_custom_reward_fn, resolve_reward_manager_cls
    from verl.trainer.ppo.utils import need_critic, need_reference_policy
    from verl.trainer.ppo.v1 import get_trainer_cls
    from verl.trainer.ppo.v1.trainer_base import PPOTrainer
    from verl.trainer.ppo.v1.utils import compute_advantage_for_multi_trajectories
    from verl.utils.config import omega_conf_to_dataclass
    from verl.utils.reward_score import default_compute_score
    from verl.utils.tracking import Tracking
    from verl.workers.config import FSDPOptimizerConfig

from pyverify.integrations.doctor import Level, check_verl, verl_data, verl_reward, verl_training
from pyverify.integrations.verl.overrides import DEFAULTS, IDLE, MOVED, UNREAD

pytestmark = pytest.mark.filterwarnings("ignore")

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


@pytest.fixture(scope="module")
def config() -> DictConfig:
    return base()


@cache
def sources() -> list[tuple[str, ast.Module]]:
    files = {str(file.relative_to(ROOT)): file for file in sorted(ROOT.rglob("*.py"))}
    return [
        (name, ast.parse(file.read_text(encoding="utf-8")))
        for name, file in files.items()
        if not name.startswith(OTHERS)
    ]


@pytest.fixture(scope="module")
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


ACTOR = "actor_rollout_ref.actor"
ACTOR_SIZE = f"{ACTOR}.ppo_micro_batch_size_per_gpu=4"


# Keys that wait for another


def owner(config: DictConfig) -> PPOTrainer:
    trainer = PPOTrainer.__new__(get_trainer_cls("sync"))
    trainer.config = config
    return trainer


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
