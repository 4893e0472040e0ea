"""Without a CUDA device the kernels run in Triton's interpreter, which must be said beforehand."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

# For `import rlpr_oracle`; the programs that the tests start find it, too.
sys.path.insert(0, str(Path(__file__).parent))

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")


@pytest.fixture
def random() -> torch.Generator:
    """Always the same numbers."""
    return torch.Generator().manual_seed(6)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """As many threads as before come back."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
