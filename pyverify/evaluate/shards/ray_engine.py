"""Workers of a Ray cluster, or of a Ray that is started here for the run."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Any

from pyverify.evaluate.shards.part import Job, Outcome, attempt
from pyverify.evaluate.shards.pool import ATTEMPTS, PartError, lost_parts
from pyverify.evaluate.shards.watch import Watch
from pyverify.io import SourceError

_PER_CPU = 2
_WAIT_SECONDS = 1.0
# What becomes of tasks whose workers end; everything else would not be better the next time.
_LOST = (
    "WorkerCrashedError",
    "OutOfMemoryError",
    "NodeDiedError",
    "LocalRayletDiedError",
    "ObjectLostError",
)


def run_ray(job: Job, indexes: Sequence[int], workers: int, watch: Watch) -> None:
    """Scores parts as tasks of Ray.

    The cluster is the one that the environment names (``RAY_ADDRESS``); without that, Ray is
    started on this machine and stopped at the end. Inputs and the folder of parts must be at the
    same places on every node.

    Args:
        job: The run.
        indexes: The parts.
        workers: Most tasks at a time; 0 for as many as the cluster has processors.
        watch: Told of finished parts.

    Raises:
        SourceError: Ray is not there or cannot run a task, an input or an output is at fault, or
            a part ends its workers; other parts are finished.
        PartError: The program is at fault.
    """
    if not indexes:
        return
    ray = _ray()
    own = not ray.is_initialized()
    if own:
        _connect(ray, workers)
    try:
        _run(ray, job, indexes, workers, watch)
    finally:
        if own:
            ray.shutdown()


def _ray() -> Any:  # noqa: ANN401  # it may not be installed
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise SourceError("--engine ray needs Ray: pip install ray") from None


def _connect(ray: Any, workers: int) -> None:  # noqa: ANN401
    quiet = {"log_to_driver": False, "logging_level": "error"}
    try:
        if "RAY_ADDRESS" in os.environ:
            ray.init(**quiet)
        else:
            ray.init("local", num_cpus=workers or None, include_dashboard=False, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise SourceError(f"Ray cannot be reached: {error}") from None


def _run(ray: Any, job: Job, indexes: Sequence[int], workers: int, watch: Watch) -> None:  # noqa: ANN401
    task = ray.remote(num_cpus=1, max_retries=ATTEMPTS - 1)(_part)
    shared = ray.put(job)
    names = job.settings.inputs
    folder = None if all(map(os.path.isabs, names)) else os.getcwd()
    lost = tuple(getattr(ray.exceptions, name) for name in _LOST)
    most = workers or _PER_CPU * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    left = list(reversed(indexes))
    running: dict[Any, int] = {}
    bad: list[tuple[int, str]] = []
    while left or running:
        while left and len(running) < most:
            index = left.pop()
            running[task.remote(shared, index, folder)] = index
        finished, _ = ray.wait(list(running), timeout=_WAIT_SECONDS)
        for reference in finished:
            index = running.pop(reference)
            try:
                _take(ray.get(reference), index, watch)
            except lost as error:
                bad.append((index, str(error).partition("\n")[0]))
            except ray.exceptions.RayError as error:
                # Most of them are the tracebacks of a worker, which end with what happened.
                why = str(error).rstrip().rpartition("\n")[2]
                raise SourceError(f"Ray cannot run a part of this: {why}") from None
    if bad:
        raise lost_parts(job, sorted(bad))


def _take(outcome: Outcome, index: int, watch: Watch) -> None:
    if outcome.kind == "refused":
        raise SourceError(outcome.text)
    if outcome.done is None:
        raise PartError(outcome.text)
    watch.finished(index, outcome.done)


def _part(job: Job, index: int, folder: str | None) -> Outcome:
    """One task; relative names are those of the folder that the run was started in, if given."""
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            text = f"a node of the cluster cannot enter {folder}: {error.strerror or error}"
            return Outcome("refused", text=f"{text}; give the inputs names that all nodes see")
    return attempt(job, index)
