"""The task of a file, where its records or its name say which; refused where they don't."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from pyverify.io import STDIN, Fields, Json, open_records
from pyverify.io.paths import get_path
from pyverify.tasks.catalog import TASKS, Task, TaskError, plain_name, task
from pyverify.tasks.join import TaskJoin
from pyverify.tasks.problems import DATA_VARIABLE, load_problems

__all__ = ["detect_task", "task_join"]

AUTO = "auto"
"""What `--task` says for whatever the inputs are of."""

_DATASETS = ("dataset", "data_source", "data_name", "benchmark")
# These may also say what a prompt is about, or hold it.
_HINTS = ("task_name", "task")
# Also names of parts of the MATH test set, asked in the manner of the Minerva paper.
_OTHERS = ("algebra", "geometry", "numtheory", "numbertheory", "precalc", "counting")


def detect_task(source: str, records: Sequence[Mapping[str, Json]]) -> Task:
    """Finds the task of a file.

    Args:
        source: The file's name.
        records: Its first records.

    Raises:
        TaskError: Nothing says which, or several are named.

    Example:
        >>> detect_task("samples_aime24_2026.jsonl", []).name
        'aime24'
    """
    named = _said(records, _DATASETS)
    if not named:
        named = {name for name in _said(records, _HINTS) if _called(name) is not None}
    if named:
        tasks = {name: _called(name) for name in named}
        found = {one.name: one for one in tasks.values() if one is not None}
        unknown = [name for name, one in tasks.items() if one is None]
        if len(found) == 1 and not unknown:
            return next(iter(found.values()))
        shown = ", ".join(repr(name) for name in sorted(named)[:6])
        raise TaskError(
            f"{source} says that it is of {shown}; --task auto takes one known data set a file: "
            f"name the task ({', '.join(TASKS)}), split the file, or leave --task out"
        )
    for part in reversed(PurePath(source).parts[-2:]):
        among = [one for one in TASKS.values() if _mentions(part, one)]
        if len(among) == 1:
            return among[0]
        if among:
            break
    raise TaskError(
        f"{source} does not say which task it is of: --task NAME with one of {', '.join(TASKS)}"
    )


def task_join(name: str, data: str | None, inputs: Sequence[str], fields: Fields) -> TaskJoin:
    """Makes what joins the inputs of a run to their task.

    Args:
        name: The task's name, or ``auto`` for what the inputs say.
        data: Where its problems are; without any, and without the environment variable, golds come
            from the inputs and prompts are only counted.
        inputs: The inputs.
        fields: What the caller said about their fields.

    Raises:
        TaskError: There is no such task, its data cannot be had, or the inputs don't say which it
            is.
        SourceError: An input cannot be read.
    """
    chosen = task(name) if name != AUTO else _common(inputs, fields)
    known = data or os.environ.get(DATA_VARIABLE)
    return TaskJoin(chosen, load_problems(chosen, data) if known else None)


def _common(inputs: Sequence[str], fields: Fields) -> Task:
    found: dict[str, Task] = {}
    for name in inputs:
        if name == STDIN:
            raise TaskError("--task auto cannot look into standard input: name the task")
        with open_records(name, fields, need_gold=False, need_response=False) as records:
            one = detect_task(name, records.head)
        found[one.name] = one
    if len(found) != 1:
        raise TaskError(
            f"the inputs are of several tasks ({', '.join(found)}): --task auto takes one a run"
        )
    return next(iter(found.values()))


def _said(records: Sequence[Mapping[str, Json]], paths: Sequence[str]) -> set[str]:
    values = (get_path(dict(record), path) for record in records for path in paths)
    return {value for value in values if isinstance(value, str) and value.strip()}


def _called(name: str) -> Task | None:
    plain = plain_name(name)
    return next((one for one in TASKS.values() if plain in one.aliases), None)


def _mentions(part: str, task: Task) -> bool:
    """Whether a file's or folder's name holds the task's, and no longer word around it."""
    plain = "".join(c if c.isalnum() else " " for c in part.lower())
    if task.name == "minerva_math" and any(word in plain.replace(" ", "") for word in _OTHERS):
        return False
    words = plain.split()
    joined = {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + 4)}
    return any(alias in joined for alias in task.aliases)
