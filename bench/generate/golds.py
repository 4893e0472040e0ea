"""Hard pairs from the golds of benchmarks: each against rewrites and near misses of itself."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

from . import oracle
from .oracle import Domain, agrees, defined
from .reader import read
from .render import spell
from .rewrites import rewrite
from .stream import different, equal, is_rounded
from .tree import Node, size, variables

# A list, tuple or interval has its entries rewritten.
_BRACKETS = {"(": ")", "[": "]", "\\{": "\\}"}
_MOST_NODES = 80


def hard_pairs(seed: int, count: int, folder: Path | None = None) -> Iterator[dict[str, object]]:
    """Draws pairs of a benchmark's gold and an answer made from it.

    Args:
        seed: Which pairs; the same seed gives the same ones.
        count: How many.
        folder: Holds `*.jsonl` with `answer`; None for `bench` in the folder that the environment
            variable PYVERIFY_DATA names. Without either there are no pairs.

    Yields:
        Dictionaries with `gold`, `answer` (bare, both), `label` (whether the answer is right) and
        `kind`.
    """
    if folder is None:
        root = os.environ.get("PYVERIFY_DATA")
        if not root:
            return
        folder = Path(root) / "bench"
    golds = [(gold, entries) for gold in _texts(folder) if (entries := _entries(gold))]
    if not golds:
        return
    rng = random.Random(f"golds/{seed}")
    made = 0
    while made < count:
        gold, (opening, trees, closing) = rng.choice(golds)
        label = rng.random() < 0.5
        place = rng.randrange(len(trees))
        changed = _rewritten(trees[place], rng) if label else _missed(trees[place], rng)
        if changed is None:
            continue
        tree, how = changed
        others = [rewrite(t, rng, 1) if label and rng.random() < 0.3 else t for t in trees]
        if not all(map(_sound, trees, others)):
            continue
        others[place] = tree
        mode = rng.choice(("latex", "latex", "plain")) if not opening else "latex"
        answer = opening + ", ".join(spell(other, rng, mode) for other in others) + closing
        made += 1
        yield {"gold": gold, "answer": answer, "label": label, "kind": f"golds, {how}"}


def _texts(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            texts += [str(json.loads(line)["answer"]) for line in file if line.strip()]
    return sorted(set(texts))


def _entries(gold: str) -> tuple[str, list[Node], str] | None:
    """The scalars of a gold, with its brackets."""
    text = gold.strip().strip("$").strip()
    one = read(text)
    if one is not None:
        return ("", [one], "") if _usable(one) else None
    plain = text.replace("\\left", "").replace("\\right", "")
    for opening, closing in _BRACKETS.items():
        if plain.startswith(opening) and plain.endswith(closing):
            trees = [read(part) for part in plain[len(opening) : -len(closing)].split(",")]
            known = [tree for tree in trees if tree is not None and _usable(tree)]
            if len(known) == len(trees) and 2 <= len(known) <= 6:
                return opening, known, closing
    return None


def _usable(tree: Node) -> bool:
    names = variables(tree)
    if len(names) == 2 and names & {"c", "C"}:
        return False  # perhaps a family: with another constant it's the same, so no near miss
    return size(tree) <= _MOST_NODES and not is_rounded(tree) and defined(tree, _domain(tree))


def _domain(tree: Node) -> Domain:
    return oracle.domain_of(tree)


def _sound(tree: Node, other: Node) -> bool:
    return tree is other or agrees(tree, other, _domain(tree))


def _rewritten(tree: Node, rng: random.Random) -> tuple[Node, str] | None:
    answer, how = equal(tree, rng)
    return (answer, how) if agrees(tree, answer, _domain(tree)) else None


def _missed(tree: Node, rng: random.Random) -> tuple[Node, str] | None:
    drawn = different(tree, _domain(tree), rng)
    if drawn is None or not oracle.differ(tree, drawn[0]):
        return None
    return drawn
