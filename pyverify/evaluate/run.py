"""Streams the rows of files through the engine: memory stays bounded, order stays the file's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyverify.evaluate.input_run import InputRun
from pyverify.evaluate.judged import Observer
from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.report import Report
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.io import Sink, SourceError


def score_files(
    settings: RunSettings,
    *,
    sinks: Sequence[Sink] = (),
    observers: Sequence[Observer] = (),
    on_progress: Callable[[Progress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> Report:
    """Scores every row of every input.

    Args:
        settings: What and how.
        sinks: Where verdicts go, row by row; none for the numbers alone.
        observers: Shown every chunk when it is judged.
        on_progress: Told how far the run has come.
        on_note: Told of each row that cannot be used.
        on_remark: Told which fields a file was read by.

    Returns:
        The numbers, and the faults.

    Raises:
        SourceError: No input can be read. Where some can, the others are faults.
        FieldsError: An input's fields are not clear.
    """
    ledger = Ledger(settings, on_note or _silent)
    progress = Progress("")
    for number, name in enumerate(settings.inputs):
        InputRun(
            settings,
            ledger,
            number,
            sinks=sinks,
            observers=observers,
            progress=progress,
            on_progress=on_progress or _silent,
            on_note=on_note or _silent,
            on_remark=on_remark or _silent,
        ).score(name)
    if ledger.faults.damaged_inputs == len(settings.inputs) and not ledger.progress()[0]:
        raise SourceError("none of the inputs can be read")
    return ledger.report(settings.native_threads)


def _silent(_: object) -> None:
    """Nobody wants to know."""
