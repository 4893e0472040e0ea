"""Rounds of training, each a run of a trainer's own command."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pyverify.integrations.recipes.benchmark import score_apart
from pyverify.integrations.recipes.command_line import (
    Chosen,
    Paths,
    RecipeError,
    read_command_line,
    run_apart,
    run_script,
)
from pyverify.integrations.recipes.rounds import Round, run_rounds

Command = Callable[[int, Paths, Chosen], "list[str]"]


def launch_rounds_apart(
    about: str,
    paths: Paths,
    rounds: Sequence[Round],
    *,
    command: Command,
    check: Callable[[Sequence[str]], Iterable[str]],
    smoke: Callable[[Chosen], int],
    checkpoints: Callable[[Path], Sequence[Path]],
) -> int:
    """Runs all rounds from a recipe's command line.

    Args:
        about: The script's docstring.
        paths: The script's constants; the validation files are the benchmarks.
        rounds: What is different in each.
        command: The trainer's whole command line for a round, counted from 0.
        check: Looks at a command before it runs, and has something to say.
        smoke: What is run instead with ``--smoke``.
        checkpoints: The models that a round has left in its folder.

    Returns:
        The exit code.
    """

    def main() -> int:
        chosen = read_command_line(about, paths)
        if chosen.show:
            for number in range(len(rounds)):
                print(shlex.join(command(number, chosen.paths, chosen)))
            return 0
        if chosen.smoke:
            return smoke(chosen)

        def train(number: int, there: Paths) -> None:
            words = command(number, there, chosen)
            print("\n".join(check(words)), flush=True)
            if run_apart(words):
                raise RecipeError(f"round {number + 1} failed: {shlex.join(words)}")

        best = run_rounds(
            rounds,
            # Workers of trainers have folders of their own.
            replace(chosen.paths, output=str(Path(chosen.paths.output).resolve())),
            train=train,
            checkpoints=checkpoints,
            score=lambda model: score_apart(model, chosen.paths.val),
        )
        print(f"the best of the last round: {best}")
        return 0

    return run_script(main)
