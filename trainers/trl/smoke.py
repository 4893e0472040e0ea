"""A task, a tokenizer and a model small enough to train on a CPU, all made on the spot.

The model is random at first. A few seconds of imitation teach it the template and some addition, so
that its responses have a place for a reference and differ in what they are worth.
"""

from __future__ import annotations

import random
import string

import torch
from datasets import Dataset
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TAGS = ["<think>", "</think>", "<answer>", "</answer>"]
# A run of 4 prompts x 4 responses with 2 updates for each rollout, in float32 on the CPU.
SETTINGS = {
    "num_generations": 4,
    "per_device_train_batch_size": 8,
    "steps_per_generation": 2,
    "gradient_accumulation_steps": 1,
    "max_completion_length": 32,
    "learning_rate": 1e-3,
    "max_steps": 6,
    "save_steps": 6,
    "bf16": False,
    "use_vllm": False,
    "use_cpu": True,
    "disable_tqdm": True,
    "dataloader_pin_memory": False,
}

CHAT = "{% for one in messages %}{{ one['content'] }}\n{% endfor %}"


def sums(count: int, seed: int = 0) -> Dataset:
    """Sums of two numbers below ten, as prompts with reference answers."""
    rng = random.Random(seed)
    pairs = [(rng.randrange(10), rng.randrange(10)) for _ in range(count)]
    return Dataset.from_list(
        [
            {"prompt": [{"role": "user", "content": f"{a}+{b}="}], "answer": str(a + b)}
            for a, b in pairs
        ]
    )


def make_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each character, and one for each tag."""
    pieces = ["<pad>", "<eos>", *TAGS, "\n", *(string.digits + string.ascii_lowercase + " +=")]
    made = Tokenizer(
        models.WordLevel({one: at for at, one in enumerate(pieces)}, unk_token="<pad>")
    )
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    made.decoder = decoders.Fuse()
    made.add_tokens(TAGS)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="<eos>", chat_template=CHAT
    )


def make_model(tokenizer: PreTrainedTokenizerFast, steps: int = 80) -> LlamaForCausalLM:
    """Two layers that imitate for some steps.

    Args:
        tokenizer: What the model writes.
        steps: Of imitation.
    """
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    model = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    rng = random.Random(1)
    for _ in range(steps):
        batch = tokenizer([_example(rng) for _ in range(32)], padding=True, return_tensors="pt")
        labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
        model(input_ids=batch["input_ids"], labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


def _example(rng: random.Random) -> str:
    """A prompt and a response in the template; every third adds up wrongly."""
    a, b = rng.randrange(10), rng.randrange(10)
    found = a + b if rng.random() < 2 / 3 else rng.randrange(19)
    return f"{a}+{b}=\n<think>{a}+{b} is {found}</think> <answer> {found}</answer><eos>"
