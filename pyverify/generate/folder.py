"""The folder of a run: who may write there, what was asked how, every request by its time."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from pyverify.generate.appender import Appender
from pyverify.generate.settings import Request
from pyverify.io.atomic import write_text
from pyverify.tasks import Prompt

__all__ = ["FolderError", "RunFolder", "write_json"]

SCHEMA = 1


class FolderError(Exception):
    """The folder can't be used for this run; the message says what to do."""


class RunFolder:
    """A folder that one run at a time writes to.

    Args:
        path: The folder; it is made if it isn't there.

    Raises:
        FolderError: It can't be made, or another run is at it.
    """

    def __init__(self, path: Path) -> None:
        """Makes it and locks it."""
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(path / ".lock", os.O_WRONLY | os.O_CREAT, 0o666)
            self._log = Appender(path / "requests.jsonl")
        except OSError as error:
            raise FolderError(f"cannot write to {path}: {error.strerror or error}") from None
        if not _locked(self._lock):
            self.close()
            raise FolderError(f"another run is writing to {path}; wait for it, or use another -o")

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the folder."""
        self._log.close()
        os.close(self._lock)

    def settle(self, request: Request, prompts: Mapping[str, Prompt], *, renew: bool) -> None:
        """Sees to it that all answers in the folder were asked for alike.

        Args:
            request: How this run asks.
            prompts: How it puts the problems of each task.
            renew: Take these settings, whatever the folder has so far; its answers stay in the
                files of unused ones.

        Raises:
            FolderError: The folder has answers to other settings.
        """
        path = self.path / "settings.json"
        here: dict[str, object] = {
            **request.as_json(),
            "prompts": {
                name: {"system": one.system, "user": one.user} for name, one in prompts.items()
            },
        }
        there = _read_object(path)
        if there is not None and not renew:
            differing = list(_differences(there, here))
            if differing:
                raise FolderError(
                    f"{self.path} has answers to other settings:\n  "
                    + "\n  ".join(differing)
                    + "\nname another folder with -o, or say --force-new to put those answers aside"
                )
            # Tasks of earlier runs keep their prompts.
            here["prompts"] = {**_object(there.get("prompts")), **_object(here["prompts"])}
        write_json(path, {"schema": SCHEMA, **here})

    def log(self, row: Mapping[str, object]) -> None:
        """Notes a request, with the time."""
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        self._log.append({"time": now, **row})


def write_json(path: Path, value: Mapping[str, object]) -> None:
    """Writes a file that appears whole or not at all."""
    write_text(str(path), json.dumps(value, indent=2, sort_keys=True) + "\n")


def _differences(there: Mapping[str, object], here: Mapping[str, object]) -> Iterable[str]:
    for key in ("model", "api"):
        yield from _difference(key, there.get(key), here[key])
    old, new = _object(there.get("sampling")), _object(here["sampling"])
    for key in new:
        yield from _difference(key, old.get(key), new[key])
    prompts = _object(there.get("prompts"))
    for name, prompt in _object(here["prompts"]).items():
        if name in prompts:
            yield from _difference(f"prompt of {name}", prompts[name], prompt)


def _difference(name: str, there: object, here: object) -> Iterable[str]:
    if there != here:
        yield f"{name}: {json.dumps(there)} there, {json.dumps(here)} now"


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _read_object(path: Path) -> dict[str, object] | None:
    try:
        value = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise FolderError(f"{path} cannot be read ({error}); name another folder with -o") from None
    return _object(value)


def _locked(file: int) -> bool:
    """Locks a file until it is closed; on systems without such locks nothing is guarded."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
