"""Rounds of training in OpenRLHF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pyverify.integrations.recipes.command_line import Chosen, Paths
from pyverify.integrations.recipes.launch_openrlhf import (
    START,
    Settings,
    arguments,
    check,
    reward_file,
)
from pyverify.integrations.recipes.rounds import Round
from pyverify.integrations.recipes.rounds_apart import launch_rounds_apart


def launch_rounds(about: str, paths: Paths, settings: Settings, rounds: Sequence[Round]) -> int:
    """Runs all rounds from a recipe's command line.

    Args:
        about: The script's docstring.
        paths: The script's constants; the validation files are the benchmarks.
        settings: Options of OpenRLHF, for all rounds.
        rounds: What is different in each.

    Returns:
        The exit code.
    """

    def command(number: int, there: Paths, chosen: Chosen) -> list[str]:
        one = rounds[number]
        hook = reward_file(there, one.reward)
        if not chosen.show:
            hook.write()
        return [*START, *arguments(there, {**settings, **one.settings}, hook, chosen.extra)]

    def smoke(chosen: Chosen) -> int:
        from pyverify.integrations.recipes.smoke_openrlhf import smoke as run

        # The last round has all that the others have.
        last = rounds[-1]
        hook = reward_file(chosen.paths, last.reward)
        return run(chosen, {**settings, **last.settings}, hook)

    return launch_rounds_apart(
        about,
        paths,
        rounds,
        command=command,
        check=lambda words: check(words[len(START) :]),
        smoke=smoke,
        checkpoints=checkpoints,
    )


def checkpoints(folder: Path) -> list[Path]:
    """The models that OpenRLHF has left in a folder, in the order of steps."""
    found = [
        one
        for one in (folder / "checkpoints").glob("global_step*_hf")
        if re.fullmatch(r"global_step\d+_hf", one.name)
    ]
    return sorted(found, key=lambda one: int(one.name[len("global_step") : -len("_hf")]))
