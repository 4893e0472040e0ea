"""DAPO in verl (https://arxiv.org/abs/2503.14476): clip-higher, dynamic sampling, overlong shaping.

    python dapo.py --model MODEL --train train.parquet --val aime.parquet --output runs/dapo
    python dapo.py --smoke                     # how far verl gets without a GPU
    python dapo.py trainer.nnodes=16           # any key of verl's configuration

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_verl import launch

MODEL = "Qwen/Qwen2.5-32B"
TRAIN = ["data/dapo-math-17k.parquet"]
VAL = ["data/aime-2024.parquet"]
OUTPUT = "runs/dapo"

# 1 or -1, and up to -1 more in the last 4096 of 20480 tokens: `pyverify rewards dapo`. The manager
# brings the lengths; a reward function of verl's would not see them.
REWARD = "dapo"

SETTINGS = {
    # A response is compared with the others of its prompt: no critic, and no KL term.
    "algorithm.adv_estimator": "grpo",
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    # Clip-higher: unlikely tokens may gain more than they may lose.
    "actor_rollout_ref.actor.clip_ratio_low": 0.2,
    "actor_rollout_ref.actor.clip_ratio_high": 0.28,
    # Each token counts the same, however long its response is.
    "actor_rollout_ref.actor.loss_agg_mode": "token-mean",
    # Dynamic sampling: prompts that are always or never solved are replaced by others. The metric
    # is whether the answer is right; with the reward's own, lengths alone would keep a group.
    "algorithm.filter_groups.enable": True,
    "algorithm.filter_groups.metric": "acc",
    # Three batches of prompts are under way at once, as many as the paper draws for one.
    "algorithm.filter_groups.max_inflight_gen_batches": 3,
    # 512 prompts x 16 responses a step, in 16 updates.
    "data.train_batch_size": 512,
    "actor_rollout_ref.rollout.n": 16,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 32,
    # By tokens, not by rows: responses are of very different lengths.
    "actor_rollout_ref.actor.use_dynamic_bsz": True,
    # Four GPUs share a sequence, so that this is a sequence at its longest.
    "actor_rollout_ref.actor.ulysses_sequence_parallel_size": 4,
    "actor_rollout_ref.actor.ppo_max_token_len_per_gpu": 5632,
    "actor_rollout_ref.actor.optim.lr": 1e-6,
    "actor_rollout_ref.actor.optim.lr_warmup_steps": 10,
    "actor_rollout_ref.actor.optim.weight_decay": 0.1,
    # The loss has no entropy term, and gradients are clipped at 1: verl's own defaults.
    "data.max_prompt_length": 2048,
    "data.max_response_length": 20480,
    "data.filter_overlong_prompts": True,
    "actor_rollout_ref.rollout.name": "vllm",
    # 32 billion parameters beside the training state.
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 4,
    "actor_rollout_ref.rollout.gpu_memory_utilization": 0.8,
    "actor_rollout_ref.actor.fsdp_config.param_offload": True,
    "actor_rollout_ref.actor.fsdp_config.optimizer_offload": True,
    # AIME's 30 problems, 32 responses each, sampled: one answer each would be luck.
    "actor_rollout_ref.rollout.val_kwargs.n": 32,
    "actor_rollout_ref.rollout.val_kwargs.do_sample": True,
    "actor_rollout_ref.rollout.val_kwargs.temperature": 1.0,
    "actor_rollout_ref.rollout.val_kwargs.top_p": 0.7,
    "trainer.nnodes": 16,
    "trainer.total_epochs": 10,
    "trainer.test_freq": 5,
    "trainer.save_freq": 5,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
