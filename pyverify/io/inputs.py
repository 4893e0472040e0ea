"""The inputs that the command line names: files, globs, folders, standard input."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

from pyverify.io.errors import SourceError
from pyverify.io.own import is_own
from pyverify.io.shown import one_line
from pyverify.io.sources import STDIN

_ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".arrow", ".eval")
_PACKINGS = (".gz", ".zst")
_SHOWN = 3
# What harnesses put beside their predictions: figures, configurations, and half-written files.
_COMPANIONS = (
    ".*",
    "*.partial",
    "tmp_*",
    "*config*.json",
    "results_*.json",
    "results_*.parquet",
    "*metrics*.json",
    "*metadata*.json",
    "*summary*.json",
    "*summary*.csv",
    "dataset_info.json",
    "trainer_state.json",
)
# What stands in the folder of a run of `pyverify eval`, beside a folder for each task.
_EVAL_RUN = ("requests.jsonl", "settings.json")


def expand_inputs(names: list[str], on_own: Callable[[str], None] | None = None) -> list[str]:
    """Turns the command line's inputs into names for `open_records`, globs in sorted order.

    A folder stands for the prediction files in it and below it; one that `Dataset.save_to_disk`
    wrote is an input itself, and a `DatasetDict` is one per split. Of a run of `pyverify eval` it
    is the answers.

    Args:
        names: File names, folders, glob patterns or ``-``.
        on_own: Told which files of a folder are left out because pyverify wrote them itself; None
            to leave none out.

    Returns:
        The inputs in the order given, each once.

    Raises:
        SourceError: If a name matches nothing, a folder holds no predictions, or standard input is
            asked for twice.
    """
    found: dict[str, None] = {}
    for name in names:
        if name == STDIN:
            if STDIN in found:
                raise SourceError("standard input ('-') can be read only once")
            found[STDIN] = None
            continue
        for match in _matches(name):
            inner = _others(match, on_own) if os.path.isdir(match) else [match]
            if not inner:
                raise SourceError(
                    f"{match} holds no file of predictions ({', '.join(_ENDINGS)}); name the files"
                )
            found.update(dict.fromkeys(inner))
    return list(found)


def _matches(name: str) -> list[str]:
    if os.path.exists(name):
        return [name]
    matches = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) else []
    # A pattern that finds files means these; one that finds only folders means what is in them.
    files = [match for match in matches if not os.path.isdir(match)]
    if not matches:
        raise SourceError(f"no such file: {name}")
    return files or matches


def _others(folder: str, on_own: Callable[[str], None] | None) -> list[str]:
    """What is in a folder, but for what this program put there."""
    found = _within(folder)
    if on_own is None:
        return found
    own = [name for name in found if not os.path.isdir(name) and is_own(name)]
    if own:
        names = ", ".join(os.path.relpath(name, folder) for name in own[:_SHOWN])
        more = f" and {len(own) - _SHOWN:,} more" if len(own) > _SHOWN else ""
        on_own(one_line(f"{folder}: left out what pyverify wrote itself: {names}") + more)
    return [name for name in found if name not in own]


def _within(folder: str) -> list[str]:
    if os.path.isfile(os.path.join(folder, "state.json")):
        return [folder]
    if all(os.path.isfile(os.path.join(folder, name)) for name in _EVAL_RUN):
        return sorted(glob.glob(os.path.join(glob.escape(folder), "*", "responses.jsonl")))
    splits = _splits(folder)
    if splits:
        return [path for split in splits for path in _within(os.path.join(folder, split))]
    found: list[str] = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found.extend(_below(entry))
        elif _is_predictions(entry.name):
            found.append(entry.path)
    return sorted(found)


def _below(entry: os.DirEntry[str]) -> list[str]:
    """What an inner folder holds; a link could lead in a circle."""
    if entry.is_symlink() or entry.name.startswith("."):
        return []
    return _within(entry.path)


def _splits(folder: str) -> list[str]:
    """The splits of a saved `DatasetDict`."""
    try:
        splits = json.loads((Path(folder) / "dataset_dict.json").read_bytes())["splits"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [split for split in splits if isinstance(split, str) and Path(split).name == split]


def _is_predictions(name: str) -> bool:
    lower = name.lower()
    for packing in _PACKINGS:
        lower = lower.removesuffix(packing)
    return lower.endswith(_ENDINGS) and not any(fnmatch(lower, kind) for kind in _COMPANIONS)
