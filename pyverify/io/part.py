"""A part of an input, for runs that share a large one between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PartKind = Literal["bytes", "row_groups"]


@dataclass(frozen=True, slots=True)
class Part:
    """Records of an input that stand together.

    Attributes:
        kind: ``bytes`` of a plain file of lines, or the ``row_groups`` of a Parquet file.
        begin: The first byte or row group; a byte is the first of a line.
        end: The byte or row group behind the last.
        first_number: The number of the part's first line or row, from 1.
    """

    kind: PartKind
    begin: int
    end: int
    first_number: int
