"""Scores files of predictions: rows in, verdicts and trustworthy numbers out."""

from pyverify.evaluate.golds import preset_fields, preset_gold
from pyverify.evaluate.judged import Judged, Observer
from pyverify.evaluate.render import WIDTH, render_markdown, render_table
from pyverify.evaluate.report import Faults, Report
from pyverify.evaluate.rows import grader_name, verdict_row
from pyverify.evaluate.run import score_files
from pyverify.evaluate.settings import Progress, RunSettings
from pyverify.evaluate.table import Signature, Table

__all__ = [
    "WIDTH",
    "Faults",
    "Judged",
    "Observer",
    "Progress",
    "Report",
    "RunSettings",
    "Signature",
    "Table",
    "grader_name",
    "preset_fields",
    "preset_gold",
    "render_markdown",
    "render_table",
    "score_files",
    "verdict_row",
]
