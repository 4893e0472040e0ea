"""A small model with attention of its own, for rows that sequences share."""

from __future__ import annotations

import sys
from pathlib import Path

# For `import toy_model`.
sys.path.insert(0, str(Path(__file__).parent))
