"""What verl 0.9.1 accepts and doesn't heed: keys that moved, that nobody reads, that wait.

Hydra refuses a key that the configuration doesn't have. It cannot know that nobody reads one: verl
keeps old keys for its migration, which `main_ppo` no longer calls, and keys of its former trainer,
which the present one (``trainer.use_v1``) leaves alone. Each row here is proved against the package
by tests/contract/test_verl_doctor_keys.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "DEFAULTS",
    "GONE_MANAGERS",
    "IDLE",
    "MOVED",
    "UNREAD",
    "VERSION",
    "Idle",
    "Unread",
]

VERSION = "0.9.1"
"""The version of verl that the tables are about."""

_ROLLOUT_KEYS = (
    "cudagraph_capture_sizes",
    "data_parallel_size",
    "disable_log_stats",
    "dtype",
    "enable_chunked_prefill",
    "enable_prefix_caching",
    "enforce_eager",
    "engine_kwargs",
    "expert_parallel_size",
    "free_cache_engine",
    "gpu_memory_utilization",
    "limit_images",
    "load_format",
    "max_model_len",
    "max_num_batched_tokens",
    "max_num_seqs",
    "name",
    "prompt_length",
    "response_length",
    "skip_tokenizer_init",
    "tensor_model_parallel_size",
)

MOVED: Mapping[str, str] = MappingProxyType(
    {
        "custom_reward_function.path": "reward.custom_reward_function.path",
        "custom_reward_function.name": "reward.custom_reward_function.name",
        "custom_reward_function.reward_kwargs": "reward.custom_reward_function.reward_kwargs",
        "reward_model.reward_manager": "reward.reward_manager.name",
        "reward_model.num_workers": "reward.num_workers",
        "reward_model.reward_kwargs": "reward.reward_kwargs",
        "reward_model.overlong_buffer": "reward.reward_kwargs.overlong_buffer_cfg",
        "reward_model.enable": "reward.reward_model.enable",
        "reward_model.enable_resource_pool": "reward.reward_model.enable_resource_pool",
        "reward_model.n_gpus_per_node": "reward.reward_model.n_gpus_per_node",
        "reward_model.nnodes": "reward.reward_model.nnodes",
        "reward_model.model.path": "reward.reward_model.model_path",
        "reward_model.reward_loop_source": "reward.reward_manager.source",
        "reward_model.reward_loop_module_path": "reward.reward_manager.module.path",
        "reward_model.reward_loop_class_name": "reward.reward_manager.name",
        "sandbox_fusion.url": "reward.sandbox_fusion.url",
        "sandbox_fusion.max_concurrent": "reward.sandbox_fusion.max_concurrent",
        "sandbox_fusion.memory_limit_mb": "reward.sandbox_fusion.memory_limit_mb",
        **{
            f"reward_model.rollout.{one}": f"reward.reward_model.rollout.{one}"
            for one in _ROLLOUT_KEYS
        },
    }
)
"""Old keys that Hydra accepts, `main_ppo` never reads, and where they are now."""

GONE_MANAGERS = ("batch", "prime")
"""Reward managers that lie in verl, but that nobody can choose any more."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A key that is accepted and changes nothing.

    Attributes:
        key: The key; what lies below it is meant, too.
        why: What happens instead.
        instead: What to write; empty where nothing does it.
        unless: Keys that do what this one doesn't: with one of them nothing is said.
    """

    key: str
    why: str
    instead: str = ""
    unless: tuple[str, ...] = ()


_ACTOR = "actor_rollout_ref.actor"
_ROLLOUT = "actor_rollout_ref.rollout"
_BY_TOKENS = (
    "+critic.ppo_infer_max_token_len_per_gpu=TOKENS, or +critic.fsdp.use_dynamic_bsz=False "
    "+critic.fsdp.micro_batch_size_per_gpu=N +critic.fsdp.infer_micro_batch_size_per_gpu=N"
)
_CRITIC_SIZES = ("critic.ppo_infer_max_token_len_per_gpu", "critic.fsdp.micro_batch_size_per_gpu")

UNREAD: tuple[Unread, ...] = (
    Unread(
        f"{_ACTOR}.grad_clip",
        "the norm is clipped at optim.clip_grad (1.0)",
        f"{_ACTOR}.optim.clip_grad=X",
    ),
    Unread(
        "critic.grad_clip",
        "the norm is clipped at optim.clip_grad (1.0)",
        "critic.optim.clip_grad=X",
    ),
    Unread(
        "critic.ppo_micro_batch_size_per_gpu",
        "verl demands it, and the critic's engine packs up to 32,768 tokens all the same",
        _BY_TOKENS,
        unless=_CRITIC_SIZES,
    ),
    Unread(
        "critic.use_dynamic_bsz",
        "the critic's engine always packs by tokens unless its own key says otherwise",
        "+critic.fsdp.use_dynamic_bsz=False",
        unless=("critic.fsdp.use_dynamic_bsz",),
    ),
    Unread(
        "critic.ppo_max_token_len_per_gpu",
        "training takes ppo_infer_max_token_len_per_gpu (32,768)",
        "+critic.ppo_infer_max_token_len_per_gpu=TOKENS",
        unless=("critic.ppo_infer_max_token_len_per_gpu",),
    ),
    Unread(
        "critic.forward_max_token_len_per_gpu",
        "the forward pass takes ppo_infer_max_token_len_per_gpu (32,768)",
        "+critic.ppo_infer_max_token_len_per_gpu=TOKENS",
        unless=("critic.ppo_infer_max_token_len_per_gpu",),
    ),
    Unread(
        "critic.forward_micro_batch_size_per_gpu",
        "the forward pass packs by tokens",
        _BY_TOKENS,
        unless=_CRITIC_SIZES,
    ),
    Unread("critic.forward_micro_batch_size", "the forward pass packs by tokens", _BY_TOKENS),
    Unread(f"{_ACTOR}.freeze_vision_tower", "nothing is frozen"),
    Unread(f"{_ACTOR}.use_prefix_grouper", "only the former trainer groups prefixes"),
    Unread(f"{_ACTOR}.calculate_sum_pi_squared", "only the former trainer has them summed"),
    Unread("actor_rollout_ref.model.tiled_mlp", "no engine tiles its MLPs"),
    Unread("critic.model.tiled_mlp", "no engine tiles its MLPs"),
    Unread("actor_rollout_ref.nccl_timeout", "process groups keep their own timeout"),
    Unread(
        f"{_ROLLOUT}.do_sample",
        "sampling goes by the temperature alone",
        f"{_ROLLOUT}.temperature=0 for greedy responses",
    ),
    Unread(
        f"{_ROLLOUT}.val_kwargs.do_sample",
        "validation goes by val_kwargs.temperature alone, which is 0 (greedy) if not set",
        f"{_ROLLOUT}.val_kwargs.temperature=T",
        unless=(f"{_ROLLOUT}.val_kwargs.temperature",),
    ),
    Unread(f"{_ROLLOUT}.over_sample_rate", "no request is sent beyond what is needed"),
    Unread(f"{_ROLLOUT}.multi_stage_wake_up", "engines wake up in one go"),
    Unread(f"{_ROLLOUT}.multi_turn.num_repeat_rollouts", "nothing is repeated", f"{_ROLLOUT}.n=N"),
    Unread(
        "data.reward_fn_key",
        "reward managers read the column data_source by that name",
        "rename the column to data_source",
    ),
    Unread(
        "data.truncation",
        "a prompt that is too long loses its beginning, whatever this says",
        "data.filter_overlong_prompts=True to leave such prompts out",
        unless=("data.filter_overlong_prompts",),
    ),
    Unread(
        "data.tokenizer", "the tokenizer is the model's", "actor_rollout_ref.model.tokenizer_path=X"
    ),
    Unread(
        "data.trust_remote_code",
        "the model's own key decides",
        "actor_rollout_ref.model.trust_remote_code=True",
        unless=("actor_rollout_ref.model.trust_remote_code",),
    ),
    Unread("data.return_raw_input_ids", "rows keep their messages"),
    Unread("data.return_raw_chat", "rows always keep their messages"),
    Unread("data.return_full_prompt", "rows keep their messages"),
    Unread(
        "algorithm.filter_groups.max_num_gen_batches",
        "groups are drawn until the batch is full, however long that takes",
        "algorithm.filter_groups.max_inflight_gen_batches=N bounds what is drawn at once",
    ),
    Unread("algorithm.use_pf_ppo", "only the former trainer weighs samples anew"),
    Unread("algorithm.pf_ppo", "only the former trainer weighs samples anew"),
    Unread("trainer.balance_batch", "batches are always balanced by tokens"),
    Unread("trainer.esi_redundant_time", "only the former trainer saves before a lease ends"),
    Unread("trainer.ray_wait_register_center_timeout", "workers wait 300 s"),
    Unread(
        "reward.reward_manager.module.name",
        "the class is named by reward_manager.name",
        "reward.reward_manager.name=CLASS",
    ),
)
"""Keys of the present configuration that nothing reads when `main_ppo` trains."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A key that is read only where another has a certain value.

    Attributes:
        key: The key; what lies below it is meant, too.
        on: The other key.
        values: Its values with which the key is read.
        why: What happens with another value.
    """

    key: str
    on: str
    values: tuple[object, ...]
    why: str


_KL_LOSS = f"{_ACTOR}.use_kl_loss"
_KL_REWARD = "algorithm.use_kl_in_reward"
_LOSS = f"{_ACTOR}.policy_loss.loss_mode"
_MODE = "trainer.v1.trainer_mode"

IDLE: tuple[Idle, ...] = (
    Idle(f"{_ACTOR}.kl_loss_coef", _KL_LOSS, (True,), "the loss has no KL term"),
    Idle(f"{_ACTOR}.kl_loss_type", _KL_LOSS, (True,), "the loss has no KL term"),
    Idle("algorithm.kl_ctrl", _KL_REWARD, (True,), "the reward has no KL term"),
    Idle("algorithm.kl_penalty", _KL_REWARD, (True,), "the reward has no KL term"),
    Idle("algorithm.lam", "algorithm.adv_estimator", ("gae",), "only GAE has a lambda"),
    Idle(
        "algorithm.filter_groups.metric",
        "algorithm.filter_groups.enable",
        (True,),
        "groups aren't filtered",
    ),
    Idle(
        "algorithm.filter_groups.max_inflight_gen_batches",
        "algorithm.filter_groups.enable",
        (True,),
        "groups aren't filtered",
    ),
    Idle(
        f"{_ACTOR}.loss_scale_factor",
        f"{_ACTOR}.loss_agg_mode",
        ("seq-mean-token-sum-norm",),
        "other modes of aggregation have no factor",
    ),
    Idle(f"{_ACTOR}.tau_pos", _LOSS, ("sapo",), "only SAPO's loss has it"),
    Idle(f"{_ACTOR}.tau_neg", _LOSS, ("sapo",), "only SAPO's loss has it"),
    Idle("trainer.v1.colocate_async", _MODE, ("colocate_async",), "another trainer runs"),
    Idle("trainer.v1.separate_async", _MODE, ("separate_async",), "another trainer runs"),
)
"""Keys that wait for another key."""

DEFAULTS: Mapping[str, object] = MappingProxyType(
    {
        f"{_ACTOR}.clip_ratio": 0.2,
        f"{_ACTOR}.clip_ratio_c": 3.0,
        f"{_ACTOR}.clip_ratio_high": 0.2,
        f"{_ACTOR}.clip_ratio_low": 0.2,
        f"{_ACTOR}.loss_agg_mode": "token-mean",
        f"{_ACTOR}.optim.lr_scheduler_type": "constant",
        f"{_ACTOR}.policy_loss.loss_mode": "vanilla",
        f"{_ACTOR}.ppo_max_token_len_per_gpu": 16384,
        f"{_ACTOR}.ppo_micro_batch_size": None,
        f"{_ACTOR}.ppo_micro_batch_size_per_gpu": None,
        f"{_ACTOR}.ppo_mini_batch_size": 256,
        f"{_ACTOR}.strategy": "fsdp",
        f"{_ACTOR}.ulysses_sequence_parallel_size": 1,
        f"{_ACTOR}.use_dynamic_bsz": False,
        f"{_ACTOR}.use_kl_loss": False,
        "actor_rollout_ref.ref.log_prob_micro_batch_size": None,
        "actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu": None,
        "actor_rollout_ref.model.path": "~/models/deepseek-llm-7b-chat",
        f"{_ROLLOUT}.agent.agent_loop_config_path": None,
        f"{_ROLLOUT}.agent.default_agent_loop": "single_turn_agent",
        f"{_ROLLOUT}.log_prob_micro_batch_size": None,
        f"{_ROLLOUT}.log_prob_micro_batch_size_per_gpu": None,
        f"{_ROLLOUT}.max_model_len": None,
        f"{_ROLLOUT}.n": 1,
        f"{_ROLLOUT}.temperature": 1.0,
        f"{_ROLLOUT}.tensor_model_parallel_size": 2,
        f"{_ROLLOUT}.val_kwargs.n": 1,
        f"{_ROLLOUT}.val_kwargs.temperature": 0,
        "algorithm.adv_estimator": "gae",
        "algorithm.filter_groups.enable": False,
        "algorithm.filter_groups.metric": "reward",
        "algorithm.use_kl_in_reward": False,
        "critic.enable": None,
        "critic.model.path": "~/models/deepseek-llm-7b-chat",
        "critic.ppo_micro_batch_size": None,
        "critic.ppo_micro_batch_size_per_gpu": None,
        "data.max_prompt_length": 512,
        "data.max_response_length": 512,
        "data.prompt_key": "prompt",
        "data.train_batch_size": 1024,
        "data.train_files": "~/data/rlhf/gsm8k/train.parquet",
        "data.train_max_samples": -1,
        "data.val_files": "~/data/rlhf/gsm8k/test.parquet",
        "reward.custom_reward_function.name": "compute_score",
        "reward.custom_reward_function.path": None,
        "reward.num_workers": 8,
        "reward.reward_manager.module.path": None,
        "reward.reward_manager.name": "naive",
        "reward.reward_manager.source": "register",
        "reward.reward_model.enable": False,
        "reward.reward_model.enable_resource_pool": False,
        "trainer.logger": ("console", "wandb"),
        "trainer.n_gpus_per_node": 8,
        "trainer.nnodes": 1,
        "trainer.use_v1": True,
        "trainer.v1.sampler.custom_sampler.name": None,
        "trainer.v1.sampler.custom_sampler.path": None,
        "trainer.v1.trainer_mode": "sync",
    }
)
"""What the checks look at, where a command doesn't set it and verl isn't there to ask."""
