"""TensorBoard event files, read with TensorBoard's own reader where it is installed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from pyverify.monitor.formats import Row

__all__ = ["read_events"]


def read_events(path: str) -> Iterator[Row]:
    """The scalars of an event file, or of all below a folder, by step.

    Raises:
        LogError: If TensorBoard is not installed or there are no event files.
    """
    from pyverify.monitor.logs import LogError

    try:
        reader = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    except ImportError:
        raise LogError(
            f"{path} holds TensorBoard events: pip install tensorboard, or export them as CSV"
        ) from None
    files = [Path(path)] if Path(path).is_file() else sorted(Path(path).rglob("*tfevents*"))
    if not files:
        raise LogError(f"no TensorBoard event files below {path}")
    by_step: dict[int, dict[str, float]] = {}
    for file in files:
        # 0: keep every event, not a sample of them.
        events = reader.EventAccumulator(str(file), size_guidance={"scalars": 0, "tensors": 0})
        events.Reload()
        for tag in events.Tags()["scalars"]:
            for event in events.Scalars(tag):
                by_step.setdefault(int(event.step), {})[tag] = float(event.value)
    for step in sorted(by_step):
        yield Row(step, by_step[step], "TensorBoard")
