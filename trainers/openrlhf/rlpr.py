"""RLPR in OpenRLHF (arXiv 2506.18254): the policy's own probability of the reference.

    python rlpr.py --model MODEL --train train.jsonl --output runs/rlpr
    python rlpr.py --smoke                     # how far OpenRLHF gets without a GPU
    python rlpr.py --train.num_episodes 3      # any option of OpenRLHF

The columns are input (a text or messages) and answer, the reference: a text of any kind, no
verifier reads it. Prompts must ask for the form of the template: the words are in
pyverify.rlpr.TEMPLATES[...].instruction.
"""

from __future__ import annotations

import argparse
import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_openrlhf import launch
from pyverify.integrations.recipes.rlpr_options import add_options, baseline_of

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/rlpr"

# 0.9 * probability + 0.1 * format, less the initial policy's baseline, clipped to [0, 1].
FORMAT_WEIGHT = 0.1

SETTINGS = {
    # A response is compared with the others of its prompt: no critic.
    "algo.advantage.estimator": "group_norm",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # Ratios are clipped to [0.8, 1.27].
    "actor.eps_clip_low_high": (0.2, 0.27),
    # 768 prompts x 8 responses, in 4 updates.
    "rollout.batch_size": 768,
    "rollout.n_samples_per_prompt": 8,
    "train.batch_size": 1536,
    "actor.adam.lr": 1e-6,
    "actor.lr_scheduler": "constant",
    # 0.6 in the paper for Gemma and Llama.
    "rollout.temperature": 1.0,
    "rollout.max_new_tokens": 3072,
    # The engine's maximum: prompt, response and the reference behind it.
    "data.max_len": 5376,
    "train.num_episodes": 1,
    # Rollouts.
    "eval.steps": 10,
    "ckpt.save_steps": 20,
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
    "train.max_tokens_per_gpu": 10752,
    "rollout.max_tokens_per_gpu": 21504,
}


def reward(options: argparse.Namespace) -> dict[str, str]:
    """What the agent reads from its environment."""
    found = {
        "PYVERIFY_RLPR_TEMPLATE": options.template,
        "PYVERIFY_RLPR_FORMAT_WEIGHT": str(FORMAT_WEIGHT),
        "PYVERIFY_PREFILLED": "1" if options.prefilled else "0",
    }
    baseline = baseline_of(options)
    return found if baseline is None else found | {"PYVERIFY_RLPR_BASELINE": baseline}


if __name__ == "__main__":
    paths = Paths(MODEL, TRAIN, VAL, OUTPUT)
    sys.exit(launch(__doc__, paths, SETTINGS, reward=reward, own=add_options))
