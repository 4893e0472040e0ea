"""The options of ``pyverify score`` that divide a run: workers, shares, a cluster, resuming."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyverify.cli.progress import Reporter
    from pyverify.evaluate import Report, RunSettings
    from pyverify.evaluate.shards import Division

_SIZE = re.compile(r"(\d{1,15})([KMG]?)")
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30}
_SHARE = re.compile(r"(\d{1,6})/(\d{1,6})")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds them to the parser."""
    group = parser.add_argument_group(
        "large runs", "finished parts are kept in FILE.parts, or in a folder given as -o DIR/"
    )
    add = group.add_argument
    add("--workers", metavar="N", type=_workers, help="score with N processes, in parts")
    add("--resume", action="store_true", help="go on with a run that was ended before its end")
    add("--engine", choices=("local", "ray"), default="local", help="who runs the workers")
    add("--shard", metavar="I/N", type=_share, help="only the I-th of N shares, into -o DIR/")
    add("--shard-size", metavar="SIZE", type=_size, help="about how large a part is, as 64M")
    add("--merge", metavar="DIR", help="the result of the parts that others left in DIR")


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 4096:
        raise argparse.ArgumentTypeError(f"a number of processes from 1 to 4096, not {text!r}")
    return int(text)


def _share(text: str) -> tuple[int, int]:
    found = _SHARE.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"I/N with I from 1 to N, as 3/16, not {text!r}")
    return int(found[1]) - 1, int(found[2])


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text.upper())
    if found is None or not int(found[1]):
        raise argparse.ArgumentTypeError(f"bytes, as 64M or 1G, not {text!r}")
    return int(found[1]) << _UNITS[found[2]]


def is_divided(arguments: argparse.Namespace) -> bool:
    """Whether the run is one in parts."""
    return bool(
        arguments.workers
        or arguments.resume
        or arguments.shard
        or arguments.shard_size
        or arguments.engine != "local"
        or _is_folder(arguments.output)
    )


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(os.sep) or os.path.isdir(output))


def score(
    arguments: argparse.Namespace, settings: RunSettings, reporter: Reporter
) -> Report | None:
    """Runs the command in parts.

    Returns:
        The numbers; None if this was one share and others have not done theirs.

    Raises:
        SourceError: An input or an output is at fault.
        FieldsError: An input's fields are not clear.
    """
    from pyverify.evaluate.shards import score_divided

    return score_divided(
        settings,
        _division(arguments, settings),
        on_progress=reporter.update,
        on_note=reporter.note,
        on_unsaid=reporter.unsaid,
        on_remark=reporter.remark,
    )


def merge(arguments: argparse.Namespace, reporter: Reporter) -> Report:
    """The result of parts that were made before.

    Raises:
        SourceError: There are none, or not all of them.
    """
    from pyverify.evaluate.shards import merge_folder
    from pyverify.io import SourceError

    if arguments.inputs or arguments.output is not None or is_divided(arguments):
        raise SourceError("--merge DIR stands alone: the folder knows its inputs and its options")

    return merge_folder(
        arguments.merge,
        on_note=reporter.note,
        on_unsaid=reporter.unsaid,
        threads=arguments.threads or os.cpu_count() or 1,
    )


def interrupted(arguments: argparse.Namespace) -> str:
    """What to say when the run was interrupted."""
    if arguments.shard is not None or _can_resume(arguments.output):
        return "interrupted; finished parts are kept: the same command with --resume goes on"
    return "interrupted"


def _can_resume(output: str | None) -> bool:
    return output is not None and (_is_folder(output) or _is_file(output))


def _is_file(output: str) -> bool:
    """Whether it is a file that is there, or will be, and not a pipe or a device."""
    return output != "-" and (os.path.isfile(output) or not os.path.exists(output))


def _division(arguments: argparse.Namespace, settings: RunSettings) -> Division:
    from pyverify.evaluate.shards import Division
    from pyverify.io import SourceError

    output: str | None = arguments.output
    whole = _is_folder(output)
    if settings.fallback is not None:
        raise SourceError("--fallback cannot be used in a run of parts")
    if arguments.shard is not None and not whole:
        raise SourceError("--shard needs a folder for the parts of all: -o DIR/")
    if arguments.resume and not _can_resume(output):
        raise SourceError("--resume needs an -o that parts can be kept beside: a file or DIR/")
    folder = None
    if output is not None and whole:
        folder = output
    elif output is not None and _is_file(output):
        folder = f"{output}.parts"
    return Division(
        folder=folder,
        target=None if whole else output,
        rows=output is not None,
        workers=arguments.workers or 0,
        engine=arguments.engine,
        share=arguments.shard,
        resume=arguments.resume,
        shard_bytes=arguments.shard_size,
    )
