"""Where the results of a run go: ``-o``, whose endings choose the format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyverify.cli.shown import Shown
    from pyverify.evaluate.page import PageCollector
    from pyverify.io import RowSink
    from pyverify.io.parquet_sink import ParquetSink

_PAGES = (".html", ".htm")
_DOCUMENTS = (".json", ".md")


class Outputs:
    """The outputs of one run; rows go to sinks as they come, reports are written at the end.

    Args:
        targets: File names or ``-``.
        inputs: The inputs, which no output may overwrite.

    Raises:
        SourceError: An output cannot be made, is an input, or is named twice.
    """

    def __init__(self, targets: Sequence[str], inputs: Sequence[str]) -> None:
        """Opens what takes rows."""
        from pyverify.io import STDIN, SourceError
        from pyverify.io.atomic import sweep

        self.sinks: list[RowSink | ParquetSink] = []
        self.page: PageCollector | None = None
        self._pages: list[str] = []
        self._documents: list[str] = []
        self._done = False
        for target in targets:
            _check_new(target, inputs)
            if target != STDIN:
                # A run that was killed before this one has left what it had begun.
                path = Path(os.path.realpath(target))
                sweep(path.parent, path.name)
        if len(set(targets)) != len(targets):
            raise SourceError("an output is named twice")
        try:
            for target in targets:
                ending = Path(target).suffix.lower() if target != STDIN else ""
                if ending in _PAGES:
                    self._add_page(target)
                elif ending in _DOCUMENTS:
                    self._documents.append(target)
                else:
                    self.sinks.append(_sink(target, ending))
        except BaseException:
            self.close()
            raise

    def _add_page(self, target: str) -> None:
        from pyverify.evaluate.page import PageCollector, check_page

        check_page(target)
        self._pages.append(target)
        self.page = self.page or PageCollector()

    @property
    def to_stdout(self) -> bool:
        """Whether rows go to standard output, so that nothing else may."""
        return any(sink.target == "-" for sink in self.sinks)

    def commit(self, shown: Shown, flags: tuple[str, ...], *, gold_apart: bool) -> None:
        """Completes everything.

        Args:
            shown: What the run found.
            flags: What ``pyverify explain`` has to be told about the rows.
            gold_apart: Whether the golds are in a file of their own.
        """
        from pyverify.io.atomic import write_text

        for sink in self.sinks:
            sink.commit()
        self._done = True
        for target in self._documents:
            style = "md" if target.lower().endswith(".md") else "json"
            write_text(target, shown.text(style, 0) + "\n")
        if self.page is not None:
            from pyverify.evaluate.page import Commands, write_page

            for target in self._pages:
                commands = Commands(flags, gold_apart=gold_apart)
                write_page(target, shown.summary(), self.page, commands=commands)

    def keep_partial(self) -> list[str]:
        """Keeps the rows of an interrupted run; what they are and where, in words."""
        self._done = True
        return [f"{sink.rows:,} rows are in {sink.keep_partial()}" for sink in self.sinks]

    def close(self) -> None:
        """Removes what a failed run has begun."""
        if not self._done:
            for sink in self.sinks:
                sink.discard()


def _sink(target: str, ending: str) -> RowSink | ParquetSink:
    if ending == ".parquet":
        from pyverify.io.parquet_sink import ParquetSink

        return ParquetSink(target)
    from pyverify.io import RowSink

    return RowSink(target)


def _check_new(target: str, inputs: Sequence[str]) -> None:
    from pyverify.io import STDIN, SourceError
    from pyverify.io.sink import check_ending

    if target == STDIN:
        return
    check_ending(target, (".parquet", *_DOCUMENTS, *_PAGES))
    if not os.path.exists(target):
        return
    for name in inputs:
        if name != STDIN and os.path.exists(name) and os.path.samefile(name, target):
            raise SourceError(f"the output {target} is also an input")
