"""What a run has counted so far: verdicts natively, rewards and faults beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import cast

from pyverify import Result, _core
from pyverify.evaluate.report import Faults, Report
from pyverify.evaluate.reward_tally import RewardTally, RowReward
from pyverify.evaluate.settings import Counted
from pyverify.evaluate.table import Table
from pyverify.io import Row, RowFault, SourceError


class Ledger:
    """Counts the rows of a run.

    Args:
        run: The run.
        note: Told of each row that cannot be used.
    """

    def __init__(self, run: Counted, note: Callable[[str], None]) -> None:
        """Begins with nothing."""
        self.faults = Faults()
        self.tallies = _core.Tallies(1 + len(run.by), _core.NativeOptions(run.options))
        self._by = run.by
        self._names = run.names
        self._rewarded = run.rewarded
        self._rewards: dict[str | None, RewardTally] = {}
        self._all_rewards = RewardTally()
        self._grader = run.grader
        self._note = note

    def table_of(self, source: str) -> str | None:
        """The table of an input's rows that name no data set."""
        return self._names[source]

    def source_of(self, source: str) -> str | None:
        """What rows say of their input: its name, where there are several."""
        return source if len(self._names) > 1 else None

    def count(
        self, source: str, number: int, row: Row, result: Result | None, earned: RowReward | None
    ) -> None:
        """Counts one row of the input of that name and number."""
        name = row.dataset or self.table_of(source)
        labels = (name, *row.by)
        place = _core.RowScorer.place(number, row.line)
        if self._rewarded:
            self._all_rewards.add(earned)
            self._rewards.setdefault(name, RewardTally()).add(earned)
        if row.fault is RowFault.MISSING_GOLD:
            self.faults.missing_golds += 1
            self._note(f"{source}, line {row.line}: {row.lacking or 'no usable gold'}")
            self.tallies.add_missing_gold(labels, place)
            return
        if result is None:
            self.faults.missing_responses += 1
            self._note(f"{source}, line {row.line}: no response")
        elif result.verdict.value == "bad_gold":
            self.bad_gold(source, row.line, result.reason.value)
        self.tallies.add(labels, result, row.group, row.truncated, place)

    def damaged(self, error: SourceError) -> None:
        """Reports an input that can't be read, or not to its end."""
        self.faults.damaged_inputs += 1
        self._note(str(error))

    def bad_gold(self, source: str, line: int, reason: str) -> None:
        """Reports a gold that the engine refuses."""
        self.faults.bad_golds += 1
        self._note(f"{source}, line {line}: the gold cannot be used ({reason})")

    def progress(self) -> tuple[int, int]:
        """Rows judged, and how many of them are right."""
        counts = self.tallies.counts()
        return counts["rows"], counts["right"]

    def dump(self) -> tuple[dict[str, object], bytes]:
        """What `merge` reads: an object for JSON, and the engine's tallies."""
        rewards = [[name, tally.dump()] for name, tally in self._rewards.items()]
        rest: dict[str, object] = {
            "faults": asdict(self.faults),
            "rewards": rewards,
            "all_rewards": self._all_rewards.dump(),
        }
        return rest, self.tallies.dump()

    def merge(self, rest: dict[str, object], tallies: bytes) -> bool:
        """Adds what another ledger of the same run dumped; False if that is none."""
        if not self.tallies.merge(tallies):
            return False
        self.faults.add(Faults(**cast("dict[str, int]", rest["faults"])))
        for name, dumped in cast("list[tuple[str | None, dict[str, object]]]", rest["rewards"]):
            self._rewards.setdefault(name, RewardTally()).merge(dumped)
        self._all_rewards.merge(cast("dict[str, object]", rest["all_rewards"]))
        return True

    def report(self, threads: int) -> Report:
        """The numbers of everything counted.

        Args:
            threads: Native threads, which gather equivalent answers.
        """
        by = {}
        for i, field in enumerate(self._by, start=1):
            tables = self._tables(i, threads)
            # A field that no row has makes no table.
            if any(table.name is not None for table in tables):
                by[field] = tables
        datasets = self._tables(0, threads)
        for table in datasets:
            table.rewards = self._rewards.get(table.name)
        overall = Table.union(datasets)
        overall.rewards = self._all_rewards if self._rewarded else None
        return Report(
            grader=self._grader, overall=overall, datasets=datasets, by=by, faults=self.faults
        )

    def _tables(self, partition: int, threads: int) -> list[Table]:
        found = self.tallies.tables(partition, threads)
        return [Table(name, counts, signatures) for name, counts, signatures in found]
