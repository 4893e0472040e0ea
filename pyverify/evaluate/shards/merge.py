"""Finished parts become one result."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence

from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.report import Report
from pyverify.evaluate.shards.alone import BusyError, folder_for
from pyverify.evaluate.shards.folder import SUCCESS, SUMMARY, Folder, read_manifest, write_whole
from pyverify.io import Sink, SourceError


def merge_parts(
    folder: Folder,
    *,
    on_note: Callable[[str], None] = lambda text: None,
    on_unsaid: Callable[[int], None] = lambda count: None,
    threads: int = 1,
) -> Report:
    """The numbers of all parts.

    Args:
        folder: The parts.
        on_note: Told of each row that could not be used, as far as parts kept that.
        on_unsaid: Told how many more there were.
        threads: Native threads, which gather equivalent answers.

    Raises:
        SourceError: Parts are missing.
    """
    ledger = Ledger(folder.manifest, on_note)
    missing = []
    for index in range(len(folder.manifest.shards)):
        done = folder.read(index, ledger)
        if done is None:
            missing.append(index)
            continue
        for text in done.notes:
            on_note(text)
        if done.unsaid:
            on_unsaid(done.unsaid)
    if missing:
        parts = len(folder.manifest.shards)
        raise SourceError(
            f"{folder.path}: {len(missing):,} of {parts:,} parts are missing, the first: "
            f"{folder.manifest.describe(missing[0])}; --resume or the other --shard commands "
            "make them"
        )
    return ledger.report(threads)


def merge_folder(
    path: str,
    *,
    sinks: Sequence[Sink] = (),
    ks: tuple[int, ...] = (),
    intervals: bool = False,
    on_note: Callable[[str], None] = lambda text: None,
    on_unsaid: Callable[[int], None] = lambda count: None,
    threads: int = 1,
) -> Report:
    """The numbers of a folder of parts that others have made; completes the folder.

    Args:
        path: The folder.
        sinks: Where all rows go.
        ks: Sample sizes of the figures, as in `Report`.
        intervals: Whether intervals are shown, as in `Report`.
        on_note: Told of each row that could not be used, as far as parts kept that.
        on_unsaid: Told how many more there were.
        threads: Native threads, which gather equivalent answers.

    Raises:
        SourceError: It is none, or parts are missing.
    """
    manifest = read_manifest(path)
    if manifest is None:
        raise SourceError(f"{path} holds no parts of a run")
    folder = Folder(path, manifest)
    report = merge_parts(folder, on_note=on_note, on_unsaid=on_unsaid, threads=threads)
    report.ks, report.intervals = ks, intervals
    folder.copy_rows(sinks)
    complete(folder, report)
    return report


def remove_parts(path: str) -> None:
    """Removes a folder of parts, when all that was wanted of it is elsewhere.

    Raises:
        SourceError: What is there is no plan of a run.
    """
    manifest = read_manifest(path)
    if manifest is None:
        return
    # A run that has begun to go on with them removes them itself.
    with contextlib.suppress(BusyError), folder_for(path, alone=True):
        Folder(path, manifest).remove()


def complete(folder: Folder, report: Report) -> None:
    """Says in the folder that it is whole, and what it comes to."""
    folder.sweep()
    text = json.dumps(report.as_json(), ensure_ascii=True, indent=2, sort_keys=True)
    write_whole(folder.path / SUMMARY, text.encode() + b"\n")
    write_whole(folder.path / SUCCESS, folder.manifest.plan.encode() + b"\n")
