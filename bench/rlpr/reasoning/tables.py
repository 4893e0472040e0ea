"""What came out, counted: wins, ties, margins, by kind, source and variant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from pyverify.evaluate.metrics import wilson
from pyverify.rlpr import Clip
from reasoning.ask import Answered
from reasoning.pairs import KINDS, VARIANTS
from reasoning.problems import SOURCES

PRIMARY_KINDS = ("shuffled_steps", "shuffled_words", "wrong")
PRIMARY = "primary: stated, without other"
PRIMARY_PAIRS = 1016
WANTED = 0.8

_CLIP = Clip()


@dataclass(frozen=True, slots=True)
class Count:
    """A set of pairs.

    Attributes:
        name: Which.
        pairs: How many.
        wins: Where the right reasoning has the higher r.
        low: Lower end of Wilson's 95 % interval of wins / pairs, as if pairs were independent.
        high: Upper end.
        margin: Mean of r(right) - r(corrupted).
        clip_wins: Where it has the higher clip(r - r', 0, 1).
        clip_ties: Where both have the same: nearly always 0.
    """

    name: str
    pairs: int
    wins: int
    low: float
    high: float
    margin: float
    clip_wins: int
    clip_ties: int

    @property
    def share(self) -> float:
        """Of wins."""
        return self.wins / self.pairs

    def as_json(self) -> dict[str, object]:
        """As an object for JSON."""
        return asdict(self) | {"share": self.share}


def count(name: str, rows: Sequence[Answered]) -> Count:
    """Counts a set of pairs that isn't empty."""
    wins = sum(row.right > row.corrupted for row in rows)
    clipped = [
        (_CLIP(row.right - row.baseline), _CLIP(row.corrupted - row.baseline)) for row in rows
    ]
    low, high = wilson(wins / len(rows), len(rows))
    return Count(
        name=name,
        pairs=len(rows),
        wins=wins,
        low=low,
        high=high,
        margin=math.fsum(row.right - row.corrupted for row in rows) / len(rows),
        clip_wins=sum(right > corrupted for right, corrupted in clipped),
        clip_ties=sum(right == corrupted for right, corrupted in clipped),
    )


def counts(rows: Sequence[Answered]) -> list[Count]:
    """The registered sets: the primary one first, then the others as far as there are pairs."""
    return [
        count(name, chosen)
        for name, belongs in _sets()
        if (chosen := [row for row in rows if belongs(row)])
    ]


def table(found: Sequence[Count]) -> str:
    """Counts as lines of a Markdown table."""
    lines = [
        "| pairs | n | right has the higher r | 95 % | mean margin | higher reward | tied |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.name} | {one.pairs:,} | {100 * one.share:.1f} % "
        f"| {100 * one.low:.1f}–{100 * one.high:.1f} | {one.margin:+.3f} "
        f"| {100 * one.clip_wins / one.pairs:.1f} % | {100 * one.clip_ties / one.pairs:.1f} % |"
        for one in found
    ]
    return "\n".join(lines)


def verdict(found: Sequence[Count]) -> str:
    """The registered hypothesis in one line."""
    primary = found[0]
    word = "holds" if primary.share >= WANTED else "does not hold"
    if primary.pairs < PRIMARY_PAIRS:
        word = f"is not decided by fewer than {PRIMARY_PAIRS:,} pairs"
    return (
        f"The hypothesis {word}: right reasoning has the higher r in {primary.wins:,} of "
        f"{primary.pairs:,} pairs of the primary set, {100 * primary.share:.1f} %."
    )


def examples(rows: Sequence[Answered], each: int = 2) -> list[Answered]:
    """Of each kind in the primary variant: the clearest losses, then the clearest wins."""
    found: list[Answered] = []
    for kind in KINDS:
        chosen = sorted(
            (row for row in rows if row.kind == kind and row.variant == VARIANTS[0]),
            key=lambda row: row.right - row.corrupted,
        )
        found += [*chosen[:each], *chosen[max(each, len(chosen) - each) :]]
    return found


def _sets() -> Iterator[tuple[str, Callable[[Answered], bool]]]:
    """Names of sets, and what belongs to each."""
    yield PRIMARY, lambda row: row.variant == "stated" and row.kind in PRIMARY_KINDS
    for variant in VARIANTS:
        for kind in KINDS:
            yield (
                f"{variant}, {kind}",
                lambda row, v=variant, k=kind: row.variant == v and row.kind == k,
            )
        for source in SOURCES:
            yield (
                f"{variant}, {source}, without other",
                lambda row, v=variant, s=source: (
                    row.variant == v and row.source == s and row.kind in PRIMARY_KINDS
                ),
            )
    for variant in VARIANTS:
        yield f"{variant}, all kinds", lambda row, v=variant: row.variant == v
    yield "all pairs", lambda row: True
