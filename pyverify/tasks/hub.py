"""Copies of benchmarks on the hub, through the `datasets` package."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from types import ModuleType

from pyverify.io import Json
from pyverify.tasks.catalog import HubSource, Task, TaskError

HUB = "hub"
"""What `--data` says for the hub."""


def hub_records(task: Task, repo: str | None = None) -> tuple[str, list[dict[str, Json]]]:
    """Reads a task's problems from the hub, or from its cache on this machine.

    Mirrors and offline use are what `datasets` makes of ``HF_ENDPOINT``, ``HF_HOME``,
    ``HF_HUB_OFFLINE`` and the like.

    Args:
        task: The task.
        repo: Another repository than the usual one.

    Returns:
        What to call the copy, and its records.

    Raises:
        TaskError: The package is missing, or the copy cannot be had.
    """
    try:
        datasets = importlib.import_module("datasets")
    except ImportError:
        raise TaskError(
            "reading data from the hub needs the package datasets: pip install datasets; "
            "or name a local copy with --data FILE"
        ) from None
    sources = [s for s in task.sources if repo in (None, s.repo)] or [HubSource(repo or "")]
    troubles = []
    for source in sources:
        try:
            rows = _quietly(datasets, source)
        except Exception as error:  # whatever a network, a cache or a loader may raise
            troubles.append(f"{source.repo}: {_line(error)}")
            continue
        name = f"{source.repo} ({source.split})"
        return name, [dict(row) for row in rows]
    raise TaskError(
        f"{task.name} cannot be had from the hub ({'; '.join(troubles)}); "
        "name a local copy with --data FILE"
    )


def _quietly(datasets: ModuleType, source: HubSource) -> Iterable[Mapping[str, Json]]:
    """Loads a copy; progress bars would get among the remarks."""
    shown = not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        rows: Iterable[Mapping[str, Json]] = datasets.load_dataset(
            source.repo, source.config, split=source.split
        )
    finally:
        if shown:
            datasets.enable_progress_bars()
    return rows


def _line(error: Exception) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= 200 else text[:199] + "…"
