"""What the trainers call the metrics, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.monitor import CANONICAL, canonical_metrics

KNOWN = {
    "validation_reward": (
        *("val_reward", "validation_reward", "eval_reward", "eval/reward_mean", "test_score"),
        *("eval/pass@1", "val/pass@1", "dev_acc", "dev/acc", "valid_reward", "holdout/reward"),
        *(
            "reward/validation",
            "reward_val",
            "val/mean_reward",
            "eval/acc/mean@8",
            "val/test_score",
        ),
    ),
    "validation_reward/math": (
        *("val_reward/math", "val/math/acc", "eval/math/pass@1", "eval_math_pass1", "math/val/acc"),
        *(
            "eval/eval_math_pass1",
            "eval_math_reward",
            "eval/math_reward_mean",
            "val/test_score/math",
        ),
        *("val-core/math/acc/mean@4", "eval/math_avg@32", "val/math/mean_score"),
    ),
    "validation_reward/all": ("eval/all/reward_mean",),
    "validation_reward/AIME_2024": ("eval/AIME_2024_avg@32", "eval_AIME_2024_pass1"),
    "validation_reward/openai/gsm8k": (
        "val-core/openai/gsm8k/acc/mean@1",
        "val/openai/gsm8k/acc",
    ),
    "clipped_ratio": (
        *("response_length/clip_ratio", "completions/clipped_ratio", "rollout/truncated_rate"),
        *("truncated_ratio", "frac_clipped", "clipped_response_ratio", "response_clip_ratio"),
        *("train/rollout/truncated_rate", "is_truncated/mean", "truncated", "truncation/rate"),
    ),
    "entropy": (
        *("entropy/mean", "token_entropy", "actor/entropy", "policy/entropy_mean", "entropy_loss"),
    ),
    "response_length": (
        *("rollout/response_length_mean", "response_length/mean", "completions/mean_length"),
    ),
    "reward_mean": ("rollout/reward_mean", "critic/score/mean", "reward", "train/reward"),
    "component/format": ("gdpo/format/mean", "rewards/format/mean", "rewards/format"),
    "correctness": ("gdpo/accuracy/mean", "rewards/accuracy_reward/mean", "critic/acc/mean"),
}

NOT_THESE = (
    # PPO's ratio is clipped, too, and prompts have lengths.
    *("clip_ratio/region_mean", "actor/pg_clipfrac", "ppo_clip_ratio", "clip_ratio", "clipfrac"),
    *("cispo_clip_ratio", "ratio_clipped", "grad_clipped", "prompt_length/clip_ratio"),
    *("response_length_non_aborted/clip_ratio", "eval_completions/clipped_ratio"),
    # The best or the majority of k, spreads, costs, parts.
    *("val-core/math/acc/best@4/mean", "val-core/math/acc/maj@8/mean", "eval_math_pass4"),
    *("val-aux/math/reward/mean@1", "eval_math_reward_std", "val/math/acc/std", "eval/loss"),
    *("eval_rewards/format_reward/mean", "eval_format_reward", "eval_samples_per_second"),
    *("val/num_turns/mean", "unit_test_reward", "eval_entropy", "entropy_coef", "test/aime"),
    *("completions/max_length", "completions/mean_terminated_length", "gdpo/format/std"),
)


@pytest.mark.parametrize("canonical", KNOWN)
def test_names_that_are_known(canonical: str) -> None:
    for name in KNOWN[canonical]:
        assert canonical_metrics({name: 0.25}) == {canonical: 0.25}, name


@pytest.mark.parametrize("name", NOT_THESE)
def test_names_that_only_look_like_it(name: str) -> None:
    assert canonical_metrics({name: 0.25}) == {}


def test_the_better_of_two_names_is_taken() -> None:
    row = {"eval/score": 0.1, "eval/reward": 0.2, "eval/accuracy": 0.3}
    assert canonical_metrics(row) == {"validation_reward": 0.2}
    assert canonical_metrics(dict(reversed(row.items()))) == {"validation_reward": 0.2}


def test_what_is_no_number_is_left_out() -> None:
    """TRL logs None where no reward was left to average."""
    row = {"reward": None, "entropy": "0.5", "kl": [1], "loss": 10**400}
    assert canonical_metrics(row) == {"entropy": 0.5, "loss": float("inf")}


@given(st.text("/_-@1avlrewdctpsmn", max_size=40) | st.text(max_size=300))
def test_any_name_is_known_by_a_canonical_one_or_not_at_all(name: str) -> None:
    for found in canonical_metrics({name: 0.5}):
        assert found.partition("/")[0] in CANONICAL
