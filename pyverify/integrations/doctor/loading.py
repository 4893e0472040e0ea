"""A user's own object, imported as trainers import it."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType

__all__ = ["LoadError", "is_async_call", "load_object", "parameters", "refusal"]

_PACKAGE = "pkg://"
_FILE = "file://"


class LoadError(Exception):
    """An object that cannot be had.

    Args:
        message: Why.
        missing: The module that isn't installed, where that is why.
    """

    def __init__(self, message: str, missing: str | None = None) -> None:
        super().__init__(message)
        self.missing = missing


def load_object(path: str, name: str) -> object:
    """Imports a module by its path, as verl does, and takes an object from it.

    What the module prints goes to standard error.

    Args:
        path: ``pkg://MODULE``, ``file://FILE`` or a file.
        name: Of the object.

    Raises:
        LoadError: There is no such file, module or object, or the module fails.
    """
    with contextlib.redirect_stdout(sys.stderr), _working_folder():
        module = _module(path)
    if not hasattr(module, name):
        has = [
            one
            for one in vars(module)
            if not one.startswith("_") and callable(getattr(module, one))
        ]
        raise LoadError(f"{path} has no {name}; it has {', '.join(has) or 'no function'}")
    found: object = getattr(module, name)
    return found


@contextlib.contextmanager
def _working_folder() -> Iterator[None]:
    # `python -m` has it on the path; the command `pyverify` hasn't.
    folder = os.getcwd()
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


def _module(path: str) -> ModuleType:
    if path.startswith(_PACKAGE):
        return _executed(
            path, lambda: importlib.import_module(path[len(_PACKAGE) :].replace("/", "."))
        )
    file = path.removeprefix(_FILE)
    if not os.path.isfile(file):
        where = "" if os.path.isabs(file) else f", seen from {os.getcwd()}"
        raise LoadError(f"there is no file {file}{where}")
    spec = importlib.util.spec_from_file_location("examined_by_the_doctor", file)
    if spec is None or spec.loader is None:
        raise LoadError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    loader = spec.loader

    def execute() -> ModuleType:
        loader.exec_module(module)
        return module

    return _executed(path, execute)


def _executed(path: str, execute: Callable[[], ModuleType]) -> ModuleType:
    try:
        return execute()
    except (Exception, SystemExit) as problem:  # it is the user's own code, which may do anything
        missing = problem.name if isinstance(problem, ModuleNotFoundError) else None
        what = f"{path} can't be imported: {type(problem).__name__}: {problem}"
        raise LoadError(what, missing) from problem


def refusal(function: object, *positional: object, **named: object) -> str | None:
    """Why a call with these arguments would fail on its signature; None if it wouldn't."""
    if not callable(function):
        return f"it is no function but a {type(function).__name__}"
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions of extension modules have none
        return None
    try:
        signature.bind(*positional, **named)
    except TypeError as problem:
        return str(problem)
    return None


def is_async_call(function: object) -> bool:
    """Whether it is an object with an async ``__call__``, which is no coroutine function."""
    call = getattr(type(function), "__call__", None)  # noqa: B004  # what it is, not whether
    return not inspect.iscoroutinefunction(function) and inspect.iscoroutinefunction(call)


def parameters(function: object) -> Mapping[str, inspect.Parameter]:
    """The parameters of a function; none where it doesn't tell."""
    try:
        return inspect.signature(function).parameters if callable(function) else {}
    except (TypeError, ValueError):
        return {}
