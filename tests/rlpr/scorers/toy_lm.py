"""A causal language model of one layer, with what models of transformers are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace

import torch
from torch import nn

from pyverify.rlpr import Spliced

VOCABULARY, WIDTH = 13, 16


class ToyLM(nn.Module):
    """Embeddings of tokens and positions, one head of attention, dropout, logits.

    Args:
        attention: What the configuration calls its attention.
        blind: Whether it takes no notice of masks with four dimensions.
        config: More of the configuration.
    """

    def __init__(self, attention: str = "eager", *, blind: bool = False, **config: object) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.config = SimpleNamespace(_attn_implementation=attention, **config)
        self.blind = blind
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(64, WIDTH)
        self.queries = nn.Linear(WIDTH, WIDTH)
        self.dropout = nn.Dropout(0.5)
        self.lm_head = nn.Linear(WIDTH, VOCABULARY)
        self.factor = 1.0
        self.calls: list[torch.Size] = []

    def get_input_embeddings(self) -> nn.Module:
        return self.tokens

    def get_output_embeddings(self) -> nn.Module | None:
        return self.lm_head

    def forward(
        self,
        input_ids: torch.Tensor,
        position_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        use_cache: bool = True,
    ) -> SimpleNamespace:
        self.calls.append(input_ids.shape)
        assert not use_cache
        assert not torch.is_grad_enabled()
        columns = input_ids.shape[1]
        place = torch.arange(columns)
        causal = place <= place[:, None]
        if position_ids is None:
            position_ids = place[None]
        elif attention_mask is None:
            # As transformers does: where positions begin again, another sequence does.
            own = (position_ids[0].diff(prepend=position_ids[0, :1] - 1) != 1).cumsum(0)
            causal = causal & (own == own[:, None])
        added = torch.zeros(1, 1, columns, columns).masked_fill(~causal, -1e30)
        if attention_mask is not None and attention_mask.dim() == 4 and not self.blind:
            added = attention_mask
        state = self.dropout(self.tokens(input_ids) + self.positions(position_ids))
        scores = self.queries(state) @ state.mT + added[:, 0].to(state.dtype)
        mixed = state + scores.softmax(-1) @ state
        return SimpleNamespace(logits=self.lm_head(mixed) * self.factor)

    def alone(self, sequence: Spliced) -> torch.Tensor:
        """Log-probabilities of a reference, from its own sequence and nothing else."""
        ids = torch.tensor([[*sequence.context, *sequence.reference]])
        with torch.no_grad(), in_mode(self, training=False):
            log_probs = self(ids, use_cache=False).logits[0].double().log_softmax(1)
        self.calls.clear()
        first = ids.shape[1] - len(sequence.reference)
        return log_probs[torch.arange(first, ids.shape[1]) - 1, ids[0, first:]]


@contextmanager
def in_mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    before = model.training
    model.train(training)
    yield
    model.train(before)


def alone(model: ToyLM, sequences: Sequence[Spliced]) -> torch.Tensor:
    return torch.cat([model.alone(one) for one in sequences]).float()
