"""GRPO without a KL term in OpenRLHF: a right answer, and a little for putting it in a box.

    python grpo.py --model MODEL --train train.jsonl --val test.jsonl --output runs/grpo
    python grpo.py --smoke                     # how far OpenRLHF gets without a GPU
    python grpo.py --train.num_episodes 3      # any option of OpenRLHF

The columns are input (a text or messages) and answer; validation may have datasource.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_openrlhf import launch

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/grpo"

# 0.9 for a right answer, 0.1 for a box: `pyverify rewards format_accuracy`.
REWARD = "format_accuracy"

SETTINGS = {
    # A response is compared with the others of its prompt: no critic.
    "algo.advantage.estimator": "group_norm",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # 264 prompts x 6 responses. Updates count responses and divide a rollout: 3 of 88 prompts, not
    # 3 2/3 of 72.
    "rollout.batch_size": 264,
    "rollout.n_samples_per_prompt": 6,
    "train.batch_size": 528,
    "train.micro_batch_size": 4,
    "rollout.micro_batch_size": 4,
    # Ten times the default, which short responses without a KL term bear.
    "actor.adam.lr": 1e-5,
    "actor.lr_scheduler": "constant",
    # Prompts of up to 2048 tokens, and their responses.
    "data.max_len": 2560,
    "rollout.max_new_tokens": 512,
    "train.num_episodes": 15,
    # Rollouts.
    "eval.steps": 10,
    "ckpt.save_steps": 200,
    # In validation one response, the likeliest, to each prompt.
    "eval.n_samples_per_prompt": 1,
    "eval.temperature": 0.0,
    # Training and vLLM on the same 4 GPUs: one sleeps while the other works.
    "actor.num_gpus_per_node": 4,
    "vllm.num_engines": 4,
    "train.colocate_all": True,
    "vllm.enable_sleep": True,
    "ds.enable_sleep": True,
    "vllm.gpu_memory_utilization": 0.6,
    "actor.gradient_checkpointing_enable": True,
    # Sequences without padding between them.
    "ds.packing_samples": True,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
