"""The samples of one prompt, judged and counted as evaluation harnesses want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from pyverify import Options, Preset, Reason, Result, Verdict, Verifier
from pyverify.evaluate.golds import preset_gold
from pyverify.golds import gold_spec, gold_text
from pyverify.io import Gold, Json
from pyverify.io.rows import read_gold

__all__ = ["FAULTS", "changed", "fault", "gold_as_text", "judge"]

FAULTS = ("no_answer", "unparseable", "undecided", "limit", "gold_errors")
"""Why a sample that scores 0 was not shown to be wrong, as the columns of `pyverify score`."""

_FAULT_OF = {
    Verdict.NO_ANSWER: "no_answer",
    Verdict.UNDECIDED: "undecided",
    Verdict.LIMIT: "limit",
    Verdict.BAD_GOLD: "gold_errors",
}


def judge(samples: Iterable[object], *, gold: str, options: Options) -> list[Result]:
    """Verdicts on the samples of one prompt; a run is never lost by what a row holds.

    Args:
        samples: The completions. What is no text, such as the None of a failed request, is an
            empty one.
        gold: The gold, by `gold_as_text`.
        options: The grading options.

    Returns:
        A result per sample.
    """
    verifier = Verifier(gold=gold, options=options)
    return [verifier(sample if isinstance(sample, str) else "") for sample in samples]


def gold_as_text(preset: Preset, gold: Json | Gold) -> str:
    r"""A gold as a data set has it, as one text that `judge` reads; empty if it is none.

    An empty gold gives the verdict ``bad_gold``.

    Example:
        >>> from pyverify import PRESETS
        >>> gold_as_text(PRESETS["gsm8k"], "3 + 4 = 7\n#### 7"), gold_as_text(PRESETS["amc"], None)
        ('7', '')
    """
    found = read_gold(cast(Json, gold))
    if found is None:
        return ""
    try:
        return gold_text(gold_spec(preset_gold(preset, found)))
    except (TypeError, ValueError):
        return ""


def changed(options: Options, told: object) -> Options:
    """Options with some changed, as a configuration names them.

    Args:
        options: What to start from.
        told: A mapping of names to values; None for no change.

    Raises:
        ValueError: It is no mapping, or an option's name or value is wrong.
    """
    if told is None:
        return options
    if not isinstance(told, Mapping):
        raise ValueError(f'options must be like {{"units": "required"}}, not {told!r}')
    try:
        return replace(options, **told)
    except TypeError as error:
        raise ValueError(str(error)) from None


def fault(result: Result) -> str | None:
    """Which of `FAULTS` a result is, None if it says right or wrong."""
    if result.verdict is Verdict.UNDECIDED and result.reason is Reason.UNPARSEABLE:
        return "unparseable"
    return _FAULT_OF.get(result.verdict)
