"""What a run shows to those who look over its shoulder: reports, comparisons, second opinions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pyverify import Options, Result
from pyverify.io import Fields, Gold, Row


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows of one input in its order, with their verdicts.

    Attributes:
        source: The input's name.
        rows: The rows.
        golds: What they were compared with.
        options: How each was judged.
        results: The verdicts; None for a row without a response or a gold (its `fault` says).
        outs: The rows as they are written out.
        fields: Where things are in the input's records.
    """

    source: str
    rows: Sequence[Row]
    golds: Sequence[Gold]
    options: Sequence[Options]
    results: Sequence[Result | None]
    outs: Sequence[dict[str, object]]
    fields: Fields = field(default_factory=Fields)


class Observer(Protocol):
    """Looks at a run while it goes on; keeps what it wants, changes nothing."""

    def see(self, judged: Judged) -> None:
        """Is shown one chunk."""
