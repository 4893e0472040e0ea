"""What every grader is asked and what it says, whoever it is and wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyverify import Result

__all__ = ["RIGHT_FROM", "Case", "Grader", "GraderError", "Judgement"]

RIGHT_FROM = 0.5
"""A score of a grader that gives parts of a point counts as right from here on."""


class GraderError(RuntimeError):
    """A grader that cannot be used; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row for a grader.

    Attributes:
        completion: The model's text.
        gold: The reference answer as JSON has it: a text, a list of parts or an object.
        data_source: The data set's name, or "".
        extra_info: What else the row's record says of it.
        result: What pyverify made of it.
    """

    completion: str
    gold: object
    data_source: str
    extra_info: object
    result: Result


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one grader said of one row.

    Attributes:
        right: Whether it counts as right.
        verdict: One word; pyverify's own (`equal`, `not_equal`, …), or `timeout`, `crashed`,
            `raised` for a grader that gave no verdict.
        reason: Why, as far as the grader says.
        score: What it gave, 0.0 without a verdict.
        extracted: The answer it saw, or None.
    """

    right: bool
    verdict: str
    reason: str
    score: float
    extracted: str | None = None


class Grader(Protocol):
    """Somebody who judges rows."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    @property
    def label(self) -> str:
        """Its name and version, for reports."""

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """Judges rows, in their order, one after the other.

        Raises:
            GraderError: It cannot be used.
        """

    def close(self) -> None:
        """Ends what it has started."""
