"""A reward made anew with other parameters somewhere inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from pyverify.options import Options
from pyverify.rewards.base import Primitive, Reward
from pyverify.rewards.correct import VerdictReward

__all__ = ["mapped", "replace_options"]


def replace_options(reward: Reward, options: Options) -> Reward:
    r"""The same reward under other judgement calls, wherever it compares answers.

    Example:
        >>> from pyverify.rewards import Correctness
        >>> replace_options(Correctness(), Options(units="required"))(r"\boxed{4}", gold="4 cm")
        0.0
    """

    def changed(leaf: Primitive) -> Primitive:
        if isinstance(leaf, VerdictReward):
            return dataclasses.replace(leaf, options=options)
        return leaf

    return mapped(reward, changed)


def mapped(reward: Reward, change: Callable[[Primitive], Primitive]) -> Reward:
    """The same composition of other primitive rewards.

    Args:
        reward: The reward.
        change: What becomes of each primitive reward in it.
    """
    if isinstance(reward, Primitive):
        return change(reward)
    copy = object.__new__(type(reward))
    for one in dataclasses.fields(reward):  # type: ignore[arg-type]  # every reward is a dataclass
        object.__setattr__(copy, one.name, _value(getattr(reward, one.name), change))
    return copy


def _value(value: object, change: Callable[[Primitive], Primitive]) -> object:
    if isinstance(value, Reward):
        return mapped(value, change)
    if isinstance(value, tuple):
        return tuple(_value(one, change) for one in value)
    return value
