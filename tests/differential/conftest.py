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
        missing = "python-flint is not installed: pip install '.[test]'"
    else:
        if (_HERE.parents[1] / "bench" / "generate").is_dir():
            return
        missing = "the generators in bench/ are not part of a source distribution"
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=missing))
