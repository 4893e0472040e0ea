"""What `prob_reward` is asked of: logits or hidden states, and which rows and tokens of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from pyverify.rlpr import arguments, kernels, reference
from pyverify.rlpr.kernels.arguments import readable
from pyverify.rlpr.stats import RowStats


@dataclass(frozen=True, slots=True)
class Inputs:
    """Rows, and the token that is asked of each.

    Attributes:
        matrix: Logits ``[M, V]``; hidden states ``[M, H]`` if there is a weight.
        weight: The weight of lm_head, ``[V, H]``.
        bias: Its bias, ``[V]``.
        targets: ``[N]``.
        rows: ``[N]``; None where N = M.
        temperature: What logits are divided by.
        softcap: The soft cap, done before.
        vocab_start: The token of the first column.
    """

    matrix: torch.Tensor
    weight: torch.Tensor | None
    bias: torch.Tensor | None
    targets: torch.Tensor
    rows: torch.Tensor | None
    temperature: float
    softcap: float | None
    vocab_start: int

    def __post_init__(self) -> None:
        if self.weight is None:
            arguments.matrix(self.matrix, "logits")
        else:
            arguments.linear(self.matrix, self.weight, self.bias)
        arguments.row_indices(self.rows, self.targets, self.matrix)
        arguments.scaling(self.temperature, self.softcap)

    @property
    def vocab_end(self) -> int:
        """The token after the last column's."""
        width = self.matrix.shape[1] if self.weight is None else len(self.weight)
        return self.vocab_start + width

    def suit_kernels(self) -> bool:
        """Whether Triton's kernels can run here and read them."""
        read = [one for one in (self.matrix, self.weight) if one is not None]
        return (
            self.matrix.is_cuda
            and kernels.available()
            and len({one.dtype for one in read}) == 1
            and all(readable(one) for one in read)
        )

    def stats_by_kernels(self, *, exact: bool) -> RowStats:
        """Row statistics by Triton.

        Args:
            exact: Whether logits of 16-bit hidden states stay float32.
        """
        of_hidden = partial(kernels.linear_row_stats, exact=exact)
        return self._stats(kernels.row_stats, of_hidden)

    def stats_by_torch(self) -> RowStats:
        """Row statistics by the reference."""
        return self._stats(reference.row_stats, reference.linear_row_stats)

    def _stats(
        self, of_logits: Callable[..., RowStats], of_hidden: Callable[..., RowStats]
    ) -> RowStats:
        if self.weight is None:
            return of_logits(
                self.matrix,
                self.targets,
                rows=self.rows,
                temperature=self.temperature,
                softcap=self.softcap,
                vocab_start=self.vocab_start,
            )
        return of_hidden(
            self.matrix,
            self.weight,
            self.targets,
            rows=self.rows,
            bias=self.bias,
            temperature=self.temperature,
            softcap=self.softcap,
            vocab_start=self.vocab_start,
        )


def one_matrix(
    logits: torch.Tensor | None,
    hidden: torch.Tensor | None,
    weight: torch.Tensor | None,
    bias: torch.Tensor | None,
) -> torch.Tensor:
    """Logits or hidden states, whichever are there.

    Raises:
        TypeError: Both are, or neither; or something that belongs to hidden states has none.
    """
    if (hidden is None) != (weight is None):
        raise TypeError("hidden and weight belong together: pass both or neither")
    if bias is not None and hidden is None:
        raise TypeError("bias belongs to hidden and weight: logits have it already")
    if logits is not None and hidden is None:
        return logits
    if hidden is not None and logits is None:
        return hidden
    raise TypeError("pass either logits, or hidden and weight")
