"""An earlier summary to compare with: each data set's ratio, and their harmonic mean."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyverify.io import SourceError

_MOST_BYTES = 1 << 26


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accuracies of an earlier run.

    Attributes:
        accuracies: By data set; of all rows under the empty name where it had none.
        grader: Who judged it; None if it doesn't say.
    """

    accuracies: Mapping[str, float]
    grader: str | None = None


@dataclass(frozen=True, slots=True)
class Ratios:
    """How a run compares with its baseline.

    Attributes:
        baseline: What it is compared with.
        ratios: Accuracy over that of the baseline, by data set; those it scored 0 on left out.
        zeros: Data sets on which the baseline scored 0: nothing can be a multiple of that.
    """

    baseline: Baseline
    ratios: Mapping[str, float]
    zeros: tuple[str, ...]

    @property
    def harmonic_mean(self) -> float | None:
        """The harmonic mean of the ratios; None where there is none.

        It is the figure to pick a checkpoint by: one data set that falls far costs more than
        another that rises as far earns, so a run that trades old skills for new ones shows.
        """
        if not self.ratios:
            return None
        if min(self.ratios.values()) == 0:
            return 0.0
        return len(self.ratios) / math.fsum(1 / ratio for ratio in self.ratios.values())

    def as_json(self) -> dict[str, object]:
        """The comparison as an object for JSON."""
        return {
            "acc": dict(self.baseline.accuracies),
            "grader": self.baseline.grader,
            "ratios": dict(self.ratios),
            "harmonic_mean": self.harmonic_mean,
            "excluded": list(self.zeros),
        }


def compare(accuracies: Mapping[str, float], baseline: Baseline) -> Ratios:
    """Compares a run with its baseline.

    Args:
        accuracies: The run's, by data set.
        baseline: The earlier ones.

    Raises:
        SourceError: One of them has a data set that the other lacks.

    Example:
        >>> found = compare({"gsm8k": 0.9, "math": 0.3}, Baseline({"gsm8k": 0.75, "math": 0.5}))
        >>> found.ratios["gsm8k"], round(found.harmonic_mean, 3)
        (1.2, 0.8)
    """
    then = baseline.accuracies
    problems = [
        f"{whose} has no {', '.join(map(_quoted, sorted(names)))}"
        for whose, names in (
            ("the baseline", accuracies.keys() - then.keys()),
            ("this run", then.keys() - accuracies.keys()),
        )
        if names
    ]
    if problems:
        raise SourceError(f"the data sets differ: {'; '.join(problems)}")
    zeros = tuple(name for name in accuracies if then[name] == 0)
    ratios = {name: acc / then[name] for name, acc in accuracies.items() if then[name] != 0}
    return Ratios(baseline, ratios, zeros)


def _quoted(name: str) -> str:
    return ascii(name) if name else "rows without a data set"


def read_baseline(path: str) -> Baseline:
    """Reads a summary that ``pyverify score --format json`` has printed.

    Args:
        path: The file.

    Raises:
        SourceError: It cannot be read, or it is no such summary.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > _MOST_BYTES:
        raise SourceError(f"{path}: too large for a summary")
    try:
        summary = json.loads(data)
    except (ValueError, RecursionError):
        summary = None
    if not isinstance(summary, dict):
        raise SourceError(f"{path}: {_EXPECTED}")
    grader = summary.get("grader")
    return Baseline(
        {name: _accuracy(path, name, acc) for name, acc in _accuracies(path, summary)},
        grader if isinstance(grader, str) else None,
    )


_EXPECTED = "no summary; what `pyverify score --format json` prints is expected"


def _accuracies(path: str, summary: dict[str, object]) -> list[tuple[str, object]]:
    found = summary.get("dataset_acc")
    if isinstance(found, dict) and found:
        return list(found.items())
    # Summaries of schema 1 have them only here.
    found = summary.get("datasets")
    if isinstance(found, dict) and found:
        return [
            (name, one.get("acc") if isinstance(one, dict) else None) for name, one in found.items()
        ]
    if "acc" not in summary:
        raise SourceError(f"{path}: {_EXPECTED}")
    return [("", summary["acc"])]


def _accuracy(path: str, name: str, value: object) -> float:
    whose = f" of {_quoted(name)}" if name else ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SourceError(f"{path}: the accuracy{whose} is missing or no number")
    if not 0 <= value <= 1:
        raise SourceError(f"{path}: the accuracy{whose} is {str(value)[:20]}, not from 0 to 1")
    return float(value)
