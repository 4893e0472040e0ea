"""Figures from how each prompt was answered: exact, the same in any order of the rows."""

from pyverify.evaluate.metrics.baseline import Baseline, Ratios, compare, read_baseline
from pyverify.evaluate.metrics.difficulty import BINS, difficulty
from pyverify.evaluate.metrics.figures import KINDS, Figure, Figures, Samples
from pyverify.evaluate.metrics.interval import Interval, bootstrap
from pyverify.evaluate.metrics.ks import USUAL, parse_ks, usual_ks
from pyverify.evaluate.metrics.samples import avg_at_k, pass_at_k
from pyverify.evaluate.metrics.thresholds import (
    Ceiling,
    Floor,
    missed,
    parse_ceilings,
    parse_floors,
)
from pyverify.evaluate.metrics.votes import majority
from pyverify.evaluate.metrics.wilson import Z95, wilson

__all__ = [
    "BINS",
    "KINDS",
    "USUAL",
    "Z95",
    "Baseline",
    "Ceiling",
    "Figure",
    "Figures",
    "Floor",
    "Interval",
    "Ratios",
    "Samples",
    "avg_at_k",
    "bootstrap",
    "compare",
    "difficulty",
    "majority",
    "missed",
    "parse_ceilings",
    "parse_floors",
    "parse_ks",
    "pass_at_k",
    "read_baseline",
    "usual_ks",
    "wilson",
]
