r"""GRPO without a KL term in TRL: a right answer, and a little for putting it in a box.

    accelerate launch grpo.py --model MODEL --train train.jsonl --val test.jsonl --output runs/grpo
    python grpo.py --smoke                     # a tiny model on a CPU, about a minute
    accelerate launch grpo.py --num_train_epochs 3     # any field of TRL's GRPOConfig

The columns are prompt (messages or a text) and answer; a column problem becomes a prompt with the
instruction below.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_trl import Rollout, launch

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/grpo"

# 0.9 for a right answer, 0.1 for a box: `pyverify rewards format_accuracy`.
REWARD = "format_accuracy"
INSTRUCTION = r"Reason step by step, and put the final answer in \boxed{}."

# 264 prompts x 6 responses. TRL's updates divide a rollout: 3 of 88 prompts, not 3 2/3 of 72.
ROLLOUT = Rollout(prompts=264, responses=6, updates=3, rows=4)

SETTINGS = {
    # No KL term: TRL loads no reference model. It is TRL's default, and may change.
    "beta": 0.0,
    # Ten times TRL's rate, which short responses without a KL term bear.
    "learning_rate": 1e-5,
    "lr_scheduler_type": "constant",
    "max_completion_length": 512,
    # Prompts of up to 2048 tokens, and their responses.
    "vllm_max_model_length": 2560,
    "num_train_epochs": 15,
    # TRL counts updates, 3 for each rollout: every 10 rollouts, and every 200.
    "eval_strategy": "steps",
    "eval_steps": 30,
    "save_steps": 600,
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
