"""Many sequences in rows of bounded length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from pyverify.rlpr.packing import prefixes
from pyverify.rlpr.packing.pack import Packed, pack
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import TokenLogProbs


@dataclass(frozen=True, slots=True)
class Pack:
    """A row, and which of all sequences it has.

    Attributes:
        indices: Their places among the sequences given, in the order of `packed`.
        packed: The row.
    """

    indices: tuple[int, ...]
    packed: Packed


# What a forward costs however short it is, in tokens.
_FORWARD = 256


def packs(
    sequences: Sequence[Spliced],
    max_tokens: int,
    *,
    sharing: bool = True,
    hidden_size: int | None = None,
) -> list[Pack]:
    """Packs sequences into as few tokens as rows of a length allow.

    With sharing, sequences that begin alike go together: a row ends where the next sequence has
    least in common with it, so that the fewest tokens are there twice, and of those ways the one
    with the fewest rows is taken. Without, sequences keep their order. The same sequences make the
    same rows.

    Args:
        sequences: What is asked.
        max_tokens: How many tokens a row has at most, after sharing. A sequence that is longer gets
            a row of its own.
        sharing: As for `pack`.
        hidden_size: That of a model whose attention computes what a mask hides, too. In a row of L
            tokens each costs ``L / (6 * hidden_size)`` of a token more (2 L H products of attention
            beside 12 H^2 of weights in a layer), and a forward costs as much as 256 tokens besides:
            what is least in sum is taken, instead of the fewest tokens.

    Raises:
        TypeError: Ids are no ints.
        ValueError: `max_tokens` is less than 1, an id negative, or a reference has nothing before
            it.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens must be at least 1, got {max_tokens}")
    data = [prefixes.inputs(one) for one in sequences]
    order = sorted(range(len(data)), key=data.__getitem__) if sharing else list(range(len(data)))
    lengths = [prefixes.length(data[index]) for index in order]
    common = [0] * len(order)
    if sharing:
        for at in range(1, len(order)):
            common[at] = prefixes.shared(data[order[at - 1]], data[order[at]])
    found = []
    for begin, end in _cuts(lengths, common, max_tokens, hidden_size):
        indices = tuple(sorted(order[begin:end]))
        found.append(Pack(indices, pack([sequences[one] for one in indices], sharing=sharing)))
    return found


def in_order(given: Sequence[Pack], log_probs: Sequence[torch.Tensor]) -> TokenLogProbs:
    """What was found for each row, in the order of the sequences that the rows were made of.

    Args:
        given: All rows that `packs` made.
        log_probs: Their targets' log-probabilities, ``[N]`` each.

    Raises:
        ValueError: A row's log-probabilities are missing, or not as many as its targets.
    """
    parts: dict[int, torch.Tensor] = {}
    for one, values in zip(given, log_probs, strict=True):
        if len(values) != len(one.packed.targets):
            raise ValueError(
                f"a row of {len(one.packed.targets)} targets must have as many "
                f"log-probabilities, got {len(values)}"
            )
        lengths = one.packed.cu_seqlens.diff().tolist()
        parts.update(zip(one.indices, torch.split(values, lengths), strict=True))
    ordered = [parts[index] for index in range(len(parts))]
    ends = torch.tensor([0, *map(len, ordered)]).cumsum(0)
    values = torch.cat(ordered) if ordered else torch.zeros(0)
    return TokenLogProbs(values.float(), ends.to(values.device))


def _cuts(
    lengths: Sequence[int], common: Sequence[int], most: int, hidden_size: int | None
) -> list[tuple[int, int]]:
    """Where to cut a line of sequences into rows: of all ways, one that costs least.

    Args:
        lengths: Tokens of each.
        common: What each has in common with the one before it.
        most: Tokens of a row.
        hidden_size: As for `packs`.
    """

    def cost(size: int) -> int:
        if hidden_size is None:
            return size
        return 6 * hidden_size * (size + _FORWARD) + size * size

    # best[end]: the least cost, then rows, for all before `end`, and where the last row begins.
    best = [(0, 0, 0)]
    for end in range(1, len(lengths) + 1):
        begin, size = end - 1, lengths[end - 1]
        # What the last one begins with comes along, however long it is.
        room = max(most, size)
        found = (best[begin][0] + cost(size), best[begin][1] + 1, begin)
        while begin:
            # One more at the row's beginning: the next now stands behind what they share.
            size += lengths[begin - 1] - common[begin]
            begin -= 1
            if size > room:
                break
            found = min(found, (best[begin][0] + cost(size), best[begin][1] + 1, begin))
        best.append(found)
    cuts = []
    end = len(lengths)
    while end:
        begin = best[end][2]
        cuts.append((begin, end))
        end = begin
    return cuts[::-1]
