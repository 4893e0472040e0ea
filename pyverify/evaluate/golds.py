"""Golds as data sets have them: some keep the whole worked solution, its answer at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyverify import Kind, Preset, extract
from pyverify.io import Fields, Gold, Json
from pyverify.io.paths import get_path

# A worked solution marks its answer; a bare answer of this length does not hold a line break.
_MARKS = ("####", "\\boxed", "\\fbox")
_LISTED = (Kind.HASHES, Kind.BOXED)


def final_gold(gold: Gold) -> Gold:
    r"""The answer of a gold that is a worked solution; any other gold is returned as it is.

    A gold counts as a worked solution if text stands before a final ``#### …`` line or a box.

    Example:
        >>> final_gold("She pays 3 * 4 = 12 dollars.\n#### 12")
        '12'
        >>> final_gold("12")
        '12'
    """
    if not isinstance(gold, str):
        return gold
    text = gold.strip()
    if not any(mark in text for mark in _MARKS) or text.startswith(("\\boxed", "\\fbox", "$")):
        return gold
    found = extract(text)
    if found.answer is None or found.kind not in _LISTED or len(found.parts) > 1:
        return gold
    return found.answer


def preset_fields(preset: Preset, fixed: Fields, rows: Sequence[dict[str, Json]]) -> Fields:
    """What the caller said about fields, with the preset's gold where nothing was said of it."""
    if fixed.gold is not None:
        return fixed
    for path in preset.gold_fields:
        if path != fixed.response and any(get_path(row, path) is not None for row in rows):
            return replace(fixed, gold=path)
    return fixed


def preset_gold(preset: Preset, gold: Gold) -> Gold:
    """The gold as `verify` takes it: a worked solution's answer, a list as the preset means it."""
    if isinstance(gold, list) and preset.gold_list == "any":
        return {"any_of": list(gold)}
    return final_gold(gold)
