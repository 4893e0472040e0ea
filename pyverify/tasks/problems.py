"""The problems of a task, read from a file, a folder or the hub."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyverify.io import Gold, Json
from pyverify.io.paths import get_path
from pyverify.io.rows import read_gold
from pyverify.tasks.catalog import Task, TaskError, plain_name
from pyverify.tasks.hub import HUB, hub_records
from pyverify.worked import final_gold

__all__ = ["DATA_VARIABLE", "Problem", "for_one_task", "load_problems"]

DATA_VARIABLE = "PYVERIFY_TASK_DATA"
"""The environment variable that says where data is, if nothing else does."""

_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet", ".csv", ".tsv", ".arrow")
_PACKED = (".gz", ".zst", ".zstd")
# A folder of a data set holds its parts under names such as these, and others that are not asked.
_PARTS = ("test", "train", "data", "validation")
_MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a benchmark.

    Attributes:
        index: Its position in the copy that was read, from 0.
        id: Its name there, or the task's name and its index.
        problem: Its text.
        gold: The gold; of a worked solution, the answer.
        record: The whole record, with the task's own names (`subject`, `level`, …) added.
    """

    index: int
    id: str
    problem: str
    gold: Gold
    record: Mapping[str, Json]


def for_one_task(data: str | None = None) -> bool:
    """Whether data is a single copy; a folder, or the hub, may hold one of each task.

    Args:
        data: As for `load_problems`.
    """
    where = data or os.environ.get(DATA_VARIABLE)
    if not where:
        return False
    return where.startswith(f"{HUB}:") or Path(where).is_file() or _saved(Path(where))


def load_problems(task: Task, data: str | None = None) -> list[Problem]:
    """Reads the problems of a task.

    Args:
        task: The task.
        data: A file, a folder that holds one of the task's name, ``hub``, or ``hub:OWNER/NAME``;
            by default what the environment variable ``PYVERIFY_TASK_DATA`` says.

    Returns:
        The problems in the copy's order.

    Raises:
        TaskError: There is no data, or it is not of this task.
    """
    where = data or os.environ.get(DATA_VARIABLE)
    if not where:
        raise TaskError(
            f"where are the problems of {task.name}? --data FILE, FOLDER or {HUB} says it, "
            f"or the environment variable {DATA_VARIABLE}"
        )
    if where == HUB or where.startswith(f"{HUB}:"):
        name, records = hub_records(task, where.partition(":")[2] or None)
    else:
        name = _find(task, Path(where))
        records = _read(name)
    problems = [_problem(task, name, i, record) for i, record in enumerate(records)]
    if not problems:
        raise TaskError(f"{name} holds no problem")
    return problems


def _problem(task: Task, name: str, index: int, record: dict[str, Json]) -> Problem:
    columns = task.columns
    text = _first(record, columns.problem)
    if not isinstance(text, str) or not text.strip():
        raise TaskError(_lacks(task, name, index, "problem", columns.problem, record))
    gold = read_gold(_first(record, columns.gold))
    if gold is None:
        raise TaskError(_lacks(task, name, index, "gold", columns.gold, record))
    context = _first(record, columns.context)
    if isinstance(context, str) and context.strip():
        text = f"{context.strip()}\n{text}"
    found = _first(record, columns.id)
    fields = {name: _first(record, paths) for name, paths in columns.fields.items()}
    return Problem(
        index=index,
        id=f"{task.name}/{index}" if found is None else str(found),
        problem=text,
        gold=final_gold(gold),
        record={**record, **{name: value for name, value in fields.items() if value is not None}},
    )


def _first(record: dict[str, Json], paths: Sequence[str]) -> Json:
    values = (get_path(record, path) for path in paths)
    return next((value for value in values if value not in (None, "", [])), None)


def _lacks(
    task: Task, name: str, index: int, what: str, paths: Sequence[str], record: Iterable[str]
) -> str:
    there = ", ".join(map(repr, list(record)[:12])) or "none"
    return (
        f"{name}, record {index + 1}: no {what} for the task {task.name} "
        f"(looked for {', '.join(paths)}; there are {there})"
    )


def _read(name: str) -> list[dict[str, Json]]:
    from pyverify.io import BrokenLine, Fields, FieldsError, SourceError, open_records

    records = []
    try:
        with open_records(name, Fields(), need_gold=False, need_response=False) as lines:
            for line in lines:
                if isinstance(line, BrokenLine):
                    raise TaskError(f"{name}, line {line.number}: {line.problem}")
                records.append(line.value)
    except (SourceError, FieldsError) as error:
        raise TaskError(str(error)) from None
    return records


def _find(task: Task, where: Path) -> str:
    """The file of a task: the one that is named, or the one in a folder that is called like it."""
    if not where.exists():
        raise TaskError(f"no such file or folder: {where}")
    if where.is_file() or _saved(where):
        return str(where)
    found = _named(task, where)
    if not found and plain_name(where.name) in task.aliases:
        found = _parts(where, _MAX_DEPTH)
    if not found:
        raise TaskError(
            f"{where} holds no data of {task.name}: a file such as {task.name}.jsonl or "
            f"{task.name}.parquet, or a folder of that name, was looked for"
        )
    if len(found) > 1:
        shown = ", ".join(str(path) for path in found[:4])
        raise TaskError(f"{where} holds several files for {task.name}: {shown}; name one by --data")
    return str(found[0])


def _named(task: Task, folder: Path) -> list[Path]:
    """Files called like the task in the folder itself, else what folders called like it hold."""
    entries = sorted(folder.iterdir())
    named = [e for e in entries if plain_name(_stem(e)) in _names(task)]
    files = [e for e in named if e.is_file() and _is_data(e)]
    if files:
        return files
    inside = [e for e in named if e.is_dir()]
    return [path for sub in inside for path in _parts(sub, _MAX_DEPTH)]


def _names(task: Task) -> set[str]:
    repos = (plain_name(source.repo) for source in task.sources)
    names = {*task.aliases, *repos}
    return names | {f"{name}{part}" for name in names for part in _PARTS[:1]}


def _parts(folder: Path, depth: int) -> list[Path]:
    if _saved(folder):
        return [folder]
    entries = sorted(folder.iterdir())
    files = [e for e in entries if e.is_file() and _is_data(e)]
    tests = [e for e in files if e.name.lower().startswith("test")]
    if files or depth == 0:
        return tests or files
    inside = [e for e in entries if e.is_dir() and not e.name.startswith(".")]
    tests = [e for e in inside if e.name.lower().startswith("test")]
    return [path for sub in tests or inside for path in _parts(sub, depth - 1)]


def _saved(folder: Path) -> bool:
    """Whether a folder is what `datasets` calls saved to disk."""
    return any((folder / name).is_file() for name in ("dataset_info.json", "dataset_dict.json"))


def _stem(path: Path) -> str:
    name = path.name
    for ending in (*_PACKED, *_ENDINGS):
        name = name.removesuffix(ending)
    return name


def _is_data(path: Path) -> bool:
    name = path.name
    for ending in _PACKED:
        name = name.removesuffix(ending)
    return name.endswith(_ENDINGS)
