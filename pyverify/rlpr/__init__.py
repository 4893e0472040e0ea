"""The probability reward of RLPR: a policy's own probability of the reference answer.

For domains without a verifier (https://arxiv.org/abs/2506.18254). Needs torch: the extra ``rlpr``.
"""

from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.stats import RowStats
from pyverify.rlpr.token_log_probs import Scorer, TokenLogProbs

__all__ = ["RowStats", "Scorer", "Spliced", "TokenLogProbs"]
