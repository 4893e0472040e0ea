r"""DAPO in TRL (https://arxiv.org/abs/2503.14476): clip-higher, dynamic sampling, overlong shaping.

    accelerate launch dapo.py --model MODEL --train train.jsonl --val aime.jsonl --output runs/dapo
    python dapo.py --smoke                     # a tiny model on a CPU, about a minute
    accelerate launch dapo.py --num_train_epochs 3     # any field of TRL's GRPOConfig

TRL has no dynamic sampling: the trainer is pyverify's. The columns are prompt (messages or a
text) and answer; a column problem becomes a prompt with the instruction below.
"""

from __future__ import annotations

import argparse
import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_trl import Rollout, launch
from pyverify.integrations.trl.dynamic import DynamicSamplingTrainer

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/dapo-math-17k.jsonl"]
VAL = ["data/aime-2024.jsonl"]
OUTPUT = "runs/dapo"

# 1 or -1, and up to -1 more in the last 4096 of 20480 tokens: `pyverify rewards dapo`.
REWARD = "dapo"
INSTRUCTION = r"Reason step by step, and put the final answer in \boxed{}."

# 512 prompts x 16 responses, in 16 updates.
ROLLOUT = Rollout(prompts=512, responses=16, updates=16, rows=1)

SETTINGS = {
    # Clip-higher: unlikely tokens may gain more than they may lose.
    "epsilon": 0.2,
    "epsilon_high": 0.28,
    # Each token counts the same, however long its response is. It is TRL's default, and may change.
    "loss_type": "dapo",
    # No KL term. The same.
    "beta": 0.0,
    "learning_rate": 1e-6,
    "lr_scheduler_type": "constant_with_warmup",
    "warmup_steps": 10,
    "weight_decay": 0.1,
    "max_completion_length": 20480,
    # Prompts of up to 2048 tokens, and their responses.
    "vllm_max_model_length": 22528,
    # Activations of 20,000 tokens don't fit beside the training state.
    "gradient_checkpointing": True,
    # The paper corrects nothing here. TRL would leave out responses whose probabilities in vLLM and
    # in the trainer are far apart, as those of long ones are.
    "vllm_importance_sampling_correction": False,
    "num_train_epochs": 10,
    # TRL counts updates, 16 for each rollout.
    "eval_strategy": "steps",
    "eval_steps": 80,
    "save_steps": 80,
    # AIME's 30 problems, 32 responses each: one answer each would be luck.
    "num_generations_eval": 32,
    "per_device_eval_batch_size": 32,
}


def make_trainer(options: argparse.Namespace, **arguments: object) -> DynamicSamplingTrainer:
    """Dynamic sampling: groups without a spread of rewards are replaced by others, in 3 rounds.

    The reward decides, not the answer alone: a group of wrong answers of different lengths stays.
    """
    return DynamicSamplingTrainer(rounds=3, **arguments)


if __name__ == "__main__":
    sys.exit(
        launch(
            __doc__,
            Paths(MODEL, TRAIN, VAL, OUTPUT),
            SETTINGS,
            ROLLOUT,
            reward=REWARD,
            instruction=INSTRUCTION,
            make_trainer=make_trainer,
        )
    )
