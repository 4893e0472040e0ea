"""Starts TRL's GRPOTrainer: settings, data and a reward, checked before a model is loaded."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify.integrations.recipes.checks import check_rows
from pyverify.integrations.recipes.command_line import (
    Chosen,
    Paths,
    RecipeError,
    read_command_line,
    run_script,
)
from pyverify.integrations.recipes.rows import GOLDS, PROMPTS, gold_of, messages_of, read_rows
from pyverify.io import Json

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import Trainer
    from trl import GRPOConfig

Settings = Mapping[str, object]
RewardFunction = Callable[..., "list[float | None]"]

# A run of the tiny model in float32 on a CPU.
SMOKE: Settings = {
    "max_completion_length": 32,
    "learning_rate": 1e-3,
    "max_steps": 6,
    "save_steps": 6,
    "eval_steps": 6,
    "num_generations_eval": 1,
    "per_device_eval_batch_size": 8,
    "bf16": False,
    "use_vllm": False,
    "use_cpu": True,
    "disable_tqdm": True,
    "dataloader_pin_memory": False,
}


@dataclass(frozen=True, slots=True)
class Rollout:
    """The shape of a rollout and of the updates that it feeds.

    Attributes:
        prompts: How many, over all processes.
        responses: To each prompt.
        updates: For each rollout.
        rows: Responses of one forward on a GPU.
    """

    prompts: int
    responses: int
    updates: int
    rows: int

    def settings(self, processes: int = 1) -> dict[str, object]:
        """The same in TRL's words.

        Args:
            processes: How many there are, one for each GPU.

        Raises:
            RecipeError: It doesn't divide.
        """
        total = self.prompts * self.responses
        if self.prompts % processes or total % (self.updates * processes * self.rows):
            raise RecipeError(
                f"{self.prompts} groups of {self.responses} responses don't divide into "
                f"{self.updates} updates on {processes} processes with --rows {self.rows}: take as "
                f"many processes as divide {self.prompts}, and --rows so that processes x rows "
                f"divides {total // self.updates}"
            )
        forwards = total // (self.rows * processes)
        return {
            "num_generations": self.responses,
            "per_device_train_batch_size": self.rows,
            "steps_per_generation": forwards,
            # As many forwards as make one of the updates.
            "gradient_accumulation_steps": forwards // self.updates,
        }


SMOKE_ROLLOUT = Rollout(prompts=4, responses=4, updates=2, rows=8)


def launch(
    about: str,
    paths: Paths,
    settings: Settings,
    rollout: Rollout,
    *,
    reward: str | Callable[[argparse.Namespace], RewardFunction],
    instruction: str | Callable[[argparse.Namespace], str] = "",
    own: Callable[[argparse.ArgumentParser], None] | None = None,
    make_trainer: Callable[..., Trainer] | None = None,
    verified: bool = True,
) -> int:
    """Runs a recipe from its command line.

    Args:
        about: The script's docstring.
        paths: The script's constants.
        settings: Of `GRPOConfig`, without those of the rollout.
        rollout: Its shape.
        reward: A reward's name or file, or what makes the function of the recipe's own options.
        instruction: What is said before a problem, where the data set has no whole prompts.
        own: Adds the recipe's own options to the command line.
        make_trainer: Called with the options and what a `GRPOTrainer` takes.
        verified: Whether a verifier reads the golds.

    Returns:
        The exit code.
    """

    def options(parser: argparse.ArgumentParser) -> None:
        add_options(parser, rollout)
        if own is not None:
            own(parser)

    def main() -> int:
        chosen = read_command_line(about, paths, own=options)
        shape = replace(rollout, rows=chosen.options.rows)
        if chosen.smoke:
            chosen, shape = small(chosen, tagged=not verified), SMOKE_ROLLOUT
        config = configure(chosen, settings, shape)
        if chosen.show:
            print(json.dumps(shown(config), indent=2))
            return 0
        said = instruction(chosen.options) if callable(instruction) else instruction
        if isinstance(reward, str):
            from pyverify.integrations.trl import reward as named

            function: RewardFunction = named(reward)
        else:
            function = reward(chosen.options)
        train(chosen, config, function, said, make_trainer, verified=verified)
        return 0

    return run_script(main)


def add_options(parser: argparse.ArgumentParser, rollout: Rollout) -> None:
    """The options of every recipe for TRL."""
    add = parser.add_argument
    add("--problem", help=f"the column of problems ({', '.join(PROMPTS)})")
    add("--reference", help=f"the column of golds ({', '.join(GOLDS)})")
    add(
        "--no-system",
        action="store_true",
        help="instructions before the problem: for chat templates without a system turn (Gemma 2)",
    )
    add("--vllm", choices=("none", "colocate", "server"), default="colocate")
    add("--rows", type=int, default=rollout.rows, help="responses of a forward on a GPU")
    add("--resume", action="store_true", help="go on from the last checkpoint")


def small(chosen: Chosen, *, tagged: bool = False) -> Chosen:
    """The same run on sums, with a tiny model, both made on the spot.

    Args:
        chosen: What the command line says.
        tagged: Whether the model answers in tags; else in a box.
    """
    from pyverify.integrations.recipes.tiny import BOXED, TAGGED, save_model, sums

    folder = Path(chosen.paths.output) / "smoke"
    # A box is harder to learn.
    model = save_model(folder / "model", *((80, TAGGED) if tagged else (120, BOXED)))
    files = [str(folder / f"{name}.jsonl") for name in ("train", "val", "more")]
    for seed, (name, count) in enumerate(zip(files, (64, 16, 16), strict=True)):
        sums(count, seed).to_json(name)
    paths = replace(chosen.paths, model=model, train=files[:1], val=files[1:])
    return replace(chosen, paths=paths)


def configure(chosen: Chosen, settings: Settings, rollout: Rollout) -> GRPOConfig:
    """The trainer's configuration: settings, then the words of the command line.

    Raises:
        RecipeError: TRL isn't installed, or takes no such words.
    """
    try:
        from transformers import HfArgumentParser
        from trl import GRPOConfig
    except ImportError as error:
        raise RecipeError(f"{error}: pip install trl==1.16.0") from None
    found: dict[str, object] = {
        "output_dir": chosen.paths.output,
        "bf16": True,
        "logging_steps": 1,
        "report_to": "none",
        **rollout.settings(int(os.environ.get("WORLD_SIZE", "1"))),
        **vllm_settings(chosen.options.vllm),
        **settings,
    }
    if chosen.smoke:
        found |= SMOKE
    parser = HfArgumentParser(GRPOConfig, allow_abbrev=False)
    parser.set_defaults(**found)
    try:
        (config,) = parser.parse_args_into_dataclasses(chosen.extra, look_for_args_file=False)
    except ValueError as error:
        raise RecipeError(f"TRL's GRPOConfig doesn't take this: {error}") from None
    return config


def vllm_settings(mode: str) -> dict[str, object]:
    """What generates: vLLM beside the trainer, vLLM as a server, or the trainer's model itself."""
    return {} if mode == "none" else {"use_vllm": True, "vllm_mode": mode}


