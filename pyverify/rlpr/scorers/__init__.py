"""What gives log-probabilities of references: a scorer for each place that a policy may be in.

vLLM and the client of its server are imported when they are used.
"""

from pyverify.rlpr.scorers.model import ModelScorer
from pyverify.rlpr.scorers.vllm_engine import VllmScorer
from pyverify.rlpr.scorers.vllm_server import VllmServerScorer

__all__ = ["ModelScorer", "VllmScorer", "VllmServerScorer"]
