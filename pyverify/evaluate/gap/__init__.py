"""When a measured score misses a published one: what could lie between them, counted."""

from pyverify.evaluate.gap.findings import Finding, GapReport, Setting
from pyverify.evaluate.gap.observer import GapObserver
from pyverify.evaluate.gap.published import (
    Published,
    Reported,
    ReportedError,
    published_scores,
    read_reported,
)
from pyverify.evaluate.gap.render import render_gap, render_gap_markdown
from pyverify.evaluate.gap.suspects import SUSPECTS, Suspect

__all__ = [
    "SUSPECTS",
    "Finding",
    "GapObserver",
    "GapReport",
    "Published",
    "Reported",
    "ReportedError",
    "Setting",
    "Suspect",
    "published_scores",
    "read_reported",
    "render_gap",
    "render_gap_markdown",
]
