"""Files that appear whole or not at all: written beside their own place, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
import time
import zlib
from functools import cache
from pathlib import Path
from typing import IO, Any

from pyverify.io.errors import SourceError

# The output's name, where the process is that writes it, which one it is, and what mkstemp adds.
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<place>[0-9a-f]{8})-(?P<process>[0-9]{1,10})-\w+")
# File names have an end: what is left of the output's.
_NAME_CHARACTERS = 50
_OLD_SECONDS = 7 * 24 * 3600.0


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
    prefix = f".{path.name[:_NAME_CHARACTERS]}.{_place()}-{os.getpid()}-"
    try:
        handle, name = tempfile.mkstemp(prefix=prefix, dir=path.parent)
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


def publish_first(temporary: Path, path: Path) -> None:
    """Gives a complete file its name as `publish` does, unless another has it by then.

    Raises:
        SourceError: It cannot be named so. In any case the temporary file is gone.
    """
    try:
        os.chmod(temporary, 0o666 & ~_umask())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:
            # A file system without second names: this is nearly as good.
            if not path.exists():
                os.replace(temporary, path)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path, name: str | None = None) -> None:
    """Removes temporary files that nobody will complete.

    Those are files of processes of this machine that are gone, and files from anywhere that have
    not changed for a week.

    Args:
        folder: Where to look.
        name: Of which output; None for all of them.
    """
    for path in temporaries(folder, name):
        with contextlib.suppress(OSError):
            if _is_abandoned(path):
                path.unlink()


def temporaries(folder: Path, name: str | None = None) -> list[Path]:
    """The temporary files in a folder, whoever writes them; see `sweep`."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    shown = None if name is None else name[:_NAME_CHARACTERS]
    return [
        folder / one
        for one in names
        if (found := _TEMPORARY.fullmatch(one)) and shown in (None, found["name"])
    ]


def _is_abandoned(path: Path) -> bool:
    if path.stat().st_mtime < time.time() - _OLD_SECONDS:
        return True
    found = _TEMPORARY.fullmatch(path.name)
    if found is None or found["place"] != _place():
        return False
    try:
        os.kill(int(found["process"]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return False


@cache
def _place() -> str:
    """Stands for where a process's number names it: a container, a machine until it restarts."""
    marks = [os.uname().nodename]
    with contextlib.suppress(OSError):
        marks.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
    with contextlib.suppress(OSError):
        marks.append(os.readlink("/proc/self/ns/pid"))
    return f"{zlib.crc32(repr(marks).encode()):08x}"


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
