"""Graders by name."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from pyverify.graders.base import Grader, GraderError
from pyverify.graders.builtin import Exact, Pyverify
from pyverify.graders.rival import Confinement, Rival

__all__ = ["BUILT_IN", "open_graders"]

BUILT_IN = ("pyverify", "exact", "math-verify")


def open_graders(
    names: Sequence[str],
    *,
    label: str,
    pythons: Mapping[str, str],
    confinement: Confinement,
) -> list[Grader]:
    """Starts graders.

    Args:
        names: Built-in ones, ``file.py:function`` or ``package.module:function``.
        label: What pyverify itself is called in reports.
        pythons: The interpreter for a grader by its name; "" for all others.
        confinement: What a process may cost.

    Returns:
        The graders, in the order of their names; the caller closes them.

    Raises:
        GraderError: One is unknown or does not start; none is left running.
    """
    for name in names:
        _check(name)
    found: list[Grader] = []
    try:
        for name in names:
            if name == "pyverify":
                found.append(Pyverify(label))
            elif name == "exact":
                found.append(Exact())
            else:
                python = pythons.get(name) or pythons.get("") or sys.executable
                found.append(Rival(name, python, confinement))
    except BaseException:
        for grader in found:
            grader.close()
        raise
    return found


def _check(name: str) -> None:
    if name in BUILT_IN:
        return
    place, colon, function = name.rpartition(":")
    wanted = f"{', '.join(BUILT_IN)}, FILE.py:FUNCTION and PACKAGE.MODULE:FUNCTION"
    if not colon or not place or not function:
        raise GraderError(f"no grader {name!r}; there are {wanted}")
    if place.endswith(".py") and not os.path.isfile(place):
        raise GraderError(f"the grader {name!r}: no such file: {place}")
