"""A small causal language model that is called as those of transformers are."""

from __future__ import annotations

import sys
from pathlib import Path

# For `import toy_lm`.
sys.path.insert(0, str(Path(__file__).parent))
