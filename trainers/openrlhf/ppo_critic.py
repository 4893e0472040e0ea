"""PPO with a larger critic in OpenRLHF: an actor of 1.5 billion parameters, a critic of 8, GSM8K.

    python ppo_critic.py --model MODEL --critic CRITIC --train train.jsonl --val test.jsonl
    python ppo_critic.py --smoke               # how far OpenRLHF gets without a GPU
    python ppo_critic.py --train.num_episodes 25       # any option of OpenRLHF

OpenRLHF can't start a critic anew within a run. A second run does, with the first one's output as
--model: the actor's optimizer begins anew then, too.

The columns are input (a text or messages) and answer; validation may have datasource. The critic
reads the actor's token ids, so that both must have one vocabulary; this is looked at first.
"""

from __future__ import annotations

import sys

from pyverify.integrations.recipes.command_line import Paths
from pyverify.integrations.recipes.launch_openrlhf import launch

MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
CRITIC = "models/critic-8b"  # with the vocabulary of MODEL
TRAIN = ["data/gsm8k/train.jsonl"]
VAL = ["data/gsm8k/test.jsonl"]
OUTPUT = "runs/ppo_critic"

# 1 for a right answer.
REWARD = "correctness"

SETTINGS = {
    # Advantages from a critic's values of each token. It is the default, and may change.
    "algo.advantage.estimator": "gae",
    # No KL term, for which the default is 0.01: no reference model is loaded.
    "algo.kl.init_coef": 0,
    # 512 prompts with one response each, in 4 updates.
    "rollout.batch_size": 512,
    "rollout.n_samples_per_prompt": 1,
    "train.batch_size": 128,
    "train.micro_batch_size": 4,
    "rollout.micro_batch_size": 4,
    # The critic starts from a head that knows nothing, and has to keep up.
    "actor.adam.lr": 1e-6,
    "critic.adam.lr": 1e-5,
    "actor.lr_scheduler": "constant",
    "critic.lr_scheduler": "constant",
    # Prompts of up to 1024 tokens, and their responses.
    "data.max_len": 1536,
    "rollout.max_new_tokens": 512,
    "train.num_episodes": 15,
    # Rollouts.
    "eval.steps": 50,
    "ckpt.save_steps": 50,
    # In validation one response, the likeliest, to each prompt.
    "eval.n_samples_per_prompt": 1,
    "eval.temperature": 0.0,
    # Training and vLLM on the same 8 GPUs: one sleeps while the other works.
    "vllm.num_engines": 4,
    "vllm.tensor_parallel_size": 2,
    "vllm.gpu_memory_utilization": 0.8,
    "train.colocate_all": True,
    "vllm.enable_sleep": True,
    "ds.enable_sleep": True,
    # 8 billion parameters of the critic: its states are divided among the GPUs.
    "ds.zero_stage": 3,
    "actor.gradient_checkpointing_enable": True,
    # Sequences without padding between them.
    "ds.packing_samples": True,
}

if __name__ == "__main__":
    sys.exit(launch(__doc__, Paths(MODEL, TRAIN, VAL, OUTPUT, CRITIC), SETTINGS, reward=REWARD))
