"""The helpers of these tests are found by their name; without jinja2 there is no page to test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE))  # for `import pages`


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says what is missing, instead of failing."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        for item in items:
            if _HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="jinja2 is not installed"))
