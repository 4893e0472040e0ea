"""Verdicts against proofs: generated pairs, equal by construction or shown different by enclosures.

usage: python tests/differential/run.py [--pairs N] [--seed N] [--jobs N] [--seeds N] [--out FILE]

Prints how the verdicts fall, by kind of pair. A different pair called equal, or an equal one called
different, is a wrong verdict: they are written to a file, and the exit status is 1. Undecided is no
wrong verdict, but the share is printed. Needs pyverify installed and python-flint.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from generate.stream import Pair, pairs

from pyverify import Options, Result, Verdict, Verifier

_CHUNK = 2500
# Undecided pairs kept for the file, of each kind.
_EXAMPLES = 3


@dataclass
class Tally:
    """What came out.

    Attributes:
        counts: By kind, truth and verdict.
        reasons: By truth and reason.
        wrong: Wrong verdicts, as rows.
        undecided: Some that were left open, as rows.
        unstable: Pairs that one seed accepts and another one refuses, as rows.
        open: Pairs that some seeds leave undecided.
    """

    counts: Counter[tuple[str, bool, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[bool, str]] = field(default_factory=Counter)
    wrong: list[dict[str, object]] = field(default_factory=list)
    undecided: dict[tuple[str, bool], list[dict[str, object]]] = field(default_factory=dict)
    unstable: list[dict[str, object]] = field(default_factory=list)
    open: int = 0

    def add(self, pair: Pair, result: Result) -> None:
        """Counts one verdict."""
        verdict = verdict_class(result)
        self.counts[pair.kind, pair.equal, verdict] += 1
        self.reasons[pair.equal, result.reason.value] += 1
        if verdict == "undecided":
            kept = self.undecided.setdefault((pair.kind, pair.equal), [])
            if len(kept) < _EXAMPLES:
                kept.append(row(pair, result))
        elif (verdict == "accepted") != pair.equal:
            self.wrong.append(row(pair, result))

    def merge(self, other: Tally) -> None:
        """Adds another one's counts."""
        self.counts += other.counts
        self.reasons += other.reasons
        self.wrong += other.wrong
        self.unstable += other.unstable
        self.open += other.open
        for key, rows in other.undecided.items():
            self.undecided[key] = (self.undecided.get(key, []) + rows)[:_EXAMPLES]

    def total(self, equal: bool, verdict: str) -> int:
        """Pairs of a truth with a verdict."""
        return sum(
            count
            for (_, truth, said), count in self.counts.items()
            if truth == equal and said == verdict
        )


def verdict_class(result: Result) -> str:
    """`accepted`, `refused` or `undecided`."""
    if result.verdict is Verdict.EQUAL:
        return "accepted"
    return "refused" if result.verdict is Verdict.NOT_EQUAL else "undecided"


def row(pair: Pair, result: Result) -> dict[str, object]:
    """A pair for the file."""
    return {
        "kind": pair.kind,
        "gold": pair.gold,
        "answer": pair.answer,
        "equal": pair.equal,
        "verdict": result.verdict.value,
        "reason": result.reason.value,
    }


def judge(some: Iterator[Pair], seeds: int = 1) -> Tally:
    """Verifies pairs; with several seeds, each with all of them."""
    options = [Options(seed=seed * 0x9E3779B97F4A7C15 % 2**64) for seed in range(seeds)]
    tally = Tally()
    gold = None
    verifiers: list[Verifier] = []
    for pair in some:
        if pair.gold != gold:
            gold = pair.gold
            verifiers = [Verifier(gold=gold, options=option) for option in options]
        results = [verifier.equivalent(pair.answer) for verifier in verifiers]
        tally.add(pair, results[0])
        classes = {verdict_class(result) for result in results}
        if classes >= {"accepted", "refused"}:
            tally.unstable.append(row(pair, results[0]))
        # Where points fall decides what is out of reach: e^{2000 x} at 60 is, at 0.1 it isn't.
        tally.open += len(classes) > 1
    return tally


def _work(task: tuple[str, int, int]) -> Tally:
    seed, count, seeds = task
    return judge(pairs(seed, count), seeds)


def run(seed: int, count: int, jobs: int = 1, seeds: int = 1) -> Tally:
    """Draws and judges.

    Args:
        seed: Which pairs.
        count: How many.
        jobs: Processes; the pairs are the same for any number.
        seeds: Seeds of the engine to compare with one another.

    Returns:
        The tally.
    """
    tasks = [
        (f"{seed}/{start}", min(_CHUNK, count - start), seeds) for start in range(0, count, _CHUNK)
    ]
    tally = Tally()
    if jobs == 1:
        for task in tasks:
            tally.merge(_work(task))
        return tally
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for part in pool.imap(_work, tasks):
            tally.merge(part)
    return tally


def report(tally: Tally) -> str:
    """A table by kind, and the sums."""
    kinds = sorted({kind for kind, _, _ in tally.counts})
    lines = [
        f"{'kind':34}{'equal: accepted':>16}{'undecided':>10}{'refused':>9}"
        f"{'different: accepted':>21}{'undecided':>10}{'refused':>9}"
    ]
    columns = [(equal, said) for equal in (True, False) for said in _ORDER]
    widths = (16, 10, 9, 21, 10, 9)
    for kind in kinds:
        cells = [tally.counts[kind, equal, said] for equal, said in columns]
        lines.append(
            f"{kind:34}" + "".join(f"{n:>{w}}" for n, w in zip(cells, widths, strict=True))
        )
    sums = [tally.total(equal, said) for equal, said in columns]
    lines.append(f"{'all':34}" + "".join(f"{n:>{w}}" for n, w in zip(sums, widths, strict=True)))
    for equal in (True, False):
        ways = sorted((n, reason) for (truth, reason), n in tally.reasons.items() if truth == equal)
        shown = ", ".join(f"{reason} {n}" for n, reason in reversed(ways))
        lines.append(f"{'equal' if equal else 'different'} by reason: {shown}")
    return "\n".join(lines)


_ORDER = ("accepted", "undecided", "refused")


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="engine seeds to compare")
    parser.add_argument("--out", type=Path, default=Path("differential.jsonl"))
    args = parser.parse_args()
    start = time.monotonic()
    tally = run(args.seed, args.pairs, args.jobs, args.seeds)
    print(report(tally))
    wrong = len(tally.wrong) + len(tally.unstable)
    rows = tally.wrong + [{**one, "unstable": True} for one in tally.unstable]
    for some in tally.undecided.values():
        rows += some
    with args.out.open("w", encoding="utf-8") as file:
        for one in rows:
            print(json.dumps(one, ensure_ascii=False), file=file)
    seconds = time.monotonic() - start
    print(f"{args.pairs} pairs in {seconds:.0f} s: {len(tally.wrong)} wrong verdicts,", end=" ")
    if args.seeds > 1:
        print(f"{len(tally.unstable)} that another seed contradicts,", end=" ")
        print(f"{tally.open} that some of {args.seeds} seeds leave undecided,", end=" ")
    print(f"examples in {args.out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
