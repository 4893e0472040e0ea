r"""Rewards: what a trainer gets for a completion, as values that compose.

Example:
    >>> from pyverify.rewards import Correctness, Format
    >>> reward = 0.1 * Format("boxed") + 0.9 * Correctness()
    >>> reward([r"\boxed{4}", r"\boxed{5}", "It is 4."], golds=["4", "4", "4"])
    [1.0, 0.1, 0.9]
    >>> reward.evaluate([r"\boxed{5}"], golds=["4"]).components
    {'format': [1.0], 'correctness': [0.0]}
"""

from pyverify.rewards.base import Primitive, Reward
from pyverify.rewards.compose import Clip, Gate, Maximum, Minimum, Sum
from pyverify.rewards.config import (
    ConfigError,
    from_dict,
    from_json,
    from_toml,
    load_reward,
    to_dict,
    to_json,
    to_toml,
)
from pyverify.rewards.correct import Choice, Correctness, Graded, Tolerance, VerdictReward
from pyverify.rewards.ensemble import Ensemble
from pyverify.rewards.form import ExactText, Format
from pyverify.rewards.given import Function, Given
from pyverify.rewards.length import CosineLength, LengthBonus, OverlongPenalty, approximate_tokens
from pyverify.rewards.outcome import RewardBatch, RewardSummary
from pyverify.rewards.process import ProcessReward, StepScorer, split_steps
from pyverify.rewards.recipes import RECIPES, Recipe, recipe
from pyverify.rewards.style import LanguageConsistency, Repetition, Steps

__all__ = [
    "RECIPES",
    "Choice",
    "Clip",
    "ConfigError",
    "Correctness",
    "CosineLength",
    "Ensemble",
    "ExactText",
    "Format",
    "Function",
    "Gate",
    "Given",
    "Graded",
    "LanguageConsistency",
    "LengthBonus",
    "Maximum",
    "Minimum",
    "OverlongPenalty",
    "Primitive",
    "ProcessReward",
    "Recipe",
    "Repetition",
    "Reward",
    "RewardBatch",
    "RewardSummary",
    "StepScorer",
    "Steps",
    "Sum",
    "Tolerance",
    "VerdictReward",
    "approximate_tokens",
    "from_dict",
    "from_json",
    "from_toml",
    "load_reward",
    "recipe",
    "split_steps",
    "to_dict",
    "to_json",
    "to_toml",
]
