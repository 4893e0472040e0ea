"""Tasks of lm-evaluation-harness that are judged by pyverify.

The YAML files of this folder name them; `pyverify path lm-eval` prints where they are.
"""

from pyverify.integrations.lm_eval.math_task import MathTask

__all__ = ["MathTask"]
