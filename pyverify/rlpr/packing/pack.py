"""One row of tokens in which shared prefixes stand once: a trie, written down in preorder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from pyverify.rlpr.packing import prefixes
from pyverify.rlpr.spliced import Spliced

if TYPE_CHECKING:
    from torch.nn.attention.flex_attention import BlockMask

MaskMod = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""What `torch.nn.attention.flex_attention.create_block_mask` takes: batch, head, query, key."""


@dataclass(frozen=True, slots=True)
class Packed:
    """S sequences in one row of L tokens, and the N of their tokens that are asked about.

    Position j is seen from i if it is i or stands before it in the same sequence. In preorder that
    is ``j <= i < exits[j]``: nothing else is needed for a mask, and sequences that share nothing
    don't see each other.

    The last token of a sequence predicts nothing and isn't there, unless another goes on from it.

    Attributes:
        input_ids: Int64, ``[1, L]``.
        position_ids: Where each token stands in its own sequence, from 0, int64, ``[1, L]``.
        exits: The first place after all that sees a token, int64, ``[L]``.
        rows: The place whose output predicts each token asked about, int64, ``[N]``. Sequences may
            have it in common.
        targets: The tokens asked about, int64, ``[N]``, in the order of the sequences.
        cu_seqlens: Which of them are whose, int64, ``[S + 1]``, from 0 to N.
    """

    input_ids: torch.Tensor
    position_ids: torch.Tensor
    exits: torch.Tensor
    rows: torch.Tensor
    targets: torch.Tensor
    cu_seqlens: torch.Tensor

    def __len__(self) -> int:
        return len(self.exits)

    def to(self, device: torch.device | str) -> Packed:
        """The same on a device."""
        return Packed(
            self.input_ids.to(device),
            self.position_ids.to(device),
            self.exits.to(device),
            self.rows.to(device),
            self.targets.to(device),
            self.cu_seqlens.to(device),
        )

    def answers(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The places whose outputs are wanted, each once, and which of them predicts each target.

        The first is what ``logits_to_keep`` of transformers takes, int64, ``[M]``, going up; the
        second what `packed_log_probs` does the rest with, int64, ``[N]``.
        """
        places, which = torch.unique(self.rows, return_inverse=True)
        return places, which

    def mask(self, window: int | None = None) -> torch.Tensor:
        """Which places see which, bool, ``[1, 1, L, L]``: queries down, keys across.

        Args:
            window: How many tokens of its own sequence each sees, itself included; None for all.

        Raises:
            ValueError: The window is less than 1.
        """
        place = torch.arange(len(self), device=self.exits.device)
        return self.mask_mod(window)(place, place, place[:, None], place)[None, None]

    def additive(self, dtype: torch.dtype, window: int | None = None) -> torch.Tensor:
        """The same to be added to attention scores: 0, or the lowest number of a dtype.

        Raises:
            ValueError: The window is less than 1.
        """
        lowest = torch.finfo(dtype).min
        seen = self.mask(window)
        return torch.zeros_like(seen, dtype=dtype).masked_fill(~seen, lowest)

    def mask_mod(self, window: int | None = None) -> MaskMod:
        """The same as a function of places.

        Raises:
            ValueError: The window is less than 1.
        """
        if window is not None and window < 1:
            raise ValueError(f"window must be at least 1, got {window}")
        exits, positions = self.exits, self.position_ids[0]

        def seen(
            batch: torch.Tensor, head: torch.Tensor, query: torch.Tensor, key: torch.Tensor
        ) -> torch.Tensor:
            found = (key <= query) & (query < exits[key])
            if window is not None:
                found = found & (positions[query] - positions[key] < window)
            return found

        return seen

    def block_mask(self, window: int | None = None) -> BlockMask:
        """The same for flex attention, which skips blocks that see nothing.

        Raises:
            ValueError: The window is less than 1.
        """
        from torch.nn.attention.flex_attention import create_block_mask

        size = len(self)
        return create_block_mask(
            self.mask_mod(window), None, None, size, size, device=self.exits.device
        )


def pack(sequences: Sequence[Spliced], *, sharing: bool = True) -> Packed:
    """Packs sequences into one row.

    A trainer's response is a sequence, too: ``Spliced(prompt, (), response)`` asks about all of its
    tokens, and the references spliced into it are branches of it.

    Args:
        sequences: What is asked; an empty reference takes no place.
        sharing: Whether what sequences begin with in common stands once. Otherwise they stand one
            after another in their order, as flash attention's variable lengths want them: there
            positions begin at 0 again with each.

    Raises:
        TypeError: Ids are no ints.
        ValueError: One is negative, or a reference has nothing before it.

    >>> packed = pack([Spliced([5, 6], [7], [8, 9]), Spliced([5, 6], [], [8])])
    >>> packed.input_ids.tolist(), packed.position_ids.tolist()
    ([[5, 6, 7, 8]], [[0, 1, 2, 3]])
    >>> packed.rows.tolist(), packed.targets.tolist(), packed.cu_seqlens.tolist()
    ([2, 3, 1], [8, 9, 8], [0, 2, 3])
    """
    data = [prefixes.inputs(one) for one in sequences]
    order = sorted(range(len(data)), key=data.__getitem__) if sharing else range(len(data))
    row = _Row()
    rows: list[Sequence[int]] = [()] * len(data)
    before = b""
    for index in order:
        keep = prefixes.shared(before, data[index]) if sharing else 0
        if not data[index]:
            continue
        row.add(prefixes.tokens(data[index]), keep)
        before = data[index]
        rows[index] = row.path[-len(sequences[index].reference) :]
    row.leave(0)
    lengths = [len(one.reference) for one in sequences]
    return Packed(
        input_ids=torch.tensor([row.ids], dtype=torch.int64),
        position_ids=torch.tensor([row.positions], dtype=torch.int64),
        exits=torch.tensor(row.exits, dtype=torch.int64),
        rows=_flat(rows),
        targets=_flat([one.reference for one in sequences]),
        cu_seqlens=torch.tensor([0, *lengths], dtype=torch.int64).cumsum(0),
    )


class _Row:
    """The row as it grows."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.positions: list[int] = []
        self.exits: list[int] = []
        # Where the tokens of the sequence that was added last stand.
        self.path: list[int] = []

    def add(self, tokens: Sequence[int], keep: int) -> None:
        """Adds a sequence that has its first `keep` tokens in common with the last."""
        self.leave(keep)
        begin, count = len(self.ids), len(tokens) - keep
        self.ids += tokens[keep:]
        self.positions += range(keep, len(tokens))
        self.exits += [0] * count
        self.path += range(begin, begin + count)

    def leave(self, keep: int) -> None:
        """Nothing more will see the last sequence's tokens behind its first `keep`."""
        for place in self.path[keep:]:
            self.exits[place] = len(self.ids)
        del self.path[keep:]


def _flat(parts: Sequence[Sequence[int]]) -> torch.Tensor:
    return torch.tensor([one for part in parts for one in part], dtype=torch.int64)
