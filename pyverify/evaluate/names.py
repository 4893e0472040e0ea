"""What rows are counted under where they name no data set: a name from their file's."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import PurePath

from pyverify.io import STDIN

STDIN_NAME = "<stdin>"

_ENDING = re.compile(r"\.(jsonl|ndjson|json|csv|tsv|parquet|arrow|eval|gz|zst)$", re.IGNORECASE)
# Pieces of one data set: train-00000-of-00002, output-rs3, part-0007.
_PIECE = re.compile(r"(^|[-_.])(\d{5}-of-\d{5}|rs\d+|(part|shard)[-_]?\d+)$", re.IGNORECASE)


def dataset_names(inputs: Sequence[str], dataset: str | None = None) -> dict[str, str | None]:
    """Names for the rows that name no data set themselves.

    A name is the file's path without its ending and without what all paths begin with, so that two
    runs kept in folders of the same shape have the same names. Pieces of one data set share a name.

    Args:
        inputs: The inputs of a run.
        dataset: What the caller says they are of.

    Returns:
        A name by input, as messages call the inputs; None for all where there is only one.

    Example:
        >>> dataset_names(["run1/gsm8k/test.jsonl", "run1/math/test.jsonl.gz"])
        {'run1/gsm8k/test.jsonl': 'gsm8k/test', 'run1/math/test.jsonl.gz': 'math/test'}
        >>> dataset_names(["out/train-00000-of-00002.parquet", "out/train-00001-of-00002.parquet"])
        {'out/train-00000-of-00002.parquet': None, 'out/train-00001-of-00002.parquet': None}
    """
    called = list(dict.fromkeys(STDIN_NAME if name == STDIN else name for name in inputs))
    if dataset is not None or len(inputs) < 2:
        return dict.fromkeys(called, dataset)
    paths = _apart(called)
    names = dict(zip(called, map(_plain, paths), strict=True))
    whole = [name for path, name in zip(paths, names.values(), strict=True) if not _is_piece(path)]
    shared = {name for name in whole if list(names.values()).count(name) > 1}
    # Two whole files of one name, such as a.json and a.csv, keep their endings.
    names = {
        source: path if name in shared else name
        for path, (source, name) in zip(paths, names.items(), strict=True)
    }
    if len(set(names.values())) == 1:
        return dict.fromkeys(called)
    return dict(names)


def _apart(names: Sequence[str]) -> list[str]:
    """The paths without the folders that all of them are in."""
    parts = [PurePath(os.path.normpath(name)).parts for name in names]
    shared = 0
    while all(len(one) > shared + 1 and one[shared] == parts[0][shared] for one in parts):
        shared += 1
    return ["/".join(one[shared:]) for one in parts]


def _bare(path: str) -> str:
    while (shorter := _ENDING.sub("", path)) != path and shorter:
        path = shorter
    return path


def _is_piece(path: str) -> bool:
    return _PIECE.search(_bare(path).rpartition("/")[2]) is not None


def _plain(path: str) -> str:
    folder, _, name = _bare(path).rpartition("/")
    stem = _PIECE.sub("", name)
    return "/".join(part for part in (folder, stem) if part) or name
