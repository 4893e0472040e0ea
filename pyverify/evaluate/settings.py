"""What a run is asked to do, and how far it has come."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from pyverify import PRESETS, Options, Preset, Result
from pyverify.evaluate.names import dataset_names
from pyverify.evaluate.rows import grader_name
from pyverify.io import Fields, Gold, Json, Known

if TYPE_CHECKING:
    from pyverify.evaluate.reward_run import RewardSettings


class SecondTier(Protocol):
    """What is asked about verdicts that the engine leaves undecided."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def resolve_batch(
        self, results: Sequence[Result], *, options: Options | None = None
    ) -> list[Result]:
        """Settles what it can, in order."""


class GoldSource(Protocol):
    """Golds that don't stand in the inputs themselves."""

    @property
    def own(self) -> bool:
        """Whether golds that an input has itself count, too."""

    @property
    def without(self) -> str | None:
        """What to do about an input that has no golds, if none are here either; else None."""

    def read_by(self, fields: Fields) -> None:
        """Is told how the next input is read."""

    def look_up(self, record: dict[str, Json], own: Gold | None = None) -> Known:
        """What is known of a record; `own` is the gold that its input has for it."""

    def digest(self) -> str:
        """Tells these golds from others."""


class Counted(Protocol):
    """What must be known of a run to count its rows."""

    @property
    def options(self) -> Options:
        """They decide which answers of one prompt are equivalent."""

    @property
    def by(self) -> tuple[str, ...]:
        """What tables go by besides the data set."""

    @property
    def names(self) -> Mapping[str, str | None]:
        """What the rows of each input are counted under where they name no data set."""

    @property
    def rewarded(self) -> bool:
        """Whether rewards are found."""

    @property
    def grader(self) -> str:
        """Who judges."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What to score and how.

    Attributes:
        inputs: Files, already expanded; ``-`` is standard input.
        fields: Fields the caller named; the others are found by their usual names.
        golds: Golds from elsewhere, or None.
        preset: How the files write golds.
        options: Judgement calls; those of the preset, unless the caller changed them.
        threads: Native threads, 0 for one per core.
        fallback: Asked about undecided verdicts; None for the engine alone.
        reward: What is found besides verdicts; None for nothing.
        dataset: The data set of rows that name none; None for their file's name, where there are
            several.
        native: Whether plain lines of JSON may be scored by the engine alone, which is faster and
            gives the same bytes.
    """

    inputs: tuple[str, ...]
    fields: Fields = field(default_factory=Fields)
    golds: GoldSource | None = None
    preset: Preset = PRESETS["default"]
    options: Options = field(default_factory=Options)
    threads: int = 0
    fallback: SecondTier | None = None
    reward: RewardSettings | None = None
    dataset: str | None = None
    native: bool = True

    @property
    def judged_by(self) -> Options:
        """The options of every row; a gold that cannot be used doesn't end the run."""
        return replace(self.options, on_bad_gold="zero")

    @property
    def native_threads(self) -> int:
        """Native threads, one per core unless the caller said otherwise."""
        return self.threads or os.cpu_count() or 1

    @property
    def by(self) -> tuple[str, ...]:
        """What tables go by besides the data set."""
        return self.fields.by

    @property
    def names(self) -> Mapping[str, str | None]:
        """What the rows of each input are counted under where they name no data set."""
        return dataset_names(self.inputs, self.dataset)

    @property
    def rewarded(self) -> bool:
        """Whether rewards are found."""
        return self.reward is not None

    @property
    def preset_name(self) -> str:
        """What the preset is called."""
        # By value: the one that a worker process unpickles is another object.
        names = (name for name, preset in PRESETS.items() if preset == self.preset)
        return next(names, "default")

    @property
    def grader(self) -> str:
        """Who judges, as rows and reports name it."""
        grader = grader_name(self.options, self.preset_name)
        if self.fallback is not None:
            grader += f"+{self.fallback.name}"
        return grader if self.reward is None else f"{grader}+reward={self.reward.name}"


@dataclass(slots=True)
class Progress:
    """How far a run has come, handed to a callback after every chunk.

    Attributes:
        source: The input being read.
        rows: Rows judged so far, over all inputs.
        right: Sum of their scores.
        bytes_read: Bytes of this input taken, or None if unknown.
        total_bytes: This input's size, or None if unknown.
        what: What a row is called; only responses have an accuracy.
        parts: How many parts the run is divided into; 0 if it isn't. Then bytes are those of all.
        parts_done: How many of them are finished.
        rows_before: Rows that an earlier run had judged.
        bytes_before: Bytes that an earlier run had taken.
    """

    source: str
    rows: int = 0
    right: float = 0.0
    bytes_read: int | None = None
    total_bytes: int | None = None
    what: str = "responses"
    parts: int = 0
    parts_done: int = 0
    rows_before: int = 0
    bytes_before: int = 0
