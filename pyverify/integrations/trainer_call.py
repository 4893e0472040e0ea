"""The arguments of a trainer's call: completions, prompts and golds, whatever a data set has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import cast

from pyverify.evaluate.golds import preset_gold
from pyverify.io import Json
from pyverify.io.rows import read_gold
from pyverify.messages import is_conversation
from pyverify.presets import PRESETS
from pyverify.rewards.arguments import as_list
from pyverify.rewards.base import Reward
from pyverify.rewards.outcome import RewardBatch
from pyverify.types import AnyOf, Choice, Gold

__all__ = ["TrainerCall", "completion_list", "one_each", "read_golds"]

_LIST_OF_TEXTS = re.compile(r'\s*\[\s*"')
# What is left of \boxed, \frac, \right and \text where their backslash wasn't escaped.
_COMMANDS = re.compile(r"[\b\f\r\t]")

# What the call of a reward has beside columns and this package's own arguments.
_ARGUMENTS = frozenset(("gold", "threads"))


@dataclass(frozen=True, slots=True)
class TrainerCall:
    """The arguments of a call.

    Attributes:
        texts: Texts and conversations.
        golds: As the data set has them.
        prompts: Texts, conversations or None.
        columns: Whatever else there is, by name.
    """

    texts: Sequence[object]
    golds: Sequence[object]
    prompts: Sequence[object] | None
    columns: Mapping[str, Sequence[object]]

    @classmethod
    def read(
        cls,
        completions: object,
        golds: object,
        prompts: object,
        columns: Mapping[str, object],
    ) -> TrainerCall:
        """What can be read of the arguments; what is no text is an empty one.

        Raises:
            TypeError: One is no list, or has a name that no column can have.
            ValueError: Lengths differ.
        """
        wrong = sorted(_ARGUMENTS & set(columns))
        if wrong:
            raise TypeError(f"{wrong[0]!r} is no column of a trainer's; golds=[…] has the golds")
        given = completion_list(completions)
        asked = None if prompts is None else one_each(prompts, "prompts", len(given))
        return cls(
            [_completion(one) for one in given],
            one_each(golds, "golds", len(given)),
            None if asked is None else [_prompt(one) for one in asked],
            {name: one_each(values, name, len(given)) for name, values in columns.items()},
        )

    def part(self, rows: Sequence[int]) -> TrainerCall:
        """Some of its completions."""
        return TrainerCall(
            [self.texts[at] for at in rows],
            [self.golds[at] for at in rows],
            None if self.prompts is None else [self.prompts[at] for at in rows],
            {name: [values[at] for at in rows] for name, values in self.columns.items()},
        )

    def evaluate(self, reward: Reward, golds: list[Gold | None]) -> RewardBatch:
        """Its rewards."""
        return reward.evaluate(
            self.texts,  # type: ignore[arg-type]  # texts and conversations, by _completion
            golds=golds,
            prompts=self.prompts,  # type: ignore[arg-type]  # likewise, by _prompt
            **self.columns,  # type: ignore[arg-type]  # none is called as an argument
        )


def completion_list(completions: object) -> list[object]:
    """Completions as a list.

    Raises:
        TypeError: They are none, or a single one.
    """
    if is_conversation(completions):
        raise TypeError("completions is a single conversation: give a list of them")
    return list(as_list(completions, "completions"))


def one_each(values: object, name: str, size: int) -> list[object]:
    """A value for each completion, by place: tables have an order of their own.

    Raises:
        TypeError: It is no list.
        ValueError: There are more or fewer.
    """
    found = list(as_list(values, name))
    if len(found) != size:
        raise ValueError(f"{size} completions but {len(found)} {name}: give one each")
    return found


def _completion(value: object) -> object:
    if type(value) is str or is_conversation(value):
        return value
    return str(value) if isinstance(value, str) else ""


def _prompt(value: object) -> object:
    return value if isinstance(value, str) or is_conversation(value) else None


def read_golds(golds: Sequence[object], preset: str | None) -> list[Gold | None]:
    """Golds as `verify` takes them; those of a group are read once."""
    known: dict[str, Gold | None] = {}
    found: list[Gold | None] = []
    for gold in golds:
        if type(gold) is str:
            if gold not in known:
                known[gold] = _gold(gold, preset)
            found.append(known[gold])
        else:
            found.append(_gold(gold, preset))
    return found


def _gold(gold: object, preset: str | None) -> Gold | None:
    if isinstance(gold, (AnyOf, Choice)):
        return gold
    try:
        plain = _plain(gold)
        if not isinstance(plain, (str, Number, list, dict)):
            return None
        read = read_gold(cast(Json, plain))
        return None if read is None else cast(Gold, preset_gold(PRESETS[preset or "strict"], read))
    except Exception:  # whatever an object in a table does: it is no gold
        return None


def _plain(gold: object) -> object:
    """Arrays, tuples and lists that were written as JSON text as lists, however deep."""
    if hasattr(gold, "tolist"):
        gold = gold.tolist()
    if isinstance(gold, str):
        return _texts(gold) or gold
    if isinstance(gold, (list, tuple)):
        return [part if isinstance(part, str) else _plain(part) for part in gold]
    if isinstance(gold, dict):
        return {name: _plain(part) for name, part in gold.items()}
    return gold


def _texts(text: str) -> list[str] | None:
    """A list of texts that was written as JSON; brackets around anything else are mathematics."""
    if not _LIST_OF_TEXTS.match(text):
        return None
    for one in (text, text.replace("\\", "\\\\")):
        try:
            found = json.loads(one)
        except (ValueError, RecursionError):
            continue
        if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
            return None
        if not any(_COMMANDS.search(part) for part in found):
            return found
    return None
