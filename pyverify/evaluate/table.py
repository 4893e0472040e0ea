"""The counts of some rows, and how each of their prompts was answered."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyverify.evaluate.reward_tally import RewardTally

Signature = tuple[int, ...]
"""One prompt: its samples, those right, then the size of each group of equivalent answers and how
many of it are right, largest first. Samples without an answer are in no group."""


@dataclass(slots=True)
class Table:
    """A data set, the rows of one value of a field, or all rows.

    Attributes:
        name: What it is called; None for rows that have no such name.
        counts: How many rows there are of each sort.
        signatures: How many prompts were answered alike.
        rewards: The rewards of the rows, where the run has a reward.
    """

    name: str | None
    counts: Mapping[str, int]
    signatures: Mapping[Signature, int]
    rewards: RewardTally | None = None

    @staticmethod
    def union(tables: Sequence[Table]) -> Table:
        """All rows of tables that share none; without rewards, which don't add up."""
        counts: Counter[str] = Counter()
        signatures: Counter[Signature] = Counter()
        for table in tables:
            counts.update(table.counts)
            signatures.update(table.signatures)
        return Table(None, counts, signatures)

    @property
    def accuracy(self) -> float | None:
        """Mean score, or None of nothing."""
        rows = self.counts["rows"]
        return self.counts["right"] / rows if rows else None

    @property
    def prompts(self) -> int:
        """Number of prompts; a row that shares its prompt with none counts as one."""
        return sum(self.signatures.values())

    @property
    def standard_error(self) -> float | None:
        """Standard error of the accuracy, clustered by prompt; None for fewer than two prompts."""
        mean, clusters = self.accuracy, self.prompts
        if mean is None or clusters < 2:
            return None
        squares = math.fsum(
            times * (right - samples * mean) ** 2
            for (samples, right, *_), times in self.signatures.items()
        )
        return math.sqrt(squares * clusters / (clusters - 1)) / self.counts["rows"]


def largest(tables: Sequence[Table], most: int) -> list[Table]:
    """The tables of the most rows, in the order of their names."""
    ordered = sorted(tables, key=_natural)
    if len(ordered) <= most:
        return ordered
    least = sorted((table.counts["rows"] for table in ordered), reverse=True)[most - 1]
    more = [table for table in ordered if table.counts["rows"] > least]
    as_many = [table for table in ordered if table.counts["rows"] == least]
    chosen = [*more, *as_many[: most - len(more)]]
    return sorted(chosen, key=_natural)


def _natural(table: Table) -> tuple[bool, list[tuple[int, str]]]:
    """Level 10 comes after level 9, and rows without a value last."""
    if table.name is None:
        return True, []
    parts = re.split(r"([0-9]+)", table.name)
    # A number by its length and digits: as an integer it might be of any size.
    return False, [
        (len(part.lstrip("0")), part.lstrip("0")) if i % 2 else (0, part)
        for i, part in enumerate(parts)
    ]
