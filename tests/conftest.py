"""Settings and fixtures for all Python tests."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# `python -m pytest` puts the checkout on the path, where pyverify has no engine: the tests mean the
# installed package.
_ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _ROOT]

# What a shell starts in the background ignores Ctrl-C, and so does all that it starts in turn: the
# tests that interrupt would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# "fast" is what people and CI run; PYVERIFY_HYPOTHESIS=slow searches for new failures.
settings.register_profile("fast", max_examples=100, deadline=None, derandomize=True)
settings.register_profile(
    "slow", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("PYVERIFY_HYPOTHESIS", "fast"))


@pytest.fixture(scope="session", autouse=True)
def _outside_the_checkout(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Processes that the tests start mean the installed package, too."""
    os.chdir(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def development_data() -> Path:
    """The labelled development data, which is not part of the project."""
    folder = os.environ.get("PYVERIFY_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PYVERIFY_DATA names no folder of development data")
    return Path(folder)
