"""Compares pyverify with its rivals, pinned, on the same cases: agreement beside speed.

usage: python bench/compare.py [--sets pairs,responses] [--limit N] [--hard N] [--seed N]
                               [--rivals NAMES] [--environments FOLDER]
                               [--json FILE] [--markdown FILE]

All verify case by case in one thread of one process, with the gold read for each case; pyverify,
and rivals that tell, with golds read beforehand, too. Time is CPU time. pyverify's batch follows,
with one thread and with two. Each rival (bench/rivals.py) runs in an environment of its own, made
at the first use; a case that takes it longer than ten seconds by the clock is killed and counted.
`--hard N` adds pairs made of benchmarks' golds by bench/generate, which needs the `test` extra.

A clock read costs a good part of one of pyverify's calls: its mean is the fastest of some passes
over all cases, its quantiles are over the fastest call of each. A rival has one pass, so that its
caches help it with what repeats in the cases and with nothing else; what a time limit stopped is
left out of its times, because a single one weighs more than a thousand other cases.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import corpus
import rivals
from corpus import Case

import pyverify
from pyverify import Result, Verdict, Verifier

_PASSES = 5
# Samples of one prompt in a batch.
_GROUP = 8
_PREPARED = ", gold prepared"
_UNDECIDED = (Verdict.UNDECIDED, Verdict.LIMIT, Verdict.BAD_GOLD)


@dataclass
class Row:
    """What one verifier made of one set.

    Attributes:
        name: The verifier.
        group: The set.
        rows: Cases.
        right: Those labelled right.
        wrong: Those labelled wrong.
        agreed: Verdicts as labelled.
        found: Right ones called right.
        false_positives: Wrong ones called right.
        undecided: Neither shown equal nor different (pyverify says so; it counts as not equal).
        crashed: Raised or died.
        timeouts: Stopped by a clock.
        mean: CPU microseconds per case.
        p50: Its median.
        p99: Its 99th percentile.
        most: Its maximum.
        wall: Microseconds per case by the wall clock, for batches.
        ratio: The mean, relative to pyverify asked in the same way; a batch, to single calls.
    """

    name: str
    group: str
    rows: int = 0
    right: int = 0
    wrong: int = 0
    agreed: int = 0
    found: int = 0
    false_positives: int = 0
    undecided: int = 0
    crashed: int = 0
    timeouts: int = 0
    mean: float = 0.0
    p50: float | None = None
    p99: float | None = None
    most: float | None = None
    wall: float | None = None
    ratio: float = 1.0

    def count(self, cases: Sequence[Case], equal: Sequence[bool]) -> None:
        """Counts verdicts against labels."""
        for case, said in zip(cases, equal, strict=True):
            self.rows += 1
            self.right += case.label is True
            self.wrong += case.label is False
            self.agreed += said == case.label
            self.found += said and case.label is True
            self.false_positives += said and case.label is False

    def spread(self, times: Sequence[float]) -> None:
        """Notes quantiles."""
        if times:
            self.p50, self.p99, self.most = quantile(times, 0.5), quantile(times, 0.99), max(times)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which a part of them lies."""
    return sorted(values)[int(part * (len(values) - 1))]


def single(group: str, cases: Sequence[Case], *, prepared: bool) -> Row:
    """Pyverify, one call per case."""
    verifiers = [Verifier(gold=case.gold) for case in cases] if prepared else []

    def judge(index: int) -> Result:
        case = cases[index]
        verifier = verifiers[index] if prepared else Verifier(gold=case.gold)
        return verifier.equivalent(case.text) if case.bare else verifier(case.text)

    row = Row("pyverify" + (_PREPARED if prepared else ""), group)
    results: list[Result | None] = []
    for index in range(len(cases)):
        try:
            results.append(judge(index))
        except Exception:
            results.append(None)
    row.crashed = results.count(None)
    row.undecided = sum(one is not None and one.verdict in _UNDECIDED for one in results)
    row.count(cases, [bool(one) for one in results])

    def everything() -> None:
        for index in range(len(cases)):
            judge(index)

    row.mean, _ = _fastest(everything, len(cases))
    best = [float("inf")] * len(cases)
    clock = time.perf_counter_ns
    for _ in range(_PASSES):
        for index in range(len(cases)):
            start = clock()
            judge(index)
            best[index] = min(best[index], (clock() - start) / 1000)
    row.spread(best)
    return row


