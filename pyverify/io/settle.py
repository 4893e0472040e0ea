"""Settles how a file is read: the caller's word, then the layout's, then usual names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pyverify.io.detect import detect_fields, field_names
from pyverify.io.fields import ROLES, Fields, FieldsError, NoFieldsError
from pyverify.io.layouts import Layout, Record
from pyverify.io.named import absent_roles, absent_words

Settle: TypeAlias = "Callable[[Sequence[Record]], Fields]"
"""Looks at the first records and says what is fixed about the fields."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader of a file can't do without.

    Attributes:
        gold: False when the golds come from elsewhere.
        response: False for a file of golds alone.
    """

    gold: bool
    response: bool

    def needs(self, role: str) -> bool:
        """Whether it is this."""
        return (role == "gold" and self.gold) or (role == "response" and self.response)


@dataclass(frozen=True, slots=True)
class Settled:
    """How a file is read, as far as its first records tell.

    Attributes:
        fields: Where things are.
        error: Why that is not clear; None if it is.
        lacking: Whether further records could make a difference.
        remarks: What to say about it.
    """

    fields: Fields
    error: FieldsError | None = None
    lacking: bool = False
    remarks: tuple[str, ...] = ()


def settle_fields(
    head: Sequence[Record], fixed: Fields | Settle, layout: Layout, wanted: Wanted
) -> Settled:
    """Settles the fields by the first records.

    Args:
        head: The records, prepared.
        fixed: What the caller named, or what names it when it has seen the records.
        layout: The layout.
        wanted: What must be found.
    """
    fixed = fixed if isinstance(fixed, Fields) else fixed(head)
    absent = absent_roles(head, fixed)
    needed = next((role for role in absent if wanted.needs(role)), None)
    if needed is not None:
        problem = f"{absent_words(needed, absent[needed])}; the fields are {field_names(head)}"
        return Settled(fixed, FieldsError(problem), lacking=True)
    remarks = tuple(absent_words(role, path) for role, path in absent.items())
    known = _merge(fixed, layout, head, wanted)
    try:
        fields = _detect(head, known, wanted)
    except NoFieldsError as error:
        return _without(head, known, layout, wanted, error, remarks)
    except FieldsError as error:
        return Settled(known, error)
    return Settled(fields, lacking=bool(absent), remarks=remarks)


def _without(
    head: Sequence[Record],
    known: Fields,
    layout: Layout,
    wanted: Wanted,
    error: NoFieldsError,
    remarks: tuple[str, ...],
) -> Settled:
    """No response or no gold was found, where the layout may know better."""
    if error.role == "gold" and layout.without_gold is not None:
        advice = NoFieldsError(f"read as {layout.name}: {layout.without_gold}")
        return Settled(known, advice, lacking=True)
    usual = layout.fields.get(error.role, ())
    if error.role != "response" or not usual or known.gold == usual[0]:
        return Settled(known, error, lacking=True)
    # Every request may have failed: that is no reason to look elsewhere for what the model said.
    try:
        fields = _detect(head, replace(known, response=usual[0]), wanted)
    except NoFieldsError as other:
        return _without(head, replace(known, response=usual[0]), layout, wanted, other, remarks)
    except FieldsError as other:
        return Settled(known, other)
    return Settled(fields, lacking=True, remarks=remarks)


def _detect(head: Sequence[Record], known: Fields, wanted: Wanted) -> Fields:
    return detect_fields(head, known, need_gold=wanted.gold, need_response=wanted.response)


def _merge(fixed: Fields, layout: Layout, head: Sequence[Record], wanted: Wanted) -> Fields:
    """What the caller named, and what the layout has where nothing was said."""
    roles = [role for role in ROLES if getattr(fixed, role) is None]
    if not wanted.gold and "gold" in roles:
        roles.remove("gold")
    if not wanted.response and "response" in roles:
        roles.remove("response")
    found = {role: path for role in roles if (path := layout.path(role, head)) is not None}
    # One field is not both: what the caller says of one role, the layout doesn't say of the other.
    if found.get("gold") == fixed.response:
        found.pop("gold", None)
    if found.get("response") == fixed.gold:
        found.pop("response", None)
    return replace(fixed, **found)  # type: ignore[arg-type]  # roles are texts
