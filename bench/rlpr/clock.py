"""How long something takes, and how much memory: on a CPU or on a GPU."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

Work = Callable[[], object]

# More than any L2: written before each call, so that nothing of the inputs is left there. It keeps
# the GPU busy, too, while the CPU prepares the launches of what is measured.
_FLUSHED = 1 << 30


class CpuClock:
    """Milliseconds on the CPU.

    With one thread it is CPU time, which what others run on the machine doesn't lengthen much; with
    more threads it is the wall clock.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._now = time.process_time if torch.get_num_threads() == 1 else time.perf_counter

    def times(self, work: Work, *, graph: bool = False) -> list[float]:
        """The times of some calls, after one that isn't counted."""
        del graph
        work()
        found: list[float] = []
        while len(found) < 3 or (sum(found) < 1e3 * self._seconds and len(found) < 50):
            start = self._now()
            work()
            found.append(1e3 * (self._now() - start))
        return found

    def peak(self, work: Work) -> int:
        """The most bytes that torch held at a time beyond what it held before."""
        with (
            _quiet(),
            torch.profiler.profile(
                activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
            ) as profile,
        ):
            kept = work()
        del kept
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.json"
            profile.export_chrome_trace(str(path))
            events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
        moves = [event for event in events if event.get("name") == "[memory]"]
        held = most = 0
        for move in sorted(moves, key=lambda one: float(one["ts"])):
            held += int(move["args"]["Bytes"])
            most = max(most, held)
        return most


class GpuClock:
    """Milliseconds on the GPU, by events around a call, the L2 flushed before it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        free, _ = torch.cuda.mem_get_info()
        size = min(_FLUSHED, free // 16)
        self._flushed = torch.empty(size, dtype=torch.int8, device="cuda")

    def times(self, work: Work, *, graph: bool = False) -> list[float]:
        """The times of some calls, after ones that aren't counted.

        Args:
            work: What to call.
            graph: Whether it is captured once, and replayed: kernels alone, no launches.
        """
        for _ in range(2):
            work()
        torch.cuda.synchronize()
        run = _captured(work) if graph else work
        guess = self._series(run, 2)[-1]
        # The flush takes time, too: as much as a call, where calls are short.
        count = int(min(100.0, max(5.0, 1e3 * self._seconds / (guess + 0.5))))
        return self._series(run, count)

    def _series(self, run: Work, count: int) -> list[float]:
        pairs = [
            (torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True))
            for _ in range(count)
        ]
        for start, end in pairs:
            self._flushed.zero_()
            start.record()
            run()
            end.record()
        torch.cuda.synchronize()
        return [start.elapsed_time(end) for start, end in pairs]

    def peak(self, work: Work) -> int:
        """The most bytes that torch held at a time beyond what it held before."""
        torch.cuda.synchronize()
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        kept = work()
        torch.cuda.synchronize()
        del kept
        return torch.cuda.max_memory_allocated() - before


Clock = CpuClock | GpuClock


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing goes to stderr: torch's profiler says there that it starts, past Python."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _captured(work: Work) -> Work:
    """A CUDA graph of a call, which has been called before."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def quantile(times: list[float], part: float) -> float:
    """The time below which a part of them lies."""
    return sorted(times)[round(part * (len(times) - 1))]
