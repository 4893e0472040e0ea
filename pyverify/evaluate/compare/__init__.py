"""Two files, or several graders, on the same rows: who is right where, and is it luck?"""

from pyverify.evaluate.compare.by_graders import GraderObserver
from pyverify.evaluate.compare.comparison import SCHEMA, Change, Comparison, Side, change_row
from pyverify.evaluate.compare.keys import read_on
from pyverify.evaluate.compare.outcomes import Figures
from pyverify.evaluate.compare.pairing import compare_files
from pyverify.evaluate.compare.render import render_markdown, render_text
from pyverify.evaluate.compare.sides import SideReader

__all__ = [
    "SCHEMA",
    "Change",
    "Comparison",
    "Figures",
    "GraderObserver",
    "Side",
    "SideReader",
    "change_row",
    "compare_files",
    "read_on",
    "render_markdown",
    "render_text",
]
