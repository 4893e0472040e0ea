"""The cases every benchmark runs on: labelled answers and responses, in a fixed order.

`examples` and `golden` come with the project. `golds`, `pairs` and `responses` are there when the
environment variable PYVERIFY_DATA names a folder of labelled data: `bench/*.jsonl` with `answer`
(the golds of public benchmarks), `pairs/*.jsonl` with `gold`, `answer`, `label`, and
`responses/*.jsonl` with `gold`, `response`, `label`. Nothing of that folder is part of the project.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
SETS = ("examples", "golden", "golds", "pairs", "responses")

# A line of JSON: texts, but for a label.
Row: TypeAlias = "dict[str, str]"

# Pairs that any verifier gets right; they would hide what the others cost.
_EASY = "easy"


@dataclass(frozen=True, slots=True)
class Case:
    """One text against one gold.

    Attributes:
        group: The set, for pairs with `-easy` or `-hard` behind it.
        id: Unique within its set.
        gold: The reference answer.
        text: A whole response, or an answer alone.
        bare: Whether `text` is an answer alone.
        label: Whether it is right; None where nobody has said.
    """

    group: str
    id: str
    gold: str
    text: str
    bare: bool
    label: bool | None


def available() -> list[str]:
    """The sets that can be loaded here."""
    return [name for name in SETS if next(_read(name), None) is not None]


def load(
    sets: Iterable[str] = SETS, *, limit: int | None = None, seed: int = 0, labelled: bool = False
) -> list[Case]:
    """Loads cases.

    Args:
        sets: Names out of `SETS`; one that isn't there gives nothing.
        limit: At most so many cases of each set, drawn with `seed`, in their own order.
        seed: For the drawing.
        labelled: Leave out what has no label.

    Returns:
        The cases, set by set.
    """
    cases: list[Case] = []
    for name in sets:
        if name not in SETS:
            raise ValueError(f"no set {name!r}; there are {', '.join(SETS)}")
        rows = [case for case in _read(name) if case.label is not None or not labelled]
        cases += sample(rows, limit, seed)
    return cases


def hard(count: int, seed: int) -> list[Case]:
    """Pairs of a benchmark's gold and an answer made from it, equal or nearly so.

    Args:
        count: How many; none without PYVERIFY_DATA.
        seed: Which ones.
    """
    if not count:
        return []
    from generate import hard_pairs  # needs python-flint, which nothing else here does

    return [
        Case(
            "golds-hard", str(i), str(pair["gold"]), str(pair["answer"]), True, bool(pair["label"])
        )
        for i, pair in enumerate(hard_pairs(seed, count))
    ]


def sample(cases: Sequence[Case], limit: int | None, seed: int) -> list[Case]:
    """At most `limit` of the cases, the same ones for the same seed, in their own order."""
    if limit is None or len(cases) <= limit:
        return list(cases)
    chosen = random.Random(seed).sample(range(len(cases)), limit)
    return [cases[index] for index in sorted(chosen)]


def _read(name: str) -> Iterator[Case]:
    match name:
        case "examples":
            yield from _examples()
        case "golden":
            yield from _golden()
        case "golds":
            yield from _golds()
        case "pairs":
            for path, row in _data("pairs"):
                group = "pairs-easy" if path.stem.startswith(_EASY) else "pairs-hard"
                yield Case(group, row["id"], row["gold"], row["answer"], True, _label(row))
        case "responses":
            for _, row in _data("responses"):
                yield Case(name, row["id"], row["gold"], row["response"], False, _label(row))


def _examples() -> Iterator[Case]:
    for row in _lines(ROOT / "examples" / "preds.jsonl"):
        yield Case("examples", row["id"], row["gold"], row["response"], False, None)


def _golden() -> Iterator[Case]:
    for name in ("cases", "false_positives"):
        for row in _lines(ROOT / "tests" / "golden" / f"{name}.jsonl"):
            if "options" in row:  # what is timed is the default policy
                continue
            bare = "answer" in row
            text = row["answer"] if bare else row["completion"]
            yield Case("golden", row["id"], row["gold"], text, bare, row["verdict"] == "equal")


def _golds() -> Iterator[Case]:
    """Each gold as its own answer, and as the answer to the problem before it."""
    rows = [row for _, row in _data("bench")]
    for row, following in zip(rows, rows[1:] + rows[:1], strict=True):
        yield Case("golds", row["id"], row["answer"], row["answer"], True, True)
        yield Case("golds", row["id"] + "/next", row["answer"], following["answer"], True, None)


def _data(folder: str) -> Iterator[tuple[Path, Row]]:
    root = os.environ.get("PYVERIFY_DATA")
    if not root:
        return
    for path in sorted((Path(root) / folder).glob("*.jsonl")):
        for row in _lines(path):
            yield path, row


def _label(row: Row) -> bool | None:
    value: object = row["label"]
    return None if value is None else bool(value)


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
