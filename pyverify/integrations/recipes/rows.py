"""Rows of training data: where trainers' data sets have the prompt, the gold and the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyverify.integrations.recipes.command_line import RecipeError
from pyverify.io import BrokenLine, Fields, Json, SourceError, open_records
from pyverify.io.paths import get_path, has_path

GOLDS = ("answer", "reward_model.ground_truth", "label")
"""Where golds stand: TRL's and OpenRLHF's recipes, verl, OpenRLHF's own examples."""

PROMPTS = ("prompt", "input", "problem", "question")


def read_rows(name: str) -> Iterator[dict[str, Json]]:
    """The rows of a file of JSON lines or Parquet, as they are.

    Args:
        name: The file.

    Raises:
        RecipeError: There is no such file, or it can't be read.
    """
    fixed = Fields(gold="gold", response="response")
    try:
        with open_records(name, fixed, need_gold=False, need_response=False) as records:
            for line in records:
                if isinstance(line, BrokenLine):
                    raise RecipeError(f"{name}, line {line.number}: {line.problem}")
                yield line.value
    except SourceError as error:
        raise RecipeError(f"{error}; --smoke needs no files") from None


def first_of(row: dict[str, Json], names: Sequence[str]) -> str | None:
    """The first of some paths that a row has."""
    return next((one for one in names if has_path(row, one)), None)


def messages_of(
    row: dict[str, Json],
    instruction: str = "",
    names: Sequence[str] = PROMPTS,
    *,
    system: bool = True,
) -> Json:
    """A row's prompt: messages, or the text of a column ``prompt``, which is complete as it is.

    Args:
        row: Of a data set.
        instruction: What to say before a problem; a ``prompt`` has its own.
        names: Where the prompt may stand.
        system: Whether the instruction is a turn of its own; some chat templates have none.

    Raises:
        RecipeError: There is none.
    """
    name = first_of(row, names)
    if name is None:
        raise RecipeError(f"a row has no {' or '.join(names)}; it has {', '.join(sorted(row))}")
    found = get_path(row, name)
    if name == "prompt" or isinstance(found, list):
        return found
    problem = str(found)
    if not instruction:
        return [{"role": "user", "content": problem}]
    if not system:
        return [{"role": "user", "content": f"{instruction}\n\n{problem}"}]
    return [{"role": "system", "content": instruction}, {"role": "user", "content": problem}]


def gold_of(row: dict[str, Json], names: Sequence[str] = GOLDS) -> Json:
    """A row's gold, or None."""
    name = first_of(row, names)
    return None if name is None else get_path(row, name)
