"""The score-gap report: what a run found, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pyverify.evaluate.gap.published import Reported
from pyverify.evaluate.gap.sampling import Sampling
from pyverify.evaluate.gap.suspects import Suspect
from pyverify.tasks import Coverage, RowReference

__all__ = ["NOT_MEASURABLE", "Finding", "GapReport", "Setting"]

NOT_MEASURABLE = (
    "the prompt: its words, worked examples, the chat template, the system message",
    "sampling: temperature, top-p, the seed, the number of tokens allowed",
    "the model: its revision, precision, quantisation and the program that ran it",
    "the grader that made the reported score, and its golds",
)
"""What a file of responses cannot show: it takes another run, or the other side's file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one suspect could explain.

    Attributes:
        suspect: The suspect.
        rows: Rows it could explain.
        alone: Those of them that nothing else does.
        references: Where they are; the first twenty thousand.
    """

    suspect: Suspect
    rows: int
    alone: int
    references: tuple[RowReference, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that the same file gives when it is counted otherwise.

    Attributes:
        title: How.
        score: The number.
        bound: Whether it is a bound, not a measurement.
        prompts: Of how many prompts it is; None for all.
        mean: The mean of those prompts, where they aren't all: what the number is to be held
            against.
    """

    title: str
    score: float
    bound: bool
    prompts: int | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class GapReport:
    """How a measured score compares with a reported one, and what could lie between them.

    Attributes:
        reported: The reported score.
        rows: Rows scored.
        right: Right ones.
        sampling: The error of the measurement.
        findings: Every suspect, in the order of the report.
        tried_rows: Rows that were right under some change, each counted once.
        any_rows: Rows that anything could explain, each counted once.
        settings: What other ways of counting give.
        coverage: What of the task there is, or None.
    """

    reported: Reported
    rows: int
    right: int
    sampling: Sampling
    findings: tuple[Finding, ...]
    tried_rows: int
    any_rows: int
    settings: tuple[Setting, ...]
    coverage: Coverage | None

    @property
    def measured(self) -> float:
        """The measured score; 0 of nothing."""
        return self.right / self.rows if self.rows else 0.0

    @property
    def gap(self) -> float:
        """The reported score less the measured one."""
        return self.reported.score - self.measured

    def share(self, rows: int) -> float:
        """So many rows as a part of all."""
        return rows / self.rows if self.rows else 0.0

    @property
    def by_chance(self) -> float:
        """The part of the gap that lies within the 95 % interval of the measurement."""
        return max(0.0, min(self.gap, self.sampling.high - self.measured))

    @property
    def unexplained(self) -> float:
        """What is left of the gap if all that could explain it does, chance aside."""
        return max(0.0, self.gap - self.share(self.any_rows))

    def as_json(self) -> dict[str, object]:
        """The report as an object for JSON: scores between 0 and 1, every row's reference."""
        published = self.reported.published
        sampling = {name: _rounded(value) for name, value in asdict(self.sampling).items()}
        return {
            "reported": self.reported.score,
            "reported_as": self.reported.text,
            "published": None if published is None else {**asdict(published)},
            "measured": _rounded(self.measured),
            "rows": self.rows,
            "right": self.right,
            "gap": _rounded(self.gap),
            "sampling": {**sampling, "within_95": _rounded(self.by_chance)},
            "suspects": [self._finding_json(finding) for finding in self.findings],
            "judged_again": self._total_json(self.tried_rows),
            "at_most": self._total_json(self.any_rows),
            "unexplained": _rounded(self.unexplained),
            "settings": [
                {
                    "what": one.title,
                    "score": _rounded(one.score),
                    "bound": one.bound,
                    "prompts": one.prompts,
                    "mean": _rounded(one.mean),
                }
                for one in self.settings
            ],
            "coverage": None if self.coverage is None else self.coverage.as_json(),
            "not_measurable": list(NOT_MEASURABLE),
        }

    def _finding_json(self, finding: Finding) -> dict[str, object]:
        suspect = finding.suspect
        return {
            "key": suspect.key,
            "group": suspect.group,
            "what": suspect.title,
            "judged_again": suspect.tried,
            "alone": finding.alone,
            "references": [reference.as_json() for reference in finding.references],
            **self._total_json(finding.rows),
        }

    def _total_json(self, rows: int) -> dict[str, object]:
        return {"rows": rows, "share": _rounded(self.share(rows))}


def _rounded(value: float | None) -> float | None:
    """Twelve places: the last digits of a float differ between machines' libraries."""
    return None if value is None else round(value, 12)
