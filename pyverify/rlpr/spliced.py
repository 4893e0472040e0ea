"""A reference answer in the place of a response's own: what a scorer is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spliced:
    """Token ids of one sequence: prompt, what is kept of the response, reference answer.

    Attributes:
        prompt: The prompt, shared by all responses of a group.
        kept: What stands between prompt and reference: reasoning and the opening tag; empty for the
            debiasing baseline.
        reference: The reference answer; each token's probability is wanted, given all before it.
        respelled: How many tokens before the reference are not those that the response was sampled
            with, because the reference joins them to others.
    """

    prompt: Sequence[int]
    kept: Sequence[int]
    reference: Sequence[int]
    respelled: int = 0

    @property
    def context(self) -> list[int]:
        """All that the reference is conditioned on."""
        return [*self.prompt, *self.kept]
