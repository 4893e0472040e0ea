"""Rewards as data: dicts, JSON and TOML, and files of them.

A reward's table names its ``type`` and the parameters that differ from their defaults; parameters
that are rewards, options or judges are tables in turn. ``recipe = "NAME"`` stands for a known
recipe, with the recipe's own parameters beside it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from pyverify.options import Limits, Options
from pyverify.presets import PRESETS
from pyverify.rewards.base import Primitive, Reward, reward_kinds
from pyverify.rewards.correct import VerdictReward
from pyverify.rewards.toml import read_toml, write_toml

__all__ = [
    "ConfigError",
    "from_dict",
    "from_json",
    "from_toml",
    "load_reward",
    "to_dict",
    "to_json",
    "to_toml",
]


class ConfigError(ValueError):
    """A configuration that is no reward; the message says where and why."""


def to_dict(reward: Reward) -> dict[str, object]:
    """A reward as plain data: dicts, lists, texts, numbers and bools.

    Example:
        >>> from pyverify.rewards import Format
        >>> to_dict(2 * Format("think"))["terms"]
        [{'weight': 2.0, 'reward': {'type': 'format', 'style': 'think'}}]
    """
    table: dict[str, object] = {"type": reward.kind, **_changes(reward)}
    if isinstance(reward, Primitive) and reward.name == reward.default_name:
        table.pop("name", None)
    if isinstance(reward, VerdictReward) and reward.options is not None:
        # Beside a preset, options say what differs from it.
        table["options"] = _changes(reward.options, PRESETS[reward.preset].options)
    return table


def to_json(reward: Reward) -> str:
    """A reward as JSON text, which `from_json` reads back."""
    return json.dumps(to_dict(reward), ensure_ascii=False, indent=2)


def to_toml(reward: Reward) -> str:
    """A reward as TOML text, which `from_toml` reads back.

    Example:
        >>> from pyverify.rewards import LengthBonus
        >>> print(to_toml(LengthBonus(512)), end="")
        type = "length_bonus"
        target = 512
    """
    return write_toml(to_dict(reward))


def from_dict(table: Mapping[str, object]) -> Reward:
    """The reward that a dict describes.

    Raises:
        ConfigError: It describes none.

    Example:
        >>> from_dict({"type": "length_bonus", "target": 512})
        LengthBonus(target=512)
        >>> from_dict({"recipe": "math_boxed"}).components
        ('correctness',)
    """
    try:
        return _read_reward(table, "")
    except RecursionError:
        raise ConfigError("the tables are nested too deep") from None


def from_json(text: str) -> Reward:
    """The reward that a JSON text describes.

    Raises:
        ConfigError: It isn't JSON, or describes no reward.
    """
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"this is no JSON: {error}") from None
    return from_dict(table)


def from_toml(text: str) -> Reward:
    """The reward that a TOML text describes.

    Raises:
        ConfigError: It isn't TOML, or describes no reward; on Python 3.10, TOML can't be read
            without the package tomli.
    """
    try:
        table = read_toml(text)
    except (ValueError, ImportError, RecursionError) as error:
        raise ConfigError(str(error)) from None
    return from_dict(table)


def load_reward(source: str | os.PathLike[str]) -> Reward:
    """A reward by the name of a recipe, or from a file (``.toml``, ``.json``).

    Args:
        source: ``"format_accuracy"``, ``"rewards/mine.toml"``, …

    Raises:
        ConfigError: There is neither such a recipe nor such a file; it describes no reward, or
            names a function that isn't there.

    Example:
        >>> load_reward("format_accuracy").components
        ('format', 'correctness')
    """
    from pyverify.rewards.recipes import RECIPES, recipe

    name = os.fspath(source)
    if name in RECIPES:
        return recipe(name)
    read = {".toml": from_toml, ".json": from_json}.get(Path(name).suffix.lower())
    if read is None:
        raise ConfigError(
            f"{name!r} is neither a recipe ({', '.join(RECIPES)}) nor a .toml or .json file"
        )
    try:
        text = Path(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name!r} cannot be read: {error}") from None
    try:
        reward = read(text)
        # Better now than after the first batch: the functions that it names are there.
        for leaf in reward.leaves():
            leaf.prepare()
    except (ConfigError, ImportError, AttributeError, TypeError) as error:
        raise ConfigError(f"{name}: {error}") from None
    return reward


def _changes(value: object, usual: object = None) -> dict[str, object]:
    """The fields of a dataclass that differ from another one's, or from their defaults."""
    table: dict[str, object] = {}
    for one in dataclasses.fields(value):  # type: ignore[arg-type]  # rewards, options, judges
        own = getattr(value, one.name)
        default = _default(one) if usual is None else getattr(usual, one.name)
        if own == default:
            continue
        if isinstance(own, Limits):
            table[one.name] = _changes(own, default)
        elif one.name == "terms":
            table["terms"] = [{"weight": w, "reward": to_dict(r)} for w, r in own]
        else:
            table[one.name] = _plain(own)
    return table