def batch(group: str, cases: Sequence[Case], threads: int) -> Row:
    """Pyverify's `verify_batch`, golds in groups of samples."""
    ordered = sorted(cases, key=lambda case: case.gold)
    grouped = [case for case in ordered for _ in range(_GROUP)]
    grouped *= max(1, 50_000 // len(grouped))
    texts = [case.text for case in grouped]
    golds = [case.gold for case in grouped]
    row = Row(f"pyverify, batch, threads={threads}", group)

    def everything() -> list[Result]:
        return pyverify.verify_batch(texts, golds=golds, threads=threads)

    results = everything()[: len(ordered) * _GROUP : _GROUP]
    row.undecided = sum(one.verdict in _UNDECIDED for one in results)
    row.count(ordered, [bool(one) for one in results])
    row.mean, row.wall = _fastest(everything, len(texts))
    return row


def _fastest(run: Callable[[], object], count: int) -> tuple[float, float]:
    """CPU and wall microseconds per case of the fastest pass."""
    cpu, wall = float("inf"), float("inf")
    for _ in range(_PASSES):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        kept = run()
        cpu = min(cpu, time.process_time() - cpu_start)
        wall = min(wall, time.perf_counter() - wall_start)
        del kept
    return cpu / count * 1e6, wall / count * 1e6


def rival(group: str, cases: Sequence[Case], process: rivals.Process) -> list[Row]:
    """A rival, one call per case; the second row leaves out the reading of golds, if it tells."""
    row = Row(process.name, group)
    equal: list[bool] = []
    spent: list[float] = []
    without_gold: list[float] = []
    for index, case in enumerate(cases):
        answer = process.ask(case)
        if isinstance(answer, str):
            row.timeouts += answer == "timeouts"
            row.crashed += answer == "crashed"
            equal.append(False)
        else:
            row.timeouts += bool(answer["timeouts"])
            row.crashed += bool(answer["crashed"])
            equal.append(bool(answer["equal"]))
            if not answer["timeouts"]:
                spent.append(answer["ns"] / 1000)
                if answer["ns_without_gold"] is not None:
                    without_gold.append(answer["ns_without_gold"] / 1000)
        if sys.stderr.isatty():
            print(f"\r{group}: {index + 1} of {len(cases)}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    row.count(cases, equal)
    several = [(row, spent)]
    if without_gold:
        several.append((replace(row, name=process.name + _PREPARED), without_gold))
    for one, times in several:
        one.mean = sum(times) / len(times) if times else 0.0
        one.spread(times)
    return [one for one, _ in several]


def versions(pythons: dict[rivals.Rival, Path]) -> dict[str, str]:
    """What was compared, on what."""
    others = {one.name: rivals.versions(one, python) for one, python in pythons.items()}
    return {
        "pyverify": pyverify.__version__,
        "commit": _commit(),
        **others,
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
    }


def _commit() -> str:
    git = ["git", "-C", str(corpus.ROOT)]
    try:
        head = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True)
        changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True)
    except OSError:
        return "unknown"
    return head.stdout.decode().strip() + (", changed" if changed.stdout.strip() else "")


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def markdown(rows: Sequence[Row], about: dict[str, str], command: str) -> str:
    """The table."""
    counts = ["rows", "labelled right / wrong", "agreement", "recall", "false positives"]
    counts += ["undecided", "crashed", "timeouts"]
    head = ["verifier", *counts, "CPU µs mean", "p50", "p99", "max", "ratio"]
    lines = [f"`{command}`: " + ", ".join(f"{key} {value}" for key, value in about.items()), ""]
    for group in dict.fromkeys(row.group for row in rows):
        lines += [f"**{group}**", "", "| " + " | ".join(head) + " |", "|---" + "|--:" * 13 + "|"]
        for row in rows:
            if row.group == group:
                lines.append("| " + " | ".join(_cells(row)) + " |")
        lines.append("")
    lines += _tenths(rows)
    walls = [row for row in rows if row.wall is not None]
    if walls:
        lines += ["| batch, wall clock | rows | µs per response |", "|---|---|--:|"]
        lines += [f"| {row.name} | {row.group} | {row.wall:.2f} |" for row in walls]
        lines.append("")
    return "\n".join(lines)


