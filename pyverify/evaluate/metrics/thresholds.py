"""What a run must reach, and how often something may go wrong: for exit codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pyverify.evaluate.metrics.figures import KINDS
from pyverify.evaluate.metrics.ks import MOST

if TYPE_CHECKING:
    from pyverify.evaluate.report import Report
    from pyverify.evaluate.table import Table

_AT_K = re.compile(rf"({'|'.join(KINDS)})@([1-9][0-9]{{0,3}})", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
_FAULTS = {
    "timeout": ("limit",),
    "limit": ("limit",),
    "empty": ("no_answer",),
    "no_answer": ("no_answer",),
    "missing": ("missing",),
    "unparseable": ("unparseable",),
    "undecided": ("undecided",),
    "unevaluated": ("unevaluated",),
    "truncated": ("truncated",),
    "gold_errors": ("bad_gold", "missing_gold"),
}
_HARMONIC_MEAN = "harmonic_mean"
# Means are sums of floats: 0.8 may come out one digit in the sixteenth place below.
_SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class Floor:
    """A figure that must be reached.

    Attributes:
        metric: Which one.
        least: What it must be at least.
    """

    metric: str
    least: float

    @property
    def needs_baseline(self) -> bool:
        """Whether there is no such figure without a baseline."""
        return self.metric == _HARMONIC_MEAN


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A share of the rows that must not be exceeded.

    Attributes:
        fault: What is wrong with such a row.
        percent: How many in a hundred may be.
    """

    fault: str
    percent: Fraction


def parse_floors(text: str) -> tuple[Floor, ...]:
    """Reads ``--fail-under``: ``acc=0.8,pass@8=0.9``.

    Raises:
        ValueError: Something else stands there.

    Example:
        >>> parse_floors("maj@16=0.75")
        (Floor(metric='maj@16', least=0.75),)
    """
    return tuple(_floor(part.strip()) for part in text.split(","))


def _floor(text: str) -> Floor:
    metric, _, figure = text.partition("=")
    at_k = _AT_K.fullmatch(metric)
    if metric not in ("acc", "final_acc", _HARMONIC_MEAN) and not at_k:
        raise ValueError(
            "NAME=X with the NAME acc, final_acc, harmonic_mean, pass@K, avg@K, maj@K or cons@K, "
            f"not {text!r}"
        )
    if at_k and int(at_k[2]) > MOST:
        raise ValueError(f"{metric}: at most {MOST} samples")
    if not _DECIMAL.fullmatch(figure):
        raise ValueError(f"{metric}=X with a number X, not {text!r}")
    least = float(figure)
    if least > 1 and metric != _HARMONIC_MEAN:
        raise ValueError(f"{metric}=X with X from 0 to 1, not {text!r}")
    return Floor(metric, least)


def parse_ceilings(text: str) -> tuple[Ceiling, ...]:
    """Reads ``--fail-on``: ``timeout>1%,truncated>5%``.

    Raises:
        ValueError: Something else stands there.

    Example:
        >>> parse_ceilings("timeout>0.5%")
        (Ceiling(fault='timeout', percent=Fraction(1, 2)),)
    """
    return tuple(_ceiling(part.strip()) for part in text.split(","))


def _ceiling(text: str) -> Ceiling:
    fault, _, share = text.partition(">")
    if fault not in _FAULTS:
        raise ValueError(f"NAME>P% with a NAME of {', '.join(_FAULTS)}, not {text!r}")
    figure = share[:-1].rstrip()
    if not share.endswith("%") or not _DECIMAL.fullmatch(figure) or Fraction(figure) > 100:
        raise ValueError(f"{fault}>P% with P from 0 to 100, not {text!r}")
    return Ceiling(fault, Fraction(figure))


def missed(
    report: Report, floors: Sequence[Floor] = (), ceilings: Sequence[Ceiling] = ()
) -> list[str]:
    """What of the thresholds was not met, in words; nothing where all were.

    A figure that cannot be had misses its threshold: a check that looks at nothing must not pass.
    """
    found = []
    for floor in floors:
        value = _value(report, floor.metric)
        if value is None:
            found.append(f"{floor.metric} is unknown, wanted is {floor.least:g}")
        elif value < floor.least - _SLACK:
            found.append(f"{floor.metric} is {value:.4f}, below {floor.least:g}")
    for ceiling in ceilings:
        count, rows = _count(report.overall, ceiling.fault)
        if rows == 0:
            found.append(f"{ceiling.fault} is unknown: no row says")
        elif 100 * count > ceiling.percent * rows:
            found.append(
                f"{ceiling.fault} is {100 * count / rows:.3g}% ({count:,} of {rows:,}), "
                f"above {float(ceiling.percent):g}%"
            )
    return found


def _value(report: Report, metric: str) -> float | None:
    if metric == "acc":
        return report.overall.accuracy
    if metric == "final_acc":
        return report.final_accuracy
    if metric == _HARMONIC_MEAN:
        return None if report.ratios is None else report.ratios.harmonic_mean
    kind, _, k = metric.partition("@")
    return report.figures(report.overall).figure(kind, int(k)).value


def _count(table: Table, fault: str) -> tuple[int, int]:
    """How many rows have a fault, and of how many that is known."""
    counts = table.counts
    count = sum(counts[name] for name in _FAULTS[fault])
    if fault == "truncated":
        return count, counts["truncation_known"]
    if fault == "gold_errors":
        return count, counts["rows"] + counts["missing_gold"]
    return count, counts["rows"]
