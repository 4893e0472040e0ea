"""How far all workers together have come."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyverify.evaluate.settings import Progress
from pyverify.evaluate.shards.folder import PartDone
from pyverify.evaluate.shards.manifest import Manifest


class Watch:
    """Adds up what the parts report.

    Args:
        manifest: The plan.
        share: The parts that this process sees to.
        on_progress: Told of the sum.
    """

    def __init__(
        self, manifest: Manifest, share: Iterable[int], on_progress: Callable[[Progress], None]
    ) -> None:
        """Begins with nothing done."""
        self._sizes = {index: manifest.shards[index].size for index in share}
        self._running: dict[int, tuple[int, int, int]] = {}
        self._rows = self._right = self._bytes = 0
        self._on_progress = on_progress
        self._progress = Progress(
            f"{len(self._sizes):,} parts", total_bytes=sum(self._sizes.values())
        )
        self._progress.parts = len(self._sizes)

    def moved(self, index: int, rows: int, right: int, taken: int) -> None:
        """A part has come so far."""
        self._running[index] = (rows, right, min(taken, self._sizes[index]))
        self._tell()

    def lost(self, index: int) -> None:
        """A part begins again."""
        self._running.pop(index, None)

    def finished(self, index: int, done: PartDone, *, earlier: bool = False) -> None:
        """A part is finished; `earlier` if it was so before this run."""
        self._running.pop(index, None)
        self._rows += done.rows
        self._right += done.right
        self._bytes += self._sizes[index]
        self._progress.parts_done += 1
        if earlier:
            self._progress.bytes_before += self._sizes[index]
            self._progress.rows_before += done.rows
        else:
            self._tell()

    def _tell(self) -> None:
        running = self._running.values()
        self._progress.rows = self._rows + sum(rows for rows, _, _ in running)
        self._progress.right = self._right + sum(right for _, right, _ in running)
        self._progress.bytes_read = self._bytes + sum(taken for _, _, taken in running)
        self._on_progress(self._progress)
