"""RLPR in verl (https://arxiv.org/abs/2506.18254): the policy's own probability of the reference.

    python rlpr.py --model MODEL --train train.parquet --val test.parquet --output runs/rlpr
    python rlpr.py --smoke                     # how far verl gets without a GPU
    python rlpr.py trainer.total_epochs=3      # any key of verl's configuration

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth, which may be
a text of any kind. Prompts must ask for the form of the template: the words are in
pyverify.rlpr.TEMPLATES[...].instruction. Validation rows get a verifier if their column agent_name
says single_turn_agent.
"""

from __future__ import annotations

import argparse
import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_verl import launch
from pyverify.integrations.recipes.rlpr_options import add_options, agent

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.parquet"]
VAL = ["data/test.parquet"]
OUTPUT = "runs/rlpr"

# Of validation rows with a verifier. Training rows are scored by the agent loop:
# 0.9 * probability + 0.1 * format, less the initial policy's baseline, clipped to [0, 1].
REWARD = "correctness"
FORMAT_WEIGHT = 0.1

SETTINGS = {
    "algorithm.adv_estimator": "grpo",
    # No KL term, neither in the loss nor in the reward: no reference model is loaded.
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    # Ratios are clipped to [0.8, 1.27].
    "actor_rollout_ref.actor.clip_ratio_low": 0.2,
    "actor_rollout_ref.actor.clip_ratio_high": 0.27,
    # 768 prompts x 8 responses a step, in 4 updates.
    "data.train_batch_size": 768,
    "actor_rollout_ref.rollout.n": 8,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 192,
    # By tokens, not by rows: responses are of very different lengths.
    "actor_rollout_ref.actor.use_dynamic_bsz": True,
    "actor_rollout_ref.actor.ppo_max_token_len_per_gpu": 10240,
    "actor_rollout_ref.actor.optim.lr": 1e-6,
    # 0.6 in the paper for Gemma and Llama.
    "actor_rollout_ref.rollout.temperature": 1.0,
    "data.max_prompt_length": 2048,
    "data.max_response_length": 3072,
    "data.filter_overlong_prompts": True,
    # Room for the reference behind the longest response.
    "actor_rollout_ref.rollout.max_model_len": 5376,
    "actor_rollout_ref.rollout.name": "vllm",
    # Groups whose rewards hardly differ make room for others: a running mean of their spread is the
    # measure. verl fetches as many prompts as were dropped, one by one.
    "trainer.v1.sampler.custom_sampler.path": "pkg://pyverify.integrations.verl",
    "trainer.v1.sampler.custom_sampler.name": "std_filter_sampler",
    "data.gen_batch_size": 1,
    "trainer.total_epochs": 1,
    "trainer.test_freq": 10,
    "trainer.save_freq": 20,
}


def settings(options: argparse.Namespace) -> dict[str, object]:
    """The settings, with the agent loop that scores, and a place for the filter's state."""
    state = {"+trainer.v1.sampler.sampler_kwargs.state_path": f"{options.output}/std_filter.jsonl"}
    return SETTINGS | agent(options, FORMAT_WEIGHT) | state


if __name__ == "__main__":
    paths = Paths(MODEL, TRAIN, VAL, OUTPUT)
    done = launch(__doc__, paths, settings, reward=REWARD, own=add_options, verified=False)
    sys.exit(done)
