"""Other graders on the same rows: built in, or in killable processes of their own."""

from pyverify.graders.base import Case, Grader, GraderError, Judgement
from pyverify.graders.names import BUILT_IN, open_graders
from pyverify.graders.process import Fault, LineProcess
from pyverify.graders.rival import Confinement, Rival

__all__ = [
    "BUILT_IN",
    "Case",
    "Confinement",
    "Fault",
    "Grader",
    "GraderError",
    "Judgement",
    "LineProcess",
    "Rival",
    "open_graders",
]
