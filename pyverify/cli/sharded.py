"""The options of ``pyverify score`` that divide a run: workers, shares, a cluster, resuming."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyverify.cli.outputs import Outputs
    from pyverify.cli.progress import Reporter
    from pyverify.cli.score_settings import Asked
    from pyverify.evaluate import Report
    from pyverify.evaluate.shards import Division

_PAGES = (".html", ".htm")
_SIZE = re.compile(r"(\d{1,15})([KMG]?)")
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30}
_SHARE = re.compile(r"(\d{1,6})/(\d{1,6})")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds them to the parser."""
    add = parser.add_argument_group(
        "large runs", "finished parts are kept in FILE.parts, or in a folder given as -o DIR/"
    ).add_argument
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
    """Whether the run is one in parts, or what became of one."""
    return bool(
        arguments.workers
        or arguments.resume
        or arguments.shard
        or arguments.shard_size
        or arguments.merge
        or arguments.engine != "local"
        or _folders(arguments)
    )


def is_shared(arguments: argparse.Namespace) -> bool:
    """Whether other processes may have done some of the run, before or beside this one."""
    return bool(arguments.resume or arguments.shard or arguments.merge)


def files(arguments: argparse.Namespace) -> list[str]:
    """The outputs that are no folders of parts."""
    return [target for target in arguments.output if not _is_folder(target)]


def _folders(arguments: argparse.Namespace) -> list[str]:
    return [target for target in arguments.output if _is_folder(target)]


def _is_folder(target: str) -> bool:
    return target.endswith(os.sep) or os.path.isdir(target)


def check(arguments: argparse.Namespace) -> None:
    """Looks whether the options go together.

    Raises:
        FieldsError: They don't.
    """
    from pyverify.io import FieldsError

    if not arguments.inputs and arguments.merge is None:
        raise FieldsError("name a file to score, or - for standard input")
    if not is_divided(arguments):
        return
    apart = {
        "--fallback": arguments.fallback,
        "--task": arguments.task,
        "--reported": arguments.reported,
        "-o report.html": any(name.lower().endswith(_PAGES) for name in files(arguments)),
    }
    for name, given in apart.items():
        if given:
            raise FieldsError(
                f"{name} looks at the rows in one process: it cannot be used in a run of parts"
            )
    alone = (arguments.inputs, arguments.workers, arguments.shard, arguments.resume)
    if arguments.merge is not None and (any(alone) or _folders(arguments)):
        raise FieldsError("--merge DIR needs no inputs and does no work: DIR says what it is of")
    if len(_folders(arguments)) > 1:
        raise FieldsError("the parts of a run are in one folder, not in several")
    if arguments.shard is not None and not _folders(arguments):
        raise FieldsError("--shard needs a folder for the parts of all: -o DIR/")
    if arguments.resume and _folder(arguments) is None:
        raise FieldsError("--resume needs an -o that parts can be kept beside: a file or DIR/")


def score(
    arguments: argparse.Namespace, asked: Asked, outputs: Outputs, reporter: Reporter
) -> Report | None:
    """Runs the command in parts, or merges those that there are.

    Returns:
        The numbers; None if this was one share and others have not done theirs.

    Raises:
        SourceError: An input or an output is at fault.
        FieldsError: An input's fields are not clear.
    """
    from pyverify.evaluate.shards import merge_folder, score_divided

    if arguments.merge is not None:
        return merge_folder(
            arguments.merge,
            sinks=outputs.sinks,
            ks=arguments.k,
            intervals=arguments.interval,
            on_note=reporter.note,
            on_unsaid=reporter.unsaid,
            threads=asked.settings.native_threads,
        )
    return score_divided(
        asked.settings,
        _division(arguments, outputs),
        sinks=outputs.sinks,
        on_progress=reporter.update,
        on_note=reporter.note,
        on_unsaid=reporter.unsaid,
        on_remark=reporter.remark,
    )


def clean(arguments: argparse.Namespace) -> None:
    """Removes the parts of a run whose outputs are complete."""
    from pyverify.evaluate.shards import remove_parts

    folder = _folder(arguments)
    if folder is not None and is_divided(arguments) and not _folders(arguments):
        remove_parts(folder)


def kept(arguments: argparse.Namespace) -> list[str]:
    """What an interrupted run leaves, in words."""
    if _folder(arguments) is None or arguments.merge is not None:
        return []
    return ["finished parts are kept: the same command with --resume goes on"]


def _folder(arguments: argparse.Namespace) -> str | None:
    """Where parts are kept: the folder that was named, or one beside the first file."""
    for target in _folders(arguments):
        return target
    for target in arguments.output:
        # A pipe or a device has nothing beside it.
        if target != "-" and (os.path.isfile(target) or not os.path.exists(target)):
            return f"{target}.parts"
    return None


def _division(arguments: argparse.Namespace, outputs: Outputs) -> Division:
    from pyverify.evaluate.shards import Division

    whole = bool(_folders(arguments))
    return Division(
        folder=_folder(arguments),
        keep=whole,
        rows=whole or bool(outputs.sinks),
        workers=arguments.workers or 0,
        engine=arguments.engine,
        share=arguments.shard,
        resume=arguments.resume,
        shard_bytes=arguments.shard_size,
        ks=arguments.k,
        intervals=arguments.interval,
    )
