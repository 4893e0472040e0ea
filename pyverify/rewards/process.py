"""Process rewards: a score for every step of a response, reduced to one number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pyverify.rewards.base import Bounds, Primitive
from pyverify.rewards.given import clean, dotted_name, resolve
from pyverify.rewards.samples import Samples, Values

__all__ = ["ProcessReward", "StepScorer", "split_steps"]

_REDUCTIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "min": min,
    "product": math.prod,
    "last": lambda scores: scores[-1],
    "mean": lambda scores: math.fsum(scores) / len(scores),
}


class StepScorer(Protocol):
    """What scores steps: a process reward model, or anything that checks them."""

    def __call__(
        self, steps: Sequence[Sequence[str]], prompts: Sequence[str | None]
    ) -> Sequence[Sequence[float | None]]:
        """One score from 0 to 1 for each step of each response; None where there is no opinion.

        Args:
            steps: The steps of each response.
            prompts: Its prompt, where it is known.
        """


@dataclass(frozen=True, repr=False)
class ProcessReward(Primitive):
    r"""Scores of steps, reduced to one number (Lightman et al., arXiv 2305.20050).

    Formula: `reduce` of the steps' scores, each in [0, 1]: ``min``, ``product``, ``last`` or
    ``mean``. Range: [0, 1]. Steps without an opinion (None) are left out; a response without any
    opinion abstains.

    Attributes:
        scorer: A `StepScorer`, or where it is: ``"package.module:name"``;
            ``"pyverify.rewards.checks:arithmetic"`` checks the arithmetic that a step states. ""
            takes the scores from the call's ``step_scores``, a list of numbers per completion.
        reduce: How scores become one.
        separator: What stands between two steps.

    Raises:
        ValueError: There is no such reduction.
        TypeError: The scorer isn't at the top of a module.

    Example:
        >>> ProcessReward(reduce="product")(["…", "…"], step_scores=[[0.5, 0.5], []])
        [0.25, None]
        >>> checked = ProcessReward("pyverify.rewards.checks:arithmetic")
        >>> checked(["2+2=4, so\n\n3*4=12", "First 2+2=5.", "Well."])
        [1.0, 0.0, None]
    """

    scorer: str = ""
    reduce: Literal["min", "product", "last", "mean"] = "min"
    separator: str = "\n\n"

    kind = "process"
    whole = True

    def __init__(
        self,
        scorer: str | StepScorer = "",
        reduce: Literal["min", "product", "last", "mean"] = "min",
        separator: str = "\n\n",
        *,
        name: str = "",
    ) -> None:
        object.__setattr__(self, "scorer", scorer if scorer == "" else dotted_name(scorer))
        object.__setattr__(self, "reduce", reduce)
        object.__setattr__(self, "separator", separator)
        object.__setattr__(self, "name", name)
        super().__post_init__()
        if reduce not in _REDUCTIONS:
            raise ValueError(f"reduce is one of {', '.join(_REDUCTIONS)}, not {reduce!r}")
        if not separator:
            raise ValueError("the separator must not be empty")

    @property
    def needs(self) -> tuple[str, ...]:
        """The steps' scores, unless a scorer finds them."""
        return () if self.scorer else ("step_scores",)

    @property
    def bounds(self) -> Bounds:
        """0 to 1."""
        return 0.0, 1.0

    @property
    def formula(self) -> str:
        """The reduction and its source."""
        return f"{self.reduce} of the steps' scores from {self.scorer or 'step_scores=…'}"

    def prepare(self) -> None:
        """Imports the scorer."""
        if self.scorer:
            resolve(self.scorer)

    def values(self, samples: Samples) -> Values:
        """The reduced scores."""
        reduction = _REDUCTIONS[self.reduce]
        values: Values = []
        for scores in self._scores(samples):
            known = [s for s in (clean(s, self.name, 0.0, 1.0) for s in scores) if s is not None]
            values.append(float(reduction(known)) if known else None)
        return values

    def _scores(self, samples: Samples) -> list[Sequence[object]]:
        if self.scorer:
            steps = [split_steps(text, self.separator) for text in samples.spoken]
            found = resolve(self.scorer)(steps, list(samples.prompts))
        else:
            found = samples.column("step_scores", self.name)
        rows: list[Sequence[object]] = []
        for scores in found:  # type: ignore[attr-defined]  # a user's function: checked here
            if scores is not None and not isinstance(scores, Sequence):
                scores = list(scores)
            rows.append(scores or ())
        if len(rows) != len(samples):
            raise ValueError(f"{self.name} has scores for {len(rows)} of {len(samples)} responses")
        return rows


def split_steps(completion: str, separator: str = "\n\n") -> list[str]:
    r"""The steps of a response: what stands between separators, the empty left out.

    Example:
        >>> split_steps("Add.\n\n\n\nTake one away.")
        ['Add.', 'Take one away.']
    """
    return [step for part in completion.split(separator) if (step := part.strip())]
