"""An evaluator of opencompass that is pyverify."""

from pyverify.integrations.opencompass.evaluator import PyverifyEvaluator

__all__ = ["PyverifyEvaluator"]
