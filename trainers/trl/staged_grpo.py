r"""GRPO in five rounds in TRL: three for right answers, two for how they are written.

    python staged_grpo.py --model MODEL --train train.jsonl --val math.jsonl amc.jsonl
    python staged_grpo.py --smoke              # a tiny model on a CPU, all five rounds, minutes
    python staged_grpo.py --learning_rate 2e-6 # any field of TRL's GRPOConfig

Each round starts from the best checkpoint of the one before: the one with the largest harmonic
mean of its benchmarks' ratios to the first model. The files of --val are the benchmarks. Every
round runs under `accelerate launch`, every checkpoint is scored in a process of its own; a run that
is started again goes on behind its last whole round.

The columns are prompt (messages or a text) and answer; a column problem becomes a prompt with the
instruction below.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_trl import Rollout
from pyverify.integrations.recipes.rounds import Round
from pyverify.integrations.recipes.rounds_trl import launch_rounds

MODEL = "Qwen/Qwen2.5-Math-1.5B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/math500.jsonl", "data/amc23.jsonl"]
OUTPUT = "runs/staged_grpo"

INSTRUCTION = r"Reason step by step, and put the final answer in \boxed{}."

ROUNDS = [
    # 100 for a right answer, 0 for a wrong one, -1 for none: `pyverify rewards graded_basic`.
    Round("graded_basic"),
    Round("graded_basic"),
    Round("graded_basic"),
    # The same, -10 for none, and up to 15 more for length and language on right answers.
    Round("graded_quality"),
    # Clip-higher at last: unlikely tokens may gain more than they may lose, where the policy has
    # become sure of itself.
    Round("graded_quality", {"epsilon_high": 0.28}),
]

# 128 prompts x 8 responses, in 4 updates.
ROLLOUT = Rollout(prompts=128, responses=8, updates=4, rows=4)

SETTINGS = {
    # No KL term: TRL loads no reference model. It is TRL's default, and may change.
    "beta": 0.0,
    "epsilon": 0.2,
    "learning_rate": 1e-6,
    "lr_scheduler_type": "constant",
    # Qwen2.5-Math has a context of 4096 tokens.
    "max_completion_length": 3072,
    "vllm_max_model_length": 4096,
    # Of each round. TRL counts updates: a checkpoint every 10 rollouts, one of which is the best.
    "num_train_epochs": 1,
    "save_steps": 40,
    # Benchmarks are scored between rounds, not within.
    "eval_strategy": "no",
}

if __name__ == "__main__":
    sys.exit(
        launch_rounds(
            __doc__,
            Paths(MODEL, TRAIN, VAL, OUTPUT),
            SETTINGS,
            ROLLOUT,
            ROUNDS,
            instruction=INSTRUCTION,
        )
    )
