r"""GRPO in five rounds in verl: three for right answers, two for how they are written.

    python staged_grpo.py --model MODEL --train train.parquet --val math.parquet amc.parquet
    python staged_grpo.py --smoke              # how far verl gets without a GPU
    python staged_grpo.py trainer.total_epochs=2       # any key of verl's configuration

Each round starts from the best checkpoint of the one before: the one with the largest harmonic
mean of its benchmarks' ratios to the first model. The files of --val are the benchmarks. Every
checkpoint is scored in a process of its own; a run that is started again goes on behind its last
whole round.

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.rounds import Round
from pyverify.integrations.recipes.rounds_verl import launch_rounds

MODEL = "Qwen/Qwen2.5-Math-1.5B"
TRAIN = ["data/train.parquet"]
VAL = ["data/math500.parquet", "data/amc23.parquet"]
OUTPUT = "runs/staged_grpo"

ROUNDS = [
    # 100 for a right answer, 0 for a wrong one, -1 for none: `pyverify rewards graded_basic`.
    Round("graded_basic"),
    Round("graded_basic"),
    Round("graded_basic"),
    # The same, -10 for none, and up to 15 more for length and language on right answers.
    Round("graded_quality"),
    # Clip-higher at last: unlikely tokens may gain more than they may lose, where the policy has
    # become sure of itself.
    Round("graded_quality", {"actor_rollout_ref.actor.clip_ratio_high": 0.28}),
]

SETTINGS = {
    # A response is compared with the others of its prompt: no critic, and no KL term.
    "algorithm.adv_estimator": "grpo",
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    "actor_rollout_ref.actor.clip_ratio_low": 0.2,
    # 128 prompts x 8 responses a step, in 4 updates.
    "data.train_batch_size": 128,
    "actor_rollout_ref.rollout.n": 8,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 32,
    "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 4,
    "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu": 4,
    "actor_rollout_ref.actor.optim.lr": 1e-6,
    # Qwen2.5-Math has a context of 4096 tokens.
    "data.max_prompt_length": 1024,
    "data.max_response_length": 3072,
    "data.filter_overlong_prompts": True,
    "actor_rollout_ref.rollout.name": "vllm",
    # A small model fits on each GPU: no tensor parallelism.
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 1,
    # Of each round. A checkpoint every 10 steps, one of which is the best.
    "trainer.total_epochs": 1,
    "trainer.save_freq": 10,
    # As a model that others can load, too: it is scored, and the next round may begin with it.
    "actor_rollout_ref.actor.checkpoint.save_contents": ["model", "optimizer", "extra", "hf_model"],
    # Benchmarks are scored between rounds, not within.
    "trainer.test_freq": -1,
    "trainer.val_before_train": False,
}

if __name__ == "__main__":
    sys.exit(launch_rounds(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, ROUNDS))
