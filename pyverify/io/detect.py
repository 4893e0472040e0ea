"""Finds the fields of a file by their usual names, and says so when it can be read in two ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pyverify.io.fields import AmbiguousFieldsError, Fields, FieldsError, NoFieldsError
from pyverify.io.grouping import everywhere, find_group, find_group_id, is_running, says
from pyverify.io.lines import Json
from pyverify.io.names import (
    BARE,
    CONVERSATIONS,
    DATASETS,
    FINISH_REASONS,
    GOLDS,
    IDS,
    PROBLEMS,
    RESPONSES,
    UNSURE,
)
from pyverify.io.paths import get_path, has_path
from pyverify.io.rows import read_gold
from pyverify.io.shown import one_line
from pyverify.messages import content, is_conversation, prompt_end

_Rows = Sequence["dict[str, Json]"]
_Counts = Callable[[str, Json], bool]


def detect_fields(
    rows: Sequence[dict[str, Json]],
    fixed: Fields | None = None,
    *,
    need_response: bool = True,
    need_gold: bool = True,
) -> Fields:
    """Settles the fields of a file from its first rows.

    Args:
        rows: The first rows.
        fixed: What the caller has said; never second-guessed.
        need_response: False for a file of golds alone.
        need_gold: False when the golds come from another file.

    Returns:
        The paths, with `fixed` kept as it is.

    Raises:
        NoFieldsError: If nothing can be the response or the gold.
        AmbiguousFieldsError: If two different fields could be.
        FieldsError: If both are said to be the same field.
    """
    fields = fixed or Fields()
    golds: list[str | None] = [fields.gold]
    if need_gold and fields.gold is None:
        taken = (fields.response,)
        # Where nothing is a gold, one that was left blank is meant: its rows are counted.
        golds = [*(_best(rows, GOLDS, _is_gold, taken) or _best(rows, GOLDS, _is_blank, taken))]
    responses: list[str | None] = [fields.response]
    if need_response and fields.response is None:
        responses, golds = _responses(rows, golds)
    if not golds:
        raise _missing(rows, "gold", GOLDS)
    if not responses:
        raise _missing(rows, "response", RESPONSES)
    readings = [(r, g) for r in responses for g in golds if r is None or r != g]
    if not readings:
        raise FieldsError(
            f"{one_line(str(fields.gold))!r} cannot be both the response and the gold"
        )
    if len(readings) > 1:
        raise AmbiguousFieldsError(_readings(rows, readings))
    response, gold = readings[0]
    return _with_names(rows, replace(fields, response=response, gold=gold))


def find_finish_reason(rows: Sequence[dict[str, Json]]) -> str | None:
    """The field that says why generation ended: what is said of few rows is said."""
    return next(iter(_present(rows, FINISH_REASONS, _is_there)), None)


def _with_names(rows: _Rows, fields: Fields) -> Fields:
    """The fields with those that a file may do without."""
    taken = (fields.response, fields.gold)
    dataset = fields.dataset or _first(rows, DATASETS)
    group, within = fields.group, fields.group_within
    if group is None:
        group = find_group(rows, fields.gold, taken)
    if group is None and (name := find_group_id(rows, fields.gold, fields.id, taken)) is not None:
        within = is_running(rows, name)
        # Data sets that stand in one file are numbered each from the first.
        group = name if dataset is None else f"{dataset}+{name}"
    problems = _present(rows, PROBLEMS, _is_there)
    return replace(
        fields,
        id=fields.id or _first(rows, IDS),
        group=group,
        group_within=within,
        dataset=dataset,
        finish_reason=fields.finish_reason or find_finish_reason(rows),
        problem=fields.problem or next((name for name in problems if name not in taken), None),
    )


def _responses(rows: _Rows, golds: list[str | None]) -> tuple[list[str | None], list[str | None]]:
    """What the response can be, and what the gold can be then."""
    found: list[str | None] = [*_best(rows, RESPONSES, _is_response, taken=golds)]
    bare = [name for name in _present(rows, BARE, _is_response) if name not in golds]
    if found and all(_is_unsure(rows, name) for name in found):
        found += [name for name in bare if not any(_same(rows, name, known) for known in found)]
    return (found, golds) if found else _bare_answers(rows, golds)


def _is_unsure(rows: _Rows, name: str | None) -> bool:
    """Whether it may be what was asked; nobody writes several of that into one record."""
    return name in UNSURE and not any(isinstance(row.get(name), list) for row in rows)


def _bare_answers(
    rows: _Rows, golds: list[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """No field has a response's name: `answer` or `solution` may be one, beside a gold."""
    names: list[str | None] = [*_present(rows, BARE, _is_response)]
    if any(gold not in names for gold in golds):
        golds = [gold for gold in golds if gold not in names]
        return [name for name in names if name not in golds], golds
    # Both are of the same two names: either reading is possible, or there is only one field.
    return (names, names) if len(names) == 2 else ([], golds)


