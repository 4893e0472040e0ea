"""What is known of a file's fields before names are looked for: the caller's word, the layout's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyverify.io.fields import ROLES, Fields
from pyverify.io.layouts import Layout, Record


def merge_fields(
    fixed: Fields, layout: Layout, head: Sequence[Record], need_gold: bool, need_response: bool
) -> Fields:
    """What the caller named, and what the layout has where nothing was said.

    Args:
        fixed: What the caller named.
        layout: The layout.
        head: The first records, prepared.
        need_gold: False when the golds come from elsewhere.
        need_response: False for a file of golds alone.
    """
    wanted = [role for role in ROLES if getattr(fixed, role) is None]
    if not need_gold and "gold" in wanted:
        wanted.remove("gold")
    if not need_response and "response" in wanted:
        wanted.remove("response")
    found = {role: path for role in wanted if (path := layout.path(role, head)) is not None}
    # One field is not both: what the caller says of one role, the layout doesn't say of the other.
    if found.get("gold") == fixed.response:
        found.pop("gold", None)
    if found.get("response") == fixed.gold:
        found.pop("response", None)
    return replace(fixed, **found)  # type: ignore[arg-type]  # roles are texts
