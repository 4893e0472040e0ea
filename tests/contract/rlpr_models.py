"""Small models of transformers, and sequences that share much: for the tests of ModelScorer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import transformers

from pyverify.rlpr import Spliced

VOCABULARY = 64
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
# Windows shorter than any sequence below. Family: configuration, its own settings, expected layout.
FAMILIES: dict[str, tuple[str, dict[str, object], str]] = {
    "llama": ("Llama", {}, "tree"),
    "llama_eager": ("Llama", {"attn_implementation": "eager"}, "tree"),
    "qwen2_tied": ("Qwen2", {"tie_word_embeddings": True}, "tree"),
    "qwen2_windows": (
        "Qwen2",
        {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1},
        "tree",
    ),
    "qwen3": ("Qwen3", {"head_dim": 8}, "tree"),
    "qwen3_moe": (
        "Qwen3Moe",
        {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16},
        "tree",
    ),
    "mistral": ("Mistral", {"sliding_window": 5}, "tree"),
    "mixtral": ("Mixtral", {"sliding_window": None, **EXPERTS}, "tree"),
    "gemma2": (
        "Gemma2",
        {
            "sliding_window": 5,
            "head_dim": 8,
            "query_pre_attn_scalar": 8,
            "final_logit_softcapping": 3.0,
            "attn_logit_softcapping": 5.0,
        },
        "tree",
    ),
    "gemma3": ("Gemma3Text", {"sliding_window": 5, "head_dim": 8}, "tree"),
    "gpt_oss": ("GptOss", {"sliding_window": 5, "head_dim": 8, **EXPERTS}, "tree"),
    "gpt2": (
        "GPT2",
        {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 128},
        "tree",
    ),
    "gpt_neox": ("GPTNeoX", {}, "tree"),
    "phi3": ("Phi3", {"sliding_window": 6}, "tree"),
    "olmo2": ("Olmo2", {}, "tree"),
    "cohere": ("Cohere", {"logit_scale": 0.25}, "tree"),
    "granite": ("Granite", {"logits_scaling": 4.0}, "tree"),
    # Positions, windows and states that no mask can put right.
    "bloom": ("Bloom", {"n_layer": 2, "n_head": 4}, "padded"),
    "gpt_neo": (
        "GPTNeo",
        {
            "attention_types": [[["global", "local"], 1]],
            "window_size": 5,
            "num_layers": 2,
            "num_hidden_layers": 2,
        },
        "padded",
    ),
    "mamba": ("Mamba", {"state_size": 4}, "padded"),
    "lfm2": ("Lfm2", {"layer_types": ["conv", "full_attention", "conv"]}, "padded"),
}


def made(name: str, dtype: Any = torch.float32, **more: object) -> Any:
    """A model of a family, with weights large enough for its probabilities to differ."""
    config, own, _ = FAMILIES[name]
    settings = {**own, **more}
    attention = settings.pop("attn_implementation", None)
    torch.manual_seed(1)
    model = transformers.AutoModelForCausalLM.from_config(
        getattr(transformers, f"{config}Config")(**{**SIZES, **settings}),
        attn_implementation=attention,
    )
    for weight in model.parameters():
        if weight.dim() > 1:
            torch.nn.init.normal_(weight, std=0.3)
    return model.to(dtype).eval()


def tokens(count: int, random: Any) -> list[int]:
    return torch.randint(3, VOCABULARY, (count,), generator=random).tolist()


def sequences() -> list[Spliced]:
    """Two prompts; for each three thoughts with two references, the thoughts themselves, a base."""
    random = torch.Generator().manual_seed(2)
    found = []
    for prompt in (tokens(7, random), tokens(11, random)):
        for extra in range(3):
            thought = tokens(9 + extra, random)
            found += [Spliced(prompt, thought, tokens(count, random)) for count in (4, 2)]
            found.append(Spliced(prompt, [], thought))
        found.append(Spliced(prompt, [], tokens(3, random)))
    return [*found, Spliced(found[0].prompt, [], [])]


SEQUENCES = sequences()


def alone(model: Any, given: Sequence[Spliced] = SEQUENCES, temperature: float = 1.0) -> Any:
    """Log-probabilities of each sequence by a forward of its own, the softmax in float64."""
    found = [torch.zeros(0, dtype=torch.float64)]
    for one in given:
        ids = torch.tensor([[*one.context, *one.reference]])
        if len(one.reference):
            with torch.no_grad():
                logits = model(input_ids=ids).logits[0, -len(one.reference) - 1 : -1].double()
            found.append(
                (logits / temperature).log_softmax(1).gather(1, ids[0, -len(logits) :, None])[:, 0]
            )
    return torch.cat(found)


def off(found: Any, expected: Any) -> float:
    assert found.log_probs.shape == expected.shape
    return float((found.log_probs.double() - expected).abs().max())
