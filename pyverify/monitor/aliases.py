"""What each trainer calls the metrics: a table of names, and the few families with a pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyverify.monitor.metrics import CANONICAL, is_canonical

__all__ = ["MapError", "Names", "canonical_metrics", "parse_names"]

# The first of a list that a row has is taken. In TRL clip_ratio/... is the clipping of PPO's ratio,
# as actor/pg_clipfrac is in verl: neither is about length.
_EVALUATED = (
    "reward",
    "reward_mean",
    "reward/mean",
    "mean_reward",
    "accuracy",
    "acc",
    "score",
    "score/mean",
)

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
        "policy/entropy_avg",
        "ppo/policy/entropy",
        "policy/entropy",
        "entropy_loss",
        "policy_entropy",
        "mean_entropy",
    ),
    "clipped_ratio": (
        "response_length/clip_ratio",
        "completions/clipped_ratio",
        "response/clip_ratio",
        "truncated",
        "truncated_rate",
        "truncation_rate",
        "truncation_ratio",
        "length_clip_ratio",
        "response_clip_ratio",
        "clipped_responses",
        "clipped",
        "overlong_ratio",
    ),
    "response_length": (
        "response_length/mean",
        "completions/mean_length",
        "completion_length",
        "response/mean_length",
        "mean_response_length",
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
    "validation_reward": (
        "eval/pass1",
        "val/test_score",
        *(
            f"{place}{mark}{what}"
            for place in ("eval", "val", "validation", "test")
            for mark in ("_", "/")
            for what in _EVALUATED
        ),
    ),
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

# One validation set each: the mean over samples, not the best or the majority of k.
_VALIDATION = tuple(
    re.compile(pattern)
    for pattern in (
        r"val-core/(?P<set>.{1,200})/(?:acc|reward|score)/mean@\d{1,6}",
        r"val/test_score/(?P<set>.{1,200})",
        r"eval/(?:eval_)?(?P<set>[^/]{1,200})_pass1",
        r"eval_(?P<set>[^/]{1,200})_reward",
        r"eval/(?P<set>[^/]{1,200})_reward(?:_mean)?",
    )
)
_COMPONENT = re.compile(r"rewards/(?P<name>[^/]{1,200})(?:/mean)?")
_CORRECT = re.compile(r"accuracy|correct|(?:^|_)acc(?:_|$)", re.IGNORECASE)
_NO_COMPONENTS = frozenset({"mean", "std", "min", "max", "chosen", "rejected", "margins"})

_EXACT: dict[str, tuple[str, int]] = {
    alias: (name, place)
    for name, aliases in ALIASES.items()
    for place, alias in enumerate(aliases, start=1)
}
_PATTERN = 1000


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

    def translate(self, row: Mapping[str, float]) -> dict[str, float]:
        """The canonical metrics of a row."""
        found: dict[str, tuple[int, float]] = {}
        for name, value in row.items():
            if name not in self.seen:
                self._learn(name)
            canonical = self.seen[name]
            if canonical is None:
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
        return _printable(short), 0
    if short in _EXACT:
        return _EXACT[short]
    for pattern in _VALIDATION:
        if (found := pattern.fullmatch(name)) is not None:
            return f"validation_reward/{_printable(found['set'])}", _PATTERN
    component = _COMPONENT.fullmatch(short)
    if component is None or component["name"] in _NO_COMPONENTS:
        return None, 0
    if _CORRECT.search(component["name"]):
        return "correctness", _PATTERN
    return f"component/{_printable(component['name'])}", _PATTERN


def _printable(name: str) -> str:
    """A name for terminals and pages: no control characters, no halves of surrogate pairs."""
    return "".join(character if character.isprintable() else "?" for character in name)


def canonical_metrics(
    metrics: Mapping[str, float], names: Mapping[str, str] | None = None
) -> dict[str, float]:
    """A trainer's metrics under the names that the monitor knows.

    Args:
        metrics: Values by the trainer's names; what is not known is left out.
        names: The trainer's name for a canonical name, where the usual one is wrong.

    Returns:
        Values by canonical name.

    Example:
        >>> canonical_metrics({"critic/score/mean": 0.5, "actor/lr": 1e-6})
        {'reward_mean': 0.5}
        >>> canonical_metrics({"rewards/format_reward/mean": 1.0, "completions/clipped_ratio": 0.1})
        {'component/format_reward': 1.0, 'clipped_ratio': 0.1}
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
