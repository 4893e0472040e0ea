"""How ``pyverify eval`` is to ask: sampling and prompts, as the command line has them."""

from __future__ import annotations

import argparse
from pathlib import Path

from pyverify.generate import Api, Sampling
from pyverify.tasks import Prompt, Task

_PROBLEM = "{problem}"
# One answer is the likeliest one, which repeats; several are drawn as reports of avg@k usually do.
_SAMPLED = (0.6, 0.95)


class UsageError(Exception):
    """The command line asks for what doesn't go together."""


def api_of(arguments: argparse.Namespace) -> Api:
    """Which call is made."""
    return "completions" if arguments.completions else "chat"


def sampling_of(arguments: argparse.Namespace) -> Sampling:
    """How the model is to answer.

    Raises:
        UsageError: What was chosen doesn't go together.
    """
    usual_temperature, usual_top_p = _SAMPLED if arguments.k > 1 else (0.0, None)
    temperature = _chosen(arguments.temperature, usual_temperature)
    if arguments.k > 1 and temperature == 0:
        raise UsageError(
            "several answers at temperature 0 are one answer counted often: "
            "leave out --temperature, or --k"
        )
    if arguments.completions and arguments.max_tokens is None:
        raise UsageError(
            "--completions needs --max-tokens: without it most servers stop after 16 tokens"
        )
    return Sampling(
        temperature=temperature,
        top_p=_chosen(arguments.top_p, usual_top_p),
        max_tokens=arguments.max_tokens,
        seed=arguments.seed,
        extra=arguments.extra,
    )


def _chosen(chosen: float | str | None, usual: float | None) -> float | None:
    if chosen is None:
        return usual
    return None if isinstance(chosen, str) else chosen


def prompt_of(arguments: argparse.Namespace, one: Task) -> Prompt:
    """How the problems of a task are put: as the task says, but for what was chosen.

    Raises:
        UsageError: What was chosen doesn't go together, or the template is of no use.
    """
    if arguments.system is not None and (arguments.no_system or arguments.completions):
        raise UsageError("--system cannot be used with --no-system or --completions")
    if arguments.completions and arguments.template is None:
        raise UsageError("--completions needs --template FILE: the text to continue")
    user = one.prompt.user
    if arguments.template is not None:
        user = _template(Path(arguments.template))
    system = one.prompt.system if arguments.system is None else arguments.system
    return Prompt(
        user=user, system=None if arguments.no_system or arguments.completions else system
    )


def _template(path: Path) -> str:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    if _PROBLEM not in text:
        raise UsageError(f"{path} has no {_PROBLEM} where the problem is to stand")
    return text
