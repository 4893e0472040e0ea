"""The rows of one file with their verdicts: those it holds, or those it gets here."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pyverify.evaluate.judged import Judged
from pyverify.evaluate.report import Faults
from pyverify.evaluate.run import score_files
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.graders import Judgement
from pyverify.graders.base import RIGHT_FROM
from pyverify.io import STDIN, BrokenLine, Fields, Json, JsonLine, SourceError, open_records
from pyverify.io.rows import read_gold

__all__ = ["SideReader", "SideRow"]

# What every verdict row has, and no other file all of it.
_VERDICT_KEYS = frozenset(("verdict", "reason", "score", "grader", "extracted"))
_EVERY = 4096


@dataclass(frozen=True, slots=True)
class SideRow:
    """A row of one file.

    Attributes:
        out: The verdict row.
        record: The record it comes from, or is.
        judgement: Its verdict; None where there is no gold.
    """

    out: Mapping[str, object]
    record: dict[str, Json] | None
    judgement: Judgement | None

    @property
    def line(self) -> int:
        """The line that verdict rows name."""
        line = self.out.get("line")
        return line if isinstance(line, int) else 0


Take = Callable[[SideRow], None]


class SideReader:
    """Reads files of verdicts, and scores files of predictions.

    Args:
        settings: How predictions are scored; its inputs don't matter.
        on_progress: Told how far it is.
        on_note: Told of each row that cannot be used.
        on_remark: Told how a file is read.
    """

    def __init__(
        self,
        settings: RunSettings,
        *,
        on_progress: Callable[[Progress], None],
        on_note: Callable[[str], None],
        on_remark: Callable[[str], None],
    ) -> None:
        """Reads nothing yet."""
        self._settings = settings
        self._on_progress = on_progress
        self._on_note = on_note
        self._on_remark = on_remark
        self.faults: list[Faults] = []

    def read(self, name: str, take: Take) -> None:
        """Hands over every row of a file, in its order.

        Raises:
            SourceError: It cannot be read.
            FieldsError: It holds no verdicts, and its fields are not clear.
        """
        if not self._read_verdicts(name, take):
            self._score(name, take)

    def _score(self, name: str, take: Take) -> None:
        if name == STDIN or not (os.path.isfile(name) or os.path.isdir(name)):
            raise SourceError(
                f"{name} can be read only once, so it must hold verdicts, as 'pyverify score -o -' "
                "writes them"
            )
        report = score_files(
            replace(self._settings, inputs=(name,)),
            observers=(_Taker(take),),
            on_progress=self._on_progress,
            on_note=self._on_note,
            on_remark=self._on_remark,
        )
        self.faults.append(report.faults)

    def _read_verdicts(self, name: str, take: Take) -> bool:
        """Reads a file of verdicts; False for another one."""
        with open_records(name, Fields(), need_gold=False, need_response=False) as records:
            if not records.head[0].keys() >= _VERDICT_KEYS:
                return False
            self._on_remark(f"{records.source}: read as verdicts")
            faults = Faults()
            self.faults.append(faults)
            progress = Progress(records.source, total_bytes=records.total_bytes, what="verdicts")
            for line in records:
                judgement = None if isinstance(line, BrokenLine) else _judgement(line.value)
                if isinstance(line, BrokenLine) or judgement is None:
                    problem = line.problem if isinstance(line, BrokenLine) else "no verdict row"
                    faults.broken_lines += 1
                    self._on_note(f"{records.source}, line {line.number}: {problem}")
                    continue
                found = None if _unjudged(line.value) else judgement
                take(SideRow(_out(line), line.value, found))
                progress.rows += 1
                if progress.rows % _EVERY == 0:
                    progress.bytes_read = records.bytes_read()
                    self._on_progress(progress)
        return True


class _Taker:
    """Hands over what a run shows."""

    def __init__(self, take: Take) -> None:
        self._take = take

    def see(self, judged: Judged) -> None:
        for row, out in zip(judged.rows, judged.outs, strict=True):
            judgement = None if _unjudged(out) else _judgement(out)
            self._take(SideRow(out, row.record, judgement))


def _unjudged(out: Mapping[str, object]) -> bool:
    return out.get("verdict") == "missing" and out.get("reason") == "missing_gold"


def _out(line: JsonLine) -> dict[str, object]:
    """A verdict row that was read, without what no verdict row has."""
    plain = {key: one for key, one in line.value.items() if not isinstance(one, (list, dict))}
    return {"line": line.number, **plain, "gold": read_gold(line.value.get("gold"))}


def _judgement(out: Mapping[str, object]) -> Judgement | None:
    """The verdict that a row holds, or None if it holds none."""
    verdict, extracted = out.get("verdict"), out.get("extracted")
    try:
        # What was read keeps numbers as they are written, a kind of text.
        score = float(str(out.get("score")))
    except ValueError:
        return None
    if not isinstance(verdict, str) or not math.isfinite(score):
        return None
    return Judgement(
        right=score >= RIGHT_FROM,
        verdict=verdict,
        reason=str(out.get("reason")),
        score=score,
        extracted=extracted if isinstance(extracted, str) else None,
    )