def shown(config: GRPOConfig) -> dict[str, object]:
    """What of a configuration isn't TRL's default."""
    plain = type(config)(output_dir=config.output_dir, use_cpu=True, bf16=False).to_dict()
    return {name: value for name, value in config.to_dict().items() if plain.get(name) != value}


def data_set(names: Sequence[str], options: argparse.Namespace, instruction: str = "") -> Dataset:
    """Files as TRL wants them: ``prompt``, the gold in ``answer``, ``data_source`` if there is one.

    Raises:
        RecipeError: A file or a column is missing.
    """
    from datasets import Dataset

    prompts = PROMPTS if options.problem is None else (options.problem,)
    golds = GOLDS if options.reference is None else (options.reference,)
    rows: list[dict[str, Json]] = []
    for name in names:
        for row in read_rows(name):
            found: dict[str, Json] = {
                "prompt": messages_of(row, instruction, prompts, system=not options.no_system),
                "answer": gold_of(row, golds),
            }
            if "data_source" in row:
                found["data_source"] = row["data_source"]
            rows.append(found)
    # A column has one type: with others beside texts, all become text, lists as JSON.
    if len({type(row["answer"]) for row in rows}) > 1:
        for row in rows:
            gold = row["answer"]
            row["answer"] = gold if isinstance(gold, str) else json.dumps(gold)
    return Dataset.from_list(rows)


def train(
    chosen: Chosen,
    config: GRPOConfig,
    reward: RewardFunction,
    instruction: str = "",
    make_trainer: Callable[..., Trainer] | None = None,
    *,
    verified: bool = True,
) -> None:
    """Checks the data, trains, and saves the model; arguments are those of `launch`."""
    from transformers import AutoTokenizer
    from trl import GRPOTrainer

    prompts = "|".join(PROMPTS) if chosen.options.problem is None else chosen.options.problem
    gold = "|".join(GOLDS) if chosen.options.reference is None else chosen.options.reference
    for line in check_rows(chosen.paths.train, (prompts,), gold, verified=verified):
        print(line)
    validates = config.eval_strategy != "no"
    arguments = {
        "model": chosen.paths.model,
        "reward_funcs": [reward],
        "args": config,
        "train_dataset": data_set(chosen.paths.train, chosen.options, instruction),
        "eval_dataset": (
            data_set(chosen.paths.val, chosen.options, instruction) if validates else None
        ),
        "processing_class": AutoTokenizer.from_pretrained(chosen.paths.model),
    }
    if make_trainer is None:
        trainer = GRPOTrainer(**arguments)
    else:
        trainer = make_trainer(chosen.options, **arguments)
    trainer.train(resume_from_checkpoint=chosen.options.resume or None)
    trainer.save_model()