def _default(one: dataclasses.Field[object]) -> object:
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return one.default


def _plain(value: object) -> object:
    if isinstance(value, Reward):
        return to_dict(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return _changes(value) if dataclasses.is_dataclass(value) else value


def _read_reward(table: object, where: str) -> Reward:
    if not isinstance(table, Mapping):
        raise ConfigError(f"{_at(where)}a table with a type is expected, not {table!r}")
    if "recipe" in table:
        return _read_recipe(table, where)
    kinds = reward_kinds()
    found = kinds.get(str(table.get("type")))
    if found is None:
        raise ConfigError(
            f'{_at(where)}type = "…" is one of {", ".join(sorted(kinds))}, '
            f"not {table.get('type')!r}"
        )
    parameters = {name: value for name, value in table.items() if name != "type"}
    known = {one.name: one for one in dataclasses.fields(found)}  # type: ignore[arg-type]  # all are
    for name in parameters:
        if name not in known:
            raise ConfigError(
                f"{_at(where)}{found.kind} has no {name!r}; it has {', '.join(known)}"
            )
    values = {
        name: _read(name, value, f"{where}.{name}" if where else name)
        for name, value in parameters.items()
    }
    if isinstance(values.get("options"), Mapping):
        usual = PRESETS.get(str(values.get("preset", known["preset"].default)))
        if usual is not None:
            values["options"] = _build(
                lambda **changes: _with_changes(usual.options, changes), values["options"], where
            )
    return _build(found, values, where or found.kind)


def _read_recipe(table: Mapping[str, object], where: str) -> Reward:
    from pyverify.rewards.recipes import recipe

    parameters = {name: value for name, value in table.items() if name != "recipe"}
    return _build(lambda **given: recipe(str(table["recipe"]), **given), parameters, where)


def _read(name: str, value: object, where: str) -> object:
    """A parameter's value: a table becomes the reward, or the judge, that it describes."""
    if name == "terms" and isinstance(value, Sequence):
        return tuple(_read_term(term, f"{where}[{i}]") for i, term in enumerate(value))
    if isinstance(value, list):
        return tuple(_read(name, one, f"{where}[{i}]") for i, one in enumerate(value))
    if not isinstance(value, Mapping) or name == "options":
        return value
    if name in ("judge", "models"):
        from pyverify.judge import Judge, JudgeModel

        return _read_value(Judge if name == "judge" else JudgeModel, value, where)
    return _read_reward(value, where)


def _read_term(term: object, where: str) -> tuple[object, Reward]:
    if not isinstance(term, Mapping) or not set(term) <= {"weight", "reward"}:
        raise ConfigError(f"{_at(where)}a term is a weight and a reward, not {term!r}")
    return term.get("weight", 1.0), _read_reward(term.get("reward"), f"{where}.reward")


def _read_value(owner: type[object], table: Mapping[str, object], where: str) -> object:
    known = {one.name for one in dataclasses.fields(owner)}  # type: ignore[arg-type]  # is one
    for name in table:
        if name not in known:
            raise ConfigError(f"{_at(where)}there is no {name!r}; known are {', '.join(known)}")
    values = {name: _read(name, one, f"{where}.{name}") for name, one in table.items()}
    return _build(owner, values, where)


def _with_changes(usual: Options, changes: Mapping[str, object]) -> Options:
    limits = changes.get("limits")
    if isinstance(limits, Mapping):
        changes = {**changes, "limits": dataclasses.replace(usual.limits, **limits)}
    return dataclasses.replace(usual, **changes)  # type: ignore[arg-type]  # Options checks them


Built = typing.TypeVar("Built")


def _build(make: Callable[..., Built], values: object, where: str) -> Built:
    try:
        return make(**values)  # type: ignore[arg-type]  # a mapping with text keys
    except ConfigError:
        raise
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{_at(where)}{error}") from None


def _at(where: str) -> str:
    return f"{where}: " if where else ""
