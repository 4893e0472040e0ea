"""GSPO in OpenRLHF (https://arxiv.org/abs/2507.18071): ratios of whole sequences, clipped as such.

    python gspo.py --model MODEL --train train.jsonl --val test.jsonl --output runs/gspo
    python gspo.py --smoke                     # how far OpenRLHF gets without a GPU
    python gspo.py --train.num_episodes 3      # any option of OpenRLHF

The columns are input (a text or messages) and answer; validation may have datasource.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_openrlhf import launch

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/gspo"

# 1 for a right answer.
REWARD = "correctness"

SETTINGS = {
    # A sequence's ratio is the geometric mean of its tokens' ratios, one for all of them; each
    # sequence counts the same.
    "actor.policy_loss_type": "gspo",
    # The paper's. Means of many tokens move far less than a token: 0.2 would clip nothing.
    "actor.eps_clip_low_high": (3e-4, 4e-4),
    # A response is compared with the others of its prompt: no critic.
    "algo.advantage.estimator": "group_norm",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # Four updates for each rollout, as in the paper. It doesn't give the sizes: these are ours.
    "rollout.batch_size": 256,
    "rollout.n_samples_per_prompt": 8,
    "train.batch_size": 512,
    "actor.adam.lr": 1e-6,
    "actor.lr_scheduler": "constant",
    # Prompts of up to 2048 tokens, and their responses.
    "data.max_len": 6144,
    "rollout.max_new_tokens": 4096,
    "train.num_episodes": 10,
    # Rollouts.
    "eval.steps": 10,
    "ckpt.save_steps": 50,
    # In validation one response, the likeliest, to each prompt.
    "eval.n_samples_per_prompt": 1,
    "eval.temperature": 0.0,
    # Training and vLLM on the same 8 GPUs: one sleeps while the other works.
    "vllm.num_engines": 8,
    "train.colocate_all": True,
    "vllm.enable_sleep": True,
    "ds.enable_sleep": True,
    "vllm.gpu_memory_utilization": 0.6,
    "actor.gradient_checkpointing_enable": True,
    # Sequences without padding between them, as many in a forward as have room.
    "ds.packing_samples": True,
    "train.dynamic_batch_enable": True,
    "train.max_tokens_per_gpu": 12288,
    "rollout.max_tokens_per_gpu": 24576,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
