"""GSPO in verl (https://arxiv.org/abs/2507.18071): ratios of whole sequences, clipped as such.

    python gspo.py --model MODEL --train train.parquet --val test.parquet --output runs/gspo
    python gspo.py --smoke                     # how far verl gets without a GPU
    python gspo.py trainer.total_epochs=3      # any key of verl's configuration

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_verl import launch

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.parquet"]
VAL = ["data/test.parquet"]
OUTPUT = "runs/gspo"

# 1 for a right answer.
REWARD = "correctness"

SETTINGS = {
    "algorithm.adv_estimator": "grpo",
    # A sequence's ratio is the geometric mean of its tokens' ratios, one for all of them.
    "actor_rollout_ref.actor.policy_loss.loss_mode": "gspo",
    # Each sequence counts the same, as its ratio does; verl's default weighs tokens.
    "actor_rollout_ref.actor.loss_agg_mode": "seq-mean-token-mean",
    # The paper's. Means of many tokens move far less than a token: 0.2 would clip nothing.
    "actor_rollout_ref.actor.clip_ratio_low": 3e-4,
    "actor_rollout_ref.actor.clip_ratio_high": 4e-4,
    # No KL term.
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    # Four updates for each rollout, as in the paper. It doesn't give the sizes: these are ours.
    "data.train_batch_size": 256,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 64,
    "actor_rollout_ref.rollout.n": 8,
    "actor_rollout_ref.actor.optim.lr": 1e-6,
    # By tokens, not by rows: responses are of very different lengths.
    "actor_rollout_ref.actor.use_dynamic_bsz": True,
    "actor_rollout_ref.actor.ppo_max_token_len_per_gpu": 12288,
    "data.max_prompt_length": 2048,
    "data.max_response_length": 4096,
    "data.filter_overlong_prompts": True,
    "actor_rollout_ref.rollout.name": "vllm",
    "trainer.total_epochs": 10,
    "trainer.test_freq": 10,
    "trainer.save_freq": 50,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
