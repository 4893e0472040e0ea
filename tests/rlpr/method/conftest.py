"""Small tokenizers with the traits of real ones."""

from __future__ import annotations

import sys
from pathlib import Path

# For `import toy_tokenizers`.
sys.path.insert(0, str(Path(__file__).parent))
