"""Rounds of training in TRL: each under accelerate, in processes of its own."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pyverify.integrations.recipes.benchmark import score_apart, score_model
from pyverify.integrations.recipes.command_line import (
    Chosen,
    Paths,
    RecipeError,
    read_command_line,
    run_apart,
    run_script,
)
from pyverify.integrations.recipes.launch_trl import (
    SMOKE_ROLLOUT,
    Rollout,
    Settings,
    add_options,
    configure,
    small,
    train,
)
from pyverify.integrations.recipes.rounds import Round, run_rounds

# Of the smoke run: two checkpoints in each round, so that there is one to choose.
_SMOKE = {"max_steps": 4, "save_steps": 2}
_SMOKE_TOKENS = 32


def launch_rounds(
    about: str,
    paths: Paths,
    settings: Settings,
    rollout: Rollout,
    rounds: Sequence[Round],
    *,
    instruction: str = "",
) -> int:
    """Runs all rounds, or one of them, from a recipe's command line.

    Args:
        about: The script's docstring.
        paths: The script's constants; the validation files are the benchmarks.
        settings: Of `GRPOConfig`, for all rounds.
        rollout: Its shape.
        rounds: What is different in each.
        instruction: What is said before a problem, where the data set has no whole prompts.

    Returns:
        The exit code.
    """

    def own(parser: argparse.ArgumentParser) -> None:
        add_options(parser, rollout)
        parser.add_argument(
            "--round",
            type=int,
            choices=range(1, len(rounds) + 1),
            help="run this one alone, from --model into --output: what each process is told",
        )

    def run_one(chosen: Chosen, number: int) -> None:
        shape = SMOKE_ROLLOUT if chosen.smoke else replace(rollout, rows=chosen.options.rows)
        found = {**settings, **rounds[number].settings}
        if chosen.smoke:
            chosen = replace(chosen, extra=(*_words(_SMOKE), *chosen.extra))
        config = configure(chosen, found, shape)
        from pyverify.integrations.trl import reward

        train(chosen, config, reward(rounds[number].reward), instruction)

    def main() -> int:
        chosen = read_command_line(about, paths, own=own)
        if chosen.options.round is not None:
            run_one(chosen, chosen.options.round - 1)
            return 0
        if chosen.smoke:
            chosen = small(chosen)

        def start(number: int, there: Paths) -> None:
            if chosen.smoke:
                run_one(replace(chosen, paths=there), number)
                return
            command = _command(number, there, chosen)
            if run_apart(command):
                raise RecipeError(f"round {number + 1} failed: {shlex.join(command)}")

        def score(model: str) -> dict[str, float]:
            if chosen.smoke:
                return score_model(model, chosen.paths.val, max_tokens=_SMOKE_TOKENS)
            return score_apart(model, chosen.paths.val, instruction=instruction)

        if chosen.show:
            for number in range(len(rounds)):
                print(shlex.join(_command(number, chosen.paths, chosen)))
            return 0
        best = run_rounds(rounds, chosen.paths, train=start, checkpoints=checkpoints, score=score)
        print(f"the best of the last round: {best}")
        return 0

    return run_script(main)


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoints that TRL has left in a folder, in the order of steps."""
    found = [one for one in folder.glob("checkpoint-*") if re.fullmatch(r"\D+\d+", one.name)]
    return sorted(found, key=lambda one: int(one.name.rpartition("-")[2]))


def _command(number: int, paths: Paths, chosen: Chosen) -> list[str]:
    """A round as a process of its own; `accelerate config` says on which GPUs."""
    command = [sys.executable, "-m", "accelerate.commands.launch", sys.argv[0]]
    command += ["--round", str(number + 1), "--model", paths.model, "--output", paths.output]
    command += ["--train", *paths.train, "--vllm", chosen.options.vllm]
    command += ["--rows", str(chosen.options.rows)]
    for name in ("problem", "reference"):
        value = getattr(chosen.options, name)
        command += [] if value is None else [f"--{name}", value]
    command += ["--no-system"] if chosen.options.no_system else []
    return [*command, *chosen.extra]


def _words(settings: Settings) -> list[str]:
    return [word for name, value in settings.items() for word in (f"--{name}", str(value))]
