"""Rows that are judged together, in the file's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pyverify import Options, Result, verify_batch
from pyverify.evaluate.reward_tally import RowReward
from pyverify.evaluate.settings import RunSettings
from pyverify.golds import gold_spec
from pyverify.io import Gold, Row, RowFault

# A chunk ends with whichever comes first. Both are far above what threads need to be busy, and let
# a judge be asked about many rows at once.
_CHUNK_ROWS = 4096
_CHUNK_CHARS = 16 << 20
# Of a chunk that only the engine sees: more would not stay in a core's cache.
_BRIEF_CHARS = 1 << 20


@dataclass(slots=True)
class Chunk:
    """Rows with what they are compared with, and what they earn.

    Attributes:
        rows: The rows.
        golds: Their golds as compared.
        options: How each is judged.
        columns: What the reward needs besides; None for a row that cannot have one.
        rewards: What rows earned, by their place.
        chars: Characters of all completions.
    """

    rows: list[Row] = field(default_factory=list)
    golds: list[Gold] = field(default_factory=list)
    options: list[Options] = field(default_factory=list)
    columns: list[dict[str, object] | None] = field(default_factory=list)
    rewards: dict[int, RowReward] = field(default_factory=dict)
    chars: int = 0

    def add(
        self, row: Row, gold: Gold, options: Options, columns: dict[str, object] | None
    ) -> None:
        """Appends a row."""
        self.rows.append(row)
        self.golds.append(gold)
        self.options.append(options)
        self.columns.append(columns)
        self.chars += len(row.completion)

    def full(self, *, brief: bool) -> bool:
        """Whether it is time to judge it; sooner where nobody but the engine looks at it."""
        most = _BRIEF_CHARS if brief else _CHUNK_CHARS
        return len(self.rows) >= _CHUNK_ROWS or self.chars >= most

    def part(self, places: Sequence[int]) -> Chunk:
        """Some of its rows, before any is judged."""
        return Chunk(
            [self.rows[i] for i in places],
            [self.golds[i] for i in places],
            [self.options[i] for i in places],
            [self.columns[i] for i in places],
        )

    def judge(self, settings: RunSettings) -> list[Result | None]:
        """Finds the verdicts, and the rewards where the run has one.

        A row whose gold has a shape that no gold has gets the fault ``missing_gold``.

        Returns:
            A verdict per row; None for rows without a response or a gold.
        """
        results: list[Result | None] = [None] * len(self.rows)
        # Rows may have tolerances of their own; those with the same options go together.
        by_options: dict[Options, list[int]] = {}
        for i, row in enumerate(self.rows):
            if row.fault is None:
                by_options.setdefault(self.options[i], []).append(i)
        for options, whole in by_options.items():
            verdicts = self._judge_alike(settings, whole, options)
            for i, verdict in zip(whole, verdicts, strict=True):
                results[i] = verdict
        return results

    def _judge_alike(
        self, settings: RunSettings, whole: list[int], options: Options
    ) -> Sequence[Result | None]:
        try:
            return self._verdicts(settings, whole, options)
        except (TypeError, ValueError):
            # A gold of a shape that no gold has, such as a choice of no letter: leave its row out.
            usable = [i for i in whole if self._has_gold(i)]
            found = dict(zip(usable, self._verdicts(settings, usable, options), strict=True))
            return [found.get(i) for i in whole]

    def _verdicts(self, settings: RunSettings, whole: list[int], options: Options) -> list[Result]:
        completions = [self.rows[i].completion for i in whole]
        golds = [self.golds[i] for i in whole]
        threads = settings.threads or None
        if settings.reward is None:
            results = verify_batch(completions, golds=golds, options=options, threads=threads)
        else:
            results, earned = settings.reward.score(
                [self.rows[i] for i in whole],
                golds,
                [self.columns[i] for i in whole],
                options,
                threads,
            )
            self.rewards.update(
                (i, one) for i, one in zip(whole, earned, strict=True) if one is not None
            )
        if settings.fallback is not None:
            results = settings.fallback.resolve_batch(results, options=options)
        return results

    def _has_gold(self, i: int) -> bool:
        try:
            gold_spec(self.golds[i])
        except (TypeError, ValueError):
            self.rows[i] = replace(self.rows[i], fault=RowFault.MISSING_GOLD)
            return False
        return True