def _tenths(rows: Sequence[Row]) -> list[str]:
    """Pyverify's mistakes against a tenth of each rival's."""
    lines = ["| set | rival | misses, ours | a tenth of theirs | false positives, ours | a tenth |"]
    lines += ["|---|---|--:|--:|--:|--:|"]
    ours = {row.group: row for row in rows if row.name == "pyverify"}
    for row in rows:
        if not row.name.startswith("pyverify") and not row.name.endswith(_PREPARED):
            own = ours[row.group]
            counts = f"{own.right - own.found} | {(row.right - row.found) / 10:.1f}"
            counts += f" | {own.false_positives} | {row.false_positives / 10:.1f}"
            lines.append(f"| {row.group} | {row.name} | {counts} |")
    return [*lines, ""]


def _cells(row: Row) -> list[str]:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"

    def share(part: int, whole: int) -> str:
        return f"{part / whole:.4f}" if whole else ""

    return [
        row.name,
        str(row.rows),
        f"{row.right} / {row.wrong}",
        share(row.agreed, row.rows),
        share(row.found, row.right),
        f"{row.false_positives} ({row.false_positives / row.wrong:.2%})" if row.wrong else "",
        str(row.undecided) if row.name.startswith("pyverify") else "",
        str(row.crashed),
        str(row.timeouts),
        number(row.mean),
        number(row.p50),
        number(row.p99),
        number(row.most),
        f"{row.ratio:.0f}" if row.ratio >= 100 else f"{row.ratio:.2f}",
    ]


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default="golden,pairs,responses", help="of bench/corpus.py")
    parser.add_argument("--limit", type=int, help="cases of each set, drawn with --seed")
    parser.add_argument("--limit-responses", type=int, help="the same for responses alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hard", type=int, default=0, help="so many pairs made of benchmark golds")
    names = ",".join(one.name for one in rivals.RIVALS)
    parser.add_argument("--rivals", default=names, help="with commas: %(default)s")
    parser.add_argument(
        "--environments", type=Path, default=corpus.ROOT / "build" / "rivals", metavar="FOLDER"
    )
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--markdown", type=Path, help="write the table there, too")
    args = parser.parse_args()
    folder = args.environments.resolve()
    pythons = {one: rivals.environment(one, folder) for one in rivals.chosen(args.rivals)}
    cases: list[Case] = []
    for name in args.sets.split(","):
        limit = args.limit_responses if name == "responses" else None
        cases += corpus.load([name], limit=limit or args.limit, seed=args.seed, labelled=True)
    cases += corpus.hard(args.hard, args.seed)
    rows: list[Row] = []
    processes = [rivals.Process(one, python) for one, python in pythons.items()]
    for group in dict.fromkeys(case.group for case in cases):
        rows += compared(group, [case for case in cases if case.group == group], processes)
    for process in processes:
        process.close()
    about = versions(pythons)
    command = " ".join(["python", "bench/compare.py", *_shown(args)])
    table = markdown(rows, about, command)
    print(table)
    if args.markdown:
        args.markdown.write_text(table, encoding="utf-8")
    if args.json:
        figures = {"command": command, "about": about, "rows": [asdict(row) for row in rows]}
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def compared(group: str, cases: Sequence[Case], processes: Sequence[rivals.Process]) -> list[Row]:
    """The rows of a set."""
    mine, prepared = single(group, cases, prepared=False), single(group, cases, prepared=True)
    rows = [mine, prepared]
    if not any(case.bare for case in cases):
        rows += [batch(group, cases, threads) for threads in (1, 2)]
    for process in processes:
        rows += rival(group, cases, process)
    for row in rows:
        row.ratio = row.mean / (prepared if row.name.endswith(_PREPARED) else mine).mean
    return rows


def _shown(args: argparse.Namespace) -> list[str]:
    """The options that change the figures."""
    shown = [f"--sets {args.sets}", f"--seed {args.seed}"]
    shown += [f"--limit {args.limit}"] if args.limit else []
    shown += [f"--limit-responses {args.limit_responses}"] if args.limit_responses else []
    shown += [f"--hard {args.hard}"] if args.hard else []
    return shown


if __name__ == "__main__":
    main()
