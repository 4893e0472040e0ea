"""Pairs of right and corrupted reasoning, written down before anything is scored.

    PYVERIFY_DATA=… python -m reasoning.pairs            from bench/rlpr: writes pairs.jsonl

`pairs.jsonl` names problems, kinds and seeds; texts are made from these when they are wanted, and a
digest tells whether they are the ones that were registered. README.md has the rules.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reasoning.corrupt import shuffled_steps, shuffled_words, slipped
from reasoning.problems import SOURCES, Problem, read, states, withheld

KINDS = ("shuffled_steps", "shuffled_words", "wrong", "other")
VARIANTS = ("stated", "withheld")
REGISTERED = Path(__file__).with_name("pairs.jsonl")

_SEED = 2506
_WANTED = {"own": 1000, "gsm8k": 200, "math500": 100}
_LONGEST = 900


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reasonings of one problem.

    Attributes:
        problem: Whose reference both are asked about.
        kind: How one was corrupted: one of `KINDS`.
        variant: Whether reasoning states its answer at the end: one of `VARIANTS`.
        right: The right reasoning.
        corrupted: The other.
        corrupted_answer: What it has between its answer tags.
    """

    problem: Problem
    kind: str
    variant: str
    right: str
    corrupted: str
    corrupted_answer: str


def pairs_of(problem: Problem, others: Sequence[Problem], seed: int) -> tuple[list[Pair], str]:
    """All pairs that the rules make of a problem, and the id of the other problem."""
    other = _other(problem, others, seed)
    wrong = (problem.wrong, problem.wrong_answer)
    if problem.source == "gsm8k":
        wrong = slipped(problem, _draw(seed, problem, "wrong")) or ((), "")
    pairs = []
    for variant in VARIANTS:
        sides = {"right": (problem.steps, problem.answer), "wrong": wrong}
        if other is not None:
            sides["other"] = (other.steps, other.answer)
        if variant == "withheld":
            sides = {
                name: (withheld(steps, answer), answer) for name, (steps, answer) in sides.items()
            }
        steps = sides["right"][0]
        right = "\n".join(steps)
        made = {
            "shuffled_steps": shuffled_steps(steps, _draw(seed, problem, variant, "steps")),
            "shuffled_words": shuffled_words(steps, _draw(seed, problem, variant, "words")),
            "wrong": "\n".join(sides["wrong"][0]),
            "other": "\n".join(sides["other"][0]) if "other" in sides else None,
        }
        for kind, text in made.items():
            # A slip in the step that is withheld leaves nothing wrong.
            if right and text and text != right:
                answer = sides.get(kind, sides["right"])[1]
                pairs.append(Pair(problem, kind, variant, right, text, answer))
    return pairs, "" if other is None else other.id


def digest(pairs: Sequence[Pair]) -> str:
    """Of all that a scorer will be shown of them."""
    texts = [
        (
            *(pair.kind, pair.variant, pair.problem.text, pair.problem.answer),
            *(pair.right, pair.corrupted, pair.corrupted_answer),
        )
        for pair in pairs
    ]
    return hashlib.blake2b(json.dumps(texts).encode(), digest_size=8).hexdigest()


def registered(data: Path | None, sources: Sequence[str] = SOURCES) -> list[Pair]:
    """The pairs of some sources as they were registered.

    Raises:
        SystemExit: A source is missing, or its texts aren't those that were registered.
    """
    known = {source: {one.id: one for one in read(source, data)} for source in sources}
    found: list[Pair] = []
    for line in REGISTERED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["source"] not in known:
            continue
        problems = known[row["source"]]
        others = [problems[row["other"]]]
        pairs, _ = pairs_of(problems[row["id"]], others, row["seed"])
        if digest(pairs) != row["digest"]:
            raise SystemExit(f"{row['id']}: its texts aren't those that were registered")
        found += pairs
    return found


def _draw(seed: int, problem: Problem, *what: str) -> random.Random:
    return random.Random("/".join([str(seed), problem.id, *what]))


def _other(problem: Problem, others: Sequence[Problem], seed: int) -> Problem | None:
    """Another problem whose reasoning doesn't state this one's reference."""
    order = list(others)
    _draw(seed, problem, "other").shuffle(order)
    for one in order:
        if one.id != problem.id and not states("\n".join(one.steps), problem.answer):
            return one
    return None


def _eligible(problem: Problem, pairs: Sequence[Pair]) -> bool:
    """Whether every kind there can be is there with the answer stated, at a bearable length."""
    wanted = set(KINDS) - ({"wrong"} if problem.source == "math500" else set())
    return (
        {pair.kind for pair in pairs if pair.variant == "stated"} == wanted
        and states(problem.steps[-1], problem.answer)
        and "[asy]" not in problem.raw + problem.text
        and len(problem.text) + len("\n".join(problem.steps)) <= _LONGEST
    )


def main() -> None:
    """Writes the registration."""
    data = os.environ.get("PYVERIFY_DATA")
    rows = []
    for source in SOURCES:
        problems = read(source, Path(data) if data else None)
        chosen = []
        order = list(problems)
        random.Random(f"{_SEED}/{source}").shuffle(order)
        for problem in order:
            pairs, other = pairs_of(problem, problems, _SEED)
            if len(chosen) < _WANTED[source] and _eligible(problem, pairs):
                kinds = {v: [one.kind for one in pairs if one.variant == v] for v in VARIANTS}
                chosen.append(
                    {"source": source, "id": problem.id, "seed": _SEED, "other": other}
                    | kinds
                    | {"digest": digest(pairs)}
                )
        print(f"{source}: {len(chosen)} problems of {len(problems)}")
        rows += sorted(chosen, key=lambda row: str(row["id"]))
    lines = [json.dumps(row) for row in rows]
    REGISTERED.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
