"""The rewards of a trainer's call, as columns and as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

__all__ = ["Scored", "joined"]


@dataclass(frozen=True, slots=True)
class Scored:
    """The rewards of a call, as columns.

    Attributes:
        rewards: One for each completion; None where it abstains.
        columns: What `TrainerReward.names` lists, a list for each, all as long as `rewards`. Texts
            in ``pred``, ``verdict`` and ``reason``; finite floats in all others.
    """

    rewards: list[float | None]
    columns: dict[str, list[float] | list[str]]

    def __len__(self) -> int:
        return len(self.rewards)

    def rows(
        self, abstained: float = 0.0, *, reward: str = "reward"
    ) -> list[dict[str, float | str]]:
        """A flat dict for each completion: the reward, then the columns.

        Args:
            abstained: The reward of those that abstain.
            reward: What the reward is called. A component of that name is called
                ``pyverify_NAME`` instead.
        """
        names = (reward, *(f"pyverify_{name}" if name == reward else name for name in self.columns))
        filled = [abstained if one is None else one for one in self.rewards]
        rows = zip(filled, *self.columns.values(), strict=True)
        return [dict(zip(names, row, strict=True)) for row in rows]


def joined(size: int, parts: Iterable[tuple[list[int], Scored]]) -> Scored:
    """The results of several data sets, in the order of the call."""
    rewards: list[float | None] = [None] * size
    columns: dict[str, list[object]] = {}
    for rows, scored in parts:
        for at, reward in zip(rows, scored.rewards, strict=True):
            rewards[at] = reward
        for name, values in scored.columns.items():
            column = columns.setdefault(name, [None] * size)
            for at, value in zip(rows, values, strict=True):
                column[at] = value
    return Scored(rewards, cast("dict[str, list[float] | list[str]]", columns))
