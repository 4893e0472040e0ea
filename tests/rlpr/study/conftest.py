"""The study's own modules, which are no part of the package."""

import sys
from pathlib import Path

_PLACE = Path(__file__).parents[3] / "bench" / "rlpr"

sys.path.insert(0, str(_PLACE))

# Source distributions have no benchmarks.
collect_ignore_glob = [] if _PLACE.is_dir() else ["test_*.py"]
