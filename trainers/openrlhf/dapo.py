"""DAPO in OpenRLHF (arXiv 2503.14476): clip-higher, dynamic sampling, overlong shaping.

    python dapo.py --model MODEL --train train.jsonl --val test.jsonl --output runs/dapo
    python dapo.py --smoke                     # how far OpenRLHF gets without a GPU
    python dapo.py --train.num_episodes 3      # any option of OpenRLHF

The columns are input (a text or messages) and answer; validation may have datasource.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_openrlhf import launch

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/dapo-math-17k.jsonl"]
VAL = ["data/aime-2024.jsonl"]
OUTPUT = "runs/dapo"

# 1 or -1, and up to -1 more in the last 4096 of 20480 tokens: `pyverify rewards dapo`. It counts
# tokens, which OpenRLHF gives to agents alone: the recipe points it at one.
REWARD = "dapo"

SETTINGS = {
    # A response is compared with the others of its prompt: no critic.
    "algo.advantage.estimator": "group_norm",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # Clip-higher: unlikely tokens may gain more than they may lose.
    "actor.eps_clip_low_high": (0.2, 0.28),
    # Each token counts the same, however long its response is. It is the default, and may change.
    "actor.loss_agg_mode": "token-mean",
    # Dynamic sampling: prompts that are always or never solved are replaced by others. Whether the
    # answer is right decides, not the length.
    "algo.dynamic_filtering_enable": True,
    "algo.dynamic_filtering_range": (0, 1),
    # 512 prompts x 16 responses, in 16 updates.
    "rollout.batch_size": 512,
    "rollout.n_samples_per_prompt": 16,
    "train.batch_size": 512,
    "actor.adam.lr": 1e-6,
    "actor.adam.weight_decay": 0.1,
    "actor.lr_scheduler": "constant_with_warmup",
    # Prompts of up to 2048 tokens, and their responses.
    "data.max_len": 22528,
    "rollout.max_new_tokens": 20480,
    "train.num_episodes": 10,
    # Rollouts.
    "eval.steps": 5,
    "ckpt.save_steps": 5,
    # AIME's 30 problems, 32 responses each, sampled: one answer each would be luck.
    "eval.n_samples_per_prompt": 32,
    "eval.temperature": 1.0,
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
    "train.max_tokens_per_gpu": 22528,
    "rollout.max_tokens_per_gpu": 45056,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, reward=REWARD))
