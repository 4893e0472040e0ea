"""The fields of a file that a reward needs besides response and gold: token counts and the like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyverify.io import Fields, FieldsError, Json
from pyverify.io.paths import get_path
from pyverify.messages import asked

TOKEN_COUNTS = "token_counts"  # noqa: S105  # no password
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
        return asked(value)
    if sample is not None and isinstance(value, list) and sample < len(value):
        value = value[sample]
    return [_number(one) for one in value] if isinstance(value, list) else _number(value)


def _number(value: object) -> object:
    """Numbers are read as they are written: a reward calculates with them."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value
