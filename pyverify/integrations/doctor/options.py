"""The words of a command line as options with their values, and which options there are."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Option", "actions_of", "is_known", "nearest", "read_options", "refusal_of_values"]

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


def actions_of(*parsers: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """What parsers do at each of their options; the first parser that has one counts."""
    found: dict[str, argparse.Action] = {}
    for parser in parsers:
        for action in parser._actions:
            for name in action.option_strings:
                found.setdefault(name, action)
    return found


def refusal_of_values(option: Option, actions: Mapping[str, argparse.Action]) -> str | None:
    """Why a parser stops at an option's values; None where it doesn't, or has no such option.

    Example:
        >>> parser = argparse.ArgumentParser()
        >>> _ = parser.add_argument("--steps", type=int)
        >>> refusal_of_values(Option("--steps", ("ten",)), actions_of(parser))
        "argument --steps: invalid int value: 'ten'"
    """
    names = [one for one in actions if one == option.name or one.startswith(option.name)]
    name = option.name if option.name in actions else names[0] if len(names) == 1 else None
    if name is None or actions[name].dest == "help":
        return None
    alone = argparse.ArgumentParser(prog="", add_help=False, exit_on_error=False)
    alone._add_action(actions[name])
    try:
        _, over = alone.parse_known_args([name, *option.values])
    except argparse.ArgumentError as problem:
        return str(problem)
    return f"argument {name}: it doesn't take {' '.join(over)}" if over else None


def is_known(name: str, known: Iterable[str]) -> bool:
    """Whether argparse takes an option: by its name, or by a beginning that only one has."""
    return name in known or sum(one.startswith(name) for one in known) == 1


def nearest(name: str, known: Iterable[str]) -> str:
    """The options that may be meant; empty where none is near.

    Example:
        >>> nearest("--epsilon_hi", ["--epsilon", "--epsilon_high", "--beta"])
        '--epsilon_high'
    """
    near = [one for one in known if one.startswith(name)]
    near = near or difflib.get_close_matches(name, list(known), n=2, cutoff=0.7)
    return " or ".join(near[:2])
