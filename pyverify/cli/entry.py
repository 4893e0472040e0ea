"""Entry point: reads the command line, runs the command, turns what happened into an exit code."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence

from pyverify import __version__
from pyverify.cli import (
    codes,
    compare,
    doctor,
    eval,
    explain,
    lint_gold,
    monitor,
    path,
    recipe,
    rewards,
    score,
    serve,
)
from pyverify.cli.process import plain_streams, polite_end, stream_name, was_interrupted

_DESCRIPTION = "Exact, bounded verification of mathematical answers."

_EXAMPLES = """\
examples:
  pyverify score preds.jsonl                     a table of scores
  pyverify score preds.jsonl -o verdicts.jsonl   and a verdict for each row
  pyverify compare before.jsonl after.jsonl      who is right where, and is it luck
  pyverify eval --model http://host:8000/v1 --task aime24 --k 8
  pyverify explain 'So \\boxed{0.5}' --gold '\\frac12'
  pyverify lint-gold train.jsonl                 golds to look at before training
  pyverify monitor train.log                     what went wrong in a training run
  pyverify rewards                               training rewards, with their formulas
  pyverify recipe list                           known training runs, as scripts for trainers
  pyverify doctor --verl ...                     keys of a training command that do nothing
  pyverify serve --reward format_accuracy        rewards over HTTP, for trainers

'pyverify COMMAND --help' teaches each command.
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="pyverify",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pyverify {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    score.add_parser(commands)
    eval.add_parser(commands)
    compare.add_parser(commands)
    explain.add_parser(commands)
    lint_gold.add_parser(commands)
    monitor.add_parser(commands)
    rewards.add_parser(commands)
    recipe.add_parser(commands)
    serve.add_parser(commands)
    path.add_parser(commands)
    doctor.add_parser(commands)
    return parser


def _forget_output() -> None:
    """Keeps the interpreter from flushing on its way out into what takes no more."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: The arguments after the command's name; those of the process by default.

    Returns:
        The exit code: 0 fine, 1 a threshold was missed, 2 wrong usage or unreadable input, 3 some
        rows could not be used, 4 a fault of this program, 130 interrupted, 143 asked to end.
    """
    plain_streams()
    if argv is not None:  # another program's call: its signals are its own
        return _run(argv)
    with polite_end() as ending:
        code = _run(argv)
    return codes.TERMINATED if ending.asked and code == codes.INTERRUPTED else code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = build_parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except SystemExit as stop:
        # argparse leaves by SystemExit: 0 after --help and --version, 2 after a mistake.
        return stop.code if isinstance(stop.code, int) else codes.USAGE
    except BrokenPipeError:
        # The reader of our output has what it wanted (`| head`): leave without a word.
        _forget_output()
        return codes.OK
    except (KeyboardInterrupt, Exception) as error:
        if was_interrupted(error):
            print("pyverify: interrupted", file=sys.stderr)
            return codes.INTERRUPTED
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            _forget_output()
            where = stream_name(error.filename)
            print(f"pyverify: cannot write {where}: {error.strerror}", file=sys.stderr)
            return codes.USAGE
        traceback.print_exc()
        print(
            "pyverify: this is a fault of pyverify; please report the lines above", file=sys.stderr
        )
        return codes.INTERNAL
