"""What a run leaves: its rows, as JSON and as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from workloads import Workload

from pyverify.io.atomic import write_text

FORMAT = 1


@dataclass
class Row:
    """One contender at one shape.

    Attributes:
        workload: The shape.
        contender: Who.
        ours: Whether it is pyverify.
        version: Of the package that it comes from; None if that isn't there.
        status: "measured", "not installed", "needs CUDA", "out of memory", or "failed: …".
        p20: Milliseconds, a fifth of the calls being faster; so are p50 and p80.
        calls: How many were timed.
        ceiling: "read" or "matmul": what the fraction is of.
        fraction: The ceiling's time, divided by p50.
        peak_bytes: Held at a time beyond the inputs, by torch's allocator.
        log_p_error: The largest error of log p against float64.
        p_error: That of p.
        reward_error: That of the mean-p reward.
        same_bits: Whether half of the references, shuffled, get the same bits.
    """

    workload: Workload
    contender: str
    ours: bool
    version: str | None
    status: str = "measured"
    p20: float | None = None
    p50: float | None = None
    p80: float | None = None
    calls: int = 0
    ceiling: str | None = None
    fraction: float | None = None
    peak_bytes: int | None = None
    log_p_error: float | None = None
    p_error: float | None = None
    reward_error: float | None = None
    same_bits: bool | None = None


@dataclass
class Run:
    """A run, whole or broken off.

    Attributes:
        date: When it began, UTC.
        device: The GPU's name, or the CPU's.
        gpu: Whether it is a GPU's.
        threads: That torch uses on the CPU.
        clock: What the times are.
        versions: Of pyverify, Python and what is measured.
        ceilings: The machine's in general.
        case_ceilings: Those of each shape, in milliseconds.
        rows: All rows.
        targets: Name, goal, what was reached and whether that is enough.
        complete: Whether nothing was broken off.
    """

    date: str
    device: str
    gpu: bool
    threads: int
    clock: str
    versions: dict[str, str | None]
    ceilings: dict[str, float] = field(default_factory=dict)
    case_ceilings: dict[str, dict[str, float]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = False

    def write(self, path: Path) -> None:
        """Writes all of it as JSON; a reader never sees half of it."""
        whole = {"format": FORMAT, **asdict(self)}
        write_text(str(path), json.dumps(whole, indent=1) + "\n")


_HEAD = (
    *("", "p20 ms", "p50 ms", "p80 ms", "times", "of ceiling", "MB more"),
    *("error log p", "error p", "error reward", "same bits"),
)


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """A table for each shape."""
    for workload, group in groupby(rows, key=lambda row: row.workload):
        here = list(group)
        ours = next((row.p50 for row in here if row.contender == "pyverify"), None)
        ceilings = sorted({row.ceiling for row in here if row.ceiling})
        yield f"\n{workload.name}" + "".join(f"; ceiling: {one}" for one in ceilings)
        yield table(_HEAD, [_cells(row, ours) for row in here])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its columns aligned."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [[one.ljust(w) for one, w in zip(head, widths, strict=True)]]
    lines += [["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]]
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        lines.append([first[0].ljust(first[1]), *(cell.rjust(w) for cell, w in others)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cells(row: Row, ours: float | None) -> list[str]:
    name = row.contender
    if row.status != "measured":
        return [f"{name}: {row.status}", *[""] * (len(_HEAD) - 1)]
    times = "" if row.p50 is None or not ours else f"{row.p50 / ours:.2f}"
    return [
        name,
        *("" if ms is None else f"{ms:.3g}" if ms < 100 else f"{ms:.0f}" for ms in _times(row)),
        times,
        "" if row.fraction is None else f"{row.fraction:.3f}",
        "" if row.peak_bytes is None else f"{row.peak_bytes / 1e6:.1f}",
        *(
            "" if error is None else f"{error:.1e}"
            for error in (row.log_p_error, row.p_error, row.reward_error)
        ),
        "" if row.same_bits is None else "yes" if row.same_bits else "no",
    ]


def _times(row: Row) -> tuple[float | None, ...]:
    return row.p20, row.p50, row.p80


def target_table(targets: Sequence[dict[str, Any]]) -> str:
    """Targets, what was reached, and whether that is enough."""
    cells = []
    for one in targets:
        sign = "≥" if one["at_least"] else "≤"
        reached, goal = one["reached"], f"{sign} {one['goal']:g}{one['unit']}"
        if reached is None:
            cells.append([one["name"], goal, one["why"], ""])
        else:
            met = "yes" if one["met"] else "no"
            cells.append([one["name"], goal, f"{reached:.3g}{one['unit']}", met])
    return table(("target", "goal", "reached", "met"), cells)
