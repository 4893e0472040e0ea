r"""The rewards that people train maths models with, by name.

Each is a value built from the pieces of `pyverify.rewards`; `recipe` takes what can be changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pyverify.options import Options
from pyverify.presets import preset
from pyverify.rewards.base import Reward
from pyverify.rewards.correct import Choice, Correctness, Graded
from pyverify.rewards.form import Format
from pyverify.rewards.given import Given
from pyverify.rewards.length import LengthBonus, OverlongPenalty
from pyverify.rewards.numbers import flag
from pyverify.rewards.style import LanguageConsistency

__all__ = ["RECIPES", "Recipe", "for_training", "recipe"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A known reward.

    Attributes:
        about: What it is, and where it comes from.
        build: Makes it; its keyword parameters are what can be changed.
    """

    about: str
    build: Callable[..., Reward]

    @property
    def parameters(self) -> dict[str, object]:
        """What can be changed, with the defaults."""
        found = inspect.signature(self.build).parameters.values()
        return {one.name: one.default for one in found}


def _format_accuracy(format_weight: float = 0.1) -> Reward:
    return format_weight * Format("boxed") + (1 - format_weight) * Correctness()


def _graded_basic() -> Reward:
    return Graded(-1, 0, 100)


def _graded_quality(bonus_for_wrong: bool = False) -> Reward:
    graded = Graded(-10, 0, 100)
    bonuses = 10 * LengthBonus(1024, max_repetition=0.2) + 5 * LanguageConsistency(binary=True)
    flag(bonus_for_wrong, "bonus_for_wrong")
    # A grade of 100 is a right answer, one of 0 an answer at all.
    return graded + bonuses.gated(graded, at_least=0 if bonus_for_wrong else 100)


def for_training(name: str) -> Options:
    """A data set's judgement calls with those of training: the preset "strict" on top of it.

    Args:
        name: The data set's preset.
    """
    return replace(
        preset(name), require_evaluated=True, percent_either_way=False, on_bad_gold="abstain"
    )


def _gsm8k_strict() -> Reward:
    options = replace(for_training("gsm8k"), last_number=False)
    return Correctness(preset="gsm8k", options=options, marks=("hashes",))


def _gsm8k_flexible() -> Reward:
    return Correctness(preset="gsm8k", options=for_training("gsm8k"))


def _math_boxed() -> Reward:
    return Correctness(marks=("boxed",))


def _dapo(max_length: int = 20480, buffer: int = 4096, penalty: float = 1.0) -> Reward:
    return Graded(-1, -1, 1) + penalty * OverlongPenalty(max_length, buffer)


def _r1(format_weight: float = 1.0) -> Reward:
    return Correctness() + format_weight * Format("think_answer")


def _rlpr(gated: bool = False) -> Reward:
    form = Format("think_answer")
    whole = 0.9 * Given("probability") + 0.1 * form
    return whole.gated(form) if flag(gated, "gated") else whole


def _minerva() -> Reward:
    return Correctness(preset="minerva_math", options=for_training("minerva_math"))


def _choice(letters: str = "ABCDEFGHIJ") -> Reward:
    return Choice(letters, options=for_training("choice"))


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "format_accuracy": Recipe(
            r"A right answer, and a little for putting it in \boxed{}.", _format_accuracy
        ),
        "graded_basic": Recipe(
            "-1 if no answer can be read, 0 for a wrong one, 100 for the right one.", _graded_basic
        ),
        "graded_quality": Recipe(
            "-10, 0 or 100; on right answers up to 10 for length (none if a fifth of the 6-grams "
            "are repeated) and 5 for not mixing Chinese and English. With bonus_for_wrong=True "
            "wrong answers get the bonuses as well, as first published. .rescaled() moves it to "
            "[0, 1].",
            _graded_quality,
        ),
        "gsm8k_strict": Recipe("The number behind #### is right.", _gsm8k_strict),
        "gsm8k_flexible": Recipe("The final answer, or else the last number.", _gsm8k_flexible),
        "math_boxed": Recipe(
            r"The answer in \boxed{} is right; elsewhere none counts.", _math_boxed
        ),
        "dapo": Recipe(
            "1 if right, -1 if not, and the soft punishment of overlong responses "
            "(DAPO, arXiv 2503.14476).",
            _dapo,
        ),
        "r1": Recipe(
            "Accuracy plus the format <think>…</think><answer>…</answer> "
            "(DeepSeek-R1-Zero, arXiv 2501.12948).",
            _r1,
        ),
        "rlpr": Recipe(
            "The probability of the reference answer, debiased by an RLPR scorer, and a tenth for "
            "the format (RLPR, arXiv 2506.18254). gated=True gives 0 to a wrong format, as the "
            "authors' code does.",
            _rlpr,
        ),
        "minerva": Recipe("Undergraduate science: numbers within one per cent.", _minerva),
        "choice": Recipe(
            "Multiple choice: the right letters, or the right option's text.", _choice
        ),
    }
)
"""The recipes by name."""


def recipe(name: str, **parameters: object) -> Reward:
    r"""A known reward.

    Args:
        name: One of `RECIPES`.
        **parameters: What to change; `Recipe.parameters` lists it.

    Raises:
        ValueError: There is no such recipe.
        TypeError: It has no such parameter.

    Example:
        >>> recipe("format_accuracy")([r"\boxed{4}", r"\boxed{5}", "It is 4."], gold="4")
        [1.0, 0.1, 0.9]
        >>> recipe("dapo", max_length=8192, buffer=1024).bounds
        (-2.0, 1.0)
    """
    found = RECIPES.get(name)
    if found is None:
        raise ValueError(f"no recipe {name!r}; there are {', '.join(RECIPES)}")
    known = found.parameters
    for parameter in parameters:
        if parameter not in known:
            has = f"it has {', '.join(known)}" if known else "it has no parameters"
            raise TypeError(f"recipe {name!r} has no {parameter!r}; {has}")
    return found.build(**parameters)
