"""Commands of verl for tests of the doctor, without verl."""

from __future__ import annotations

import json
from pathlib import Path

from pyverify.integrations.doctor import Finding, check_verl

MODEL = "actor_rollout_ref.model.path=Qwen/Qwen2.5-0.5B"
MICRO = "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=4"
LOG_PROBS = "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=4"
REWARD = """\
def compute_score(data_source, solution_str, ground_truth, extra_info=None, *, weight=1.0):
    return weight
"""


def row(**columns: object) -> dict[str, object]:
    return {
        "data_source": "openai/gsm8k",
        "prompt": [{"role": "user", "content": "2+2?"}],
        "reward_model": {"style": "rule", "ground_truth": "4"},
        **columns,
    }


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def found(words: list[str], key: str) -> Finding:
    """The only finding about a key."""
    (one,) = [one for one in check_verl(words).findings if one.key == key]
    return one
