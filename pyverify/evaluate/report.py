"""The numbers of a run, and one JSON object of them for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields

from pyverify.evaluate.metrics import Baseline, Figures, Ratios, compare, usual_ks
from pyverify.evaluate.summary import by_name, summary
from pyverify.evaluate.table import Table, largest

_MOST_VALUES = 1000
"""So many values of a field are listed; a field of names has as many as rows."""

SCHEMA = 2
"""Version of the JSON summary; keys are added without changing it, never renamed or removed.

Version 2 added what takes several samples (`pass@k` and its kin), intervals, tables by field, and
the averages over data sets. Everything in version 1 is still there and means the same.
"""


@dataclass(slots=True)
class Faults:
    """Rows that could not be used as they should.

    Attributes:
        damaged_inputs: Inputs that cannot be read, or not to their end.
        broken_lines: Lines that are no JSON object.
        missing_golds: Rows without a gold; they are not scored.
        missing_responses: Rows without a response; they score 0.
        bad_golds: Rows whose gold the engine refuses; they score 0.
        bad_values: Rows with a value that the reward cannot use; they get no reward.
        repeated_lines: Lines left out because another one holds the same response; no fault.
    """

    damaged_inputs: int = 0
    broken_lines: int = 0
    missing_golds: int = 0
    missing_responses: int = 0
    bad_golds: int = 0
    bad_values: int = 0
    repeated_lines: int = 0

    def add(self, others: Faults) -> None:
        """Counts those of another part of the run, too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(others, one.name))

    def any(self) -> bool:
        """Whether some row was lost or could not count."""
        return bool(
            self.damaged_inputs
            or self.broken_lines
            or self.missing_golds
            or self.missing_responses
            or self.bad_golds
            or self.bad_values
        )

    def describe(self) -> str:
        """One line of words for what went wrong."""
        counts = (
            (self.damaged_inputs, "damaged input"),
            (self.broken_lines, "broken line"),
            (self.missing_golds, "row without a gold"),
            (self.missing_responses, "row without a response"),
            (self.bad_golds, "unusable gold"),
            (self.bad_values, "row with an unusable value"),
        )
        words = []
        for count, what in counts:
            if count:
                plural = what.replace("row ", "rows ") if what.startswith("row ") else what + "s"
                words.append(f"{count} {what if count == 1 else plural}")
        return ", ".join(words)

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        grader: Who judged.
        overall: All rows.
        datasets: The rows of each data set, in the order they were met.
        by: The rows of each value of each field that tables go by.
        faults: What could not be used.
        ks: How many samples metrics take; none for the usual ones.
        ratios: How the run compares with an earlier one.
        intervals: Whether tables for people show the bootstrap interval of the accuracy, too.
    """

    grader: str
    overall: Table
    datasets: list[Table] = field(default_factory=list)
    by: dict[str, list[Table]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    ks: tuple[int, ...] = ()
    ratios: Ratios | None = None
    intervals: bool = False
    _figures: dict[int, tuple[Table, Figures]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def figures(self, table: Table) -> Figures:
        """The figures of one of the report's tables."""
        # By identity, as hashing all signatures is dear; kept, so that no other gets the identity.
        if id(table) not in self._figures:
            self._figures[id(table)] = table, Figures(table.signatures)
        return self._figures[id(table)][1]

    @property
    def sample_counts(self) -> tuple[int, ...]:
        """How many samples metrics take, ascending."""
        return self.ks or usual_ks(self.figures(table).samples for table in self.datasets)

    @property
    def accuracies(self) -> dict[str, float]:
        """The accuracy of each data set, that of rows without one under the empty name."""
        return {
            name: table.accuracy
            for name, table in by_name(self.datasets).items()
            if table.accuracy is not None
        }

    @property
    def final_accuracy(self) -> float | None:
        """The mean accuracy of the data sets, each weighing the same; None of nothing."""
        found = self.accuracies.values()
        return math.fsum(found) / len(found) if found else None

    def compare_with(self, baseline: Baseline) -> None:
        """Compares each data set with an earlier run.

        Raises:
            SourceError: One of them has a data set that the other lacks.
        """
        self.ratios = compare(self.accuracies, baseline)

    def as_json(self) -> dict[str, object]:
        """The summary as an object for JSON: no times, the same for every number of threads."""
        accuracies = self.accuracies
        datasets: dict[str, Table] = {}
        if accuracies.keys() != {""}:
            datasets = by_name(self.datasets)
        ks = self.sample_counts
        found = {
            **self._summary(self.overall, ks, interval=True),
            "schema": SCHEMA,
            "grader": self.grader,
            "faults": self.faults.as_json(),
            "dataset_acc": {name: table.accuracy for name, table in datasets.items()},
            "final_acc": self.final_accuracy,
            "datasets": {
                name: self._summary(table, ks, interval=True) for name, table in datasets.items()
            },
            "by": {
                # Fields may have any number of values: an interval for each would take its time.
                path: {
                    value: self._summary(table, ks, interval=False)
                    for value, table in by_name(largest(tables, _MOST_VALUES)).items()
                }
                for path, tables in self.by.items()
            },
            "by_values": {path: len(tables) for path, tables in self.by.items()},
        }
        types = self._types()
        if types is not None:
            found["type_acc"] = {name: table.accuracy for name, table in by_name(types).items()}
        if self.ratios is not None:
            found["baseline"] = self.ratios.as_json()
        return found

    def _summary(self, table: Table, ks: Sequence[int], *, interval: bool) -> dict[str, object]:
        return summary(table, self.figures(table), ks, interval=interval)

    def _types(self) -> list[Table] | None:
        """The tables by what Qwen2.5-Math calls the type of a problem."""
        for name, tables in self.by.items():
            if name.rpartition(".")[2] in ("type", "subject"):
                return tables
        return None
