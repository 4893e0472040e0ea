"""Files that appear whole or not at all: written beside their own place, then renamed."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import IO, Any

from pyverify.io.errors import SourceError


def begin_file(target: str, path: Path) -> tuple[int, Path]:
    """Makes the temporary file of an output.

    Args:
        target: What messages call the output.
        path: Where it will be.

    Returns:
        An open descriptor, and the temporary file's path.

    Raises:
        SourceError: It cannot be made there.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise SourceError(f"cannot write {target}: {error.strerror or error}") from None
    return handle, Path(name)


def sync(file: IO[Any]) -> None:
    """Has a file's bytes brought to the disk, where that can be asked.

    Raises:
        OSError: They can't be kept: some disks say only now that they are full.
    """
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise


def publish(temporary: Path, path: Path) -> None:
    """Gives a complete file its name, and the mode that any new file would have.

    Raises:
        SourceError: It cannot be named so; then the temporary file is gone.
    """
    try:
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None


def write_text(target: str, text: str) -> None:
    """Writes a text file.

    Raises:
        SourceError: It cannot be written.
    """
    path = Path(os.path.realpath(target))
    handle, temporary = begin_file(target, path)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            sync(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SourceError(f"cannot write {target}: {error.strerror or error}") from None
    publish(temporary, path)


def _umask() -> int:
    """A temporary file is private; an output isn't, unless the user wants it so."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
