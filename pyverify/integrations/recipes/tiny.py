r"""A task, a tokenizer and a model small enough to train on a CPU, all made on the spot.

The model is random at first. A few seconds of imitation teach it a form and some addition, so that
its responses can be read and differ in what they are worth.
"""

from __future__ import annotations

import random
import string
from pathlib import Path

import torch
from datasets import Dataset
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TAGS = ["<think>", "</think>", "<answer>", "</answer>"]
TAGGED = "<think>{a}+{b} is {found}</think> <answer> {found}</answer>"
BOXED = r"is \boxed{{{found}}}"

CHAT = "{% for one in messages %}{{ one['content'] }}\n{% endfor %}"


def sums(count: int, seed: int = 0) -> Dataset:
    """Sums of two numbers below ten, as prompts with reference answers.

    Args:
        count: How many.
        seed: Which.
    """
    rng = random.Random(seed)  # noqa: S311
    pairs = [(rng.randrange(10), rng.randrange(10)) for _ in range(count)]
    return Dataset.from_list(
        [
            {"prompt": [{"role": "user", "content": f"{a}+{b}="}], "answer": str(a + b)}
            for a, b in pairs
        ]
    )


def make_tokenizer(form: str = TAGGED) -> PreTrainedTokenizerFast:
    """One token for each character, and one for each tag.

    Args:
        form: Of responses: those in a box have characters of their own.
    """
    characters = string.digits + string.ascii_lowercase + " +=" + ("\\{}" if form == BOXED else "")
    pieces = ["<pad>", "<eos>", *TAGS, "\n", *characters]
    made = Tokenizer(
        models.WordLevel({one: at for at, one in enumerate(pieces)}, unk_token="<pad>")  # noqa: S106
    )
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    made.decoder = decoders.Fuse()
    made.add_tokens(TAGS)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",  # noqa: S106
        eos_token="<eos>",  # noqa: S106
        chat_template=CHAT,
    )


def make_model(
    tokenizer: PreTrainedTokenizerFast, steps: int = 80, form: str = TAGGED
) -> LlamaForCausalLM:
    """Two layers that imitate for some steps.

    Args:
        tokenizer: What the model writes.
        steps: Of imitation.
        form: Of a response: `TAGGED` or `BOXED`.
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
    rng = random.Random(1)  # noqa: S311
    for _ in range(steps):
        texts = [_example(rng, form) for _ in range(32)]
        batch = tokenizer(texts, padding=True, return_tensors="pt")
        labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
        model(input_ids=batch["input_ids"], labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


def save_model(folder: Path, steps: int = 80, form: str = TAGGED) -> str:
    """Makes a model and a tokenizer, and saves both.

    Args:
        folder: Where to.
        steps: Of imitation.
        form: Of a response.

    Returns:
        The folder, as a model's name.
    """
    tokenizer = make_tokenizer(form)
    make_model(tokenizer, steps, form).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def _example(rng: random.Random, form: str) -> str:
    """A prompt and a response; every third adds up wrongly."""
    a, b = rng.randrange(10), rng.randrange(10)
    found = a + b if rng.random() < 2 / 3 else rng.randrange(19)
    return f"{a}+{b}=\n{form.format(a=a, b=b, found=found)}<eos>"
