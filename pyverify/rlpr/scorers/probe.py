"""What a model takes, found out by two short sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, cycle, islice
from typing import Literal

import torch
from torch import nn

from pyverify.rlpr.packing import pack
from pyverify.rlpr.scorers.forward import answers
from pyverify.rlpr.scorers.heads import Scaling, product, readable, scaling_of
from pyverify.rlpr.scorers.layouts import Layout, Layouts, text_config
from pyverify.rlpr.spliced import Spliced

# Tokens that both begin with, and that each goes on with.
_SHARED, _OWN = 4, 6

# How far logits may be off, of how far they are spread. Sequences that see each other, or count
# positions otherwise, are off by as much as they are spread.
_FLOAT32, _LESS = 1e-2, 1e-1


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found.

    Attributes:
        layout: The cheapest that gives the numbers of plain rows.
        scaling: How the model's logits come from its last hidden states; None where that cannot be
            told, or the layer cannot be read.
    """

    layout: Layout
    scaling: Scaling | None


@dataclass(slots=True)
class _Seen:
    """What the output layer got, and in which dtype it answers."""

    made: torch.Tensor | None = None
    dtype: torch.dtype = torch.float32

    def take(self, layer: nn.Module, hidden: torch.Tensor) -> bool:
        kind = hidden.device.type
        self.dtype = (
            torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else hidden.dtype
        )
        if readable(layer, hidden):
            self.made = product(layer, hidden)
        return False


def probe(
    layouts: Layouts,
    layer: nn.Module | None,
    sequences: Sequence[Spliced],
    wanted: Layout | Literal["auto"],
) -> Probed:
    """Tries layouts, and looks at how logits are made.

    Args:
        layouts: Those of the model.
        layer: Its output layer, if it has one.
        sequences: Whose tokens to use.
        wanted: The layout, or "auto" for the cheapest.

    Raises:
        ValueError: The layout that is wanted isn't one of this model's.
    """
    short, seen = _short(sequences), _Seen()
    plain = layouts.batch(pack(short, sharing=False), "padded")
    own = answers(layouts.model, layer, plain, seen.take)
    scaling = None
    if seen.made is not None:
        scaling = scaling_of(text_config(layouts.model), seen.made, own, seen.dtype)
    expected = own[plain.packed.answers()[1].to(own.device)].float()
    limit = _FLOAT32 if torch.finfo(seen.dtype).bits >= 32 else _LESS
    limit *= float((expected - expected.mean(1, keepdim=True)).abs().max())
    for layout in layouts.candidates():
        if wanted not in ("auto", layout):
            continue
        if layout == "padded":
            return Probed(layout, scaling)
        found = _logits(layouts, layer, short, layout)
        if found is not None and float((found.to(expected) - expected).abs().max()) <= limit:
            return Probed(layout, scaling)
    raise ValueError(f'sharing="{wanted}" isn\'t for this model: pass sharing="auto"')


def _logits(
    layouts: Layouts, layer: nn.Module | None, short: Sequence[Spliced], layout: Layout
) -> torch.Tensor | None:
    """The logits of each token asked about, ``[N, V]``; None if the model cannot be called so."""
    batch = layouts.batch(pack(short, sharing=layout == "tree"), layout)
    try:
        found = answers(layouts.model, layer, batch, lambda layer, hidden: False)
    except torch.OutOfMemoryError:
        raise
    except (AttributeError, IndexError, NotImplementedError, RuntimeError, TypeError, ValueError):
        # Models refuse masks and positions each in a way of its own.
        return None
    return found[batch.packed.answers()[1].to(found.device)]


def _short(sequences: Sequence[Spliced]) -> list[Spliced]:
    """Two sequences that begin alike, of tokens that are surely the model's."""
    tokens = chain.from_iterable((*one.prompt, *one.kept, *one.reference) for one in sequences)
    # A second one in any case, or both would be the same, and no mask would show.
    pool = list(dict.fromkeys(chain(islice(tokens, 1024), (0, 1))))[: _SHARED + _OWN]
    shared = list(islice(cycle(pool), _SHARED))
    return [
        Spliced(shared[:1], shared[1:], list(islice(cycle(own), _OWN)))
        for own in (pool, pool[::-1])
    ]
