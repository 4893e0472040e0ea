"""Judges mutated golden texts against one another, and says in a file which pair is at hand.

usage: python mutate.py SEED COUNT FILE

Run by test_mutations.py in a process of its own: a crash or a loop must not take the tests along.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

from pyverify import Limits, equivalent

GOLDEN = Path(__file__).parents[1] / "golden"
FRAGMENTS = (
    *(" m/s", "^{2}", r"\frac", "{", "}", "(", ")", r"\int_0^1 ", " dx", "+C", " or ", ",", "="),
    *(r"\pm ", r"\text{", "_1", r"\cup ", r"\pmod{7}", r"\SI{", r"\left.", r"\right|_0^1", "|"),
    *(r"\vec ", "%", r"^\circ ", "'", "A. ", r"\begin{cases}", r"\end{cases}", "&", r"\\", "$"),
    *(r"\lim_{x\to\infty}", " per ", "µ", r"\mathbb{R^", ". ", ":", "每小时", "千米", "!"),
)


def texts() -> list[str]:
    """Golds and answers of the golden corpus."""
    rows = [
        json.loads(line)
        for name in ("cases", "false_positives")
        for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [row[key] for row in rows for key in ("gold", "answer") if isinstance(row.get(key), str)]


def mutated(text: str, known: list[str], draw: random.Random) -> str:
    """The text with one to three things put in, left out, or repeated."""
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(len(text) + 1)
        kind = draw.randrange(4)
        if kind == 0:
            text = text[:at] + draw.choice(FRAGMENTS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + draw.randrange(1, 4) :]
        elif kind == 2:
            other = draw.choice(known)
            start = draw.randrange(len(other) + 1)
            text = text[:at] + other[start : start + draw.randrange(1, 20)] + text[at:]
        else:
            text = text[:at] + text[at:] * draw.choice((2, 3, 8))
    return text[:4000]


def main() -> None:
    """Judges."""
    seed, count, file = int(sys.argv[1]), int(sys.argv[2]), os.open(sys.argv[3], os.O_RDWR)
    draw = random.Random(seed)
    known = texts()
    most = 1.1 * Limits().work
    for _ in range(count):
        gold = draw.choice(known)
        answer = mutated(draw.choice((gold, draw.choice(known))), known, draw)
        os.pwrite(file, json.dumps([gold, answer]).encode() + b"\n", 0)
        assert equivalent(answer, gold=gold).work <= most


if __name__ == "__main__":
    main()
