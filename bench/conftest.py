"""Settings of the benchmarks: the cases, and a table of what a response costs at the end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
# `python -m pytest` puts the checkout on the path, where pyverify has no engine: the benchmarks
# mean the installed package. Their own modules stand beside this file.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE.parent]
sys.path.insert(0, str(_HERE))

_ROWS = pytest.StashKey[list[tuple[str, ...]]]()
_TIMES = ("us CPU", "us wall", "us p50", "us p99")
_HEAD = ("benchmark", "cases", "n", *_TIMES, "equal", "false positives")


def pytest_configure(config: pytest.Config) -> None:
    """Starts the table."""
    config.stash[_ROWS] = []


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> list[tuple[str, ...]]:
    """The rows printed at the end of the session."""
    return request.config.stash[_ROWS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the table."""
    rows = terminalreporter.config.stash[_ROWS]
    if not rows:
        return
    terminalreporter.section("per response")
    widths = [max(len(row[i]) for row in (_HEAD, *rows)) for i in range(len(_HEAD))]
    for row in (_HEAD, *rows):
        cells = [
            row[i].ljust(widths[i]) if i < 2 else row[i].rjust(widths[i]) for i in range(len(row))
        ]
        terminalreporter.write_line("  ".join(cells))
