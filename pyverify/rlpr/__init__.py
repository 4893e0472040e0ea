"""The probability reward of RLPR: a policy's own probability of the reference answer.

For domains without a verifier (https://arxiv.org/abs/2506.18254). Needs torch: the extra ``rlpr``.
"""

from importlib.util import find_spec

if find_spec("torch") is None:
    raise ModuleNotFoundError("pyverify.rlpr needs torch: pip install torch", name="torch")

from pyverify.rlpr.aggregate import Aggregation, aggregate
from pyverify.rlpr.baseline import Baseline
from pyverify.rlpr.plan import Plan
from pyverify.rlpr.prob_rewards import ProbRewards
from pyverify.rlpr.probability_reward import ProbabilityReward
from pyverify.rlpr.reward import Implementation, prob_reward
from pyverify.rlpr.scored import ScoredBatch, ScoredResponse
from pyverify.rlpr.shaping import Bins, Clip, Identity, Leaky, OneMinus, Shaping, Sigmoid, Threshold
from pyverify.rlpr.shards import combine, gather_shards
from pyverify.rlpr.splice import Splice, Splicer
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.stats import RowStats
from pyverify.rlpr.std_filter import FilterStep, StdFilter, SumOverRanks
from pyverify.rlpr.templates import ANSWER_ONLY, BOXED, TEMPLATES, THINK_ANSWER, Template
from pyverify.rlpr.token_log_probs import Scorer, TokenLogProbs

__all__ = [
    "ANSWER_ONLY",
    "BOXED",
    "TEMPLATES",
    "THINK_ANSWER",
    "Aggregation",
    "Baseline",
    "Bins",
    "Clip",
    "FilterStep",
    "Identity",
    "Implementation",
    "Leaky",
    "OneMinus",
    "Plan",
    "ProbRewards",
    "ProbabilityReward",
    "RowStats",
    "ScoredBatch",
    "ScoredResponse",
    "Scorer",
    "Shaping",
    "Sigmoid",
    "Splice",
    "Spliced",
    "Splicer",
    "StdFilter",
    "SumOverRanks",
    "Template",
    "Threshold",
    "TokenLogProbs",
    "aggregate",
    "combine",
    "gather_shards",
    "prob_reward",
]
