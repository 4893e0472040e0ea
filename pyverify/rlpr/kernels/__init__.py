"""The probability reward on a GPU: Triton kernels that read each logit once, or never write it.

Importing this imports no Triton; calling does. Functions as in `pyverify.rlpr.reference`.
"""

from pyverify.rlpr.kernels.available import available
from pyverify.rlpr.kernels.linear import linear_row_stats
from pyverify.rlpr.kernels.row_stats import row_stats
from pyverify.rlpr.kernels.segments import SegmentLogProbs, segment_log_probs

__all__ = ["SegmentLogProbs", "available", "linear_row_stats", "row_stats", "segment_log_probs"]
