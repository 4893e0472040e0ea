"""What can become of a response, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyverify.evaluate.page.collector import STATUSES
from pyverify.evaluate.page.figures import percent

_NAMES = {
    "right": "Right",
    "wrong": "Wrong",
    "undecided": "Undecided",
    "unparseable": "Unparseable",
    "limit": "Limit",
    "no_answer": "No answer",
    "gold_error": "Gold error",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A part of the strip that shows all responses.

    Attributes:
        status: Its key.
        name: Its name.
        count: How many there are, as text.
        share: Of all, as text.
        x: Where it begins, of 1000.
        width: How wide it is.
    """

    status: str
    name: str
    count: str
    share: str
    x: float
    width: float


def status_names() -> dict[str, str]:
    """The statuses and their names, in the page's order."""
    return {status: _NAMES[status] for status in STATUSES}


def outcomes(statuses: Mapping[str, int]) -> list[Outcome]:
    """The statuses that occur, right answers first."""
    total, seen, found = sum(statuses.values()), 0, []
    for status, name in _NAMES.items():
        some = statuses[status]
        if some:
            x, width = round(1000 * seen / total, 1), round(1000 * some / total, 1)
            found.append(Outcome(status, name, f"{some:,}", percent(some / total), x, width))
        seen += some
    return found
