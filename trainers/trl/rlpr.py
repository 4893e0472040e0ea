"""RLPR in TRL (https://arxiv.org/abs/2506.18254): the policy's own probability of the reference.

    accelerate launch rlpr.py --model MODEL --train train.jsonl --output runs/rlpr
    python rlpr.py --smoke                     # a tiny model on a CPU, about a minute
    accelerate launch rlpr.py --max_steps 100  # any field of TRL's GRPOConfig

The columns are problem, which becomes a prompt with the template's instruction, or prompt (messages
or a text) with one of its own; and answer, the reference: a text of any kind, no verifier reads it.
"""

from __future__ import annotations

import argparse
import sys

from trl import GRPOTrainer

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_trl import Rollout, launch
from pyverify.integrations.trl.rlpr import RLPRReward, RLPRTrainer
from pyverify.rlpr import TEMPLATES, StdFilter

MODEL = "Qwen/Qwen2.5-7B"
TRAIN = ["data/train.jsonl"]
VAL = ["data/test.jsonl"]
OUTPUT = "runs/rlpr"

# 768 prompts x 8 responses, in 4 updates: old log-probabilities are needed, and the references ride
# along in their forward.
ROLLOUT = Rollout(prompts=768, responses=8, updates=4, rows=4)

SETTINGS = {
    # 0.6 in the paper for Gemma and Llama.
    "temperature": 1.0,
    "max_completion_length": 3072,
    # Ratios are clipped to [0.8, 1.27], and there is no KL term: TRL loads no reference model.
    "epsilon": 0.2,
    "epsilon_high": 0.27,
    "beta": 0.0,
    "learning_rate": 1e-6,
    "lr_scheduler_type": "constant",
    "num_train_epochs": 1,
    "save_steps": 20,
    # RLPR corrects nothing here. TRL would leave out responses whose probabilities in vLLM and in
    # the trainer are far apart, as those of long ones are.
    "vllm_importance_sampling_correction": False,
}


def own(parser: argparse.ArgumentParser) -> None:
    """The options of this recipe."""
    parser.add_argument("--template", choices=sorted(TEMPLATES), default="think_answer")
    parser.add_argument(
        "--prefilled",
        action="store_true",
        help="the model's chat template ends the prompt with <think> itself",
    )
    parser.add_argument(
        "--plain", action="store_true", help="score by a forward of its own, in a GRPOTrainer"
    )


def reward(options: argparse.Namespace) -> RLPRReward:
    """0.9 * probability + 0.1 * format, without the groups that hardly differ."""
    template = TEMPLATES[options.template]
    # So early that a smoke run sees the filter at work.
    keeps = StdFilter(ema_start=1, filter_start=2) if options.smoke else StdFilter()
    return RLPRReward(template.behind() if options.prefilled else template, keeps=keeps)


def make_trainer(options: argparse.Namespace, **arguments: object) -> GRPOTrainer:
    """The trainer that packs, or TRL's own with the reward bound to it."""
    if not options.plain:
        return RLPRTrainer(**arguments)
    trainer = GRPOTrainer(**arguments)
    arguments["reward_funcs"][0].bind(trainer)
    return trainer


if __name__ == "__main__":
    sys.exit(
        launch(
            __doc__,
            Paths(MODEL, TRAIN, VAL, OUTPUT),
            SETTINGS,
            ROLLOUT,
            reward=reward,
            instruction=lambda options: TEMPLATES[options.template].instruction,
            own=own,
            make_trainer=make_trainer,
            verified=False,
        )
    )
