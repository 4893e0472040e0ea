"""The same rows judged by several graders, each compared with the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyverify import Options, Result
from pyverify.evaluate.compare.comparison import Change, Comparison, RowName, Trace
from pyverify.evaluate.compare.detail import detail_of
from pyverify.evaluate.judged import Judged
from pyverify.evaluate.settings import Progress
from pyverify.graders import Case, Grader, Judgement
from pyverify.io import Gold, Json, Number, Row

__all__ = ["GraderObserver"]

_FAILURES = ("timeout", "crashed", "raised")
_EVERY = 16


class GraderObserver:
    """Asks every grader about every row that a run has judged.

    Args:
        graders: Two or more.
        comparisons: One for each of the others with the first.
        on_change: Shown every row on which two of them differ.
        on_progress: Told how far they are, row by row.
    """

    def __init__(
        self,
        graders: Sequence[Grader],
        comparisons: Sequence[Comparison],
        *,
        on_change: Callable[[Comparison, Change], None],
        on_progress: Callable[[Progress], None],
    ) -> None:
        """Asks nothing yet."""
        self._graders = graders
        self._comparisons = comparisons
        self._on_change = on_change
        self._on_progress = on_progress
        names = ", ".join(grader.name for grader in graders)
        self._progress = Progress("", what=f"responses judged by {names}")

    def see(self, judged: Judged) -> None:
        """Asks about one chunk."""
        self._progress.source = judged.source
        asked: list[tuple[int, Result]] = []
        for i, result in enumerate(judged.results):
            if result is not None:
                asked.append((i, result))
        self._leave_out(len(judged.results) - len(asked))
        cases = [_case(judged.rows[i], judged.golds[i], result) for i, result in asked]
        lanes = [grader.judge(cases) for grader in self._graders]
        for (i, _), first, *others in zip(asked, *lanes, strict=True):
            row = judged.rows[i]
            for comparison, other in zip(self._comparisons, others, strict=True):
                self._compare(comparison, row, judged.golds[i], judged.options[i], (first, other))
            self._progress.rows += 1
            if self._progress.rows % _EVERY == 0:
                self._on_progress(self._progress)

    def _leave_out(self, rows: int) -> None:
        for comparison in self._comparisons:
            comparison.a.unjudged += rows
            comparison.b.unjudged += rows

    def _compare(
        self,
        comparison: Comparison,
        row: Row,
        gold: Gold,
        options: Options,
        judgements: tuple[Judgement, Judgement],
    ) -> None:
        sides = (comparison.a, comparison.b)
        for side, judgement in zip(sides, judgements, strict=True):
            if judgement.verdict in _FAILURES:
                side.failures[judgement.verdict] += 1
        a, b = judgements
        if not comparison.add(row.dataset, a, b, row.group):
            return
        traces = [
            Trace(
                judgement,
                gold,
                row.line,
                detail_of(row.completion, gold, options) if side.name == "pyverify" else None,
            )
            for side, judgement in zip(sides, judgements, strict=True)
        ]
        name = RowName(row.dataset, row.line if row.id is None else row.id, row.sample)
        change = Change(name, *traces)
        comparison.add_change(change)
        self._on_change(comparison, change)


def _case(row: Row, gold: Gold, result: Result) -> Case:
    record = row.record or {}
    extra: Json = record.get("extra_info")
    return Case(
        completion=row.completion,
        gold=gold,
        data_source=row.dataset or "",
        extra_info=_numbers(record if extra is None else extra),
        result=result,
    )


def _numbers(value: Json) -> Json:
    """Numbers are kept as they are written; a grader gets them as JSON has them."""
    if isinstance(value, Number):
        return float(value)
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    return value
