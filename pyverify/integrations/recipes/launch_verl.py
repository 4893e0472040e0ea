"""Starts verl: settings and paths as overrides of its configuration, checked before it runs."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyverify.integrations.recipes.checks import check_rows, check_vocabularies
from pyverify.integrations.recipes.command_line import (
    Chosen,
    Paths,
    RecipeError,
    read_command_line,
    run_apart,
    run_script,
)

if TYPE_CHECKING:
    from omegaconf import DictConfig

Settings = Mapping[str, object]
TRAINER = "verl.trainer.main_ppo"
# Texts that Hydra reads as they are: no numbers, nothing that means something to it.
_PLAIN = re.compile(r"[A-Za-z_/][\w/.:-]*", re.ASCII)
_WORDS = frozenset({"null", "true", "false", "inf", "nan"})


def launch(
    about: str,
    paths: Paths,
    settings: Settings | Callable[[argparse.Namespace], Settings],
    *,
    reward: str,
    own: Callable[[argparse.ArgumentParser], None] | None = None,
    module: str | Callable[[argparse.Namespace], Sequence[str]] = TRAINER,
    verified: bool = True,
) -> int:
    """Runs a recipe from its command line.

    Args:
        about: The script's docstring.
        paths: The script's constants.
        settings: Keys of verl's configuration; what needs a ``+`` has it. Or what makes them of
            the recipe's own options.
        reward: A reward's name or file.
        own: Adds the recipe's own options to the command line.
        module: What is run with the overrides, as the words behind ``python -m``.
        verified: Whether a verifier reads the golds.

    Returns:
        The exit code.
    """

    def main() -> int:
        chosen = read_command_line(about, paths, own=own)
        found = settings(chosen.options) if callable(settings) else settings
        words = module if isinstance(module, str) else list(module(chosen.options))
        command = [sys.executable, "-m", *([words] if isinstance(words, str) else words)]
        if chosen.smoke:
            from pyverify.integrations.recipes.smoke_verl import smoke

            return smoke(chosen, found, reward=reward, command=command, verified=verified)
        return start(chosen, found, reward=reward, command=command, verified=verified)

    return run_script(main)


def start(
    chosen: Chosen, settings: Settings, *, reward: str, command: Sequence[str], verified: bool
) -> int:
    """Checks a run and starts it; arguments are those of `launch`."""
    words = overrides(chosen.paths, settings, reward=reward, extra=chosen.extra)
    if chosen.show:
        print(shlex.join([*command, *words]))
        return 0
    for line in check(words, verified=verified):
        print(line)
    return run_apart([*command, *words])


def overrides(
    paths: Paths, settings: Settings, *, reward: str, extra: Sequence[str] = ()
) -> list[str]:
    """The words for verl: paths, the way to the reward, settings, then the user's own.

    A later word for a key replaces an earlier one, whatever sign is before it.

    Args:
        paths: What the run reads and writes.
        settings: The recipe's.
        reward: A reward's name or file.
        extra: ``key=value``, as verl's own command line has them.

    Raises:
        RecipeError: A word of the user's is none.
    """
    name = Path(paths.output).name
    found: dict[str, str] = {}
    given: dict[str, object] = {
        "actor_rollout_ref.model.path": paths.model,
        "data.train_files": list(paths.train),
        "data.val_files": list(paths.val),
        "trainer.default_local_dir": paths.output,
        "trainer.project_name": "pyverify",
        "trainer.experiment_name": name,
        # verl's default writes to wandb, too, which wants an account.
        "trainer.logger": ["console", "tensorboard"],
        # Beside the checkpoints, not in a folder "outputs" of wherever this is started.
        "hydra.run.dir": f"{paths.output}/hydra",
        **reward_hookup(reward),
        **settings,
    }
    if paths.critic is not None:
        given["critic.model.path"] = paths.critic
    for key, value in given.items():
        found[key.lstrip("+~")] = f"{key}={written(value)}"
    for word in extra:
        key, sign, _ = word.partition("=")
        if word.startswith("-") or not (sign or word.startswith("~")):
            raise RecipeError(f"verl takes words like trainer.total_epochs=3, not {word!r}")
        found[key.lstrip("+~")] = word
    return list(found.values())


def reward_hookup(reward: str) -> dict[str, object]:
    """The keys by which verl finds pyverify's reward manager, and that finds the reward."""
    return {
        "reward.reward_manager.source": "importlib",
        "reward.reward_manager.name": "PyverifyRewardManager",
        "reward.reward_manager.module.path": "pkg://pyverify.integrations.verl",
        # Not in verl's own configuration: the sign adds it.
        "+reward.reward_kwargs.reward": reward,
    }


