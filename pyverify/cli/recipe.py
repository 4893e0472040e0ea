"""``pyverify recipe``: known training runs as scripts, with the user's paths."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import textwrap

from pyverify.cli import codes
from pyverify.cli.process import stream_name

_DESCRIPTION = """\
Known training runs as scripts for verl, TRL and OpenRLHF: a comment says why wherever a setting
isn't the trainer's default. 'write' makes a copy with your paths, to run or to change; it needs
pyverify and the trainer, nothing beside it. Every script has --smoke, which goes as far as a CPU
does.
"""

_EXAMPLES = """\
examples:
  pyverify recipe list
  pyverify recipe show grpo --trainer verl
  pyverify recipe write grpo --trainer trl --model MODEL --train train.jsonl --val test.jsonl
"""

# What a user's paths are called on the command line, and in the scripts.
_PATHS = {
    "model": ("MODEL", "a folder or a name on the hub"),
    "critic": ("CRITIC", "the same for the critic, where there is one"),
    "train": ("TRAIN", "files of training data"),
    "val": ("VAL", "files of validation data"),
    "output": ("OUTPUT", "the folder for checkpoints"),
}
_SEVERAL = ("train", "val")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "recipe",
        help="list, show and write launch recipes for trainers",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="which there are, for which trainers")
    listed.set_defaults(run=_list)
    show = actions.add_parser("show", help="print a script")
    _add_names(show)
    show.set_defaults(run=_show)
    write = actions.add_parser("write", help="write a script with your paths")
    _add_names(write)
    for name, (_, about) in _PATHS.items():
        several = "+" if name in _SEVERAL else None
        write.add_argument(f"--{name}", nargs=several, metavar=name.upper(), help=about)
    write.add_argument(
        "-o", "--out", metavar="FILE", help="where to; NAME_TRAINER.py by default, '-' to print it"
    )
    write.add_argument("--force", action="store_true", help="overwrite what is there")
    write.set_defaults(run=_write)


def _add_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a recipe, of 'pyverify recipe list'")
    parser.add_argument("--trainer", required=True, metavar="NAME", help="verl, trl or openrlhf")


def _list(_: argparse.Namespace) -> int:
    from pyverify.integrations.recipes import RECIPES, TRAINERS

    width = max(map(len, RECIPES))
    columns = [max(len(one), 4) for one in TRAINERS]
    rows = ["  ".join([" " * width, *TRAINERS]).rstrip()]
    notes = []
    for name, recipe in RECIPES.items():
        marks = []
        for trainer in TRAINERS:
            why = recipe.missing.get(trainer) or recipe.lacks.get(trainer)
            marks.append("–" if trainer in recipe.missing else "yes" if why is None else "yes*")
            if why is not None:
                notes.append(f"  {name}, {trainer}: {why}")
        cells = [f"{mark:{size}}" for mark, size in zip(marks, columns, strict=True)]
        rows.append("  ".join([f"{name:{width}}", *cells]).rstrip())
    print("\n".join(rows))
    print()
    for name, recipe in RECIPES.items():
        print(
            "\n".join(
                [
                    name,
                    *textwrap.wrap(recipe.about, 96, initial_indent="  ", subsequent_indent="  "),
                ]
            )
        )
    print("\n– and * mean\n" + "\n".join(notes))
    return codes.OK


def _show(arguments: argparse.Namespace) -> int:
    from pyverify.integrations.recipes import recipe_text

    try:
        text = recipe_text(arguments.name, arguments.trainer)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    print(text, end="")
    return codes.OK


def _write(arguments: argparse.Namespace) -> int:
    from pyverify.integrations.recipes import fill, recipe_text

    given = {
        constant: getattr(arguments, name)
        for name, (constant, _) in _PATHS.items()
        if getattr(arguments, name) is not None
    }
    try:
        text = fill(recipe_text(arguments.name, arguments.trainer), given)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    if arguments.out == "-":
        print(text, end="")
        return codes.OK
    target = arguments.out or f"{arguments.name}_{arguments.trainer}.py"
    try:
        with open(target, "w" if arguments.force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return _refuse(f"{stream_name(target)} is there already; --force overwrites it")
    except OSError as error:
        return _refuse(f"cannot write {stream_name(target)}: {error.strerror}")
    start = "accelerate launch" if arguments.trainer == "trl" else "python"
    if arguments.name == "staged_grpo":
        # It starts its rounds itself.
        start = "python"
    named = shlex.quote(os.fspath(target))
    print(f"{target}\n  try:   python {named} --smoke\n  train: {start} {named}")
    return codes.OK


def _refuse(message: str) -> int:
    from pyverify.io.shown import visible

    print(visible(f"pyverify: {message}"), file=sys.stderr)
    return codes.USAGE
