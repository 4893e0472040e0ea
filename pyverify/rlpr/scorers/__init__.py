"""What gives log-probabilities of references: a scorer for each place that a policy may be in."""

from pyverify.rlpr.scorers.model import ModelScorer

__all__ = ["ModelScorer"]
