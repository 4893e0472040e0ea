"""Inputs seen from outside: have they changed since the run was planned?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from pyverify.io import SourceError

_END_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a file, or of a folder's files, without reading all of it.

    Attributes:
        size: Bytes.
        changed: When it was last changed, in nanoseconds.
        ends: A digest of its first and last bytes.
    """

    size: int
    changed: int
    ends: str


def stamp(name: str) -> Stamp:
    """Looks at an input.

    Raises:
        SourceError: It cannot be read.
    """
    path = Path(name)
    try:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = [file for file in files if file.is_file()]
        states = [os.stat(file) for file in files]
        digest = blake2b(digest_size=16)
        for file in files:
            digest.update(_ends(file))
    except OSError as error:
        raise SourceError(f"cannot read {name}: {error.strerror or error}") from None
    if not files:
        raise SourceError(f"{name} is no file that can be read in parts; name a file of its own")
    return Stamp(
        size=sum(state.st_size for state in states),
        changed=max(state.st_mtime_ns for state in states),
        ends=digest.hexdigest(),
    )


def _ends(file: Path) -> bytes:
    with open(file, "rb") as stream:
        first = stream.read(_END_BYTES)
        stream.seek(max(0, os.fstat(stream.fileno()).st_size - _END_BYTES))
        return first + stream.read(_END_BYTES)


def check_unchanged(name: str, planned: Stamp) -> None:
    """Looks whether an input is still what it was.

    Raises:
        SourceError: It has changed.
    """
    if stamp(name) != planned:
        raise SourceError(
            f"{name} has changed since this run was planned: its parts would not fit together; "
            "start again into another -o, or remove the parts of this one"
        )
