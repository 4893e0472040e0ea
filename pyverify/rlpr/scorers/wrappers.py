"""A model inside of what trainers wrap it in, and as it must be to score."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from weakref import WeakKeyDictionary

import torch
from torch import nn
from torch.nn.parallel import DataParallel, DistributedDataParallel

_guard = threading.Lock()
_turns: WeakKeyDictionary[nn.Module, AbstractContextManager[object]] = WeakKeyDictionary()


def unwrapped(model: nn.Module) -> nn.Module:
    """The module to call.

    Out of DDP, whose forward waits for other ranks, of DeepSpeed's engine, and of a compiled
    module, which would be compiled again for every length. FSDP and PEFT stay: their forward is
    needed.
    """
    while True:
        # Not by getattr: wrappers hand on what the module inside has, but must be called.
        inner: object = model._modules.get("_orig_mod")
        if isinstance(model, (DataParallel, DistributedDataParallel)) or (
            type(model).__name__ == "DeepSpeedEngine"
        ):
            inner = model.module
        if not isinstance(inner, nn.Module):
            return model
        model = inner


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Without gradients or dropout; afterwards every module is in the mode that it was in.

    One thread at a time: it is the same model, and the same hooks, for all.
    """
    with _turn(unwrapped(model)):
        before = [(module, module.training) for module in model.modules()]
        try:
            if any(training for _, training in before):
                model.eval()
            with torch.no_grad():
                yield
        finally:
            if any(training for _, training in before):
                # Some modules do more than to set the flag.
                model.train(before[0][1])
                for module, training in before:
                    module.training = training


def _turn(model: nn.Module) -> AbstractContextManager[object]:
    """The lock of a model."""
    with _guard:
        return _turns.setdefault(model, threading.RLock())


def output_layer(model: nn.Module) -> nn.Module | None:
    """The module that makes logits of hidden states, None where the model doesn't tell."""
    found = _embeddings(model, "get_output_embeddings")
    return found if isinstance(found, nn.Module) else None


def vocabulary(model: nn.Module) -> int | None:
    """How many tokens a model has embeddings of; None where it doesn't tell."""
    found = getattr(_embeddings(model, "get_input_embeddings"), "num_embeddings", None)
    return found if isinstance(found, int) else None


def input_device(model: nn.Module) -> torch.device:
    """Where token ids go: where the embedding is, or any weight that isn't offloaded."""
    embedding = _embeddings(model, "get_input_embeddings")
    weights = [] if embedding is None else list(embedding.parameters())
    for weight in (*weights, *model.parameters()):
        if weight.device.type != "meta":
            return weight.device
    return torch.device("cpu")


def input_dtype(model: nn.Module) -> torch.dtype:
    """What attention masks are added in: the dtype of the embedding."""
    embedding = _embeddings(model, "get_input_embeddings")
    for weight in () if embedding is None else embedding.parameters():
        if weight.is_floating_point():
            return weight.dtype
    return torch.get_default_dtype()


def _embeddings(model: nn.Module, name: str) -> nn.Module | None:
    """What a model's own method gives; PEFT's wrapper passes the question on."""
    ask = getattr(model, name, None)
    if ask is None:
        return None
    try:
        found = ask()
    except (AttributeError, NotImplementedError):
        return None
    return found if isinstance(found, nn.Module) else None
