"""GRPO in five rounds in OpenRLHF: three for right answers, two for how they are written.

    python staged_grpo.py --model MODEL --train train.jsonl --val math.jsonl amc.jsonl
    python staged_grpo.py --smoke              # how far OpenRLHF gets without a GPU
    python staged_grpo.py --train.num_episodes 2       # any option of OpenRLHF

Each round starts from the best checkpoint of the one before: the one with the largest harmonic
mean of its benchmarks' ratios to the first model. The files of --val are the benchmarks. Every
checkpoint is scored in a process of its own; a run that is started again goes on behind its last
whole round.

The columns are input (a text or messages) and answer.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.rounds import Round
from pyverify.integrations.recipes.rounds_openrlhf import launch_rounds

MODEL = "Qwen/Qwen2.5-Math-1.5B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/math500.jsonl", "data/amc23.jsonl"]
OUTPUT = "runs/staged_grpo"

ROUNDS = [
    # 100 for a right answer, 0 for a wrong one, -1 for none: `pyverify rewards graded_basic`.
    Round("graded_basic"),
    Round("graded_basic"),
    Round("graded_basic"),
    # The same, -10 for none, and up to 15 more for length and language on right answers. It counts
    # tokens, which OpenRLHF gives to agents alone: the recipe points it at one.
    Round("graded_quality"),
    # Clip-higher at last: unlikely tokens may gain more than they may lose, where the policy has
    # become sure of itself.
    Round("graded_quality", {"actor.eps_clip_low_high": (0.2, 0.28)}),
]

SETTINGS = {
    # A response is compared with the others of its prompt: no critic.
    "algo.advantage.estimator": "group_norm",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # By default rewards beyond 10 are cut.
    "reward.clip_range": (-200, 200),
    # 128 prompts x 8 responses, in 4 updates.
    "rollout.batch_size": 128,
    "rollout.n_samples_per_prompt": 8,
    "train.batch_size": 256,
    "actor.adam.lr": 1e-6,
    "actor.lr_scheduler": "constant",
    # Qwen2.5-Math has a context of 4096 tokens.
    "data.max_len": 4096,
    "rollout.max_new_tokens": 3072,
    # Of each round. A checkpoint every 10 rollouts, one of which is the best: models that others
    # can load, and all of them.
    "train.num_episodes": 1,
    "ckpt.save_steps": 10,
    "ckpt.save_hf": True,
    "ckpt.disable_ds": True,
    # Benchmarks are scored between rounds, not within.
    "eval.dataset": None,
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
    "train.max_tokens_per_gpu": 8192,
    "rollout.max_tokens_per_gpu": 16384,
}

if __name__ == "__main__":
    sys.exit(launch_rounds(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT), SETTINGS, ROUNDS))
