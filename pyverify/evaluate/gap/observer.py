"""Looks at a run while it goes on and keeps what the score-gap report is made of: counts."""

from __future__ import annotations

from collections.abc import Sequence

from pyverify.evaluate.gap.failing import Failing
from pyverify.evaluate.gap.findings import Finding, GapReport, Setting
from pyverify.evaluate.gap.published import Reported, ReportedError
from pyverify.evaluate.gap.sampling import Sampling
from pyverify.evaluate.gap.settings import other_metrics, other_rows
from pyverify.evaluate.gap.suspects import SUSPECTS, Suspect, task_gold
from pyverify.evaluate.judged import Judged
from pyverify.evaluate.report import Report
from pyverify.tasks import RowReference, TaskJoin

__all__ = ["GapObserver"]

_KEPT = 20_000
"""So many rows of a kind are kept by reference; all are counted."""


class GapObserver:
    """Judges failing rows anew, chunk by chunk, under one change at a time.

    Args:
        reported: The score to compare with.
        join: The task of the rows, if one is known; it must not have seen them for itself.

    Raises:
        ReportedError: The score is of another benchmark.
    """

    def __init__(self, reported: Reported, join: TaskJoin | None = None) -> None:
        published = reported.published
        if join is not None and published is not None and published.task != join.task.name:
            raise ReportedError(
                f"--reported {reported.text}: that score is of {published.task}, "
                f"and the file of {join.task.name}"
            )
        self._reported = reported
        self._join = join
        self._suspects: Sequence[Suspect] = SUSPECTS
        if join is not None and join.problems is not None:
            self._suspects = (*SUSPECTS, task_gold(join))
        self._rows = [0] * len(self._suspects)
        self._alone = [0] * len(self._suspects)
        self._references: list[list[RowReference]] = [[] for _ in self._suspects]
        self._tried_rows = 0
        self._any_rows = 0
        self._extra = [0, 0]
        self._first: dict[int, float] = {}

    def see(self, judged: Judged) -> None:
        """Is shown one chunk."""
        failing = Failing.of(judged)
        found = [suspect.find(failing) for suspect in self._suspects]
        for i, row in enumerate(failing.rows):
            named = [k for k, hits in enumerate(found) if hits[i]]
            self._count(named, RowReference(failing.source, row.line, row.sample, row.id))
        if self._join is not None and self._join.problems is not None:
            self._place(judged, self._join)

    def _count(self, named: list[int], reference: RowReference) -> None:
        if not named:
            return
        self._any_rows += 1
        self._tried_rows += any(self._suspects[k].tried for k in named)
        single = [k for k in named if not self._suspects[k].sums_up]
        for k in named:
            self._rows[k] += 1
            self._alone[k] += [k] == (single or named)
            if len(self._references[k]) < _KEPT:
                self._references[k].append(reference)

    def _place(self, judged: Judged, join: TaskJoin) -> None:
        for row, result in zip(judged.rows, judged.results, strict=True):
            score = 0.0 if result is None else result.score
            problem = join.problem_for(row.record)
            if problem is None:
                self._extra[0] += 1
                self._extra[1] += int(score)
            else:
                self._first.setdefault(problem.index, score)

    def finish(self, report: Report) -> GapReport:
        """The report, when the run is over.

        Args:
            report: The run's numbers.
        """
        overall = report.overall
        coverage = None if self._join is None else self._join.report()
        settings: list[Setting] = other_metrics(report.as_json())
        settings.extend(other_rows(overall.counts, coverage, self._extra, self._first))
        return GapReport(
            reported=self._reported,
            rows=overall.counts["rows"],
            right=overall.counts["right"],
            sampling=Sampling.of(overall, self._reported),
            findings=tuple(
                Finding(suspect, rows, alone, tuple(references))
                for suspect, rows, alone, references in zip(
                    self._suspects, self._rows, self._alone, self._references, strict=True
                )
            ),
            tried_rows=self._tried_rows,
            any_rows=self._any_rows,
            settings=tuple(settings),
            coverage=coverage,
        )
