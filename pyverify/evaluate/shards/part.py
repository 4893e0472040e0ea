"""Scores one part of a divided run, wherever it runs."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pyverify.evaluate.input_run import InputRun
from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.evaluate.shards.folder import Folder, PartDone
from pyverify.evaluate.shards.inputs import check_unchanged
from pyverify.evaluate.shards.manifest import Manifest
from pyverify.io import FieldsError, RowSink, SourceError

_NOTES = 20

Tell = Callable[[int, int, int], None]
"""Is told rows, right ones and bytes of a part so far."""


@dataclass(frozen=True, slots=True)
class Job:
    """A divided run as its workers get it; it can be pickled.

    Attributes:
        folder: Where parts go.
        manifest: The plan.
        settings: The run.
    """

    folder: str
    manifest: Manifest
    settings: RunSettings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part.

    Attributes:
        kind: ``done``; ``refused`` for an input or an output that is at fault; ``failed`` for a
            fault of the program.
        done: The finished part.
        text: What went wrong.
    """

    kind: Literal["done", "refused", "failed"]
    done: PartDone | None = None
    text: str = ""


@dataclass(slots=True)
class _Notes:
    kept: list[str] = field(default_factory=list)
    unsaid: int = 0

    def add(self, text: str) -> None:
        if len(self.kept) < _NOTES:
            self.kept.append(text)
        else:
            self.unsaid += 1


def score_part(job: Job, index: int, tell: Tell = lambda *counts: None) -> PartDone:
    """Scores a part, unless that was done before.

    It may run twice, also at the same time: both write the same bytes under names of their own and
    rename them when they are complete.

    Args:
        job: The run.
        index: Which part.
        tell: Told how far it has come.

    Raises:
        SourceError: The input cannot be read or has changed, or the part cannot be written.
        FieldsError: A field that the reward needs is missing.
    """
    folder = Folder(job.folder, job.manifest)
    before = folder.read(index)
    if before is not None:
        return before
    source, piece = job.manifest.piece(index)
    check_unchanged(source.name, source.stamp)
    notes = _Notes()
    ledger = Ledger(job.settings, notes.add)
    sink = RowSink(str(folder.rows_path(index))) if job.manifest.rows else None
    try:
        InputRun(
            job.settings,
            ledger,
            job.manifest.shards[index].input,
            sinks=() if sink is None else (sink,),
            observers=(),
            progress=Progress(source.name),
            on_progress=lambda now: tell(now.rows, int(now.right), now.bytes_read or 0),
            on_note=notes.add,
            on_remark=lambda text: None,
        ).score(source.name, piece)
        check_unchanged(source.name, source.stamp)
        if sink is not None:
            sink.commit()
    except OSError as error:
        # Inputs report their own trouble; what is left is an output that cannot grow.
        path = folder.rows_path(index)
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        if sink is not None:
            sink.discard()
    rows, right = ledger.progress()
    done = PartDone(rows, right, tuple(notes.kept), notes.unsaid)
    folder.finish(index, ledger, done)
    return done


def attempt(job: Job, index: int, tell: Tell = lambda *counts: None) -> Outcome:
    """Scores a part and returns what went wrong instead of raising it."""
    try:
        return Outcome("done", score_part(job, index, tell))
    except (SourceError, FieldsError) as error:
        return Outcome("refused", text=str(error))
    except Exception:
        return Outcome("failed", text=traceback.format_exc())
