"""Generators of hard pairs: expressions, equal rewrites, near misses, spellings, proofs.

They need python-flint (the `test` extra), which multiplies polynomials out and proves near misses
different, and nothing of pyverify.
"""

from .golds import hard_pairs
from .stream import Pair, pairs

__all__ = ["Pair", "hard_pairs", "pairs"]
