"""Finds the fields of a file by their usual names, and says so when it can be read in two ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pyverify.io.fields import AmbiguousFieldsError, Fields, NoFieldsError
from pyverify.io.lines import Json
from pyverify.io.paths import get_path

# Each inner tuple is a rank: a field of an earlier rank wins, two different ones of one rank are
# ambiguous. `answer` and `solution` mean the gold in most sets and the response in some, so they
# are read as a response only when nothing else can be one and the gold is elsewhere.
_RESPONSES: tuple[tuple[str, ...], ...] = (
    (
        "completion",
        "completions",
        "response",
        "responses",
        "generation",
        "generations",
        "output",
        "outputs",
        "prediction",
        "predictions",
        "model_output",
        "model_response",
        "generated_text",
        "output_text",
        "response_text",
        "solution_str",
        "resps",
        "response.body.choices[].message.content",
        "output.completion",
    ),
    ("code", "text", "samples", "pred"),
    ("answer", "solution"),
)
_GOLDS: tuple[tuple[str, ...], ...] = (
    (
        "gold",
        "golds",
        "gold_answer",
        "ground_truth",
        "ground_truths",
        "reward_model.ground_truth",
        "gts",
        "gt",
        "expected_answer",
        "correct_answer",
        "reference_answer",
    ),
    ("target", "reference", "expected", "label", "labels", "answer", "final_answer", "answers"),
    ("solution",),
)
_IDS = (
    "id",
    "task_id",
    "custom_id",
    "unique_id",
    "uid",
    "uuid",
    "request_id",
    "sample_id",
    "doc_id",
    "problem_id",
    "question_id",
    "extra_info.index",
    "idx",
    "index",
    "key",
)
_GROUPS = (
    "group",
    "group_id",
    "prompt_id",
    "problem_id",
    "question_id",
    "doc_id",
    "prompt",
    "problem",
    "question",
    "query",
    "input",
    "extra_info.index",
)
_DATASETS = ("dataset", "data_source", "data_name", "benchmark")
_FINISH_REASONS = (
    "finish_reason",
    "finish_reasons",
    "stop_reason",
    "truncated",
    "is_truncated",
    "response.body.choices[].finish_reason",
    "choices[].finish_reason",
)
_PROBLEMS = (
    "problem",
    "question",
    "prompt",
    "query",
    "input",
    "instruction",
    "messages",
    "doc.problem",
    "doc.question",
)


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
    """
    fields = fixed or Fields()
    golds: list[str | None] = [fields.gold]
    if need_gold and fields.gold is None:
        golds = list(_best(rows, _GOLDS, taken=(fields.response,)))
    responses: list[str | None] = [fields.response]
    if need_response and fields.response is None:
        responses = list(_best(rows, _RESPONSES[:-1], taken=golds))
        if not responses:
            responses, golds = _bare_answers(rows, golds)
    if not golds:
        raise _missing(rows, "gold")
    if not responses:
        raise _missing(rows, "response")
    readings = [(r, g) for r in responses for g in golds if r is None or r != g]
    if len(readings) > 1:
        raise AmbiguousFieldsError(_readings(rows, readings))
    response, gold = readings[0]
    return replace(
        fields,
        response=response,
        gold=gold,
        id=fields.id or _first(rows, _IDS),
        group=fields.group or _first(rows, _GROUPS, taken=(response, gold)),
        dataset=fields.dataset or _first(rows, _DATASETS),
        finish_reason=fields.finish_reason or _any(rows, _FINISH_REASONS),
        problem=fields.problem or _any(rows, _PROBLEMS, taken=(response, gold)),
    )


def _bare_answers(
    rows: Sequence[dict[str, Json]], golds: list[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """No field has a response's name: `answer` or `solution` may be one, beside a gold."""
    names: list[str | None] = [*_present(rows, _RESPONSES[-1])]
    if any(gold not in names for gold in golds):
        golds = [gold for gold in golds if gold not in names]
        return [name for name in names if name not in golds], golds
    # Both are of the same two names: either reading is possible, or there is only one field.
    return (names, names) if len(names) == 2 else ([], golds)


def _best(
    rows: Sequence[dict[str, Json]],
    ranks: tuple[tuple[str, ...], ...],
    taken: Sequence[str | None],
) -> list[str]:
    """The names of the first rank that the file has, fields of the same content counted once."""
    for rank in ranks:
        names = [name for name in _present(rows, rank) if name not in taken]
        distinct: list[str] = []
        for name in names:
            if not any(_same(rows, name, known) for known in distinct):
                distinct.append(name)
        if distinct:
            return distinct
    return []


def _missing(rows: Sequence[dict[str, Json]], role: str) -> NoFieldsError:
    return NoFieldsError(
        f"no field for the {role} was found; the fields are {_names(rows)}. "
        f"Name it: --map {role}=FIELD",
        role,
    )


def _present(
    rows: Sequence[dict[str, Json]],
    names: Sequence[str],
    counts: Callable[[Json], bool] | None = None,
) -> list[str]:
    counts = counts or _usable
    return [name for name in names if any(counts(get_path(row, name)) for row in rows)]


def _there(value: Json) -> bool:
    return value is not None and value != []


def _usable(value: Json) -> bool:
    """True and False are marks, not answers; an object is a field to look into, not a text.

    (A gold may be an object of alternatives.)
    """
    if value is None or isinstance(value, bool):
        return False
    return not isinstance(value, dict) or "any_of" in value


def _same(rows: Sequence[dict[str, Json]], one: str, other: str) -> bool:
    return all(get_path(row, one) == get_path(row, other) for row in rows)


def _first(
    rows: Sequence[dict[str, Json]], names: Sequence[str], taken: tuple[str | None, ...] = ()
) -> str | None:
    """The first name that every sampled row has: an id that comes and goes names nothing."""
    for name in names:
        if name not in taken and rows and all(get_path(row, name) is not None for row in rows):
            return name
    return None


def _any(
    rows: Sequence[dict[str, Json]], names: Sequence[str], taken: tuple[str | None, ...] = ()
) -> str | None:
    """The first name that some sampled row has: what is said of few rows is said."""
    return next((name for name in _present(rows, names, _there) if name not in taken), None)


def _readings(
    rows: Sequence[dict[str, Json]], pairs: Sequence[tuple[str | None, str | None]]
) -> str:
    lines = ["the fields are ambiguous; they can be read as"]
    for response, gold in pairs:
        named = [(r, n) for r, n in (("response", response), ("gold", gold)) if n is not None]
        lines.append("  --map " + ",".join(f"{role}={name}" for role, name in named))
        lines.extend(f"      {role}: {_excerpt(rows, name)}" for role, name in named)
    lines.append("choose one of these options")
    return "\n".join(lines)


def _excerpt(rows: Sequence[dict[str, Json]], name: str) -> str:
    value = next((v for v in (get_path(row, name) for row in rows) if v is not None), None)
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def _names(rows: Sequence[dict[str, Json]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    shown = ", ".join(repr(name) for name in names[:20])
    return shown + (", …" if len(names) > 20 else "") if names else "(none)"
