"""Golds as data sets have them: some keep the whole worked solution, its answer at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyverify import Preset
from pyverify.io import Fields, Gold, Json
from pyverify.io.paths import get_path
from pyverify.worked import final_gold


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
