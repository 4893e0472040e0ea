"""The last tier, off by default: sympy, for what the engine leaves ``undecided``, and nothing else.

The engine reads both sides; what it read is sent to a worker process that builds sympy objects by
calling constructors from a fixed list. No text reaches sympy, so there is nothing to inject. The
worker is forked for each question, bounded in memory and time, and killed when it is late.

Unlike the engine this tier has a clock: the same answer may be settled on an idle machine and stay
undecided on a busy one. It can only turn ``undecided`` into something else.
"""

from pyverify.fallback.api import SympyFallback
from pyverify.fallback.process import FallbackError

__all__ = ["FallbackError", "SympyFallback"]