def written(value: object) -> str:
    """A value in the words of Hydra's command line."""
    if isinstance(value, bool) or value is None:
        return {True: "True", False: "False", None: "null"}[value]
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
            return value
        # Within quotes only a quote means something, and a backslash before one.
        escaped = re.sub(r"(\\*)'", r"\1\1\'", value)
        return f"'{escaped}{escaped[len(escaped.rstrip(chr(92))) :]}'"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence):
        return f"[{','.join(map(written, value))}]"
    return repr(value)


def check(words: Sequence[str], *, verified: bool = True) -> list[str]:
    """Composes the configuration and looks at what fails late.

    Args:
        words: The overrides.
        verified: Whether a verifier reads the golds.

    Returns:
        What to say.

    Raises:
        RecipeError: verl isn't installed, takes no such words, or the run would fail.
    """
    config = compose(words)
    check_batches(config)
    # Managers read the column by this name, whatever data.reward_fn_key says.
    columns = (config.data.prompt_key, "data_source")
    gold = "reward_model.ground_truth"
    said = check_rows(_listed(config.data.train_files), columns, gold, verified=verified)
    # Validation has a verifier in any case.
    said += check_rows(_listed(config.data.val_files), columns, gold)
    if config.algorithm.adv_estimator == "gae":
        actor = config.actor_rollout_ref.model.path
        said.append(check_vocabularies(actor, config.critic.model.path))
    return said


def compose(words: Sequence[str]) -> DictConfig:
    """The configuration with overrides, as verl's `main_ppo` makes it.

    Raises:
        RecipeError: verl isn't installed, or takes no such words.
    """
    folder = config_folder()
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException

    try:
        with initialize_config_dir(str(folder), version_base=None):
            return hydra_compose("ppo_trainer", overrides=list(words))
    except HydraException as error:
        raise RecipeError(f"verl's configuration doesn't take this: {error}") from None


def config_folder() -> Path:
    """Where verl's own configuration lies.

    Raises:
        RecipeError: verl isn't installed, or what it needs for that.
    """
    found = importlib.util.find_spec("verl")
    if found is None or found.origin is None or importlib.util.find_spec("hydra") is None:
        raise RecipeError("verl isn't installed in this environment: pip install verl==0.9.1")
    return Path(found.origin).parent / "trainer" / "config"


def check_batches(config: DictConfig) -> None:
    """Whether batches divide as verl divides them; it finds out in the first step otherwise.

    Raises:
        RecipeError: They don't.
    """
    gpus = config.trainer.n_gpus_per_node * config.trainer.nnodes
    responses = config.actor_rollout_ref.rollout.n
    actor = config.actor_rollout_ref.actor
    parts = {"actor_rollout_ref.actor": actor}
    if config.algorithm.adv_estimator == "gae":
        parts["critic"] = config.critic
    batch = config.data.train_batch_size
    if batch * responses % gpus:
        raise RecipeError(
            f"{batch} prompts x {responses} responses don't divide among {gpus} GPUs: change "
            "data.train_batch_size or trainer.n_gpus_per_node"
        )
    for name, part in parts.items():
        ranks = gpus // part.get("ulysses_sequence_parallel_size", 1)
        mini = part.ppo_mini_batch_size * responses
        micro = 1 if part.use_dynamic_bsz else part.ppo_micro_batch_size_per_gpu or 1
        if part.ppo_mini_batch_size > batch:
            raise RecipeError(
                f"{name}.ppo_mini_batch_size={part.ppo_mini_batch_size} is more than "
                f"data.train_batch_size={batch}"
            )
        if mini % (ranks * micro):
            raise RecipeError(
                f"a mini-batch of {part.ppo_mini_batch_size} prompts x {responses} responses "
                f"doesn't divide into micro-batches of {micro} on {ranks} ranks: change "
                f"{name}.ppo_micro_batch_size_per_gpu or trainer.n_gpus_per_node"
            )


def _listed(files: object) -> list[str]:
    return [files] if isinstance(files, str) else list(files)  # type: ignore[call-overload]
