"""How sequences are laid out for one forward of a model of transformers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
from torch import nn

from pyverify.rlpr.packing import Pack, Packed, pack, packs
from pyverify.rlpr.scorers.wrappers import input_device, input_dtype
from pyverify.rlpr.spliced import Spliced

Layout: TypeAlias = Literal["tree", "flat", "padded"]
"""How sequences stand before a model.

``tree``: one row, in which shared prefixes stand once, and a mask that says what sees what.
``flat``: one row, one sequence after another, positions from 0 for each; no mask: flash attention
takes lengths, and transformers makes a mask for the others. ``padded``: a row each.
"""

# Kinds of attention whose masks are known; others see what a mask alone doesn't say.
_FULL, _SLIDING = "full_attention", "sliding_attention"


@dataclass(frozen=True, slots=True)
class Batch:
    """One forward.

    Attributes:
        arguments: What the model is called with.
        rows: Rows of the input.
        columns: Its columns.
        places: Where outputs are wanted, counted through all rows, int64, ``[M]``.
        packed: The sequences; what its `answers` names is predicted by `places`, one by one.
    """

    arguments: dict[str, object]
    rows: int
    columns: int
    places: torch.Tensor
    packed: Packed


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts of a model.

    Attributes:
        model: What is called.
    """

    model: nn.Module

    def candidates(self) -> tuple[Layout, ...]:
        """What the model's configuration lets one expect, the cheapest first."""
        attention, takes_positions = self._attention(), "position_ids" in self._parameters()
        # Virtual tokens before the prompt are in no mask that is made here.
        adapter = getattr(self.model, "active_peft_config", None)
        if (
            not takes_positions
            or attention is None
            or getattr(adapter, "is_prompt_learning", False)
        ):
            return ("padded",)
        if "flash" in attention:
            return ("flat", "padded")
        if attention not in ("eager", "sdpa", "flex_attention") or self._windows() is None:
            return ("padded",)
        return ("tree", "flat", "padded")

    def split(self, sequences: Sequence[Spliced], layout: Layout, max_tokens: int) -> list[Pack]:
        """Sequences for as many forwards as a budget of tokens asks for."""
        if layout != "padded":
            # These compute all that a mask hides.
            dense = self._attention() in ("eager", "sdpa")
            size: int | None = getattr(self._config(), "hidden_size", None) if dense else None
            return packs(sequences, max_tokens, sharing=layout == "tree", hidden_size=size)
        # What is of one length needs no padding.
        lengths = [len(one.context) + len(one.reference) for one in sequences]
        order = sorted(range(len(lengths)), key=lengths.__getitem__)
        found: list[list[int]] = []
        for index in order:
            if not found or (len(found[-1]) + 1) * lengths[index] > max_tokens:
                found.append([])
            found[-1].append(index)
        return [
            Pack(tuple(some), pack([sequences[one] for one in some], sharing=False))
            for some in found
        ]

    def batch(self, packed: Packed, layout: Layout) -> Batch:
        """A row as a model takes it."""
        device = input_device(self.model)
        places, _ = packed.answers()
        arguments: dict[str, object]
        if layout == "padded":
            ids, mask, where = _padded(packed)
            arguments = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
            batch = Batch(arguments, len(ids), ids.shape[1], where[places], packed)
        else:
            moved = packed.to(device)
            arguments = {"input_ids": moved.input_ids, "position_ids": moved.position_ids}
            if layout == "tree":
                arguments["attention_mask"] = self._mask(moved)
            batch = Batch(arguments, 1, len(packed), places, packed)
        if "use_cache" in self._parameters():
            arguments["use_cache"] = False
        return batch

    def _mask(self, packed: Packed) -> object:
        """What sees what: one mask, or one by the name of each kind of layer."""
        windows = self._windows() or {_FULL: None}
        masks = {kind: self._mask_of(packed, window) for kind, window in windows.items()}
        return masks if len(masks) > 1 else next(iter(masks.values()))

    def _mask_of(self, packed: Packed, window: int | None) -> object:
        attention = self._attention()
        if attention == "flex_attention":
            return packed.block_mask(window)
        if attention == "sdpa":
            return packed.mask(window)
        return packed.additive(input_dtype(self.model), window)

    def _windows(self) -> dict[str, int | None] | None:
        """How far each kind of attention layer sees; None where there's a kind that isn't known."""
        config = self._config()
        window: int | None = getattr(config, "sliding_window", None)
        if not getattr(config, "use_sliding_window", True):
            window = None
        kinds = getattr(config, "layer_types", None)
        # GPT-Neo counts the windows of its local layers in places, whatever the mask.
        if kinds is None and "local" in (getattr(config, "attention_layers", None) or ()):
            return None
        if kinds is None:
            return {_FULL if window is None else _SLIDING: window}
        known = {_FULL: None, **({} if window is None else {_SLIDING: window})}
        found = sorted(set(kinds))
        return {kind: known[kind] for kind in found} if set(found) <= set(known) else None

    def _attention(self) -> str | None:
        found = getattr(self._config(), "_attn_implementation", None)
        return found if isinstance(found, str) else None

    def _config(self) -> object:
        return text_config(self.model)

    def _parameters(self) -> frozenset[str]:
        return frozenset(inspect.signature(self._base().forward).parameters)

    def _base(self) -> nn.Module:
        """The model without PEFT's wrapper, whose forward takes anything and hands it on."""
        base: Callable[[], nn.Module] | None = getattr(self.model, "get_base_model", None)
        return self.model if base is None else base()


def text_config(model: nn.Module) -> object:
    """The configuration of a model, or of the part of it that reads text."""
    config = getattr(model, "config", None)
    text = getattr(config, "get_text_config", None)
    return config if text is None else text(decoder=True)


def _padded(packed: Packed) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A row of sequences that share nothing as a row each, padded on the right.

    Returns:
        Ids and mask, ``[S, T]``, and where each place of the row is in them, ``[L]``.
    """
    positions = packed.position_ids[0]
    rows = (positions == 0).cumsum(0) - 1
    count, width = (int(rows[-1]) + 1, int(positions.max()) + 1) if len(packed) else (0, 0)
    where = rows * width + positions
    ids = torch.zeros(count * width, dtype=torch.int64)
    ids[where] = packed.input_ids[0]
    mask = torch.zeros_like(ids)
    mask[where] = 1
    return ids.view(count, width), mask.view(count, width), where
