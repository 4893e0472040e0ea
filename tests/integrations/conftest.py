"""Fixtures of the doctor's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `import doctor_commands`

from doctor_commands import LOG_PROBS, MICRO, MODEL, REWARD, row, write_rows

from pyverify.integrations.doctor import verl_run


@pytest.fixture
def _without_verl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verl_run, "_verl_folder", lambda: None)


@pytest.fixture
def good(tmp_path: Path) -> list[str]:
    """A command without fault."""
    data = write_rows(tmp_path / "data.jsonl", [row()] * 8)
    reward = tmp_path / "reward.py"
    reward.write_text(REWARD, encoding="utf-8")
    return [
        "algorithm.adv_estimator=grpo",
        f"data.train_files={data}",
        f"data.val_files=[{data}]",
        "data.train_batch_size=8",
        "actor_rollout_ref.actor.ppo_mini_batch_size=4",
        "actor_rollout_ref.rollout.name=vllm",
        "actor_rollout_ref.rollout.n=8",
        f"reward.custom_reward_function.path={reward}",
        MODEL,
        MICRO,
        LOG_PROBS,
    ]
