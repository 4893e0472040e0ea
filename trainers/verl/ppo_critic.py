"""PPO with a larger critic in verl: an actor of 1.5 billion parameters, a critic of 8, GSM8K.

    python ppo_critic.py --model MODEL --critic CRITIC --train train.parquet --val test.parquet
    python ppo_critic.py --reset-critic        # 25 epochs, a fresh critic, 7 more epochs
    python ppo_critic.py --smoke               # how far verl gets without a GPU
    python ppo_critic.py trainer.total_epochs=3

The columns are verl's own: data_source, prompt (messages), reward_model.ground_truth. The critic
reads the actor's token ids, so that both must have one vocabulary; this is looked at first.
"""

from __future__ import annotations

import argparse
import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_verl import TRAINER, launch

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
CRITIC = "models/critic-8b"  # with the vocabulary of MODEL
TRAIN = ["data/gsm8k/train.parquet"]
VAL = ["data/gsm8k/test.parquet"]
OUTPUT = "runs/ppo_critic"

# 1 for a right answer, read as GSM8K's preset reads it.
REWARD = "correctness"

SETTINGS = {
    # Advantages from a critic's values of each token.
    "algorithm.adv_estimator": "gae",
    # No KL term, neither in the loss nor in the reward: no reference model is loaded.
    "actor_rollout_ref.actor.use_kl_loss": False,
    "algorithm.use_kl_in_reward": False,
    # 512 prompts with one response each, in 4 updates. The critic's mini-batch follows the actor's.
    "data.train_batch_size": 512,
    "actor_rollout_ref.actor.ppo_mini_batch_size": 128,
    "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": 4,
    "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu": 4,
    # verl demands this one and reads it nowhere: the critic's engine has keys of its own.
    "critic.ppo_micro_batch_size_per_gpu": 4,
    "+critic.fsdp.use_dynamic_bsz": False,
    "+critic.fsdp.micro_batch_size_per_gpu": 4,
    "+critic.fsdp.infer_micro_batch_size_per_gpu": 4,
    # The critic starts from a head that knows nothing, and has to keep up.
    "actor_rollout_ref.actor.optim.lr": 1e-6,
    "critic.optim.lr": 1e-5,
    "data.max_prompt_length": 1024,
    "data.max_response_length": 512,
    "data.filter_overlong_prompts": True,
    "actor_rollout_ref.rollout.name": "vllm",
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 2,
    "actor_rollout_ref.rollout.gpu_memory_utilization": 0.8,
    # While vLLM has so much, and while a fresh critic takes its place, the large one waits outside.
    "critic.fsdp.param_offload": True,
    "critic.fsdp.optimizer_offload": True,
    "trainer.total_epochs": 15,
    "trainer.test_freq": 5,
    "trainer.save_freq": 50,
}

# After 25 epochs the critic has learnt the training set by heart. A fresh one on top of the same
# actor goes on for 7 more.
RESET_AFTER = 25
RESET_EPOCHS = RESET_AFTER + 7


def own(parser: argparse.ArgumentParser) -> None:
    """The option of this recipe."""
    parser.add_argument(
        "--reset-critic",
        action="store_true",
        help=f"start the critic anew after {RESET_AFTER} epochs, of {RESET_EPOCHS} in all",
    )


def settings(options: argparse.Namespace) -> dict[str, object]:
    """The settings, with as many epochs as are asked for."""
    if not options.reset_critic:
        return SETTINGS
    return SETTINGS | {"trainer.total_epochs": RESET_EPOCHS}


def module(options: argparse.Namespace) -> list[str]:
    """What is run: verl's trainer, or the same with the critic's reset."""
    if not options.reset_critic:
        return [TRAINER]
    return ["pyverify.integrations.verl.critic", "--reset-at-epoch", str(RESET_AFTER)]


if __name__ == "__main__":
    paths = Paths(MODEL, TRAIN, VAL, OUTPUT, CRITIC)
    sys.exit(launch(__doc__, paths, settings, reward=REWARD, own=own, module=module))
