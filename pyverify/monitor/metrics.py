"""The metrics that the monitor knows, by the one name each has here, and how they are computed."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from pyverify.monitor.values import measured

__all__ = ["CANONICAL", "CORRECTNESS_NAMES", "batch_metrics", "family", "is_canonical", "label"]

CANONICAL: dict[str, str] = {
    "reward_mean": "reward",
    "reward_std": "spread of the reward",
    "reward_min": "lowest reward",
    "reward_max": "highest reward",
    "validation_reward": "validation reward",
    "correctness": "correctness",
    "component": "component",
    "entropy": "entropy",
    "clipped_ratio": "clipped responses",
    "response_length": "response length",
    "zero_variance_groups": "zero-variance groups",
    "no_answer": "responses without an answer",
    "abstained": "abstentions",
    "kl": "KL divergence",
    "grad_norm": "gradient norm",
    "loss": "loss",
    "group_size": "group size",
}
"""Canonical name (or family of names) to what it is called in a message.

``validation_reward``, ``component`` and ``abstained`` are families: ``validation_reward/gsm8k``,
``component/format``, ``abstained/judge``.
"""

CORRECTNESS_NAMES = frozenset({"correctness", "correct", "accuracy", "acc"})
"""Names under which a component is the correctness."""

FAMILIES = frozenset({"validation_reward", "component", "abstained"})


@dataclass(frozen=True, slots=True)
class Scale:
    """What a reward can be, as far as the values tell.

    Attributes:
        low: The bottom: 0, or a round negative number.
        high: The top: 1, or the next round number above all values.

    Example:
        >>> Scale.of([0.1, 0.4]), Scale.of([-0.8, 0.2]).level(0.0)
        (Scale(low=0.0, high=1.0), 1.0)
    """

    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Scale:
        """The narrowest round scale that holds all values."""
        low, high = min(values), max(values)
        return cls(0.0 if low >= 0 else -_round_up(-low), _round_up(high))

    def level(self, value: float) -> float:
        """Height above the bottom, in units of the reward."""
        return value - self.low

    def height(self, value: float) -> float:
        """Height from 0 at the bottom to 1 at the top."""
        return (value - self.low) / (self.high - self.low)

    def deviation(self, value: float, samples: int) -> float:
        """Standard deviation of a mean of `samples` rewards that are each the bottom or the top.

        No rewards on this scale vary more. A value at an end would have none at all, which nobody
        can know from one sample: half a sample is added on either side.
        """
        share = (self.height(value) * samples + 0.5) / (samples + 1)
        share = min(max(share, 0.0), 1.0)
        return (self.high - self.low) * math.sqrt(share * (1 - share) / samples)


def _round_up(value: float) -> float:
    """The least of 1, 2, 5, 10, 20, ... that is not below, rounding in a log forgiven."""
    if value <= 1 + 1e-6:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * 1.000001)


def family(name: str) -> str:
    """The part of a name before its slash.

    Example:
        >>> family("component/format"), family("entropy")
        ('component', 'entropy')
    """
    return name.partition("/")[0]


def is_canonical(name: str) -> bool:
    """Whether the monitor knows a metric of this name."""
    head, slash, rest = name.partition("/")
    if not slash:
        return name in CANONICAL and name != "component"
    return head in FAMILIES and bool(rest)


def label(name: str) -> str:
    """What a metric is called in messages and plots.

    Example:
        >>> label("validation_reward/gsm8k"), label("component/format")
        ('validation reward of gsm8k', 'component format')
    """
    head, slash, rest = name.partition("/")
    words = CANONICAL.get(head, head)
    if not slash:
        return words
    return f"{words} {rest}" if head == "component" else f"{words} of {rest}"


def batch_metrics(
    rewards: Sequence[float | None],
    groups: Sequence[Hashable] | None = None,
    components: Mapping[str, Sequence[float | None]] | None = None,
) -> dict[str, float]:
    """The metrics of one batch of rewards.

    Args:
        rewards: A reward per completion; None where the reward abstained. What is no number counts
            as NaN.
        groups: What tells the prompts apart, one per completion; None if they are unknown.
        components: Values of each component, one per completion, None where it abstained.

    Returns:
        ``reward_mean`` (NaN if a reward is not finite), ``reward_std`` (population),
        ``reward_min``, ``reward_max``, ``abstained`` (share of 1), ``zero_variance_groups`` (share
        of the groups with at least two rewards) and ``group_size`` where there are groups,
        ``component/NAME`` and ``abstained/NAME`` for each component, and ``correctness`` if one is
        called so. What nothing is known of is absent.

    Raises:
        ValueError: If the lengths differ.

    Example:
        >>> found = batch_metrics([1.0, 0.0, 1.0, 1.0], groups=["a", "a", "b", "b"])
        >>> found["reward_mean"], found["zero_variance_groups"], found["group_size"]
        (0.75, 0.5, 2.0)
    """
    found: dict[str, float] = {}
    values = list(map(_value, rewards))
    known = [value for value in values if value is not None]
    if values:
        found["abstained"] = 1 - len(known) / len(values)
    if known:
        found["reward_mean"] = _mean(known)
        if math.isfinite(found["reward_mean"]):
            found["reward_std"] = pstdev(known)
            found["reward_min"] = min(known)
            found["reward_max"] = max(known)
    if groups is not None:
        found.update(_group_metrics(values, groups))
    for name, given in (components or {}).items():
        if len(given) != len(values):
            raise ValueError(f"{len(values)} rewards but {len(given)} values of {name!r}")
        present = [value for value in map(_value, given) if value is not None]
        if values:
            found[f"abstained/{name}"] = 1 - len(present) / len(values)
        if present:
            found[f"component/{name}"] = _mean(present)
            if name in CORRECTNESS_NAMES:
                found["correctness"] = found[f"component/{name}"]
    return found


def _value(given: object) -> float | None:
    """A reward as a number; NaN if it is none, None if it abstained."""
    if given is None:
        return None
    value = measured(given)
    return math.nan if value is None else value


def _mean(values: Sequence[float]) -> float:
    """The mean; NaN if a value is not finite."""
    return fmean(values) if all(map(math.isfinite, values)) else math.nan


def _group_metrics(rewards: Sequence[float | None], groups: Sequence[Hashable]) -> dict[str, float]:
    if len(groups) != len(rewards):
        raise ValueError(f"{len(rewards)} rewards but {len(groups)} groups")
    members: dict[Hashable, list[float]] = {}
    for group, reward in zip(groups, rewards, strict=True):
        if reward is not None:
            members.setdefault(group, []).append(reward)
    several = [values for values in members.values() if len(values) > 1]
    if not several:
        return {}
    flat = sum(min(values) == max(values) for values in several)
    return {
        "zero_variance_groups": flat / len(several),
        "group_size": fmean(len(values) for values in several),
    }
