"""r', the reward of a reference without any reasoning: what is known of it, and how long."""

from __future__ import annotations

import hashlib
import json
import math
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from pyverify.io.atomic import write_text
from pyverify.rlpr.aggregate import Aggregation
from pyverify.rlpr.splice import BaselineForm
from pyverify.rlpr.spliced import Spliced

BaselinePolicy: TypeAlias = Literal["initial", "current"]
"""Whose r': the policy's when a prompt was first seen, or the policy's now."""


class Baseline:
    """What r' is taken from, and those that are known already.

    What a reference's wording is worth by itself is not the reasoning's merit
    (https://arxiv.org/abs/2506.18254). RLPR's code asks the initial policy about the whole training
    set before the first step, and subtracts the same numbers all along. So does
    ``Baseline("initial")``, if `ProbabilityReward.prepare` gets all prompts before training. A
    prompt that it didn't get is scored by the policy at its first visit, which `misses` counts.

    Numbers are kept by a digest of the token ids asked about and of the aggregation, the oldest
    dropped beyond `capacity`. NaN isn't kept.

    Attributes:
        policy: "initial" keeps numbers; "current" asks every time.
        form: What stands between prompt and reference.
        capacity: How many numbers are kept, at about 200 bytes each.
        hits: How many were known.
        misses: How many were not.
        dropped: How many made place for others: they will be another policy's when they come back.
    """

    def __init__(
        self,
        policy: BaselinePolicy = "initial",
        *,
        form: BaselineForm = "bare",
        capacity: int = 1 << 20,
    ) -> None:
        if policy not in ("initial", "current"):
            raise ValueError(f'policy must be "initial" or "current", got {policy!r}')
        if form not in ("bare", "template"):
            raise ValueError(f'form must be "bare" or "template", got {form!r}')
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, got {capacity}")
        self.policy = policy
        self.form = form
        self.capacity = capacity
        self.hits = 0
        self.misses = 0
        self.dropped = 0
        self._known: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: str) -> float | None:
        """What is known under a key; None if nothing."""
        value = self._known.get(key)
        if value is None:
            self.misses += 1
        else:
            self.hits += 1
        return value

    def put(self, key: str, value: float) -> None:
        """Keeps a number unless the current policy's are wanted, or it is NaN."""
        if self.policy == "current" or math.isnan(value):
            return
        self._known[key] = value
        while len(self._known) > self.capacity:
            self._known.popitem(last=False)
            self.dropped += 1

    def state_dict(self) -> dict[str, object]:
        """All numbers, for a checkpoint: nothing that JSON doesn't have."""
        return {"policy": self.policy, "form": self.form, "values": dict(self._known)}

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Takes the place of all numbers.

        Raises:
            ValueError: The state is none, or of another policy or form.
        """
        for name in ("policy", "form"):
            if state.get(name) != getattr(self, name):
                raise ValueError(
                    f"state is of a baseline with {name}={state.get(name)!r}, "
                    f"this one has {getattr(self, name)!r}"
                )
        values = state.get("values")
        if not isinstance(values, Mapping) or not all(
            isinstance(value, float) for value in values.values()
        ):
            raise ValueError("state has no values: it must come from state_dict()")
        self._known.clear()
        for key, value in values.items():
            self.put(key, value)

    def save(self, path: str | Path) -> None:
        """Writes all numbers as JSON, to a file that appears whole or not at all.

        Raises:
            SourceError: It cannot be written.
        """
        write_text(str(path), json.dumps(self.state_dict()))

    def load(self, path: str | Path) -> None:
        """Reads what `save` wrote.

        Raises:
            ValueError: The file has something else in it.
        """
        state = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(state, dict):
            raise ValueError(f"{path} is no saved baseline")
        self.load_state_dict(state)


def baseline_key(sequence: Spliced, aggregation: Aggregation) -> str:
    """What a baseline is kept by: a digest of all that its value depends on but the policy."""
    digest = hashlib.blake2b(aggregation.encode(), digest_size=16)
    for ids in (sequence.context, sequence.reference):
        numbers = array("q", ids)
        digest.update(len(numbers).to_bytes(8, "little"))
        digest.update(numbers.tobytes())
    return digest.hexdigest()
