"""The plan of a divided run: what is scored, how, and where each part begins and ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

from pyverify import Limits, Options
from pyverify.evaluate.names import dataset_names
from pyverify.evaluate.opening import Piece
from pyverify.evaluate.reward_columns import RewardColumns
from pyverify.evaluate.shards.inputs import Stamp
from pyverify.io import Fields, SourceError
from pyverify.io.part import Part

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the run.

    Attributes:
        name: Its name.
        stamp: What tells that it has changed.
        layout: What wrote it.
        fields: Where things are.
        columns: Where the reward's columns are.
    """

    name: str
    stamp: Stamp
    layout: str
    fields: Fields
    columns: RewardColumns


@dataclass(frozen=True, slots=True)
class Shard:
    """What one worker scores at a time.

    Attributes:
        input: Which input it is of.
        part: Which records of it; None for all.
        size: Its bytes, for progress.
    """

    input: int
    part: Part | None
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The plan of a divided run; also what a ledger must know of it.

    Attributes:
        settings: What decides about verdicts, as plain data.
        options: The judgement calls.
        by: What tables go by besides the data set.
        rewarded: Whether rewards are found.
        grader: Who judges.
        rows: Whether verdict rows are written.
        inputs: The inputs.
        shards: The parts, in the order of the rows.
        plan: Stands for all of it: parts of different plans are never mixed.
    """

    settings: dict[str, object]
    options: Options
    by: tuple[str, ...]
    rewarded: bool
    grader: str
    rows: bool
    inputs: tuple[Input, ...]
    shards: tuple[Shard, ...]
    plan: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Digests it once: that takes as long as there are parts, and every part needs it."""
        text = json.dumps(self._table(), sort_keys=True)
        object.__setattr__(self, "plan", blake2b(text.encode(), digest_size=16).hexdigest())

    @property
    def names(self) -> Mapping[str, str | None]:
        """What the rows of each input are counted under where they name no data set."""
        dataset = self.settings["dataset"]
        return dataset_names(
            [one.name for one in self.inputs], None if dataset is None else str(dataset)
        )

    def piece(self, index: int) -> tuple[Input, Piece]:
        """The input of a part, and how the part of it is read."""
        shard = self.shards[index]
        found = self.inputs[shard.input]
        return found, Piece(found.layout, found.fields, found.columns, shard.part)

    def describe(self, index: int) -> str:
        """Where a part is, for messages."""
        shard = self.shards[index]
        name, part = self.inputs[shard.input].name, shard.part
        if part is None:
            return name
        if part.kind == "bytes":
            return (
                f"{name}, bytes {part.begin:,} to {part.end:,} (from line {part.first_number:,} on)"
            )
        return f"{name}, row groups {part.begin:,} to {part.end - 1:,}"

    def to_json(self) -> str:
        """The manifest as it is kept beside the parts."""
        return json.dumps(self._table() | {"plan": self.plan}, indent=1, sort_keys=True) + "\n"

    def _table(self) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "settings": self.settings,
            "options": asdict(self.options),
            "by": self.by,
            "rewarded": self.rewarded,
            "grader": self.grader,
            "rows": self.rows,
            "inputs": [asdict(one) for one in self.inputs],
            "shards": [asdict(one) for one in self.shards],
        }

    @staticmethod
    def from_json(text: str | bytes, name: str) -> Manifest:
        """Reads what `to_json` wrote.

        Args:
            text: The text.
            name: The file, for messages.

        Raises:
            SourceError: It is none, one of another version, or not as it was written.
        """
        try:
            table = json.loads(text)
            if table["schema"] != SCHEMA:
                raise SourceError(f"{name} is of another version of pyverify")
            limits = Limits(**table["options"].pop("limits"))
            manifest = Manifest(
                settings=table["settings"],
                options=Options(**table["options"], limits=limits),
                by=tuple(table["by"]),
                rewarded=table["rewarded"],
                grader=table["grader"],
                rows=table["rows"],
                inputs=tuple(map(_input, table["inputs"])),
                shards=tuple(map(_shard, table["shards"])),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(f"{name} is no plan of a divided run: {error!r}") from None
        if manifest.plan != table.get("plan"):
            raise SourceError(
                f"{name} is damaged or was edited: the parts beside it belong to the plan as it "
                "was; remove the folder to start again"
            )
        return manifest


def _input(table: dict[str, Any]) -> Input:
    fields = dict(table["fields"])
    by, by_paths = tuple(fields.pop("by")), tuple(fields.pop("by_paths"))
    columns = tuple((name, path) for name, path in fields.pop("columns"))
    return Input(
        name=table["name"],
        stamp=Stamp(**table["stamp"]),
        layout=table["layout"],
        fields=Fields(**fields, by=by, by_paths=by_paths, columns=columns),
        columns=RewardColumns(table["columns"]["paths"], table["columns"]["estimated"]),
    )


def _shard(table: dict[str, Any]) -> Shard:
    part = table["part"]
    return Shard(table["input"], None if part is None else Part(**part), table["size"])
