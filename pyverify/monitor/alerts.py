"""What the monitor says: kinds of alerts, how grave they are, and the alert itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyverify.monitor.shown import number

__all__ = ["Alert", "AlertKind", "Severity"]


class _Name(str, Enum):
    def __str__(self) -> str:
        return str(self.value)


class AlertKind(_Name):
    """What kills runs, one name each."""

    VALIDATION_FALLING = "validation_falling"
    REWARD_FALLING = "reward_falling"
    ENTROPY_VANISHING = "entropy_vanishing"
    SPARSE_REWARD = "sparse_reward"
    ZERO_VARIANCE = "zero_variance"
    COMPONENT_HACKED = "component_hacked"
    LENGTH_RUNAWAY = "length_runaway"
    NO_ANSWER_RISING = "no_answer_rising"
    ABSTAINED_RISING = "abstained_rising"
    NOT_FINITE = "not_finite"


class Severity(_Name):
    """How grave: a warning wants a look; after a collapse go back to an earlier checkpoint."""

    WARNING = "warning"
    COLLAPSE = "collapse"

    def reaches(self, other: Severity) -> bool:
        """Whether this is at least as grave as `other`."""
        return self is Severity.COLLAPSE or other is Severity.WARNING


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should look at, raised when it starts.

    Attributes:
        step: The training step at which the condition began to hold.
        kind: What it is.
        severity: How grave it is.
        message: What was seen, what it means and what to try, in words.
        metric: The metric that shows it, by its canonical name.
        value: That metric's value at `step`; NaN or an infinity where it was not finite.

    Example:
        >>> seen = Alert(10, AlertKind.ZERO_VARIANCE, Severity.WARNING, "…", "reward_std", 0.0)
        >>> str(seen)
        'step 10: WARNING …'
    """

    step: int
    kind: AlertKind
    severity: Severity
    message: str
    metric: str
    value: float

    def __str__(self) -> str:
        return f"step {self.step}: {self.severity.value.upper()} {self.message}"

    def as_json(self) -> dict[str, str | int | float | None]:
        """The alert as plain values; a value that is not finite becomes None, as in JSON."""
        return {
            "step": self.step,
            "kind": self.kind.value,
            "severity": self.severity.value,
            "message": self.message,
            "metric": self.metric,
            "value": number(self.value),
        }
