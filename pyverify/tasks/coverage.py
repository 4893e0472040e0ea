"""What of a task a file holds: problems without a row, with too many, rows that are none of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyverify.tasks.catalog import Task
from pyverify.tasks.problems import Problem

__all__ = ["Coverage", "RowReference"]

_NAMED = 5
"""So many problems or rows are named in a line of words."""


@dataclass(frozen=True, slots=True, order=True)
class RowReference:
    """A row of an input.

    Attributes:
        source: The input's name.
        line: Its line, from 1.
        sample: Which of the line's completions, or None.
        id: What the file calls it, or None.
    """

    source: str
    line: int
    sample: int | None = None
    id: str | int | None = None

    def __str__(self) -> str:
        """``FILE:LINE``, as `pyverify explain` takes it, with the sample behind it."""
        sample = "" if self.sample is None else f" sample {self.sample}"
        return f"{self.source}:{self.line}{sample}"

    def as_json(self) -> dict[str, object]:
        """The reference as an object for JSON."""
        return {"source": self.source, "line": self.line, "sample": self.sample, "id": self.id}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a file and a task fit.

    Attributes:
        task: The task.
        problems: Its problems, or None where its data was not at hand.
        counts: Rows by problem (its index), or by prompt where there are no problems.
        how: Rows by the way they were joined.
        extra_rows: Rows that are no problem of the task.
        extra: The first of them.
        again: By problem, its second row and some more.
        same_rows: Rows that repeat a response to the same problem, letter by letter.
        gold_differs_rows: Rows compared with another gold than the task's.
        gold_differs: The first of them.
    """

    task: Task
    problems: Sequence[Problem] | None
    counts: Mapping[object, int]
    how: Mapping[str, int]
    extra_rows: int
    extra: tuple[RowReference, ...]
    again: Mapping[object, Sequence[RowReference]]
    same_rows: int
    gold_differs_rows: int
    gold_differs: tuple[RowReference, ...]

    @property
    def rows(self) -> int:
        """Rows that are of the task."""
        return sum(self.counts.values())

    @property
    def expected(self) -> int:
        """How many problems there should be: those of the copy at hand, else of the task."""
        return self.task.size if self.problems is None else len(self.problems)

    @property
    def samples(self) -> int:
        """How many rows most problems have; of two numbers that are as frequent, the larger."""
        tally = Counter(self.counts.values())
        return max(tally, key=lambda n: (tally[n], n), default=0)

    @property
    def missing(self) -> int:
        """Problems without a row."""
        return max(0, self.expected - len(self.counts))

    def missing_ids(self) -> list[str]:
        """Their names; [] where the task's data was not at hand."""
        return [p.id for p in self.problems or () if p.index not in self.counts]

    def short(self) -> dict[object, int]:
        """Problems with fewer rows than most."""
        return {key: n for key, n in self.counts.items() if n < self.samples}

    def duplicated(self) -> dict[object, int]:
        """Problems with more rows than most."""
        return {key: n for key, n in self.counts.items() if n > self.samples}

    @property
    def even(self) -> bool:
        """Whether every problem that came has the same number of rows."""
        return len(set(self.counts.values())) <= 1

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, twice, or too many."""
        return not self.missing and self.even and not self.extra_rows and not self._too_many

    @property
    def _too_many(self) -> int:
        return max(0, len(self.counts) - max(self.expected, *self.task.editions, 0))

    def lines(self) -> list[str]:
        """What there is to say, a line each; the first one always."""
        task, found = self.task, len(self.counts)
        rows = f", {self.rows:,} rows" if self.samples > 1 or not self.even else ""
        first = f"{task.name}: {found:,} of {self.expected:,} problems"
        joined = f" (joined by {', '.join(self.how)})" if self.how else ""
        return [first + rows + joined, *self._complaints()]

    def _complaints(self) -> Iterator[str]:
        size, sizes = self.expected, (self.task.size, *self.task.editions)
        if self.problems is not None and size not in sizes:
            yield f"the copy of {self.task.name} has {size:,} problems instead of {sizes[0]:,}"
        if self.missing and (self.problems is not None or len(self.counts) not in sizes):
            yield f"{self.missing:,} missing{_named(self.missing_ids(), self.missing)}"
        if self.duplicated():
            again = self.duplicated()
            rows = sum(again.values()) - self.samples * len(again)
            named = [str(ref) for key in again for ref in self.again.get(key, ())][: _NAMED + 1]
            shown = named if self.samples == 1 else [self._name(key) for key in again]
            yield f"{rows:,} duplicated{_named(shown, rows if self.samples == 1 else len(again))}"
        if self.short():
            short = self.short()
            shown = [f"{self._name(key)} has {n}" for key, n in short.items()]
            few = f"{len(short):,} with fewer than {self.samples:,} samples"
            yield few + _named(shown, len(short))
        if self._too_many:
            yield f"{self._too_many:,} prompts too many"
        if self.extra_rows:
            shown = [str(ref) for ref in self.extra]
            yield f"{self.extra_rows:,} extra{_named(shown, self.extra_rows)}"
        if self.same_rows:
            repeat = "row repeats" if self.same_rows == 1 else "rows repeat"
            yield f"{self.same_rows:,} {repeat} a response to the same problem word by word"
        if self.gold_differs_rows:
            shown = [str(ref) for ref in self.gold_differs]
            yield (
                f"{self.gold_differs_rows:,} compared with another gold than the task's"
                f"{_named(shown, self.gold_differs_rows)}"
            )
            if self.how.get("index", 0) and 5 * self.gold_differs_rows > self.rows:
                yield "joined by position, and the golds disagree: are the rows in its order?"

    def _name(self, key: object) -> str:
        if self.problems is not None and isinstance(key, int):
            return self.problems[key].id
        return "a prompt" if isinstance(key, bytes) else str(key)

    def as_json(self) -> dict[str, object]:
        """The same as an object for JSON."""
        counts = sorted(self.counts.values())
        named = self.problems is not None
        return {
            "task": self.task.name,
            "expected": self.expected,
            "problems": len(self.counts),
            "rows": self.rows,
            "n_per_problem": {
                "min": counts[0] if counts else 0,
                "max": counts[-1] if counts else 0,
            },
            "samples": self.samples,
            "even": self.even,
            "complete": self.complete,
            "joined_by": dict(self.how),
            "missing": self.missing,
            "missing_ids": self.missing_ids(),
            "short": {self._name(k): n for k, n in self.short().items()} if named else None,
            "duplicated": {self._name(k): n for k, n in self.duplicated().items()}
            if named
            else None,
            "same_rows": self.same_rows,
            "extra_rows": self.extra_rows,
            "extra": [ref.as_json() for ref in self.extra],
            "gold_differs_rows": self.gold_differs_rows,
            "gold_differs": [ref.as_json() for ref in self.gold_differs],
        }


def _named(names: Sequence[str], count: int) -> str:
    """``: a, b, …`` with names made safe for a terminal; nothing where there is no name."""
    if not names:
        return ""
    shown = ", ".join(_plain(name) for name in names[:_NAMED])
    return f": {shown}" + (", …" if count > _NAMED or len(names) > _NAMED else "")


def _plain(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= 80 else shown[:79] + "…"
