"""Several rewards as voters. Who abstains doesn't vote, and is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pyverify.rewards.base import Bounds, Reward
from pyverify.rewards.compose import check_names
from pyverify.rewards.numbers import component_name, count, number
from pyverify.rewards.samples import Samples, Values

__all__ = ["Ensemble"]

_RULES = ("majority", "mean", "veto")


@dataclass(frozen=True, repr=False)
class Ensemble(Reward):
    r"""One reward out of several opinions.

    A member that abstains (None) has no say. With fewer opinions than `quorum` the ensemble
    abstains: it never turns silence into 0. By `rule`:

    - ``"majority"``: 1 if the members at or above `threshold` outweigh those below it, else 0; a
      tie is 0. Range: {0, 1}.
    - ``"mean"``: the weighted mean of the opinions.
    - ``"veto"``: 0 if any opinion is below `threshold`, else the weighted mean.

    Besides its own value it reports ``NAME_abstained``, the number of members without an opinion.

    Attributes:
        members: The rewards.
        rule: How they are joined.
        weights: One positive weight for each; () for equal ones.
        threshold: From which value on a member says yes.
        quorum: Opinions that are needed.
        name: What logs call its value.

    Raises:
        ValueError: An unknown rule, weights that don't match the members, a quorum beyond them.

    Example:
        >>> from pyverify.rewards import Correctness, Ensemble, Given
        >>> both = Ensemble((Correctness(), Given("prm")), "veto")
        >>> both([r"\boxed{4}", r"\boxed{4}"], gold="4", prm=[0.2, None])
        [0.0, 1.0]
    """

    members: tuple[Reward, ...]
    rule: Literal["majority", "mean", "veto"] = "majority"
    weights: tuple[float, ...] = ()
    threshold: float = 0.5
    quorum: int = 1
    name: str = field(default="ensemble", kw_only=True)

    kind = "ensemble"

    def __post_init__(self) -> None:
        component_name(self.name)
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "weights", tuple(number(w, "a weight") for w in self.weights))
        object.__setattr__(self, "threshold", number(self.threshold, "threshold"))
        if not self.members or not all(isinstance(member, Reward) for member in self.members):
            raise TypeError("members are one or more rewards")
        if self.rule not in _RULES:
            raise ValueError(f"a rule is one of {', '.join(_RULES)}, not {self.rule!r}")
        if self.weights and len(self.weights) != len(self.members):
            raise ValueError(f"{len(self.members)} members but {len(self.weights)} weights")
        if any(weight <= 0 for weight in self.weights):
            raise ValueError("weights must be positive")
        if count(self.quorum, "quorum") > len(self.members):
            raise ValueError(f"a quorum of {self.quorum} is more than there are members")
        check_names(self)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The members."""
        return self.members

    def named(self) -> Iterator[tuple[str, Reward]]:
        """The members' numbers, its own, and how many abstain."""
        yield from super().named()
        yield self.name, self
        yield f"{self.name}_abstained", self

    @property
    def label(self) -> str:
        """Its name."""
        return self.name

    @property
    def bounds(self) -> Bounds:
        """0 to 1 for votes; for means, the widest bounds of its members, and 0 for a veto."""
        if self.rule == "majority":
            return 0.0, 1.0
        low = min(member.bounds[0] for member in self.members)
        high = max(member.bounds[1] for member in self.members)
        return (low, high) if self.rule == "mean" else (min(low, 0.0), max(high, 0.0))

    @property
    def formula(self) -> str:
        """The rule and who votes."""
        weights = self.weights or (1.0,) * len(self.members)
        voters = [
            member.label if weight == 1 else f"{weight:g}·{member.label}"
            for weight, member in zip(weights, self.members, strict=True)
        ]
        return f"{self.rule} of {', '.join(voters)}"

    def column(self, samples: Samples, found: dict[str, Values]) -> Values:
        """The joint values."""
        weights = self.weights or (1.0,) * len(self.members)
        columns = [member.column(samples, found) for member in self.members]
        values: Values = []
        abstained: Values = []
        for row in zip(*columns, strict=True):
            votes = [(w, v) for w, v in zip(weights, row, strict=True) if v is not None]
            abstained.append(float(len(row) - len(votes)))
            values.append(self._joined(votes) if len(votes) >= self.quorum else None)
        found[self.name] = values
        found[f"{self.name}_abstained"] = abstained
        return values

    def _joined(self, votes: list[tuple[float, float]]) -> float:
        no = sum(weight for weight, value in votes if value < self.threshold)
        total = sum(weight for weight, _ in votes)
        if self.rule == "majority":
            # A tie stays one where weights cannot be written in binary: 0.1 + 0.2 against 0.3.
            return 1.0 if total - 2.0 * no > 1e-9 * total else 0.0
        if self.rule == "veto" and no:
            return 0.0
        low, high = min(v for _, v in votes), max(v for _, v in votes)
        # Rounding must not carry a mean beyond what was averaged.
        return min(high, max(low, sum(w * v for w, v in votes) / total))
