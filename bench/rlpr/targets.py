"""The figures that pyverify.rlpr is to reach on a GPU, against those of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from record import Row

Rows = Sequence[Row]

# Who looks at the targets in each call.
_CHECKING = ("Liger",)


@dataclass(frozen=True)
class Target:
    """One of them.

    Attributes:
        name: What it is about.
        goal: What is to be reached.
        at_least: Whether more is better.
        reached: The figure of a run, the worst of all shapes; None where it wasn't measured.
        unit: What the figure is in.
    """

    name: str
    goal: float
    reached: Callable[[Rows], float | None]
    at_least: bool = True
    unit: str = ""

    def met(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value >= self.goal if self.at_least else value <= self.goal


def _found(rows: Rows, entry: str, name: str, /, **shape: object) -> list[Row]:
    """Measured rows of a contender and of shapes."""
    return [
        row
        for row in rows
        if row.status == "measured"
        and row.contender == name
        and row.workload.entry == entry
        and all(getattr(row.workload, key) == value for key, value in shape.items())
    ]


def _large(row: Row) -> bool:
    work = row.workload
    return work.rows >= 4096 and work.vocabulary >= 128000 and work.temperature == 1


def _fraction(entry: str, name: str, /, **shape: object) -> Callable[[Rows], float | None]:
    def worst(rows: Rows) -> float | None:
        return min(
            (
                row.fraction
                for row in _found(rows, entry, name, **shape)
                if row.fraction is not None and (entry != "logits" or _large(row))
            ),
            default=None,
        )

    return worst


def _faster(than: str) -> Callable[[Rows], float | None]:
    """How many times as long as pyverify another takes, logits of bfloat16 in many rows."""
    # Both look whether all targets exist, which waits for the device, or neither does.
    name = "pyverify, checked" if than in _CHECKING else "pyverify"

    def worst(rows: Rows) -> float | None:
        same = {"dtype": "bf16", "softcap": None, "gathered": False}
        ours = {row.workload: row.p50 for row in _found(rows, "logits", name, **same)}
        return min(
            (
                row.p50 / ours[row.workload]
                for row in _found(rows, "logits", than, **same)
                if _large(row) and row.p50 is not None and ours.get(row.workload)
            ),
            default=None,
        )

    return worst


def _step(rows: Rows) -> float | None:
    return max((row.p50 or 0.0 for row in _found(rows, "step", "pyverify")), default=None)


def _whole_responses(rows: Rows) -> float | None:
    theirs, ours = _found(rows, "step", "whole responses"), _step(rows)
    return (theirs[0].p50 or 0.0) / ours if theirs and ours else None


def _logits_held(rows: Rows) -> float | None:
    """What the fused way holds, in matrices [N, V] of bfloat16."""
    return max(
        (
            row.peak_bytes / (2 * row.workload.rows * row.workload.vocabulary)
            for row in _found(rows, "hidden", "pyverify, fused")
            if row.peak_bytes is not None
        ),
        default=None,
    )


def _ours(rows: Rows) -> list[Row]:
    """What promises to be exact."""
    return [
        row
        for row in rows
        if row.status == "measured" and row.ours and "not exact" not in row.contender
    ]


def _log_p(rows: Rows) -> float | None:
    return _largest([row.log_p_error for row in _ours(rows)])


def _reward(rows: Rows) -> float | None:
    return _largest([row.reward_error for row in _ours(rows)])


def _largest(errors: Sequence[float | None]) -> float | None:
    """The largest error, NaN being larger than all."""
    known = [math.inf if math.isnan(one) else one for one in errors if one is not None]
    return max(known, default=None)


def _repeated(rows: Rows) -> float | None:
    return min((float(bool(row.same_bits)) for row in rows if _measured_ours(row)), default=None)


def _measured_ours(row: Row) -> bool:
    return row.status == "measured" and row.ours


_BF16 = {"dtype": "bf16", "softcap": None, "gathered": False}
_RIVALS = (
    ("Liger", 1.1),
    ("Liger selective", 1.1),
    ("flash-attn", 1.3),
    ("torch.compile", 2.5),
    ("eager", 4.0),
    ("vLLM", 2.0),
)

TARGETS = (
    Target("logits, N ≥ 4096, bf16: of reading", 0.97, _fraction("logits", "pyverify", **_BF16)),
    *(
        Target(f"logits, N ≥ 4096, bf16: {name} takes times as long", goal, _faster(name))
        for name, goal in _RIVALS
    ),
    Target(
        "row statistics, N = 512: of reading",
        0.93,
        _fraction(
            "row statistics", "pyverify", rows=512, vocabulary=151936, dtype="bf16", softcap=None
        ),
    ),
    Target(
        "row statistics, N = 512, softcap: of reading",
        0.80,
        _fraction("row statistics", "pyverify", rows=512, dtype="bf16", softcap=30.0),
    ),
    Target(
        "chunked, H 3584, not exact: of the matmul",
        0.94,
        _fraction("hidden", "pyverify, chunked, not exact", rows=4096, depth=3584),
    ),
    Target(
        "chunked, H 3584, exact: of the matmul",
        0.89,
        _fraction("hidden", "pyverify, chunked", rows=4096, depth=3584),
    ),
    *(
        Target(
            f"fused, H {depth}: of the matmul",
            goal,
            _fraction("hidden", "pyverify, fused", rows=4096, depth=depth),
        )
        for depth, goal in ((3584, 0.80), (2048, 0.80), (896, 0.72))
    ),
    Target("fused: memory, of a matrix [N, V]", 0.05, _logits_held, at_least=False),
    Target("step, 12,288 rows, 7B", 18.5, _step, at_least=False, unit=" ms"),
    Target("step: whole responses take times as long", 70, _whole_responses),
    Target("exact ways: error of log p", 5e-6, _log_p, at_least=False),
    Target("exact ways: error of the reward", 1e-6, _reward, at_least=False),
    Target("the same bits in any batch (1: all)", 1, _repeated),
)
