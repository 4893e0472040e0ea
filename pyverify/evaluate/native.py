"""The short way for rows whose verdicts need nothing but response and gold: all by the engine."""

from __future__ import annotations

from collections.abc import Iterator

from pyverify import _core
from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.settings import RunSettings
from pyverify.io import CUT_WORDS, Fields, Records


def row_scorer(
    settings: RunSettings,
    records: Records,
    ledger: Ledger,
    *,
    number: int,
    grader: str,
    rows: bool,
) -> _core.RowScorer | None:
    """The engine's scorer for an input, or None where rows must go the long way.

    Args:
        settings: The run.
        records: The input.
        ledger: Where rows are counted.
        number: Which input of the run it is, from 0.
        grader: Who judges.
        rows: Whether verdict rows are wanted.
    """
    fields = records.fields
    preset = settings.preset
    if settings.reward is not None or settings.fallback is not None:
        return None
    if preset.tolerance_field is not None or preset.type_field is not None:
        return None
    return _core.RowScorer(
        fields=_paths(fields),
        by=list(zip(fields.by, fields.tables, strict=True)),
        cut_words=sorted(CUT_WORDS),
        options=_core.NativeOptions(settings.judged_by),
        grader=grader,
        source=ledger.source_of(records.source),
        table=ledger.table_of(records.source),
        source_number=number,
        prompt_within=fields.group_within,
        rows=rows,
    )


def reads_lines(settings: RunSettings, records: Records) -> bool:
    """Whether the engine can read an input's rows, too: plain lines of JSON that say it all."""
    plain = records.plain and settings.golds is None
    return plain and all(_is_keys(path) for path in _single(records.fields))


def _paths(fields: Fields) -> dict[str, str]:
    roles = ("response", "gold", "id", "group", "dataset", "finish_reason")
    return {role: path for role in roles if (path := getattr(fields, role)) is not None}


def _single(fields: Fields) -> Iterator[str]:
    """Every path; of a group that is made of several fields, each."""
    for role, path in _paths(fields).items():
        yield from path.split("+") if role == "group" else (path,)
    yield from fields.tables


def _is_keys(path: str) -> bool:
    """Whether a path goes through keys of objects alone."""
    return all(
        step and not step.endswith("[]") and not step.lstrip("-").isdecimal()
        for step in path.split(".")
    )
