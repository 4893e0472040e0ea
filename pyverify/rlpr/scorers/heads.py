"""The last layer of a model: whether its weight can be read, and what becomes of its logits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

import torch
from torch import nn

from pyverify.rlpr.packing import Packed, packed_log_probs

# Factors on logits by the names that models have for them, Cohere's, Granite's and Falcon's.
_SCALES = ("logit_scale", "logits_scaling", "lm_head_multiplier")

# Rows that are compared with a model's own logits, and columns of them made at a time.
_COMPARED, _COLUMNS = 8, 16384


@dataclass(frozen=True, slots=True)
class Scaling:
    """What a model makes of ``hidden @ weight.T + bias``: factor first, cap second.

    Attributes:
        factor: What logits are multiplied by.
        softcap: The cap of Gemma's final logits, or None.
    """

    factor: float = 1.0
    softcap: float | None = None

    def __call__(self, logits: torch.Tensor) -> torch.Tensor:
        """Logits as the model returns them."""
        scaled = logits * self.factor
        return scaled if self.softcap is None else self.softcap * (scaled / self.softcap).tanh()

    def log_probs(
        self, packed: Packed, layer: nn.Linear, hidden: torch.Tensor, temperature: float
    ) -> torch.Tensor:
        """Log-probabilities of a row's targets, ``[N]``, whose logits are not rounded.

        Args:
            packed: The row.
            layer: The output layer.
            hidden: What it got for each of ``packed.answers()``, ``[M, H]``.
            temperature: What logits are divided by.
        """
        # Both cap and temperature are of scaled logits.
        softcap = None if self.softcap is None else self.softcap / self.factor
        return packed_log_probs(
            packed,
            hidden=hidden.to(layer.weight.dtype),
            weight=layer.weight,
            bias=layer.bias,
            temperature=temperature / self.factor,
            softcap=softcap,
        ).log_probs


def readable(layer: nn.Module, hidden: torch.Tensor) -> TypeGuard[nn.Linear]:
    """Whether a layer is a matrix that is here: not quantised, adapted, sharded or offloaded."""
    if not isinstance(layer, nn.Linear) or type(layer).forward is not nn.Linear.forward:
        return False
    weight = layer.weight
    return (
        type(weight) in (torch.Tensor, nn.Parameter)
        and weight.dim() == 2
        and weight.shape[1] == hidden.shape[-1]
        and weight.is_floating_point()
        and weight.device == hidden.device
    )


def product(layer: nn.Linear, hidden: torch.Tensor) -> torch.Tensor:
    """The first rows of ``hidden @ weight.T + bias``, float32, ``[m, V]``."""
    wide = hidden[:_COMPARED].float()
    with torch.autocast(hidden.device.type, enabled=False):
        parts = [wide @ part.float().T for part in torch.split(layer.weight, _COLUMNS)]
    bias: torch.Tensor | None = layer.bias
    return torch.cat(parts, 1) if bias is None else torch.cat(parts, 1) + bias.float()


def scaling_of(
    config: object, made: torch.Tensor, own: torch.Tensor, dtype: torch.dtype
) -> Scaling | None:
    """What a model does to its logits, as far as its configuration says, if its own bear it out.

    Args:
        config: The model's configuration.
        made: Of `product`.
        own: The logits that the model returned for the same rows, and maybe more.
        dtype: What they were rounded to.
    """
    own = own[: len(made)].float()
    if own.shape != made.shape or not bool(own.isfinite().all()):
        return None
    # TF32 rounds what goes into a matmul of float32, as 16 bits round what comes out.
    allowed = max(4 * torch.finfo(dtype).eps, 4e-3 if own.is_cuda else 1e-4)
    for scaling in _expected(config):
        worst = (scaling(made) - own).abs().max()
        if bool(worst <= allowed * own.abs().max()):
            return scaling
    return None


def _expected(config: object) -> Iterator[Scaling]:
    """What a configuration lets one expect, the likeliest first."""
    softcap = _number(config, "final_logit_softcapping")
    scales = [one for name in _SCALES if (one := _number(config, name)) is not None]
    for cap in (softcap, None) if softcap is not None else (None,):
        for scale in scales:
            # One family's factor is another's divisor.
            yield from (Scaling(scale, cap), Scaling(1 / scale, cap))
        yield Scaling(softcap=cap)


def _number(config: object, name: str) -> float | None:
    """A positive number of a configuration."""
    found = getattr(config, name, None)
    return float(found) if isinstance(found, (int, float)) and found > 0 else None
