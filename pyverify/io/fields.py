"""Which fields of a file hold the response, the gold and the id, as the caller names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SAMPLE_ROWS = 64
"""So many rows are looked at before a file's fields are settled."""

LATER_ROWS = 4096
"""So many, where the first ones lack a field."""

LATER_BYTES = 64 << 20
"""Fewer, if they take more of the file than this."""

ROLES = ("response", "gold", "id", "group", "dataset", "finish_reason", "problem")
"""What a field may be for; the names that ``--map`` knows."""

_ALIASES = {"completion": "response", "prompt": "group", "data_source": "dataset"}


class FieldsError(Exception):
    """The fields of a file are not clear; the message names the option that settles them."""


class NoFieldsError(FieldsError):
    """No field of a usual name holds the response or the gold.

    Attributes:
        role: Which of the two.
    """

    def __init__(self, problem: str, role: str = "gold") -> None:
        """Takes what is wrong, and for what."""
        super().__init__(problem)
        self.role = role


class AmbiguousFieldsError(FieldsError):
    """Several fields could be the one; the message shows each reading."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Dotted paths of what a row is made of; None where a file has no such field.

    Several paths with ``+`` between them are one field with the values of all.

    Attributes:
        response: The completion, or a list of completions of one prompt.
        gold: The reference answer.
        id: The row's name.
        group: What the completions of one prompt share.
        dataset: The data set the row belongs to.
        finish_reason: Why generation ended, or whether it was cut off.
        problem: The problem's text, or the conversation that asks it.
        samples: How many responses a record holds, where those that hold any hold as many; else 0.
        by: What tables go by besides the data set.
        by_paths: Where that stands in this input; as `by` has it where empty.
        group_within: Whether a group is one only within its input, as that of a running number.
        columns: What else the caller wants to be read: pairs of a name and a path.
    """

    response: str | None = None
    gold: str | None = None
    id: str | None = None
    group: str | None = None
    dataset: str | None = None
    finish_reason: str | None = None
    problem: str | None = None
    samples: int = 0
    by: tuple[str, ...] = ()
    by_paths: tuple[str, ...] = ()
    group_within: bool = False
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The paths of what tables go by."""
        return self.by_paths or self.by

    def __str__(self) -> str:
        """``response=completion, gold=answer, …``, as ``--map`` would have it."""
        pairs = ((role, getattr(self, role)) for role in ROLES)
        return ", ".join(f"{role}={path}" for role, path in pairs if path is not None)


def parse_map(texts: Sequence[str], columns: Sequence[str] = ()) -> Fields:
    """Reads the values of ``--map``: ``response=a.b,gold=c``.

    Args:
        texts: The values.
        columns: Further names that may be given.

    Raises:
        FieldsError: If a pair is not ``name=path`` or the name is unknown.
    """
    chosen: dict[str, str] = {}
    others: dict[str, str] = {}
    known = (*ROLES, *columns)
    for pair in (pair for text in texts for pair in text.split(",")):
        name, sign, path = (part.strip() for part in pair.partition("="))
        role = name if name in columns else _ALIASES.get(name, name)
        if not sign or not path or role not in known:
            raise FieldsError(
                f"--map {pair!r}: expected name=path with a name of {', '.join(known)}, "
                "for example --map response=output,gold=reward_model.ground_truth"
            )
        (others if role in columns else chosen)[role] = path
    return Fields(**chosen, columns=tuple(others.items()))  # type: ignore[arg-type]  # roles are texts
