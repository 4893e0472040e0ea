"""The folder of a divided run: its plan, its finished parts, and how they get there whole.

A part is finished when its tally has its final name. The rows are named before it and never after,
so whatever is killed whenever leaves a part that is finished or one that is done again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import cast

from pyverify.evaluate.ledger import Ledger
from pyverify.evaluate.shards.alone import LOCK
from pyverify.evaluate.shards.manifest import Manifest
from pyverify.io import Sink, SourceError
from pyverify.io.atomic import begin_file, publish, publish_first, sweep, sync, temporaries

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
SUCCESS = "_SUCCESS"
_COPY_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class PartDone:
    """A finished part.

    Attributes:
        rows: Rows judged.
        right: Of them right.
        notes: What was wrong with rows, as far as it was kept.
        unsaid: How many more notes there were.
    """

    rows: int
    right: int
    notes: tuple[str, ...]
    unsaid: int


class Folder:
    """Where the parts of a run are.

    Args:
        path: The folder.
        manifest: The plan of the run.
    """

    def __init__(self, path: str, manifest: Manifest) -> None:
        """Touches nothing."""
        self.path = Path(path)
        self.manifest = manifest
        self._width = max(5, len(str(len(manifest.shards) - 1)))

    def rows_path(self, index: int) -> Path:
        """The verdict rows of a part."""
        return self.path / f"part-{index:0{self._width}}.jsonl"

    def tally_path(self, index: int) -> Path:
        """The counts of a part; with them it is finished."""
        return self.path / f"part-{index:0{self._width}}.tally"

    def finish(self, index: int, ledger: Ledger, done: PartDone) -> None:
        """Writes the counts of a part whose rows are complete.

        Raises:
            SourceError: They cannot be written.
        """
        rest, tallies = ledger.dump()
        rows = self.rows_path(index).stat().st_size if self.manifest.rows else None
        head = {
            "plan": self.manifest.plan,
            "part": index,
            "rows": done.rows,
            "right": done.right,
            "notes": done.notes,
            "unsaid": done.unsaid,
            "row_bytes": rows,
            "tallies": blake2b(tallies, digest_size=16).hexdigest(),
            "rest": rest,
        }
        text = json.dumps(head, sort_keys=True)
        write_whole(self.tally_path(index), text.encode() + b"\n" + tallies)

    def read(self, index: int, ledger: Ledger | None = None) -> PartDone | None:
        """A finished part, or None if it is not.

        Args:
            index: Which part.
            ledger: Where its counts are added.
        """
        try:
            data = self.tally_path(index).read_bytes()
            text, _, tallies = data.partition(b"\n")
            head = json.loads(text)
            if head["plan"] != self.manifest.plan or head["part"] != index:
                return None
            if head["tallies"] != blake2b(tallies, digest_size=16).hexdigest():
                return None
            if self.manifest.rows and self.rows_path(index).stat().st_size != head["row_bytes"]:
                return None
            done = PartDone(head["rows"], head["right"], tuple(head["notes"]), head["unsaid"])
            rest = cast("dict[str, object]", head["rest"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if ledger is not None and not ledger.merge(rest, tallies):
            return None
        return done

    def missing(self) -> int:
        """How many parts have no counts yet, going by their names alone.

        Raises:
            SourceError: The folder cannot be read.
        """
        try:
            names = set(os.listdir(self.path))
        except OSError as error:
            raise SourceError(f"cannot read {self.path}: {error.strerror or error}") from None
        parts = range(len(self.manifest.shards))
        return sum(self.tally_path(index).name not in names for index in parts)

    def copy_rows(self, sinks: Sequence[Sink]) -> None:
        """Copies the rows of all parts, in their order.

        Raises:
            SourceError: The run has no rows, or a part is not there any more.
        """
        if not sinks:
            return
        if not self.manifest.rows:
            raise SourceError(f"{self.path} holds counts alone: its run wrote no rows")
        for index in range(len(self.manifest.shards)):
            try:
                file = open(self.rows_path(index), "rb")  # noqa: SIM115
            except OSError as error:
                raise SourceError(f"cannot read {self.rows_path(index)}: {error}") from None
            with file:
                while data := b"".join(file.readlines(_COPY_BYTES)):
                    for sink in sinks:
                        sink.write_lines(data)

    def sweep(self) -> None:
        """Removes what killed processes left half-written; living ones keep theirs."""
        sweep(self.path)

    def remove(self) -> None:
        """Removes the parts and the folder, if nothing else is in it."""
        for path in [*self._own(), *temporaries(self.path)]:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _own(self) -> Iterator[Path]:
        for index in range(len(self.manifest.shards)):
            yield self.tally_path(index)
            yield self.rows_path(index)
        yield self.path / MANIFEST
        yield self.path / LOCK


def read_manifest(path: str) -> Manifest | None:
    """The plan that a folder holds, or None if there is none.

    Raises:
        SourceError: What is there is no plan.
    """
    file = Path(path) / MANIFEST
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"cannot read {file}: {error.strerror or error}") from None
    return Manifest.from_json(text, str(file))


def write_first(path: Path, data: bytes) -> None:
    """Writes a file as `write_whole` does, unless there is one: then that is left as it is.

    Raises:
        SourceError: It cannot be written.
    """
    publish_first(_begun(path, data), path)
    _sync_folder(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that appears whole or not at all, and stays when the machine goes down.

    Raises:
        SourceError: It cannot be written.
    """
    temporary = _begun(path, data)
    # What was renamed before it must not come after it.
    _sync_folder(path.parent)
    publish(temporary, path)
    _sync_folder(path.parent)


def _begun(path: Path, data: bytes) -> Path:
    """The temporary file, with everything in it."""
    handle, temporary = begin_file(str(path), path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            sync(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from None
    return temporary


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
