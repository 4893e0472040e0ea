"""What is said on standard error while a run goes on."""

from __future__ import annotations

import io

import pytest

from pyverify.cli import progress
from pyverify.evaluate import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_a_live_line_on_a_terminal(clock: list[float]) -> None:
    stream = Terminal()
    reporter = progress.Reporter(stream=stream)
    reporter.update(Progress("x", rows=10, right=5.0, bytes_read=1, total_bytes=2))
    assert stream.getvalue() == ""
    clock[0] = 1.0
    reporter.update(Progress("x", rows=10, right=5.0, bytes_read=1, total_bytes=2))
    assert stream.getvalue() == "\rx: 10 responses, 50% of the file, acc 0.5000, 10/s"
    reporter.finish()
    assert stream.getvalue().endswith("\r")


def test_plain_lines_elsewhere(clock: list[float]) -> None:
    stream = io.StringIO()
    reporter = progress.Reporter(stream=stream)
    clock[0] = 5.0
    reporter.update(Progress("x", rows=1))
    assert stream.getvalue() == ""
    clock[0] = 20.0
    reporter.update(Progress("x", rows=40, right=10.0))
    assert stream.getvalue() == "x: 40 responses, acc 0.2500, 2/s\n"


def test_quiet_keeps_faults(clock: list[float]) -> None:
    stream = io.StringIO()
    reporter = progress.Reporter(quiet=True, stream=stream)
    clock[0] = 60.0
    reporter.update(Progress("x", rows=1))
    reporter.remark("remark")
    for number in range(30):
        reporter.note(f"fault {number}")
    reporter.finish()
    lines = stream.getvalue().splitlines()
    assert lines[0] == "fault 0"
    assert lines[-1] == "… and 10 more"
    assert len(lines) == 21
