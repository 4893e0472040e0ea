"""Attention written out in float64: positions turned into angles, a mask, a softmax, twice over."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from pyverify.rlpr import Spliced

VOCABULARY = 11
WIDTH = 8


class Toy:
    """Two layers of one head; every parameter random, nothing else."""

    def __init__(self, window: int | None = None) -> None:
        random = torch.Generator().manual_seed(3)

        def matrix(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=random, dtype=torch.float64)

        self.window = window
        self.embedding = matrix(VOCABULARY, WIDTH)
        self.layers = [[matrix(WIDTH, WIDTH) for _ in range(4)] for _ in range(2)]
        self.head = matrix(VOCABULARY, WIDTH)

    def hidden(
        self, ids: torch.Tensor, positions: torch.Tensor, seen: torch.Tensor
    ) -> torch.Tensor:
        """Of ids ``[L]``, whose keys are seen as ``[L, L]`` says: ``[L, WIDTH]``."""
        state = self.embedding[ids]
        for query, key, value, out in self.layers:
            turned = _turn(state @ query, positions), _turn(state @ key, positions)
            scores = (turned[0] @ turned[1].T).masked_fill(~seen, float("-inf"))
            state = state + scores.softmax(1) @ (state @ value) @ out
            state = state / state.norm(dim=1, keepdim=True)
        return state

    def logits(
        self, ids: torch.Tensor, positions: torch.Tensor, seen: torch.Tensor
    ) -> torch.Tensor:
        return 4 * self.hidden(ids, positions, seen) @ self.head.T

    def alone(self, sequence: Spliced) -> torch.Tensor:
        """Log-probabilities of a reference, from its own sequence and nothing else."""
        ids = torch.tensor([*sequence.context, *sequence.reference])
        place = torch.arange(len(ids))
        seen = place <= place[:, None]
        if self.window is not None:
            seen &= place > place[:, None] - self.window
        log_probs = self.logits(ids, place, seen).log_softmax(1)
        first = len(ids) - len(sequence.reference)
        return log_probs[torch.arange(first, len(ids)) - 1, ids[first:]]


def _turn(state: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    angles = positions[:, None] * torch.tensor([1.0, 0.3, 0.1, 0.03], dtype=torch.float64)
    one, other = state.chunk(2, 1)
    return torch.cat(
        [one * angles.cos() - other * angles.sin(), one * angles.sin() + other * angles.cos()], 1
    )


def prefixes(sequences: Sequence[Spliced]) -> set[tuple[int, ...]]:
    """All beginnings that a model must have read: the nodes of the trie."""
    found = set()
    for one in sequences:
        ids = (*one.context, *one.reference)
        if len(one.reference):
            found |= {ids[:end] for end in range(1, len(ids))}
    return found
