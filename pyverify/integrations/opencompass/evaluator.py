"""Predictions of opencompass, judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from opencompass.openicl.icl_evaluator import BaseEvaluator
from opencompass.registry import ICL_EVALUATORS

from pyverify import PRESETS, Result
from pyverify.integrations.samples import FAULTS, changed, gold_as_text, judge, tallied
from pyverify.io import Json

# What opencompass calls a count, or what we do.
_NAMES = {"right": "accuracy", **{name: name for name in FAULTS}}


@ICL_EVALUATORS.register_module()
class PyverifyEvaluator(BaseEvaluator):  # type: ignore[misc]
    """Judges whole responses: no `pred_postprocessor` is wanted, and one can only lose answers.

    Args:
        preset: The name of a preset.
        options: Grading options that differ from the preset's.
        pred_postprocessor: As every evaluator of opencompass takes it.

    Raises:
        ValueError: There is no such preset or option, or it has a wrong value.
    """

    def __init__(
        self,
        preset: str = "default",
        options: Mapping[str, object] | None = None,
        pred_postprocessor: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(pred_postprocessor=pred_postprocessor)
        if preset not in PRESETS:
            raise ValueError(f"no preset {preset!r}; there are {', '.join(PRESETS)}")
        self._preset = PRESETS[preset]
        self._options = changed(self._preset.options, options)

    def score(
        self,
        predictions: Sequence[object],
        references: Sequence[Json],
        test_set: Iterable[Mapping[str, object]] | None = None,
    ) -> dict[str, object]:
        """Judges every prediction.

        Args:
            predictions: The responses, or for each prompt a list of them.
            references: The golds as the data set has them; worked solutions and lists will do.
            test_set: The rows, for what a preset reads in them beside the gold.

        Returns:
            `accuracy` and why samples were neither right nor wrong, in per cent, every prompt
            counting the same; and `details`.

        Raises:
            ValueError: There is not one reference, or row, for each prediction.
        """
        rows = [{}] * len(predictions) if test_set is None else list(test_set)
        if not len(predictions) == len(references) == len(rows):
            raise ValueError(
                f"{len(predictions)} predictions, {len(references)} references and {len(rows)} "
                "rows: there must be as many of each"
            )
        totals = dict.fromkeys(_NAMES, 0.0)
        details = []
        for prediction, reference, row in zip(predictions, references, rows, strict=True):
            several = prediction if isinstance(prediction, list) and prediction else None
            gold = gold_as_text(self._preset, reference)
            options = self._preset.row_options(row, self._options)
            results = judge(several or [prediction], gold=gold, options=options)
            counts, _ = tallied(results, options)
            for name in totals:
                totals[name] += counts[name] / len(results)
            details.append(_detail(results, alone=several is None))
        percent = 100.0 / max(len(details), 1)
        figures = {_NAMES[name]: total * percent for name, total in totals.items()}
        return {**figures, "details": details}


def _detail(results: Sequence[Result], *, alone: bool) -> dict[str, object]:
    """One row of the details; `correct` is what opencompass computes G-Pass@k from."""
    pred = [result.answer for result in results]
    verdicts = [str(result.verdict) for result in results]
    reasons = [str(result.reason) for result in results]
    found: dict[str, object] = {
        "pred": pred[0] if alone else pred,
        "answer": results[0].gold,
        "verdict": verdicts[0] if alone else verdicts,
        "reason": reasons[0] if alone else reasons,
    }
    if alone:
        found["correct"] = bool(results[0])
    return found
