"""Two sides compared: what is counted, what is shown, what is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from pyverify.evaluate.compare.outcomes import Figures, Outcomes, figures_of
from pyverify.graders import Judgement

__all__ = ["SCHEMA", "Change", "Comparison", "RowName", "Side", "Trace", "change_row"]

SCHEMA = 1
"""Version of the JSON summary; keys are added without changing it, never renamed or removed."""

# A grader of one's own may give a reason of its own for every row.
_MOST_KINDS = 1000
_OTHERS = ("others", "others")


@dataclass(frozen=True, slots=True)
class RowName:
    """Which row it is.

    Attributes:
        dataset: The data set, or None.
        id: What the file calls it.
        sample: Which response of its line, or None.
    """

    dataset: str | None
    id: object
    sample: object

    def __str__(self) -> str:
        """For people, unchecked: the file's own words are in it."""
        sample = "" if self.sample is None else f" sample {self.sample}"
        where = "" if self.dataset is None else f" ({self.dataset})"
        return f"{self.id}{sample}{where}"


@dataclass(frozen=True, slots=True)
class Trace:
    """What one side says of a row, and what it saw.

    Attributes:
        judgement: The verdict.
        gold: What the answer was compared with.
        line: The row's line on that side.
        detail: How pyverify read both, for a verdict of its own; None for others.
    """

    judgement: Judgement
    gold: object
    line: int
    detail: dict[str, object] | None = None

    @property
    def words(self) -> str:
        """The verdict with its reason."""
        return f"{self.judgement.verdict} ({self.judgement.reason})"

    def as_json(self) -> dict[str, object]:
        """An object for JSON."""
        return {
            "extracted": self.judgement.extracted,
            "explanation": self.detail,
            "gold": self.gold,
            "line": self.line,
            "reason": self.judgement.reason,
            "score": self.judgement.score,
            "verdict": self.judgement.verdict,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A row that one side calls right and the other doesn't."""

    name: RowName
    a: Trace
    b: Trace

    @property
    def kind(self) -> str:
        """Which way."""
        return "right_to_wrong" if self.a.judgement.right else "wrong_to_right"


@dataclass(slots=True)
class Side:
    """One of the two.

    Attributes:
        name: The file, or the grader.
        grader: Who judged there; several names if the file has several.
        unpaired: Rows that the other side doesn't have.
        first_unpaired: The first of them.
        unjudged: Rows without a gold, or without a response for a grader to judge.
        failures: Rows on which the grader gave no verdict, by what happened.
    """

    name: str
    grader: str = ""
    unpaired: int = 0
    first_unpaired: list[str] = field(default_factory=list)
    unjudged: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """An object for JSON."""
        return {
            "failures": dict(sorted(self.failures.items())),
            "grader": self.grader,
            "name": self.name,
            "unpaired": self.unpaired,
            "unjudged": self.unjudged,
        }


@dataclass(slots=True)
class Comparison:
    """All of it, in memory that doesn't grow with the rows.

    Attributes:
        a: The side compared with.
        b: The side compared.
        most: So many changed rows of each kind are kept to be shown.
        outcomes: The pairs of each data set, in the order they were met.
        kinds: How often which verdict of a changed row became which.
        shown: The first changed rows of each kind.
        other_golds: Pairs whose golds differ.
    """

    a: Side
    b: Side
    most: int = 10
    outcomes: dict[str | None, Outcomes] = field(default_factory=dict)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[str, list[Change]] = field(default_factory=dict)
    other_golds: int = 0

    def add(self, dataset: str | None, a: Judgement, b: Judgement, prompt: Hashable | None) -> bool:
        """Counts a pair; returns whether it is a changed row, which `add_change` is told of."""
        known = self.outcomes.get(dataset)
        if known is None:
            known = self.outcomes[dataset] = Outcomes()
        known.add(a.right, b.right, prompt)
        return a.right is not b.right

    def add_change(self, change: Change) -> None:
        """Counts a changed row by its verdicts, and keeps it if it is one of the first."""
        kind = (change.a.words, change.b.words)
        if kind not in self.kinds and len(self.kinds) >= _MOST_KINDS:
            kind = _OTHERS
        self.kinds[kind] += 1
        kept = self.shown.setdefault(change.kind, [])
        if len(kept) < self.most:
            kept.append(change)

    def overall(self) -> Figures | None:
        """The figures of all pairs; None where there is none."""
        union: Counter[tuple[int, int, int, int]] = Counter()
        for outcomes in self.outcomes.values():
            union.update(outcomes.signatures())
        return figures_of(union)

    def datasets(self) -> dict[str, Figures]:
        """The figures of each data set that has a name."""
        found = {name: figures_of(one.signatures()) for name, one in self.outcomes.items()}
        return {name: one for name, one in found.items() if name is not None and one is not None}

    def complete(self) -> bool:
        """Whether every row had a partner and a gold."""
        return not any(side.unpaired or side.unjudged for side in (self.a, self.b))

    def as_json(self) -> dict[str, object]:
        """An object for JSON: no times, the same in every run."""
        overall = self.overall()
        changes = sorted(self.kinds.items(), key=lambda one: (-one[1], one[0]))
        return {
            "a": self.a.as_json(),
            "b": self.b.as_json(),
            "changes": [{"a": a, "b": b, "num": times} for (a, b), times in changes],
            "datasets": {name: one.as_json() for name, one in self.datasets().items()},
            "other_golds": self.other_golds,
            "overall": None if overall is None else overall.as_json(),
        }


def change_row(comparison: Comparison, change: Change) -> dict[str, object]:
    """A changed row as it is written out."""
    sides = ((comparison.a, change.a), (comparison.b, change.b))
    traces = [{"side": side.name, **trace.as_json()} for side, trace in sides]
    return {
        "a": traces[0],
        "b": traces[1],
        "change": change.kind,
        "dataset": change.name.dataset,
        "id": change.name.id,
        "sample": change.name.sample,
    }
