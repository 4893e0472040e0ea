"""The generators lie in bench/, where benchmarks use them too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parents[1] / "bench")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says what is missing, instead of failing to import it."""
    try:
        import flint  # noqa: F401
    except ImportError:
        reason = pytest.mark.skip(
            reason="python-flint is not installed: pip install 'pyverify[test]'"
        )
        for item in items:
            if _HERE in item.path.parents:
                item.add_marker(reason)
