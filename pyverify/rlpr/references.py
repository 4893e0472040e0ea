"""Several references of one problem, and one reward."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pyverify.rlpr.splice import texts

References: TypeAlias = Literal["max", "mean"] | Sequence[float]
"""How rewards for several references become one.

``"max"``: the reference that the policy finds likeliest, after its own baseline: for other wordings
of one answer, of which a response can give but one. ``"mean"``: all alike. Weights, one for each
reference as given: their weighted mean, for wordings of unlike worth.
"""


@dataclass(frozen=True, slots=True)
class Usable:
    """The references of one problem that aren't empty.

    Attributes:
        texts: Without white space around them.
        weights: One each; None where the likeliest counts alone.
    """

    texts: tuple[str, ...]
    weights: tuple[float, ...] | None

    def combine(self, values: Sequence[float], ranks: Sequence[float]) -> float:
        """One number for all references.

        Args:
            values: One for each.
            ranks: Rewards, whose highest says which value is taken where only one counts.

        Returns:
            NaN if any of `ranks` is.
        """
        if any(math.isnan(one) for one in ranks):
            return math.nan
        if self.weights is None:
            return values[max(range(len(ranks)), key=ranks.__getitem__)]
        products = [weight * value for weight, value in zip(self.weights, values, strict=True)]
        return math.fsum(products) / math.fsum(self.weights)


def usable(references: str | Sequence[str], how: References) -> Usable:
    """The references that aren't empty, with their weights; those of weight 0 are left out.

    Raises:
        TypeError: A reference is no text.
        ValueError: There are more or fewer of them than weights.
    """
    given = [references] if isinstance(references, str) else list(references)
    if isinstance(how, str):
        weights = [1.0] * len(given)
    else:
        weights = list(how)
        if len(weights) != len(given):
            raise ValueError(
                f"references has {len(weights)} weights, but a response has {len(given)} references"
            )
    kept = [
        (found[0], weight)
        for one, weight in zip(given, weights, strict=True)
        if (found := texts([one])) and weight > 0
    ]
    return Usable(
        tuple(text for text, _ in kept),
        None if how == "max" else tuple(weight for _, weight in kept),
    )


def check(how: References) -> None:
    """Raises unless it says how rewards become one.

    Raises:
        ValueError: It doesn't.
    """
    if isinstance(how, str):
        if how not in ("max", "mean"):
            raise ValueError(f'references must be "max", "mean" or weights, got {how!r}')
    elif not all(math.isfinite(one) and one >= 0 for one in how) or not any(how):
        raise ValueError(f"references: weights must be finite, not below 0, not all 0; got {how}")
