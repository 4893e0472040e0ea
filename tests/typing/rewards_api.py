"""What a type checker must think of rewards: it passes when the calls below do and no others."""

from __future__ import annotations

from typing_extensions import assert_type

from pyverify.rewards import (
    Correctness,
    Format,
    Gate,
    Graded,
    Reward,
    RewardBatch,
    Sum,
    from_toml,
    recipe,
)

reward = 0.1 * Format("boxed") + 0.9 * Correctness()
assert_type(reward, Sum)
assert_type(reward("text", gold="1"), float | None)
assert_type(reward([{"role": "assistant", "content": "4"}], gold="4"), float | None)
assert_type(reward(["text"], golds=["1"]), list[float | None])
assert_type(reward(["text"], gold="1", token_counts=[3]), list[float | None])
assert_type(reward.evaluate(["text"], golds=["1", None]), RewardBatch)
assert_type(reward.evaluate("text", gold="1").components, dict[str, list[float | None]])
assert_type(Correctness().gated(by=Format()), Gate)
assert_type(1 - Graded(-1, 0, 1).rescaled(), Sum)
assert_type(recipe("dapo", max_length=100), Reward)
assert_type(from_toml(""), Reward)

# mistakes that a checker sees
reward(4, gold="1")  # type: ignore[call-overload]
Format("bold")  # type: ignore[arg-type]
Correctness("gsm8k")  # type: ignore[call-arg]
reward.constant = 1.0  # type: ignore[misc]
