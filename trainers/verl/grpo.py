"""GRPO without a KL term in verl: a right answer, and a little for putting it in a box.

    python grpo.py --model MODEL --train train.parquet --val test.parquet --output runs/grpo
    python grpo.py --smoke                     # how far verl gets without a GPU
    python grpo.py trainer.total_epochs=3      # any key of verl's configuration

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_verl import launch

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
TRAIN = ["data/train.parquet"]
VAL = ["data/test.parquet"]
OUTPUT = "runs/grpo"

# 0.9 for a right answer, 0.1 for a box: `pyverify rewards format_accuracy`.
REWARD = "format_accuracy"

SETTINGS = {
    # A response is compared with the others of its prompt: no critic.
    "algorithm.adv_estimator": "grpo",
    # No KL term, neither in the loss nor in the reward: no reference model is loaded.
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    # 264 prompts x 6 responses a step, in mini-batches of 72 prompts. verl fills the fourth
    # mini-batch up with empty rows, 3 2/3 of them have responses.
    "data.train_batch_size": 264,
    "actor_rollout_ref.rollout.n": 6,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 72,
    # 72 x 6 responses on 4 GPUs are 27 forwards of 4; on 8 GPUs they don't divide.
    "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 4,
    "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu": 4,
    "trainer.n_gpus_per_node": 4,
    # Ten times the usual rate, which short responses without a KL term bear.
    "actor_rollout_ref.actor.optim.lr": 1e-5,
    "data.max_prompt_length": 2048,
    "data.max_response_length": 512,
    # A longer prompt is left out; by default it loses its beginning.
    "data.filter_overlong_prompts": True,
    "actor_rollout_ref.rollout.name": "vllm",
    "actor_rollout_ref.rollout.dtype": "bfloat16",
    # A small model fits on each GPU: no tensor parallelism.
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 1,
    "trainer.total_epochs": 15,
    "trainer.test_freq": 10,
    "trainer.save_freq": 200,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
