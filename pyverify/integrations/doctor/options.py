"""The words of a command line as options with their values, and which options there are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Option", "is_known", "nearest", "read_options"]

_NUMBER = re.compile(r"-?\.?\d")


@dataclass(frozen=True, slots=True)
class Option:
    """An option and what follows it.

    Attributes:
        name: With its dashes.
        values: The words up to the next option.
    """

    name: str
    values: tuple[str, ...]


def read_options(words: Sequence[str]) -> list[Option]:
    """Reads ``--name value value`` and ``--name=value``; words before them are left out.

    Example:
        >>> read_options(["run.py", "--a", "1", "-2", "--b=c"])
        [Option(name='--a', values=('1', '-2')), Option(name='--b', values=('c',))]
    """
    found: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("-") and not _NUMBER.match(word):
            name, equals, value = word.partition("=")
            found.append((name, [value] if equals else []))
        elif found:
            found[-1][1].append(word)
    return [Option(name, tuple(values)) for name, values in found]


def is_known(name: str, known: Sequence[str]) -> bool:
    """Whether argparse takes an option: by its name, or by a beginning that only one has."""
    return name in known or sum(one.startswith(name) for one in known) == 1


def nearest(name: str, known: Sequence[str]) -> str:
    """The options that may be meant; empty where none is near.

    Example:
        >>> nearest("--epsilon_hi", ["--epsilon", "--epsilon_high", "--beta"])
        '--epsilon_high'
    """
    near = [one for one in known if one.startswith(name)]
    return " or ".join((near or difflib.get_close_matches(name, known, n=2, cutoff=0.7))[:2])
