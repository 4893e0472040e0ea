r"""GSPO in TRL (https://arxiv.org/abs/2507.18071): ratios of whole sequences, clipped as such.

    accelerate launch gspo.py --model MODEL --train train.jsonl --val test.jsonl --output runs/gspo
    python gspo.py --smoke                     # a tiny model on a CPU, about a minute
    accelerate launch gspo.py --num_train_epochs 3     # any field of TRL's GRPOConfig

The columns are prompt (messages or a text) and answer; a column problem becomes a prompt with the
instruction below.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_trl import Rollout, launch

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/gspo"

# 1 for a right answer.
REWARD = "correctness"
INSTRUCTION = r"Reason step by step, and put the final answer in \boxed{}."

# Four updates for each rollout, as in the paper. It doesn't give the sizes: these are ours.
ROLLOUT = Rollout(prompts=256, responses=8, updates=4, rows=4)

SETTINGS = {
    # A sequence's ratio is the geometric mean of its tokens' ratios, one for all of them.
    "importance_sampling_level": "sequence",
    # Each sequence counts the same, as its ratio does; TRL's default weighs tokens.
    "loss_type": "grpo",
    # The paper's. Means of many tokens move far less than a token: 0.2 would clip nothing.
    "epsilon": 3e-4,
    "epsilon_high": 4e-4,
    # No KL term. It is TRL's default, and may change.
    "beta": 0.0,
    "learning_rate": 1e-6,
    "lr_scheduler_type": "constant",
    "max_completion_length": 4096,
    # Prompts of up to 2048 tokens, and their responses.
    "vllm_max_model_length": 6144,
    "num_train_epochs": 10,
    # TRL counts updates, 4 for each rollout.
    "eval_strategy": "steps",
    "eval_steps": 40,
    "save_steps": 200,
    # In validation one response to each prompt.
    "num_generations_eval": 1,
}

if __name__ == "__main__":
    sys.exit(
        launch(
            __doc__,
            Paths(MODEL, TRAIN, VAL, OUTPUT),
            SETTINGS,
            ROLLOUT,
            reward=REWARD,
            instruction=INSTRUCTION,
        )
    )
