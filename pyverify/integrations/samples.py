"""The samples of one prompt, judged and counted as evaluation harnesses want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from pyverify import Options, Preset, Result, Verifier, _core
from pyverify.evaluate.golds import preset_gold
from pyverify.golds import gold_spec, gold_text
from pyverify.io import Gold, Json
from pyverify.io.rows import read_gold
from pyverify.verify import native_options

__all__ = ["FAULTS", "changed", "gold_as_text", "judge", "tallied"]

FAULTS = ("no_answer", "unparseable", "undecided", "limit", "bad_gold")
"""Why a sample that scores 0 was not shown to be wrong, by the names of the counts."""

_PROMPT = bytes(16)
"""A digest that stands for the only prompt."""


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


def tallied(results: Iterable[Result], options: Options) -> tuple[dict[str, int], tuple[int, ...]]:
    """Counts the results of one prompt.

    Args:
        results: At least one.
        options: The grading options, by which answers are the same.

    Returns:
        The counts by name, and the prompt's signature: its samples, how many of them are right,
        then of every cluster of equivalent answers, the largest first, the same two.
    """
    tallies = _core.Tallies(1, native_options(options))
    for result in results:
        tallies.add((None,), result, _PROMPT, None, 0)
    ((_, counts, signatures),) = tallies.tables(0, 1)
    return counts, next(iter(signatures))
