"""What a run found, as text, Markdown and JSON: its tables, its benchmark, the gap to a score."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyverify.evaluate import Report
    from pyverify.evaluate.gap import GapReport
    from pyverify.tasks import Coverage


@dataclass(frozen=True, slots=True)
class Shown:
    """The results of a run.

    Attributes:
        report: Its numbers.
        coverage: What its benchmark misses; None where none was named.
        gap: What could lie between it and a published score; None where none was named.
    """

    report: Report
    coverage: Coverage | None
    gap: GapReport | None

    def summary(self) -> dict[str, object]:
        """Everything as an object for JSON."""
        found = self.report.as_json()
        if self.coverage is not None:
            found["task"] = self.coverage.as_json()
        if self.gap is not None:
            found["score_gap"] = self.gap.as_json()
        return found

    def markdown(self) -> str:
        """Everything as Markdown."""
        from pyverify.evaluate import render_markdown

        parts = [render_markdown(self.report)]
        if self.gap is not None:
            from pyverify.evaluate.gap import render_gap_markdown

            parts.append(render_gap_markdown(self.gap))
        elif self.coverage is not None:
            parts.append("\n".join(f"- {line}" for line in self.coverage.lines()))
        return "\n\n".join(parts)

    def text(self, style: str, seconds: float | None) -> str:
        """Everything as standard output shows it.

        Args:
            style: ``text``, ``json`` or ``md``.
            seconds: How long the run took; None leaves the rate out.
        """
        from pyverify.evaluate import WIDTH, render_table

        if style == "json":
            return json.dumps(self.summary(), ensure_ascii=True, indent=2, sort_keys=True)
        if style == "md":
            return self.markdown()
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
        parts = [render_table(self.report, seconds, width=width)]
        if self.gap is not None:
            from pyverify.evaluate.gap import render_gap

            parts.append(render_gap(self.gap))
        elif self.coverage is not None:
            parts.append("\n".join(self.coverage.lines()))
        return "\n\n".join(parts)
