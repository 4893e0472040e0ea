"""Launch recipes: known training runs as scripts for verl, TRL and OpenRLHF.

The scripts are files, `trainers/` in the repository and data in the wheel. Here is what finds them
and writes them with a user's paths, and what they share: the command line, the checks before
training, the start of each trainer, the choice of a checkpoint.
"""

from pyverify.integrations.recipes.catalog import (
    RECIPES,
    TRAINERS,
    Recipe,
    recipe_path,
    recipe_text,
)
from pyverify.integrations.recipes.fill import fill

__all__ = ["RECIPES", "TRAINERS", "Recipe", "fill", "recipe_path", "recipe_text"]
