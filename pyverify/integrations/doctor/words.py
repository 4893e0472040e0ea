"""The words behind ``python -m verl.trainer.main_ppo``: Hydra's overrides, read without Hydra."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Command", "Override", "read_value", "read_words"]

_WITH_VALUE = {
    "--config-name": "name",
    "-cn": "name",
    "--config-path": "folder",
    "-cp": "folder",
    "--config-dir": "folder",
    "-cd": "folder",
}
_SPECIAL = {"null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Override:
    """One word of the command.

    Attributes:
        word: As it is written.
        sign: Empty, ``+`` (a key that isn't there), ``++`` (either way) or ``~`` (without the key).
        key: The dotted key; for a choice of a group with its place, ``GROUP@PLACE``.
        text: What stands behind ``=``; None where nothing does.
    """

    word: str
    sign: str
    key: str
    text: str | None


@dataclass(slots=True)
class Command:
    """What the words say.

    Attributes:
        overrides: In their order.
        name: Of the configuration.
        folder: More configurations; None for verl's own alone.
        strange: Words that are no override.
    """

    overrides: list[Override] = field(default_factory=list)
    name: str = "ppo_trainer"
    folder: str | None = None
    strange: list[str] = field(default_factory=list)


def read_words(words: Sequence[str]) -> Command:
    """Reads what one gives to verl's `main_ppo`, with or without the command before it.

    Args:
        words: As a shell hands them over.

    Example:
        >>> command = read_words(["python", "-m", "verl.trainer.main_ppo", "+a.b=1", "~c"])
        >>> [(one.sign, one.key, one.text) for one in command.overrides]
        [('+', 'a.b', '1'), ('~', 'c', None)]
    """
    command = Command()
    starts = [at for at, word in enumerate(words) if "main_ppo" in word and "=" not in word]
    rest = list(words[starts[0] + 1 :] if starts else words)
    while rest:
        word = rest.pop(0)
        option, sign, value = word.partition("=")
        if option in _WITH_VALUE:
            if not sign:
                value = rest.pop(0) if rest else ""
            if _WITH_VALUE[option] == "name":
                command.name = value.removesuffix(".yaml")
            else:
                command.folder = os.path.expanduser(value)
        elif word.startswith("-"):
            command.strange.append(word)
        else:
            override = _override(word)
            if override is None:
                command.strange.append(word)
            else:
                command.overrides.append(override)
    return command


def _override(word: str) -> Override | None:
    bare = word.lstrip("+~")
    sign = word[: len(word) - len(bare)]
    key, equals, text = bare.partition("=")
    if sign not in ("", "+", "++", "~") or not key.strip() or (not equals and sign != "~"):
        return None
    return Override(word, sign, key.strip(), text if equals else None)


def read_value(text: str) -> object:
    """The value of an override: null, a truth value, a number, a list or a text.

    Example:
        >>> read_value("1e-6"), read_value("[a,b]"), read_value("'null'"), read_value("null")
        (1e-06, ['a', 'b'], 'null', None)
    """
    text = text.strip()
    if text.lower() in _SPECIAL:
        return _SPECIAL[text.lower()]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text.startswith("[") and text.endswith("]"):
        inner = text[1:-1].strip()
        return [read_value(one) for one in inner.split(",")] if inner else []
    for kind in (int, float):
        try:
            return kind(text.replace("_", ""))
        except ValueError:
            continue
    return text
