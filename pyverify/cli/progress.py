"""What a person sees while a long run goes on: all of it on standard error."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

from pyverify.evaluate import Progress
from pyverify.io.shown import visible

_LIVE_SECONDS = 0.1
_PLAIN_SECONDS = 10.0
_NOTES = 20


class Reporter:
    """Notes and progress: one live line on a terminal, a plain line now and then elsewhere.

    Args:
        quiet: No progress and no remarks; rows that cannot be used are still reported.
        stream: Where to write.
    """

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        """Starts the watch."""
        self._stream = stream if stream is not None else sys.stderr
        self._quiet = quiet
        self._live = self._stream.isatty()
        self._start = self._shown = time.monotonic()
        self._drawn = 0
        self._notes = 0
        self._said = 0

    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._start

    def remark(self, text: str) -> None:
        """Says something about the run that is no fault."""
        if not self._quiet:
            self._print(text)

    def note(self, text: str) -> None:
        """Reports a fault of the input; after twenty they are only counted."""
        self._notes += 1
        if self._said < _NOTES:
            self._said += 1
            self._print(text)

    def update(self, progress: Progress) -> None:
        """Shows how far the scoring of files is."""
        self.show(lambda seconds: self._line(progress, seconds))

    def show(self, line_after: Callable[[float], str]) -> None:
        """Shows how far the run is, not more often than a reader can follow.

        Args:
            line_after: What to show, by the seconds since the start.
        """
        if self._quiet:
            return
        now = time.monotonic()
        if now - self._shown < (_LIVE_SECONDS if self._live else _PLAIN_SECONDS):
            return
        self._shown = now
        line = line_after(max(now - self._start, 1e-6))
        if self._live:
            # A line that wraps could not be wiped.
            line = visible(line)[: shutil.get_terminal_size().columns - 1]
            self._stream.write("\r" + line.ljust(self._drawn))
            self._stream.flush()
            self._drawn = len(line)
        else:
            self._print(line)

    def unsaid(self, count: int) -> None:
        """Counts notes whose text is not known any more."""
        self._notes += count

    def finish(self) -> None:
        """Wipes the live line and says how many notes were left out."""
        if self._notes > self._said:
            self._print(f"… and {self._notes - self._said:,} more")
            self._notes = self._said = 0
        self._wipe()

    def _line(self, progress: Progress, seconds: float) -> str:
        line = f"{progress.source}: {progress.rows:,} {progress.what}"
        if progress.parts:
            line = f"{progress.rows:,} {progress.what}"
            line += f", {progress.parts_done:,} of {progress.parts:,} parts"
        elif progress.total_bytes and progress.bytes_read is not None:
            line += f", {min(100, 100 * progress.bytes_read // progress.total_bytes)}% of the file"
        if progress.rows and progress.what == "responses":
            line += f", acc {progress.right / progress.rows:.4f}"
        line += f", {(progress.rows - progress.rows_before) / seconds:,.0f}/s"
        return line + _left(progress, seconds) if progress.parts else line

    def _wipe(self) -> None:
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0

    def _print(self, text: str) -> None:
        self._wipe()
        print(visible(text), file=self._stream, flush=True)


def _left(progress: Progress, seconds: float) -> str:
    """About how long a divided run will still take."""
    taken = (progress.bytes_read or 0) - progress.bytes_before
    if taken <= 0 or progress.total_bytes is None:
        return ""
    left = (progress.total_bytes - taken - progress.bytes_before) * seconds / taken
    hours, minutes = divmod(int(left) // 60, 60)
    return f", {hours}:{minutes:02}:{int(left) % 60:02} left"
