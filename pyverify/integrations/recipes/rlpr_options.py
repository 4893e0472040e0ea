"""What RLPR's recipes have beyond settings: options, baselines, verl's agent loop."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pyverify.integrations.recipes.catalog import scripts_folder
from pyverify.integrations.recipes.command_line import RecipeError
from pyverify.io.atomic import write_text


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of RLPR's recipe."""
    from pyverify.rlpr import TEMPLATES

    parser.add_argument("--template", choices=sorted(TEMPLATES), default="think_answer")
    parser.add_argument(
        "--prefilled",
        action="store_true",
        help="the model's chat template ends the prompt with <think> itself",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help=f"the initial policy's baselines, made by {scripts_folder() / 'baseline.py'}; without "
        "them a prompt's baseline is that of the policy that first sees it",
    )


def baseline_of(options: argparse.Namespace) -> str | None:
    """The file of baselines that the command line names.

    Raises:
        RecipeError: It isn't there.
    """
    if options.baseline is None:
        return None
    found = Path(options.baseline).resolve()
    if not found.exists():
        raise RecipeError(f"there are no baselines in {found}: make them, or leave the option out")
    return str(found)


def agent(options: argparse.Namespace, format_weight: float) -> dict[str, object]:
    """The keys of the agent loop; its file is written into the run's folder.

    Args:
        options: What the command line says.
        format_weight: What a well-formed response is worth.

    Raises:
        RecipeError: There are no such baselines.
    """
    entry = {
        "name": "rlpr_agent",
        "_target_": "pyverify.integrations.verl.rlpr_agent_loop.RLPRAgentLoop",
        "template": options.template,
        "prefilled": options.prefilled,
        "format_weight": format_weight,
        "baseline_path": baseline_of(options),
    }
    path = Path(options.output).resolve() / "rlpr_agent.yaml"
    if not options.show:
        path.parent.mkdir(parents=True, exist_ok=True)
        # JSON is YAML.
        write_text(str(path), json.dumps([entry], indent=2) + "\n")
    return {
        "actor_rollout_ref.rollout.agent.default_agent_loop": "rlpr_agent",
        "actor_rollout_ref.rollout.agent.agent_loop_config_path": str(path),
    }
