"""The short way for plain lines of JSON: the engine reads them, judges them and writes the rows."""

from __future__ import annotations

from collections.abc import Iterator

from pyverify import _core
from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.settings import RunSettings
from pyverify.io import CUT_WORDS, Fields, Records


def native_scorer(
    settings: RunSettings,
    records: Records,
    ledger: Ledger,
    *,
    number: int,
    grader: str,
    rows: bool,
) -> _core.LineScorer | None:
    """The engine's scorer for an input, or None where rows must go the long way.

    It is for lines of JSON whose verdicts need nothing but response and gold.

    Args:
        settings: The run.
        records: The input.
        ledger: Where rows are counted.
        number: Which input of the run it is, from 0.
        grader: Who judges.
        rows: Whether verdict rows are wanted.
    """
    fields = records.fields
    simple = (
        records.plain
        and settings.golds is None
        and settings.reward is None
        and settings.fallback is None
        and settings.preset.tolerance_field is None
        and settings.preset.type_field is None
        and all(_is_keys(path) for path in _single(fields))
    )
    if not simple:
        return None
    return _core.LineScorer(
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