def _best(
    rows: _Rows,
    ranks: Sequence[Sequence[str]],
    counts: _Counts,
    taken: Sequence[str | None],
) -> list[str]:
    """The names of the first rank that the file has, fields of the same content counted once."""
    for rank in ranks:
        names = [name for name in _present(rows, rank, counts) if name not in taken]
        distinct: list[str] = []
        for name in names:
            if not any(_same(rows, name, known) for known in distinct):
                distinct.append(name)
        if distinct:
            return distinct
    return []


def _missing(rows: _Rows, role: str, ranks: Sequence[Sequence[str]]) -> NoFieldsError:
    usual = [name for rank in ranks for name in rank if name not in CONVERSATIONS]
    there = [name for name in usual if any(has_path(row, name) for row in rows)]
    if not there:
        problem = f"no field for the {role} was found; the fields are {field_names(rows)}"
        return NoFieldsError(f"{problem}. Name it: --map {role}=FIELD", role)
    name = there[0]
    inner = next((v for row in rows if isinstance(v := get_path(row, name), dict) and v), None)
    problem = f"{name!r} would be the {role}, but "
    if inner is not None:
        problem += f"it holds an object of {field_names([inner])}. Name the field in it"
        return NoFieldsError(f"{problem}: --map {role}={name}.FIELD", role)
    marks = any(isinstance(get_path(row, name), bool) for row in rows)
    what = "it is only true or false" if marks else "nothing is in it"
    seen = "record" if len(rows) == 1 else f"{len(rows):,} records"
    problem += f"{what} in the first {seen}. Name another field"
    return NoFieldsError(f"{problem}: --map {role}=FIELD", role)


def _present(rows: _Rows, names: Sequence[str], counts: _Counts) -> list[str]:
    return [name for name in names if any(counts(name, get_path(row, name)) for row in rows)]


def _is_there(name: str, value: Json) -> bool:
    return says(value)


def _is_response(name: str, value: Json) -> bool:
    """True and False are marks, not answers; of an object it must be known where its text is."""
    if name in CONVERSATIONS:
        return is_conversation(value) and bool(prompt_end(value))
    if isinstance(value, list):
        return is_conversation(value) or any(_is_response(name, one) for one in value)
    if isinstance(value, dict):
        return content(value) is not None
    return value is not None and not isinstance(value, bool)


def _is_gold(name: str, value: Json) -> bool:
    return not isinstance(value, bool) and read_gold(value) is not None


def _is_blank(name: str, value: Json) -> bool:
    return isinstance(value, str)


def _same(rows: _Rows, one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one == other
    return all(get_path(row, one) == get_path(row, other) for row in rows)


def _first(rows: _Rows, names: Sequence[str]) -> str | None:
    return next((name for name in names if everywhere(rows, name)), None)


def _readings(rows: _Rows, pairs: Sequence[tuple[str | None, str | None]]) -> str:
    lines = ["the fields are ambiguous; they can be read as"]
    for response, gold in pairs:
        named = [(r, n) for r, n in (("response", response), ("gold", gold)) if n is not None]
        lines.append("  --map " + ",".join(f"{role}={name}" for role, name in named))
        lines.extend(f"      {role}: {_excerpt(rows, name)}" for role, name in named)
    lines.append("choose one of these options")
    return "\n".join(lines)


def _excerpt(rows: _Rows, name: str) -> str:
    value = next((v for v in (get_path(row, name) for row in rows) if v is not None), None)
    return one_line(" ".join(str(value).split()), 60)


def field_names(rows: Sequence[dict[str, Json]]) -> str:
    """The names of all fields, for messages."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    # Blanks at the ends of a name are shown: they may be what is wrong.
    shown = ", ".join(repr(name[:60]) for name in names[:20])
    return shown + (", …" if len(names) > 20 else "") if names else "(none)"
