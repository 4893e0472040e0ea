"""Predictions joined to the problems of a task: golds, fields for tables, and what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from pyverify import PRESETS, equivalent
from pyverify.io import Fields, Gold, Json, Known, Row
from pyverify.tasks.catalog import Task
from pyverify.tasks.coverage import Coverage, RowReference
from pyverify.tasks.match import How, Matcher
from pyverify.tasks.problems import Problem

__all__ = ["Seen", "TaskJoin"]

_SHOWN = 100
"""So many rows of a kind are kept by reference; all are counted."""

_REMEMBERED = 1 << 16
"""So many comparisons of golds are kept."""

_MAX_DIGESTS = 1 << 20
"""Beyond so many rows it is no longer asked which are the same."""


class Seen(Protocol):
    """What is looked at of a chunk of judged rows."""

    @property
    def source(self) -> str:
        """The input's name."""

    @property
    def rows(self) -> Sequence[Row]:
        """Its rows."""

    @property
    def golds(self) -> Sequence[Gold]:
        """What they were compared with."""


class TaskJoin:
    """Joins records to a task's problems, and counts what came.

    It serves where a table of golds does (`gold_for`), and as an observer of a run (`see`).

    Args:
        task: The task.
        problems: Its problems; None where its data is not at hand: then golds come from the file,
            and prompts are only counted.
    """

    def __init__(self, task: Task, problems: Sequence[Problem] | None = None) -> None:
        self.task = task
        self.problems = problems
        self._matcher = Matcher(task.name, problems) if problems is not None else None
        self._counts: dict[object, int] = {}
        self._how: dict[How, int] = dict.fromkeys(How, 0)
        self._extra: list[RowReference] = []
        self._extra_rows = 0
        self._again: dict[object, list[RowReference]] = {}
        self._digests: set[bytes] = set()
        self._same_rows = 0
        self._agrees: dict[tuple[int, str], bool] = {}
        self._differ: list[RowReference] = []
        self._differ_rows = 0

    @property
    def own(self) -> bool:
        """Whether golds that a response's file has itself count: they go before the task's."""
        return True

    @property
    def without(self) -> str | None:
        """What to do about an input that has no golds; None where the task's are at hand."""
        if self.problems is not None:
            return None
        return (
            f"it has no golds, and those of {self.task.name} are not at hand: "
            "--data WHERE says where its problems are"
        )

    def read_by(self, fields: Fields) -> None:
        """Says where the next input has its ids and problems; otherwise usual names are tried."""
        if self._matcher is not None:
            ids = (path for path in (fields.id,) if path is not None)
            texts = (path for path in (fields.problem, fields.group) if path is not None)
            self._matcher.look_at(ids, texts)

    def problem_for(self, record: dict[str, Json] | None) -> Problem | None:
        """The problem that a record answers; None where it is not of the task or nobody knows."""
        if self._matcher is None or record is None:
            return None
        found = self._matcher.find(record)
        return None if found is None else found[0]

    def look_up(self, record: dict[str, Json], own: Gold | None = None) -> Known:
        """A record with what the task knows of its problem; `own` is the file's gold for it."""
        task = self.task.name
        gold = self.gold_for(record, own)
        if self._matcher is None:
            return Known(record, gold, dataset=task)
        problem = self.problem_for(record)
        if problem is None:
            # Its score must not be taken for the task's.
            lacking = f"no gold, and no problem of {task}"
            return Known(record, gold, dataset=f"not in {task}", lacking=lacking)
        return Known(self.enrich(record), gold, prompt=f"{task} {problem.index}", dataset=task)

    def gold_for(self, record: dict[str, Json], own: Gold | None = None) -> Gold | None:
        """The gold of a record: its own where it has one, else the task's.

        Args:
            record: The record.
            own: The gold that the file itself has for it.
        """
        if own not in (None, "", []):
            return own
        problem = self.problem_for(record)
        return None if problem is None else problem.gold

    def enrich(self, record: dict[str, Json]) -> dict[str, Json]:
        """The record with the task's fields (subject, level, …) where it has none of its own."""
        problem = self.problem_for(record)
        if problem is None:
            return record
        known = problem.record
        more = {name: known[name] for name in self.task.columns.fields if name in known}
        return {**more, **record}

    def digest(self) -> str:
        """Tells the task and its problems from others."""
        text = repr((self.task.name, self.problems))
        return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()

    def see(self, judged: Seen) -> None:
        """Counts the rows of a chunk."""
        for row, gold in zip(judged.rows, judged.golds, strict=True):
            self._count(judged.source, row, gold)

    def differs(self, row: Row, gold: Gold) -> bool:
        """Whether a row was compared with another gold than the task's."""
        problem = self.problem_for(row.record)
        return problem is not None and not self._agree(problem, gold)

    def report(self) -> Coverage:
        """What came and what didn't."""
        return Coverage(
            task=self.task,
            problems=self.problems,
            counts=self._counts,
            how={how.value: n for how, n in self._how.items() if n},
            extra_rows=self._extra_rows,
            extra=tuple(self._extra),
            again=self._again,
            same_rows=self._same_rows,
            gold_differs_rows=self._differ_rows,
            gold_differs=tuple(self._differ),
        )

    def _count(self, source: str, row: Row, gold: Gold) -> None:
        reference = RowReference(source, row.line, row.sample, row.id)
        key: object
        if self._matcher is None:
            key = row.group or row.id or (source, row.line)
        else:
            found = self._matcher.find(row.record or {})
            if found is None:
                self._extra_rows += 1
                if len(self._extra) < _SHOWN:
                    self._extra.append(reference)
                return
            problem, how = found
            key = problem.index
            self._how[how] += 1
            if row.fault is None and not self._agree(problem, gold):
                self._differ_rows += 1
                if len(self._differ) < _SHOWN:
                    self._differ.append(reference)
        known = self._counts.get(key, 0)
        self._counts[key] = known + 1
        if 0 < known <= 8:
            self._again.setdefault(key, []).append(reference)
        self._same(key, row.completion)

    def _same(self, key: object, completion: str) -> None:
        if len(self._digests) >= _MAX_DIGESTS:
            return
        text = f"{key!r} {completion}".encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(text, digest_size=8).digest()
        self._same_rows += digest in self._digests
        self._digests.add(digest)

    def _agree(self, problem: Problem, gold: Gold) -> bool:
        if gold == problem.gold:
            return True
        key = (problem.index, repr(gold))
        if key not in self._agrees:
            if len(self._agrees) >= _REMEMBERED:
                self._agrees.clear()
            self._agrees[key] = _equal(gold, problem.gold, self.task.preset)
        return self._agrees[key]


def _equal(one: Gold, other: Gold, preset: str) -> bool:
    """Whether two golds say the same; golds of several texts only if they are the same."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    options = PRESETS[preset].options
    return bool(equivalent(one, gold=other, options=options)) or bool(
        equivalent(other, gold=one, options=options)
    )
