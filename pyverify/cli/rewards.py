"""``pyverify rewards``: what rewards there are, with their formulas."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from typing import TYPE_CHECKING

from pyverify.cli import codes

if TYPE_CHECKING:
    from pyverify.rewards import Recipe, Reward

_DESCRIPTION = """\
Lists the rewards that people train with, or shows one: its formula, the formulas of its components,
its bounds, what it needs, and how it is written down as a file.
"""

_EXAMPLES = """\
examples:
  pyverify rewards                               all recipes, and the pieces they are made of
  pyverify rewards graded_quality                one recipe
  pyverify rewards dapo > mine.toml              its file, to be changed
  pyverify rewards mine.toml                     check a file
  pyverify score preds.jsonl --reward mine.toml  use it
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "rewards",
        help="list rewards with their formulas",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("reward", metavar="NAME|FILE", nargs="?", help="a recipe, or a file")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.io.shown import visible
    from pyverify.rewards import RECIPES, ConfigError, load_reward

    if arguments.reward is None:
        print(_listed_json() if arguments.json else _listed())
        return codes.OK
    try:
        reward = load_reward(arguments.reward)
    except ConfigError as error:
        print(visible(f"pyverify: {error}"), file=sys.stderr)
        return codes.USAGE
    recipe = RECIPES.get(arguments.reward)
    print(_as_json(reward, recipe) if arguments.json else _as_file(reward, recipe))
    return codes.OK


def _listed() -> str:
    from pyverify.rewards import RECIPES

    lines = ["recipes"]
    for name, recipe in RECIPES.items():
        reward = recipe.build()
        lines += [f"  {name}", *_indented(recipe.about), *_indented(f"= {reward.formula}")]
        lines += [f"      {note}" for note in _components(reward)]
        if recipe.parameters:
            shown = ", ".join(f"{key}={value!r}" for key, value in recipe.parameters.items())
            lines.append(f"      takes {shown}")
    lines += ["", "pieces, for rewards of your own"]
    for kind, (about, formula) in sorted(_pieces().items()):
        lines += [f"  {kind}", *_indented(about), *_indented(formula)]
    lines += ["", "'pyverify rewards NAME' shows a recipe with the file that describes it."]
    return "\n".join(lines)


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent=" " * 6, subsequent_indent=" " * 8)


def _components(reward: Reward) -> list[str]:
    """The formulas behind a composition's names."""
    from pyverify.rewards import Primitive

    if isinstance(reward, Primitive):
        return []
    return [f"{leaf.name} = {leaf.formula}" for leaf in dict.fromkeys(reward.leaves())]


def _pieces() -> dict[str, tuple[str, str]]:
    """Every class of reward: the first line of its description, and its formula, if it has one."""
    from pyverify.rewards.base import reward_kinds

    found = {}
    for kind, cls in reward_kinds().items():
        paragraphs = (cls.__doc__ or "").replace("``", "").replace("`", "").split("\n\n")
        formulas = [one for one in paragraphs if one.strip().startswith("Formula: ")]
        formula = " ".join(formulas[0].split()) if formulas else ""
        found[kind] = (paragraphs[0], formula.removeprefix("Formula: ").split(" Range: ")[0])
    return found


def _listed_json() -> str:
    from pyverify.rewards import RECIPES

    recipes = {name: _object(recipe.build(), recipe) for name, recipe in RECIPES.items()}
    pieces = {
        kind: {"about": about, "formula": formula} for kind, (about, formula) in _pieces().items()
    }
    return json.dumps({"recipes": recipes, "pieces": pieces}, ensure_ascii=True, indent=2)


def _as_json(reward: Reward, recipe: Recipe | None) -> str:
    return json.dumps(_object(reward, recipe), ensure_ascii=True, indent=2)


def _object(reward: Reward, recipe: Recipe | None) -> dict[str, object]:
    from pyverify.rewards import to_dict

    found: dict[str, object] = {
        "formula": reward.formula,
        "components": {leaf.name: leaf.formula for leaf in reward.leaves()},
        "bounds": list(reward.bounds),
        "needs": list(reward.needs),
        "config": to_dict(reward),
    }
    if recipe is not None:
        found = {"about": recipe.about, "parameters": recipe.parameters, **found}
    return found


def _as_file(reward: Reward, recipe: Recipe | None) -> str:
    """The reward's TOML, everything else as comments before it: the output is a file to keep."""
    from pyverify.rewards import to_toml

    low, high = reward.bounds
    notes = [] if recipe is None else textwrap.wrap(recipe.about, 96)
    notes.append(f"reward = {reward.formula}")
    notes += [f"  {note}" for note in _components(reward)]
    notes.append(f"between {low:g} and {high:g}")
    if reward.needs:
        notes.append(f"needs {', '.join(reward.needs)}")
    if recipe is not None and recipe.parameters:
        shown = ", ".join(f"{key} = {value!r}" for key, value in recipe.parameters.items())
        notes.append(f"as a recipe, it takes {shown}")
    return "\n".join(f"# {note}" for note in notes) + f"\n\n{to_toml(reward)}".rstrip("\n")
