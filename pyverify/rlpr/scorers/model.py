"""Log-probabilities from a causal language model in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import torch
from torch import nn

from pyverify.rlpr.arguments import positive
from pyverify.rlpr.packing import in_order, packed_log_probs
from pyverify.rlpr.scorers.forward import answers
from pyverify.rlpr.scorers.heads import Scaling, readable
from pyverify.rlpr.scorers.layouts import Batch, Layout, Layouts
from pyverify.rlpr.scorers.probe import probe
from pyverify.rlpr.scorers.wrappers import evaluating, output_layer, unwrapped, vocabulary
from pyverify.rlpr.spliced import Spliced
from pyverify.rlpr.token_log_probs import TokenLogProbs

Sharing: TypeAlias = Literal["auto"] | Layout
"""A layout, or the cheapest that gives a model's own numbers."""


class ModelScorer:
    """Scores references with a causal language model of transformers, or one that is called alike.

    What sequences begin with in common is read once where the model's attention takes a mask of any
    form (``tree``: sdpa, eager, flex): a prompt for all of its responses and their baselines, a
    response for all of its references. Flash attention reads sequences one after another without
    padding (``flat``). What keeps a state (Mamba, linear attention), or puts positions into
    attention by itself, gets a row for each sequence (``padded``).

    The first call tries that on two short sequences: a layout whose logits differ from those of
    plain rows is not taken. Windows are longer than that, and known from the configuration: with
    layers of a kind that isn't known, rows are padded.

    Only answers go through the last layer. Where that is a plain matrix, log-probabilities come
    from its input and its weight, in float32 at least: 16-bit logits are off by 2e-2 in a
    probability. How the model scales and caps its logits is compared with its own in the first
    call. Where it doesn't agree, or the layer is quantised, adapted or offloaded, the model's own
    logits count.

    The model may be wrapped (PEFT, DDP, DeepSpeed, accelerate, `torch.compile`), on several
    devices, in any mode: it is evaluated without gradients and left as it was. Threads that score
    with one model take turns; nothing else may use it meanwhile. Under FSDP and
    ZeRO-3 each forward gathers weights, and all ranks must make equally many: where they may not,
    gather once around the call. Adapters count as they are: for the initial policy, score inside
    ``with model.disable_adapter():``. Rotary frequencies that change with the length of the input
    follow the longest sequence of a row, as in any batch.

    Attributes:
        model: The model as it was given.
        max_tokens: Tokens of one forward, after sharing; the only bound on memory. A forward holds
            what the model holds for as many, a mask of ``max_tokens ** 2`` bytes (two or four times
            that with eager attention), and in 16 bits the logits of its answers, if they are
            wanted. A longer sequence gets a forward of its own.
        sharing: How sequences are laid out; "auto" until it is known.
        temperature: What logits are divided by.
        exact: Whether log-probabilities come from unrounded logits where that can be had.

    Raises:
        ValueError: A number is not positive, or there is no such layout.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        max_tokens: int = 8192,
        sharing: Sharing = "auto",
        temperature: float = 1.0,
        exact: bool = True,
    ) -> None:
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens}")
        if sharing != "auto" and sharing not in get_args(Layout):
            names = ", ".join(("auto", *get_args(Layout)))
            raise ValueError(f"sharing must be one of {names}; got {sharing!r}")
        positive(temperature, "temperature")
        self.model = model
        self.max_tokens = max_tokens
        self.sharing = sharing
        self.temperature = temperature
        self.exact = exact
        self._scaling: Scaling | None = None
        self._known = False

    @property
    def reads_hidden_states(self) -> bool:
        """Whether log-probabilities come from hidden states, as the first call found out."""
        return self._scaling is not None

    def __call__(self, sequences: Sequence[Spliced]) -> TokenLogProbs:
        """Log-probabilities of each sequence's reference tokens, in order.

        Returns:
            Float32, on the CPU.

        Raises:
            TypeError: Ids are no ints.
            ValueError: An id is not of the vocabulary, a reference has nothing before it, or the
                model cannot be called in the layout that was asked for.
        """
        asked = [one for one in sequences if len(one.reference)]
        with evaluating(self.model):
            model = unwrapped(self.model)
            layouts, layer = Layouts(model), output_layer(model)
            _check(asked, vocabulary(model))
            if asked and not self._known:
                found = probe(layouts, layer, asked, self.sharing)
                self.sharing, self._scaling = found.layout, found.scaling if self.exact else None
                self._known = True
            layout: Layout = "padded" if self.sharing == "auto" else self.sharing
            rows = layouts.split(sequences, layout, self.max_tokens)
            values = [
                self._log_probs(model, layer, layouts.batch(one.packed, layout))
                if len(one.packed)
                else torch.zeros(0)
                for one in rows
            ]
        return in_order(rows, [one.cpu() for one in values])

    def _log_probs(self, model: nn.Module, layer: nn.Module | None, batch: Batch) -> torch.Tensor:
        """Log-probabilities of a row's targets, ``[N]``."""
        found: list[torch.Tensor] = []

        def take(layer: nn.Module, hidden: torch.Tensor) -> bool:
            if self._scaling is None or not readable(layer, hidden):
                return False
            found.append(self._scaling.log_probs(batch.packed, layer, hidden, self.temperature))
            return True

        logits = answers(model, layer, batch, take)
        if found:
            return found[0]
        return packed_log_probs(batch.packed, logits=logits, temperature=self.temperature).log_probs


def _check(sequences: Sequence[Spliced], count: int | None) -> None:
    """Raises unless a model has all tokens: on a GPU, others would end the process."""
    parts = [part for one in sequences for part in (one.prompt, one.kept, one.reference)]
    highest = max((max(part) for part in parts if len(part)), default=0)
    if count is not None and highest >= count:
        raise ValueError(
            f"token ids must be below {count}, the model's vocabulary, got {highest}: "
            "is the tokenizer this model's?"
        )
