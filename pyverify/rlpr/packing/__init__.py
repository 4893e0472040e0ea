"""Many sequences in one row: what they begin with in common is there once.

A forward over such a row asks for everything at once: the references of a group behind one prompt,
their baselines, and the sampled responses themselves, whose log-probabilities a trainer needs
anyway. Needs torch alone, and a model whose attention takes a mask.
"""

from pyverify.rlpr.packing.branch import BranchedScorer, padded, unpadded
from pyverify.rlpr.packing.log_probs import packed_log_probs
from pyverify.rlpr.packing.pack import Packed, pack
from pyverify.rlpr.packing.packs import Pack, in_order, packs

__all__ = [
    "BranchedScorer",
    "Pack",
    "Packed",
    "in_order",
    "pack",
    "packed_log_probs",
    "packs",
    "padded",
    "unpadded",
]
