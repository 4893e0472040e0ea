"""Rounds of training in verl."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from pyverify.integrations.recipes.command_line import Chosen, Paths
from pyverify.integrations.recipes.launch_verl import TRAINER, Settings, check, overrides
from pyverify.integrations.recipes.rounds import Round
from pyverify.integrations.recipes.rounds_apart import launch_rounds_apart


def launch_rounds(about: str, paths: Paths, settings: Settings, rounds: Sequence[Round]) -> int:
    """Runs all rounds from a recipe's command line.

    Args:
        about: The script's docstring.
        paths: The script's constants; the validation files are the benchmarks.
        settings: Keys of verl's configuration, for all rounds.
        rounds: What is different in each.

    Returns:
        The exit code.
    """
    start = [sys.executable, "-m", TRAINER]

    def command(number: int, there: Paths, chosen: Chosen) -> list[str]:
        one = rounds[number]
        found = {**settings, **one.settings}
        return [*start, *overrides(there, found, reward=one.reward, extra=chosen.extra)]

    def smoke(chosen: Chosen) -> int:
        from pyverify.integrations.recipes.smoke_verl import smoke as run

        # The last round has all that the others have.
        last = rounds[-1]
        return run(chosen, {**settings, **last.settings}, reward=last.reward, command=start)

    return launch_rounds_apart(
        about,
        paths,
        rounds,
        command=command,
        check=lambda words: check(words[len(start) :]),
        smoke=smoke,
        checkpoints=checkpoints,
    )


def checkpoints(folder: Path) -> list[Path]:
    """The models that verl has left in a folder, in the order of steps."""
    found = [
        one
        for one in folder.glob("global_step_*/actor/huggingface")
        # verl writes a tokenizer there in any case, weights only where it is told to.
        if re.fullmatch(r"global_step_\d+", one.parts[-3]) and list(one.glob("*.safetensors"))
    ]
    return sorted(found, key=lambda one: int(one.parts[-3].rpartition("_")[2]))
