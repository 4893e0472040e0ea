"""Which recipes there are, for which trainers, and where their scripts lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pyverify

TRAINERS: tuple[str, ...] = ("verl", "trl", "openrlhf")
"""The trainers that have recipes, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A known training run.

    Attributes:
        about: What is trained, and how.
        missing: Trainers that can't, and why.
        lacks: Trainers whose run leaves something out, and what.
    """

    about: str
    missing: Mapping[str, str] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "ppo_critic": Recipe(
            "PPO with GAE and a critic larger than the actor, 15 epochs of GSM8K; or 25 epochs, "
            "the critic reset, and 7 more.",
            missing={"trl": "TRL 1.16 has no trainer with a critic"},
            lacks={"openrlhf": "no reset of the critic within a run"},
        ),
        "grpo": Recipe("GRPO without a KL term; a right answer, and a little for the box."),
        "staged_grpo": Recipe(
            "GRPO in five rounds: three for right answers, two for how they are written, the last "
            "with a wider clip. Each goes on from the best checkpoint of the one before.",
        ),
        "rlpr": Recipe(
            "The policy's own probability of the reference answer, without a verifier "
            "(arXiv 2506.18254).",
            lacks={
                "trl": "groups that the filter drops aren't drawn again",
                "openrlhf": "no filter of groups by their spread",
            },
        ),
        "dapo": Recipe(
            "Clip-higher, dynamic sampling, a penalty for overlong responses, a loss per token "
            "(arXiv 2503.14476).",
            lacks={"trl": "groups of wrong answers that differ in length alone aren't replaced"},
        ),
        "gspo": Recipe("Ratios of whole sequences, clipped as such (arXiv 2507.18071)."),
    }
)


def scripts_folder() -> Path:
    """Where the scripts lie: in the installed package, or beside it in a checkout.

    Raises:
        FileNotFoundError: Neither is there.
    """
    package = Path(pyverify.__file__).resolve().parent
    for folder in (package / "recipes", package.parent / "trainers"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"{package / 'recipes'} is missing: pyverify was built without its recipes; install a wheel"
    )


def recipe_path(name: str, trainer: str) -> Path:
    """The script of a recipe.

    Args:
        name: Of the recipe.
        trainer: Whose script.

    Raises:
        ValueError: There is no such recipe or trainer, or the trainer can't.
    """
    if name not in RECIPES:
        raise ValueError(f"no recipe is called {name!r}; there are {', '.join(RECIPES)}")
    if trainer not in TRAINERS:
        raise ValueError(f"no recipes for {trainer!r}; there are some for {', '.join(TRAINERS)}")
    why = RECIPES[name].missing.get(trainer)
    if why is not None:
        others = [one for one in TRAINERS if one not in RECIPES[name].missing]
        raise ValueError(f"no {name} for {trainer}: {why}; there is one for {' and '.join(others)}")
    return scripts_folder() / trainer / f"{name}.py"


def recipe_text(name: str, trainer: str) -> str:
    """The text of a recipe's script; arguments and errors are those of `recipe_path`."""
    return recipe_path(name, trainer).read_text(encoding="utf-8")
