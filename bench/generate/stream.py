"""Pairs of a gold and an answer, with what must come out of them, from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from . import attacks, constants, functions, misses, oracle, polynomials
from .constants import Random
from .oracle import Domain, agrees, defined
from .render import spell
from .rewrites import rewrite
from .tree import Node, size, some

FAMILIES = {**constants.FAMILIES, **functions.FAMILIES}

# Larger trees are no harder, only slower.
_MOST_NODES = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold, an answer and the truth.

    Attributes:
        gold: The reference answer, spelled.
        answer: The answer, spelled.
        equal: What must come out.
        kind: The family and how the answer was made.
        gold_tree: The gold.
        answer_tree: The answer.
    """

    gold: str
    answer: str
    equal: bool
    kind: str
    gold_tree: Node
    answer_tree: Node


def pairs(seed: str, count: int, *, each: int = 5) -> Iterator[Pair]:
    """Draws pairs.

    Args:
        seed: Any text; the same one gives the same pairs on any machine.
        count: How many.
        each: Equal answers and near misses of one gold.

    Yields:
        The pairs, those of one gold behind one another.
    """
    rng = random.Random(seed)
    names = sorted(FAMILIES)
    made = 0
    while made < count:
        name = rng.choice(names)
        base = FAMILIES[name](rng)
        domain = oracle.domain_of(base)
        if size(base) > _MOST_NODES or not defined(base, domain):
            continue
        for pair in _around(name, base, domain, each, rng):
            if made == count:
                return
            made += 1
            yield pair


def _around(name: str, base: Node, domain: Domain, each: int, rng: Random) -> Iterator[Pair]:
    gold_tree = rewrite(base, rng, rng.choice((0, 0, 1)))
    if not defined(gold_tree, domain) or is_rounded(gold_tree):
        gold_tree = base
    if is_rounded(gold_tree):
        return
    gold = spell(gold_tree, rng)

    def pair(answer: Node, truth: bool, how: str) -> Pair:
        return Pair(gold, spell(answer, rng), truth, f"{name}, {how}", gold_tree, answer)

    for _ in range(each):
        answer, how = equal(base, rng)
        if agrees(gold_tree, answer, domain):
            yield pair(answer, True, how)
    for _ in range(each):
        drawn = different(base, domain, rng)
        if drawn and oracle.differ(gold_tree, drawn[0]):
            yield pair(drawn[0], False, drawn[1])
    if domain is Domain.CONSTANT and rng.random() < 0.2:
        left, right = attacks.coincidence(rng)
        if oracle.differ(left, right):
            spelled = spell(left, rng), spell(right, rng)
            yield Pair(*spelled, False, "coincidence", left, right)


def equal(base: Node, rng: Random) -> tuple[Node, str]:
    """A tree that ought to be equal, and how it was made."""
    if rng.random() < 0.15:
        expanded = polynomials.expand(base, rng)
        if expanded is not None:
            return expanded, "expanded"
    steps = rng.choice((0, 1, 1, 2, 2, 3, 4))
    return rewrite(base, rng, steps), "rewritten" if steps else "respelled"


def different(base: Node, domain: Domain, rng: Random) -> tuple[Node, str] | None:
    """A tree that ought to be different, and how it was made."""
    kind = rng.random()
    if kind < 0.1:
        return attacks.add_vanishing(rewrite(base, rng, rng.choice((0, 1))), rng), "vanishing"
    if kind < 0.2:
        return attacks.add_tiny(rewrite(base, rng, rng.choice((0, 1))), rng), "tiny"
    if kind < 0.25 and domain is Domain.CONSTANT:
        cut = attacks.truncation(base, rng)
        return (cut, "truncated") if cut else None
    changed = misses.change(base, rng)
    if changed is None:
        return None
    return rewrite(changed, rng, rng.choice((0, 0, 1, 2))), "changed"


def is_rounded(node: Node) -> bool:
    """Whether the policy takes a gold for a rounded value: a bare decimal, spelled as such."""
    return node.rational() is not None and some(node, lambda n: n.op == "dec")
