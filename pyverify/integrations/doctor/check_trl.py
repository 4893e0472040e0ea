"""Examines the words behind ``trl grpo``: options there are, rewards that can be imported."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import importlib.util
import inspect
import io
import math
import os
from collections.abc import Iterator, Mapping, Sequence

from pyverify.integrations.doctor.findings import Examined, Finding, error, note, warning
from pyverify.integrations.doctor.loading import LoadError, load_object, parameters, refusal
from pyverify.integrations.doctor.options import (
    Option,
    actions_of,
    is_known,
    nearest,
    read_options,
    refusal_of_values,
)

__all__ = ["VERSION", "check_trl"]

VERSION = "1.16.0"
"""The version of TRL that the table is about."""

# TRL's own rewards, by the names that its command line knows.
_OWN = (
    "accuracy_reward",
    "reasoning_accuracy_reward",
    "think_format_reward",
    "get_soft_overlong_punishment",
)

# Options of earlier versions and of other trainers, and what they are called here.
_OLD = {
    "clip_ratio": "--epsilon",
    "clip_ratio_high": "--epsilon_high",
    "kl_coef": "--beta",
    "max_prompt_length": "prompts of a fitting length in the data: TRL cuts none",
    "n": "--num_generations",
    "num_samples": "--num_generations",
    "reward_fn": "--reward_funcs",
    "reward_func": "--reward_funcs",
    "learning_rate_critic": "nothing: TRL has no trainer with a critic",
}
# What TRL passes to every reward, besides the columns of the data.
_ARGUMENTS = (
    "prompts",
    "completions",
    "completion_ids",
    "trainer_state",
    "log_extra",
    "log_metric",
)
# What the parser takes as any text, and the trainer refuses in its first step.
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "--importance_sampling_level": ("token", "sequence"),
    "--loss_type": ("grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "luspo", "vespo"),
    # True and False of Python's GRPOConfig are texts here.
    "--scale_rewards": ("group", "batch", "none"),
}
# Read by `trl` itself, before any parser.
_FILES = ("--config", "--accelerate_config")


def check_trl(words: Sequence[str]) -> Examined:
    """Examines a command for TRL's GRPO.

    Rewards that are named by dotted paths are imported as TRL imports them. Where TRL is installed,
    its own parser says which options there are.

    Args:
        words: What one gives to ``trl grpo``.

    Example:
        >>> found = check_trl(["--reward_funcs", "my_reward"]).findings
        >>> found[0].key, found[0].level.value
        ('--reward_funcs', 'error')
    """
    rest = list(words[2:] if list(words[:2]) == ["trl", "grpo"] else words)
    known = _known_options()
    options = read_options(rest)
    findings = [*_unknown(options, known), *_rewards(options), *_values(options)]
    against = f"a table for TRL {VERSION}; TRL isn't installed here, so unknown options aren't seen"
    if known is not None:
        against = f"the parser of TRL {importlib.metadata.version('trl')}"
    return Examined("trl grpo", against, findings)


def _known_options() -> dict[str, argparse.Action] | None:
    if importlib.util.find_spec("trl") is None:
        return None
    # Transformers says much while it is imported.
    with contextlib.redirect_stdout(io.StringIO()):
        from accelerate.commands.launch import launch_command_parser
        from trl.scripts.grpo import make_parser

        # What TRL's parser leaves over is accelerate's.
        return actions_of(make_parser(), launch_command_parser())


def _unknown(
    options: Sequence[Option], known: Mapping[str, argparse.Action] | None
) -> Iterator[Finding]:
    for option in options:
        name = option.name.removeprefix("--")
        if known is None:
            if name in _OLD:
                yield error(option.name, "TRL has no such option", _OLD[name])
            continue
        if not is_known(option.name, known) and option.name not in _FILES:
            instead = _OLD.get(name, nearest(option.name, known))
            yield error(option.name, "TRL has no such option: the command stops", instead)
            continue
        refused = refusal_of_values(option, known)
        if refused is not None:
            yield error(option.name, f"the command stops: {refused}")


def _rewards(options: Sequence[Option]) -> Iterator[Finding]:
    key = "--reward_funcs"
    names: dict[str, str] = {}
    given = [value for one in options if one.name == key for value in one.values]
    if not given and not any(
        one.name in ("--config", "--reward_model_name_or_path") for one in options
    ):
        yield error(key, "there is no reward", f"{key} pyverify.integrations.trl.math_reward")
    for value in given:
        if value in _OWN:
            continue
        module, dot, name = value.rpartition(".")
        if not dot or os.path.sep in value:
            yield error(
                key,
                f"{value} is neither a reward of TRL's nor a dotted path",
                f"{key} MODULE.FUNCTION, where the module can be imported from here",
            )
            continue
        try:
            function = load_object(f"pkg://{module}", name)
        except LoadError as problem:
            yield error(key, f"TRL imports {value}: {problem}")
            continue
        yield from _reward(value, function)
        shown = getattr(function, "__name__", type(function).__name__)
        if shown in names:
            yield warning(
                key,
                f"{value} and {names[shown]} are both called {shown}: their metrics fall together",
                "functions of different __name__",
            )
        names[shown] = value


def _reward(value: str, function: object) -> Iterator[Finding]:
    key = "--reward_funcs"
    if inspect.isclass(function):
        yield error(
            key,
            f"{value} is a class; TRL calls it for rewards and gets an object",
            "an instance of it",
        )
        return
    # What it asks for beyond these are columns of the data.
    columns = [
        one.name
        for one in parameters(function).values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    ]
    problem = refusal(function, **dict.fromkeys([*columns, *_ARGUMENTS]))
    if problem is not None:
        yield error(
            key,
            f"TRL calls {value} with prompts, completions, completion_ids, the columns of the "
            f"data, trainer_state, log_extra and log_metric: {problem}",
            "def reward(completions, answer, **kwargs)",
        )


def _values(options: Sequence[Option]) -> Iterator[Finding]:
    found = {one.name: one.values for one in options}

    def number(name: str, default: float) -> float:
        try:
            return float(found[name][0])
        except (KeyError, IndexError, ValueError):
            return default

    per_device = number("--per_device_train_batch_size", 8)
    steps = number("--steps_per_generation", number("--gradient_accumulation_steps", 1))
    generations = number("--num_generations", 8)
    batch = number("--generation_batch_size", per_device * steps)
    if "--generation_batch_size" in found and "--steps_per_generation" in found:
        yield error(
            "--generation_batch_size", "TRL refuses it beside --steps_per_generation", "one of them"
        )
    if generations < 2:
        yield error(
            "--num_generations", "a group has at least two responses", "--num_generations 8"
        )
    elif batch % generations and "--config" not in found:
        yield note(
            "--num_generations",
            f"on one device {batch:g} responses are no whole groups of {generations:g}, and TRL "
            "stops; on more devices they may be",
            "--per_device_train_batch_size times devices times steps as a multiple of it",
        )
    for name, choices in _CHOICES.items():
        for value in found.get(name, ()):
            if value not in choices:
                yield error(
                    name,
                    f"TRL has no {value!r}: the first step fails",
                    f"{name} {' or '.join(choices)}",
                )
    low, high = number("--epsilon", 0.2), number("--epsilon_high", math.nan)
    if high < low:
        yield warning(
            "--epsilon_high", f"it is below --epsilon ({low:g}): clip-higher is the reverse"
        )
    for name, bound in (("--epsilon", low), ("--epsilon_high", high)):
        if bound > 1:
            yield warning(
                name,
                "it is a distance from 1: the ratio is hardly clipped",
                f"{name} {bound - 1:.3g}",
            )
