"""What share of benchmarks a checkpoint solves: greedy responses, scored by pyverify.

Run as a module it does so in a process of its own, so that a GPU's memory is free again behind it:
``python -m pyverify.integrations.recipes.benchmark MODEL FILE... --out scores.json``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify.integrations.recipes.command_line import RecipeError, run_apart
from pyverify.integrations.recipes.rows import gold_of, messages_of, read_rows
from pyverify.integrations.trainer_reward import TrainerReward
from pyverify.io.atomic import write_text

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Generate = Callable[[Sequence[str]], "list[str]"]
_ROWS = 32
_MODULE = "pyverify.integrations.recipes.benchmark"


def score_model(
    model: str, files: Sequence[str], *, instruction: str = "", max_tokens: int = 3072
) -> dict[str, float]:
    """The share of right answers for each benchmark.

    Args:
        model: A folder or a name on the hub.
        files: Problems with golds. A benchmark is what a row's ``data_source`` says, or its file.
        instruction: What is said before a problem that is no whole prompt.
        max_tokens: Of a response.

    Returns:
        Numbers between 0 and 1. Problems whose gold is of no use don't count.

    Raises:
        RecipeError: A file has no usable problem.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    prompts, golds, sources, names = [], [], [], []
    for file in files:
        for row in read_rows(file):
            prompts.append(_as_text(messages_of(row, instruction), tokenizer))
            golds.append(gold_of(row))
            source = row.get("data_source")
            sources.append(source if isinstance(source, str) else None)
            names.append(sources[-1] or Path(file).stem)
    if importlib.util.find_spec("vllm") is not None:
        completions = _by_vllm(model, prompts, max_tokens)
    else:
        completions = _by_transformers(model, tokenizer, prompts, max_tokens)
    found = TrainerReward("correctness")(completions, golds, data_sources=sources)
    right: dict[str, list[float]] = defaultdict(list)
    for name, reward in zip(names, found.rewards, strict=True):
        if reward is not None:
            right[name].append(reward)
    if set(right) != set(names) or not names:
        raise RecipeError(f"no gold of {', '.join(files)} can be used")
    return {name: sum(values) / len(values) for name, values in sorted(right.items())}


def score_apart(
    model: str, files: Sequence[str], *, instruction: str = "", max_tokens: int = 3072
) -> dict[str, float]:
    """`score_model` in a process of its own; arguments and result are the same.

    Raises:
        RecipeError: It failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scores.json"
        command = [sys.executable, "-m", _MODULE, model, *files, "--out", str(out)]
        command += ["--instruction", instruction, "--max-tokens", str(max_tokens)]
        if run_apart(command):
            raise RecipeError(f"{model} could not be scored: the lines above say why")
        found: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _as_text(prompt: object, tokenizer: PreTrainedTokenizerBase) -> str:
    if isinstance(prompt, str):
        return prompt
    text: str = tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
    return text


def _by_vllm(model: str, prompts: Sequence[str], max_tokens: int) -> list[str]:
    from vllm import LLM, SamplingParams

    params = SamplingParams(temperature=0.0, max_tokens=max_tokens)
    return [one.outputs[0].text for one in LLM(model).generate(list(prompts), params)]


def _by_transformers(
    model: str, tokenizer: PreTrainedTokenizerBase, prompts: Sequence[str], max_tokens: int
) -> list[str]:
    import torch
    from transformers import AutoModelForCausalLM

    device = "cuda" if torch.cuda.is_available() else "cpu"
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype="auto").to(device).eval()
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    found: list[str] = []
    for begin in range(0, len(prompts), _ROWS):
        batch = tokenizer(
            list(prompts[begin : begin + _ROWS]),
            padding=True,
            add_special_tokens=False,
            return_tensors="pt",
            return_token_type_ids=False,
        ).to(device)
        with torch.no_grad():
            whole = loaded.generate(**batch, do_sample=False, max_new_tokens=max_tokens)
        written = whole[:, batch["input_ids"].shape[1] :]
        found += tokenizer.batch_decode(written, skip_special_tokens=True)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Scores a model and writes the shares as JSON.

    Args:
        argv: The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("model")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--out", required=True)
    parser.add_argument("--instruction", default="")
    parser.add_argument("--max-tokens", type=int, default=3072)
    given = parser.parse_args(argv)
    found = score_model(
        given.model, given.files, instruction=given.instruction, max_tokens=given.max_tokens
    )
    write_text(given.out, json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
