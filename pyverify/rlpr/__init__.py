"""The probability reward of RLPR: a policy's own probability of the reference answer.

For domains without a verifier (https://arxiv.org/abs/2506.18254). Needs torch: the extra ``rlpr``.
"""

from importlib.util import find_spec

if find_spec("torch") is None:
    raise ModuleNotFoundError("pyverify.rlpr needs torch: pip install torch", name="torch")

from pyverify.rlpr.aggregate import Aggregation, aggregate
from pyverify.rlpr.prob_rewards import ProbRewards
from pyverify.rlpr.reward import Implementation, prob_reward
from pyverify.rlpr.shards import combine, gather_shards
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.stats import RowStats
from pyverify.rlpr.token_log_probs import Scorer, TokenLogProbs

__all__ = [
    "Aggregation",
    "Implementation",
    "ProbRewards",
    "RowStats",
    "Scorer",
    "Spliced",
    "TokenLogProbs",
    "aggregate",
    "combine",
    "gather_shards",
    "prob_reward",
]
