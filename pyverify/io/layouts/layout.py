"""What a layout is: what its records look like, and where they keep what a row is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pyverify.io.grouping import nearly_all
from pyverify.io.lines import Json
from pyverify.io.paths import get_path, has_path

Record: TypeAlias = "dict[str, Json]"
Prepare = Callable[[Record], Iterable[Record]]
"""Makes a record readable by its fields: into one, into several, or into none if it is repeated."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one program writes its records.

    Attributes:
        name: What it is called in messages.
        keys: Paths that every record of it has, if only with nothing there.
        fields: Paths by role, the best first; the first that the file has is taken.
        suits: What else must be true of a record.
        preparation: Makes what its records need, anew for every reading of them; None if nothing
            or, seen the first ones, if these need nothing.
        prepared_gold: Where the golds are, if the preparation looks at them alone, at each by
            itself, and changes only those that the engine leaves alone. Then all else may be read
            natively, and in parts.
        refusal: Why files that begin with these records cannot be scored; None if they can.
        without_gold: What to do about files of it that have no gold.
    """

    name: str
    keys: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suits: Callable[[Record], bool] | None = None
    preparation: Callable[[Sequence[Record]], Prepare | None] | None = None
    prepared_gold: str | None = None
    refusal: Callable[[Sequence[Record]], str | None] | None = None
    without_gold: str | None = None

    def fits(self, head: Sequence[Record]) -> bool:
        """Whether these are records of it."""
        return all(self.wrote(record) for record in head)

    def nearly_fits(self, head: Sequence[Record]) -> bool:
        """Whether all but an odd one are records of it: a failed request, one that was repaired."""
        return nearly_all(sum(self.wrote(record) for record in head), len(head))

    def wrote(self, record: Record) -> bool:
        """Whether one record is of it."""
        return all(has_path(record, key) for key in self.keys) and (
            self.suits is None or self.suits(record)
        )

    def path(self, role: str, head: Sequence[Record]) -> str | None:
        """Where the file keeps something; None if it doesn't, or if usual names must do."""
        paths = self.fields.get(role, ())
        return next((path for path in paths if any(_has(record, path) for record in head)), None)


def _has(record: Record, path: str) -> bool:
    value = get_path(record, path)
    return any(one is not None for one in value) if isinstance(value, list) else value is not None
