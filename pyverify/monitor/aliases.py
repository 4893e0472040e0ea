"""What each trainer calls the metrics: a table of names, and what the user says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyverify.monitor.metrics import CANONICAL, is_canonical
from pyverify.monitor.patterns import by_habit
from pyverify.monitor.values import measured

__all__ = ["MapError", "Names", "canonical_metrics", "parse_names", "printable"]

# The first of a list that a row has is taken. In TRL clip_ratio/... is the clipping of PPO's ratio,
# as actor/pg_clipfrac is in verl: neither is about length. Names that follow a habit are in
# `patterns`; here are those that do not, and those to be preferred.
ALIASES: dict[str, tuple[str, ...]] = {
    "reward_mean": (
        "critic/score/mean",
        "critic/rewards/mean",
        "reward",
        "reward/mean",
        "rewards/mean",
        "mean_reward",
        "avg_reward",
        "train_reward",
        "training_reward",
        "reward/avg_raw_reward",
        "objective/scores",
        "env/reward_mean",
        "rollout/reward_mean",
        "ppo/mean_scores",
        "objective/rlhf_reward",
        "score",
    ),
    "reward_std": ("critic/score/std", "reward/std", "rewards/std", "env/reward_std"),
    "reward_min": ("critic/score/min", "reward/min"),
    "reward_max": ("critic/score/max", "reward/max"),
    "entropy": (
        "actor/entropy",
        "actor/entropy_loss",
        "policy/entropy",
        "policy_entropy",
        "entropy_loss",
    ),
    "clipped_ratio": (
        "response_length/clip_ratio",
        "completions/clipped_ratio",
        "rollout/truncated_rate",
        "truncated",
        "clipped",
        "length_clip_ratio",
    ),
    "response_length": (
        "response_length/mean",
        "completions/mean_length",
        "rollout/response_length_mean",
        "tokens/mean_length",
    ),
    "zero_variance_groups": (
        "frac_reward_zero_std",
        "frac_zero_std",
        "zero_advantage_frac",
        "zero_variance_frac",
    ),
    "correctness": ("critic/acc/mean", "accuracy", "acc", "correct", "math_accuracy"),
    "no_answer": ("no_answer_share", "no_answer/mean"),
    "abstained": ("abstained/mean",),
    "kl": ("actor/kl_loss", "actor/ppo_kl", "objective/kl", "ppo_kl", "kl_loss", "mean_kl"),
    "grad_norm": ("actor/grad_norm", "policy/grad_norm", "actor_grad_norm"),
    "loss": ("actor/loss", "actor/pg_loss", "policy_loss", "loss/policy_avg", "pg_loss"),
    "validation_reward": ("val/test_score",),
}

TRACKER_STEPS = ("_step", "Step")
"""Rows of a tracker, which are more than steps where evaluations have rows of their own."""

STEP_NAMES = (
    "step",
    "global_step",
    "train/global_step",
    "training/global_step",
    "eval/global_step",
    "iteration",
    *TRACKER_STEPS,
)
"""Names under which a row has its step, the first that is there."""

_EXACT: dict[str, tuple[str, int]] = {
    alias: (name, place)
    for name, aliases in ALIASES.items()
    for place, alias in enumerate(aliases, start=1)
}


class MapError(ValueError):
    """A ``--map`` that cannot be used; the message says how it is meant."""


@dataclass(slots=True)
class Names:
    """Translates the names of a log.

    Attributes:
        chosen: A trainer's name for each canonical name that the user mapped.
        seen: Every name met so far, with what it was taken for, or None.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    seen: dict[str, str | None] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)

    def translate(self, row: Mapping[str, object]) -> dict[str, float]:
        """The canonical metrics of a row; what is no number is left out."""
        found: dict[str, tuple[int, float]] = {}
        for name, given in row.items():
            if name not in self.seen:
                self._learn(name)
            canonical = self.seen[name]
            value = measured(given) if canonical is not None else None
            if canonical is None or value is None:
                continue
            place = self._places[name]
            if canonical not in found or place < found[canonical][0]:
                found[canonical] = (place, value)
        return {canonical: value for canonical, (_, value) in found.items()}

    def _learn(self, name: str) -> None:
        for canonical, wanted in self.chosen.items():
            if name == wanted:
                self.seen[name], self._places[name] = canonical, -1
                return
        known, place = _known(name)
        # A mapped name replaces all aliases of the same metric.
        self.seen[name] = None if known in self.chosen else known
        self._places[name] = place


def _known(name: str) -> tuple[str | None, int]:
    short = name.removeprefix("train/")
    if is_canonical(short):
        return printable(short), 0
    if short in _EXACT:
        return _EXACT[short]
    found = by_habit(name)
    return (printable(found[0]), found[1]) if found is not None else (None, 0)


def printable(name: str) -> str:
    """A name for terminals and pages: no control characters, no halves of surrogate pairs."""
    return "".join(character if character.isprintable() else "?" for character in name)


def canonical_metrics(
    metrics: Mapping[str, object], names: Mapping[str, str] | None = None
) -> dict[str, float]:
    """A trainer's metrics under the names that the monitor knows.

    Args:
        metrics: Values by the trainer's names. What is not known is left out, and so is what is no
            number: TRL logs None where no reward was left to average.
        names: The trainer's name for a canonical name, where the usual one is wrong.

    Returns:
        Values by canonical name.

    Example:
        >>> canonical_metrics({"critic/score/mean": 0.5, "actor/lr": 1e-6})
        {'reward_mean': 0.5}
        >>> canonical_metrics({"rewards/format_reward/mean": 1.0, "completions/clipped_ratio": 0.1})
        {'component/format_reward': 1.0, 'clipped_ratio': 0.1}
        >>> canonical_metrics({"reward": None, "eval/aime24/pass@1": 0.2})
        {'validation_reward/aime24': 0.2}
    """
    return Names(names or {}).translate(metrics)


def parse_names(entries: list[str]) -> dict[str, str]:
    """Reads ``--map`` entries: ``CANONICAL=NAME``, several with commas between them.

    Raises:
        MapError: If an entry has no ``=`` or its left side is no canonical name.

    Example:
        >>> parse_names(["validation_reward=val-core/gsm8k/acc/mean@1"])
        {'validation_reward': 'val-core/gsm8k/acc/mean@1'}
    """
    found: dict[str, str] = {}
    for entry in (part for text in entries for part in text.split(",")):
        canonical, sign, name = (part.strip() for part in entry.partition("="))
        if not sign or not name:
            raise MapError(f"--map takes METRIC=NAME, such as entropy=actor/entropy, not {entry!r}")
        if not is_canonical(canonical):
            known = ", ".join("component/NAME" if n == "component" else n for n in CANONICAL)
            raise MapError(
                f"--map {entry!r}: no metric is called {canonical!r}; there are: {known}"
            )
        found[canonical] = name
    return found
