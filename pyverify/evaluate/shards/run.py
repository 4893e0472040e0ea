"""A run that is divided: planned, scored by whoever there is, and put together."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pyverify.evaluate.report import Report
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.evaluate.shards.alone import folder_for
from pyverify.evaluate.shards.folder import MANIFEST, Folder, read_manifest, write_first
from pyverify.evaluate.shards.inputs import check_unchanged
from pyverify.evaluate.shards.manifest import Manifest
from pyverify.evaluate.shards.merge import complete, merge_parts
from pyverify.evaluate.shards.part import Job, score_part
from pyverify.evaluate.shards.plan import identity, plan_shards
from pyverify.evaluate.shards.pool import run_local
from pyverify.evaluate.shards.ray_engine import run_ray
from pyverify.evaluate.shards.watch import Watch
from pyverify.io import Sink, SourceError

# Of a cluster whose size isn't known when the run is planned.
_RAY_WORKERS = 64


@dataclass(frozen=True, slots=True)
class Division:
    """How a run is divided, and where its results go.

    Attributes:
        folder: Where parts are kept; None for a temporary folder.
        keep: Whether the folder is a result of its own, to be completed by a summary.
        rows: Whether verdict rows are wanted.
        workers: Processes; 0 for this one alone, with native threads.
        engine: Who runs them.
        share: Which share of the parts is this process's, from 0, and how many shares there are.
        resume: Whether a run that was begun before is continued.
        shard_bytes: About how large a part is; None for what suits.
        ks: Sample sizes of the figures, as in `Report`.
        intervals: Whether intervals are shown, as in `Report`.
    """

    folder: str | None = None
    keep: bool = False
    rows: bool = False
    workers: int = 0
    engine: Literal["local", "ray"] = "local"
    share: tuple[int, int] | None = None
    resume: bool = False
    shard_bytes: int | None = None
    ks: tuple[int, ...] = ()
    intervals: bool = False


def score_divided(
    settings: RunSettings,
    division: Division,
    *,
    sinks: Sequence[Sink] = (),
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_note: Callable[[str], None] = lambda text: None,
    on_unsaid: Callable[[int], None] = lambda count: None,
    on_remark: Callable[[str], None] = lambda text: None,
) -> Report | None:
    """Scores every row of every input, in parts.

    Whatever is killed, finished parts stay and are not done again: the rows of the result are those
    of an undivided run, byte for byte.

    Args:
        settings: The run.
        division: How it is divided.
        sinks: Where all rows go when the last part is done.
        on_progress: Told how far all workers together have come.
        on_note: Told of each row that cannot be used, when all parts are there.
        on_unsaid: Told how many more of them there are.
        on_remark: Told which fields a file was read by.

    Returns:
        The numbers; None if this process did its share and others have not done theirs.

    Raises:
        SourceError: An input or an output is at fault, or a part ends its workers.
        FieldsError: An input's fields are not clear.
        PartError: The program is at fault, in a worker.
    """
    with ExitStack() as stack:
        path = division.folder
        if path is None:
            path = stack.enter_context(tempfile.TemporaryDirectory(prefix="pyverify-"))
        stack.enter_context(folder_for(path, alone=division.share is None))
        folder = Folder(path, _manifest(settings, division, path, on_remark))
        _score(settings, division, folder, on_progress)
        # A run that is no share has nobody to leave parts to: merging finds what is missing.
        left = 0 if division.share is None else folder.missing()
        if left:
            on_remark(
                f"this share is done; {left:,} of {len(folder.manifest.shards):,} parts are left "
                "to the others"
            )
            return None
        report = merge_parts(
            folder, on_note=on_note, on_unsaid=on_unsaid, threads=settings.native_threads
        )
        report.ks, report.intervals = division.ks, division.intervals
        folder.copy_rows(sinks)
        if division.keep:
            complete(folder, report)
        return report


def _manifest(
    settings: RunSettings, division: Division, path: str, on_remark: Callable[[str], None]
) -> Manifest:
    """The plan that the folder holds, or a new one."""
    found = read_manifest(path)
    if found is not None:
        if not division.resume and division.share is None:
            raise SourceError(
                f"{path} holds parts of an earlier run: --resume goes on with it; to start again, "
                "remove it"
            )
        _check_same(path, found, settings, division)
        return found
    if division.resume:
        on_remark(f"{path}: nothing to resume; this run begins anew")
    _check_empty(path)
    workers = _RAY_WORKERS if division.engine == "ray" else max(division.workers, 1)
    manifest = plan_shards(
        settings,
        rows=division.rows,
        workers=workers * (1 if division.share is None else division.share[1]),
        shard_bytes=division.shard_bytes,
        on_remark=on_remark,
    )
    # Processes with shares of one run plan it at the same time: the first plan is everybody's.
    write_first(Path(path) / MANIFEST, manifest.to_json().encode())
    found = read_manifest(path)
    if found is None:
        raise SourceError(f"{path} was removed while this run was at work in it")
    _check_same(path, found, settings, division)
    return found


def _check_empty(path: str) -> None:
    try:
        others = [name for name in os.listdir(path) if not name.startswith(".")]
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from None
    if others and MANIFEST not in others:
        raise SourceError(
            f"{path} holds something else ({sorted(others)[0]}): parts need a folder of their own"
        )


def _check_same(path: str, found: Manifest, settings: RunSettings, division: Division) -> None:
    """Refuses to go on with another run than the one that was planned.

    Raises:
        SourceError: It is another one.
    """
    wanted = identity(settings)
    differs = [name for name in wanted if wanted[name] != found.settings.get(name)]
    if differs:
        name = differs[0]
        raise SourceError(
            f"{path} holds parts of another run: its {name} was {found.settings.get(name)}, "
            f"and is {wanted.get(name)} now; choose another -o, or remove it to start again"
        )
    if division.rows and not found.rows:
        raise SourceError(
            f"{path} holds counts alone, as its run wrote no rows, and this one writes them; "
            "choose another -o, or remove it to start again"
        )
    for one in found.inputs:
        check_unchanged(one.name, one.stamp)


def _score(
    settings: RunSettings,
    division: Division,
    folder: Folder,
    on_progress: Callable[[Progress], None],
) -> None:
    """Scores this process's share of what is not done."""
    everything = range(len(folder.manifest.shards))
    first, shares = division.share or (0, 1)
    share = everything[first::shares]
    watch = Watch(folder.manifest, share, on_progress)
    folder.sweep()
    left = []
    for index in share:
        done = folder.read(index)
        if done is None:
            left.append(index)
        else:
            watch.finished(index, done, earlier=True)
    job = Job(str(folder.path.absolute()), folder.manifest, settings)
    if division.engine == "ray":
        run_ray(replace(job, settings=replace(settings, threads=1)), left, division.workers, watch)
    elif division.workers:
        alone = replace(job, settings=replace(settings, threads=1))
        run_local(alone, left, division.workers, watch)
    else:
        for index in left:
            watch.finished(index, score_part(job, index, _teller(watch, index)))


def _teller(watch: Watch, index: int) -> Callable[[int, int, int], None]:
    return lambda rows, right, taken: watch.moved(index, rows, right, taken)
