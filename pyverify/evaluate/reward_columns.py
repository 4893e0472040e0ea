"""The fields of a file that a reward needs besides response and gold: token counts and the like."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyverify.io import Fields, FieldsError, Json
from pyverify.io.paths import get_path

TOKEN_COUNTS = "token_counts"  # noqa: S105  # no password
STEP_SCORES = "step_scores"
_PROMPTS = "prompts"

# Where files of the usual harnesses keep what a reward calls by the name on the left.
_USUAL = {
    TOKEN_COUNTS: (
        "token_counts",
        "token_count",
        "completion_tokens",
        "num_completion_tokens",
        "num_generated_tokens",
        "generated_tokens",
        "n_tokens",
        "num_tokens",
        "response_length",
        "completion_length",
        "usage.completion_tokens",
        "response.body.usage.completion_tokens",
    ),
    _PROMPTS: ("prompt", "problem", "question", "query", "input"),
}


class ColumnError(ValueError):
    """A row has a value that the reward cannot use; the message says which."""


@dataclass(frozen=True, slots=True)
class RewardColumns:
    """Where a file holds what a reward needs.

    Attributes:
        paths: Dotted paths by the names that the reward uses.
        estimated: Token counts are nowhere in the file: they have to be estimated.
    """

    paths: Mapping[str, str]
    estimated: bool = False

    def of(self, row: Mapping[str, Json], sample: int | None) -> dict[str, object]:
        """The values of one response.

        Args:
            row: The line.
            sample: Which of the line's responses; a list as long as those has one value for each.

        Raises:
            ColumnError: A value is none that the reward can use.
        """
        return {name: _value(name, row, path, sample) for name, path in self.paths.items()}

    def __str__(self) -> str:
        """``token_counts=usage.completion_tokens, …``, as ``--map`` would have it."""
        shown = (pair for pair in self.paths.items() if pair[0] != _PROMPTS)
        return ", ".join(f"{name}={path}" for name, path in shown)


def reward_columns(
    needs: Sequence[str], fields: Fields, rows: Sequence[dict[str, Json]]
) -> RewardColumns:
    """Settles where a reward's columns are, from a file's first rows.

    Args:
        needs: The names of the columns it cannot do without.
        fields: The file's fields; its `columns` are never second-guessed.
        rows: The first rows.

    Raises:
        FieldsError: A column is nowhere, and can't be estimated.
    """
    paths = dict(fields.columns)
    estimated = False
    for name in (*needs, _PROMPTS):
        if name in paths:
            continue
        found = _found(rows, _USUAL.get(name, (name,)))
        if found is not None:
            paths[name] = found
        elif name == TOKEN_COUNTS:
            estimated = True
        elif name != _PROMPTS:
            raise FieldsError(
                f"the reward needs {name!r}, and no field of this name is there: --map {name}=FIELD"
            )
    return RewardColumns(paths, estimated)


def _found(rows: Sequence[dict[str, Json]], names: Sequence[str]) -> str | None:
    for name in names:
        if rows and all(get_path(row, name) is not None for row in rows):
            return name
    return None


def _value(name: str, row: Mapping[str, Json], path: str, sample: int | None) -> object:
    value: object = get_path(dict(row), path)
    if name == _PROMPTS:
        return value if isinstance(value, (str, list)) else None
    if sample is not None and isinstance(value, list) and sample < len(value):
        value = value[sample]
    if isinstance(value, list) and name == STEP_SCORES:
        return [None if one is None else _number(name, one) for one in value]
    found = None if value is None else _number(name, value)
    if name == TOKEN_COUNTS and found is not None and (found < 0 or found != int(found)):
        raise ColumnError(f"{name} is {value!r}, no number of tokens")
    return [] if found is None and name == STEP_SCORES else found


def _number(name: str, value: object) -> float:
    """Numbers are read as they are written: a reward calculates with them."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]  # or raises
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise ColumnError(f"{name} is {value!r}, no number")
    return found
