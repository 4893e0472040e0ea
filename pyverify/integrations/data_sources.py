"""What data sets are called by trainers, as presets.

A trainer's rows say where they come from (``openai/gsm8k``, ``lighteval/MATH``); the judgement
calls of that data set are those of a preset, in the form made for training.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from pyverify.options import Options
from pyverify.presets import PRESETS
from pyverify.rewards.recipes import for_training

__all__ = ["check_presets", "preset_of", "training_options"]

# Names without their owners, in small letters, without marks; the longest beginning that fits.
_NAMES = {
    "gsm8k": "gsm8k",
    "gsmplus": "gsm8k",
    "svamp": "gsm8k",
    "math": "math",
    "hendrycksmath": "math",
    "competitionmath": "math",
    "dapomath": "math",
    "deepscaler": "math",
    "bigmath": "math",
    "orz": "math",
    "numina": "math",
    "omnimath": "math",
    "minerva": "minerva_math",
    # lm-evaluation-harness calls Hendrycks's problems so, under Minerva's prompt.
    "minervamath500": "math",
    "minervamathalgebra": "math",
    "minervamathcounting": "math",
    "minervamathgeometry": "math",
    "minervamathintermediate": "math",
    "minervamathnum": "math",
    "minervamathpre": "math",
    "olympiad": "olympiadbench",
    "amc": "amc",
    "aimovalidationamc": "amc",
    "aime": "aime",
    "aimovalidationaime": "aime",
    "gpqa": "choice",
    "mmlu": "choice",
    "arcchallenge": "choice",
    "arceasy": "choice",
    "commonsenseqa": "choice",
}
_MARKS = re.compile(r"[^0-9a-z]")
# What is longer is no name, and not to be kept.
_LONGEST = 200


@lru_cache(maxsize=1024)
def _named(data_source: str) -> str | None:
    name = _MARKS.sub("", data_source.rpartition("/")[2].lower())
    fits = [known for known in _NAMES if name.startswith(known)]
    return _NAMES[max(fits, key=len)] if fits else None


def preset_of(data_source: object, own: Mapping[str, str] | None = None) -> str | None:
    """The preset of a data set by the name that a trainer's row has.

    Args:
        data_source: The name, with or without its owner.
        own: Names of the caller's own, as they are written, and their presets.

    Returns:
        A preset's name; None for a data set that isn't known.

    Example:
        >>> preset_of("openai/gsm8k"), preset_of("DigitalLearningGmbH/MATH-lighteval")
        ('gsm8k', 'math')
        >>> preset_of("acme/puzzles"), preset_of("acme/puzzles", {"acme/puzzles": "strict"})
        (None, 'strict')
    """
    if not isinstance(data_source, str):
        return None
    if own is not None and data_source in own:
        return own[data_source]
    return _named(data_source) if len(data_source) <= _LONGEST else None


@lru_cache(maxsize=64)
def training_options(name: str, prefilled: bool = False) -> Options:
    """A preset's judgement calls with those of training on top.

    Args:
        name: The preset.
        prefilled: Whether the chat template has opened the reasoning block.

    Raises:
        ValueError: There is no such preset.
    """
    # Evaluation also takes the last number of a text; a model would learn to leave one there.
    options = replace(for_training(name), last_number=False)
    return replace(options, reasoning="prefilled") if prefilled else options


def check_presets(own: Mapping[str, str]) -> None:
    """Refuses presets that don't exist.

    Raises:
        ValueError: There is no such preset.
    """
    for source, name in own.items():
        if name not in PRESETS:
            raise ValueError(
                f"data source {source!r} wants the preset {name!r}; there are {', '.join(PRESETS)}"
            )
