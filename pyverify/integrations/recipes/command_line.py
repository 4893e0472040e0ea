"""The command line that all recipes have in common."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

_EPILOG = """\
What isn't listed here goes to the trainer as it is, behind the recipe's own settings.
"""


@dataclass(frozen=True, slots=True)
class Paths:
    """What a run reads and writes.

    Attributes:
        model: A folder or a name on the hub: what training begins with.
        train: Files of training data.
        val: Files of validation data.
        output: The folder for checkpoints.
        critic: What the critic begins with, in recipes that have one.
    """

    model: str
    train: Sequence[str]
    val: Sequence[str]
    output: str
    critic: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a command line says.

    Attributes:
        paths: The script's, or those of the command line.
        smoke: A small run instead: a tiny model and sums, on a CPU.
        show: Print what the trainer would be told, and stop.
        extra: Words for the trainer.
        options: The recipe's own options.
    """

    paths: Paths
    smoke: bool
    show: bool
    extra: tuple[str, ...]
    options: argparse.Namespace


def read_command_line(
    about: str,
    paths: Paths,
    argv: Sequence[str] | None = None,
    own: Callable[[argparse.ArgumentParser], None] | None = None,
) -> Chosen:
    """Reads a recipe's command line.

    Args:
        about: The script's docstring.
        paths: The script's constants, the defaults.
        argv: The words; those of the process by default.
        own: Adds options of the recipe's own.
    """
    parser = argparse.ArgumentParser(
        description=about,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # An abbreviation could be a word for the trainer.
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--model", default=paths.model, help="a folder or a name on the hub (%(default)s)")
    if paths.critic is not None:
        add("--critic", default=paths.critic, help="the same for the critic (%(default)s)")
    add("--train", nargs="+", default=paths.train, metavar="FILE", help="JSON lines or Parquet")
    add("--val", nargs="+", default=paths.val, metavar="FILE", help="the same for validation")
    add("--output", default=paths.output, help="the folder for checkpoints (%(default)s)")
    add("--smoke", action="store_true", help="a tiny model and sums, on a CPU, in minutes")
    add("--print", action="store_true", dest="show", help="show what the trainer is told, and stop")
    if own is not None:
        own(parser)
    found, extra = parser.parse_known_args(argv)
    for name in ("train", "val"):
        # A word for verl behind a list of files is none of them.
        files = [one for one in getattr(found, name) if "=" not in one or os.path.exists(one)]
        extra += [one for one in getattr(found, name) if one not in files]
        setattr(found, name, files)
    given = replace(
        paths,
        model=found.model,
        train=tuple(found.train),
        val=tuple(found.val),
        output=found.output,
        critic=getattr(found, "critic", None),
    )
    return Chosen(given, found.smoke, found.show, tuple(extra), found)


class RecipeError(Exception):
    """Why a run can't start, with a way out; a recipe prints it and ends with 2."""


def run_script(main: Callable[[], int]) -> int:
    """Runs a recipe; what keeps it from starting becomes a line and the exit code 2."""
    try:
        return main()
    except RecipeError as error:
        why = str(error)
    except ModuleNotFoundError as error:
        # The trainer, or what it needs for this.
        root = (error.name or "").partition(".")[0]
        if not root or root == "pyverify":
            raise
        why = f"{root} isn't installed in this environment: pip install {root}"
    print(f"{Path(sys.argv[0]).name}: {why}", file=sys.stderr)
    return 2


def run_apart(command: Sequence[str]) -> int:
    """Runs a command to its end, and returns its exit code."""
    return subprocess.run(command, check=False).returncode  # noqa: S603  # a recipe's own command
