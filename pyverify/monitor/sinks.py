"""Where the monitor writes: lines of JSON always, trackers where they are installed."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Protocol

from pyverify.monitor.alerts import Alert, Severity

__all__ = ["JsonlSink", "Sink", "TensorBoardSink", "TrackioSink", "WandbSink", "open_sink"]

_PREFIX = "monitor/"
_TENSORBOARD = ("torch.utils.tensorboard", "tensorboardX")


class Sink(Protocol):
    """What takes metrics and alerts, step by step."""

    def log(self, step: int, metrics: Mapping[str, float], alerts: Sequence[Alert]) -> None:
        """Writes what belongs to a step."""

    def close(self) -> None:
        """Writes what is still held back."""


class JsonlSink:
    r"""Appends a line of JSON a step: ``step``, the metrics, and ``alerts`` where there are some.

    `read_log` reads the file again. JSON has no NaN and no infinities: they are written as text,
    ``"nan"``, ``"inf"`` or ``"-inf"``.

    Args:
        path: The file; what it holds is kept.

    Raises:
        OSError: If it cannot be written.

    Example:
        >>> from pathlib import Path; from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "monitor.jsonl")
        ...     sink = JsonlSink(str(path))
        ...     sink.log(1, {"entropy": 0.5}, [])
        ...     sink.close()
        ...     path.read_text()
        '{"step": 1, "entropy": 0.5}\n'
    """

    def __init__(self, path: str) -> None:
        self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115

    def log(self, step: int, metrics: Mapping[str, float], alerts: Sequence[Alert]) -> None:
        """Appends a line and hands it to the system at once: a run may die any moment."""
        row: dict[str, object] = {"step": step}
        row.update((n, v if math.isfinite(v) else str(v)) for n, v in metrics.items())
        if alerts:
            row["alerts"] = [alert.as_json() for alert in alerts]
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class TensorBoardSink:
    """Scalars and alert texts as TensorBoard events, by PyTorch's writer or tensorboardX.

    Args:
        folder: Where the event file goes.

    Raises:
        ImportError: If neither writer is installed.
    """

    def __init__(self, folder: str) -> None:
        self._writer = _first(_TENSORBOARD, "pip install tensorboardX").SummaryWriter(folder)

    def log(self, step: int, metrics: Mapping[str, float], alerts: Sequence[Alert]) -> None:
        """Adds ``monitor/…`` scalars, the number of alerts, and each alert as text."""
        for name, value in metrics.items():
            self._writer.add_scalar(_PREFIX + name, value, step)
        self._writer.add_scalar(f"{_PREFIX}alerts", len(alerts), step)
        for alert in alerts:
            self._writer.add_text(f"{_PREFIX}{alert.kind.value}", str(alert), step)

    def close(self) -> None:
        """Writes what is held back."""
        self._writer.close()


class WandbSink:
    """Metrics and alerts in the W&B run that is going on; start one with ``wandb.init`` before.

    The metrics have ``monitor/step`` as their own axis, so that they never hold up the trainer's.

    Raises:
        ImportError: If wandb is not installed.
        RuntimeError: If no run is going on.
    """

    def __init__(self) -> None:
        self._wandb = _first(("wandb",), "pip install wandb")
        if self._wandb.run is None:
            raise RuntimeError("no W&B run is going on: call wandb.init(project=...) first")
        self._wandb.run.define_metric(f"{_PREFIX}*", step_metric=f"{_PREFIX}step")

    def log(self, step: int, metrics: Mapping[str, float], alerts: Sequence[Alert]) -> None:
        """Logs the metrics and sends each alert."""
        payload: dict[str, float] = {_PREFIX + name: value for name, value in metrics.items()}
        self._wandb.run.log({**payload, f"{_PREFIX}step": step, f"{_PREFIX}alerts": len(alerts)})
        levels = self._wandb.AlertLevel
        for alert in alerts:
            grave = alert.severity is Severity.COLLAPSE
            self._wandb.run.alert(
                title=alert.kind.value,
                text=str(alert),
                level=levels.ERROR if grave else levels.WARN,
            )

    def close(self) -> None:
        """Nothing: the run belongs to whoever began it."""


class TrackioSink:
    """Metrics and alerts in the trackio run that is going on.

    Args:
        project: Begins a run of this project; None to use the one begun with ``trackio.init``.

    Raises:
        ImportError: If trackio is not installed.
    """

    def __init__(self, project: str | None = None) -> None:
        self._trackio = _first(("trackio",), "pip install trackio")
        self._own = project is not None
        if project is not None:
            self._trackio.init(project=project)

    def log(self, step: int, metrics: Mapping[str, float], alerts: Sequence[Alert]) -> None:
        """Logs the metrics and raises each alert."""
        payload: dict[str, float] = {_PREFIX + name: value for name, value in metrics.items()}
        self._trackio.log({**payload, f"{_PREFIX}alerts": len(alerts)}, step=step)
        levels = self._trackio.AlertLevel
        for alert in alerts:
            level = levels.ERROR if alert.severity is Severity.COLLAPSE else levels.WARN
            self._trackio.alert(alert.kind.value, text=str(alert), level=level)

    def close(self) -> None:
        """Ends the run if this sink began it."""
        if self._own:
            self._trackio.finish()


def open_sink(target: str) -> Sink:
    """A sink by name: ``FILE.jsonl``, ``tensorboard:FOLDER``, ``wandb``, ``trackio:PROJECT``.

    Raises:
        ImportError: If what it needs is not installed.
        ValueError: If it is none of these.
        OSError: If a file cannot be written.
        RuntimeError: If W&B has no run going on.
    """
    kind, _, rest = target.partition(":")
    if target.endswith(".jsonl"):
        return JsonlSink(target)
    if kind == "tensorboard" and rest:
        return TensorBoardSink(rest)
    if kind == "wandb" and not rest:
        return WandbSink()
    if kind == "trackio":
        return TrackioSink(rest or None)
    raise ValueError(
        f"no such sink: {target!r}; there are FILE.jsonl, tensorboard:FOLDER, wandb, "
        "trackio:PROJECT"
    )


def _first(modules: Sequence[str], hint: str) -> ModuleType:
    for name in modules:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError(f"{' or '.join(modules)} is not installed: {hint}")
