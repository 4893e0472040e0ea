"""PPO in verl with a critic that is another model than the actor, and one that is set back.

A run is started by a script, or from the command line::

    from pyverify.integrations.verl.critic import run

    run(["algorithm.adv_estimator=gae", "critic.model.path=…", …], reset_critic_at_epoch=25)

    python -m pyverify.integrations.verl.critic --reset-at-epoch 25 algorithm.adv_estimator=gae …

Both are ``verl.trainer.main_ppo`` with the same overrides, but for two things: before Ray starts,
the vocabularies of actor and critic are compared; and behind the epoch the critic is set back,
weights, optimizer and schedule, to what it began with, while the actor stays as it is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from transformers import PreTrainedTokenizerBase

__all__ = ["Vocabularies", "main", "run", "same_vocabulary"]

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """How the vocabularies of an actor and a critic differ. True where they don't.

    Attributes:
        problems: What differs, in words; nothing where a critic can read all that the actor writes.
    """

    problems: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        return "; ".join(self.problems) or "the critic has all of the actor's tokens"


def same_vocabulary(
    actor: str | PreTrainedTokenizerBase,
    critic: str | PreTrainedTokenizerBase,
    *,
    rows: int | None = None,
) -> Vocabularies:
    """Whether a critic can read an actor's token ids.

    It gets the ids that the actor was given and sampled, never a text: each of them must mean the
    same to it. Tokens that only the critic has do no harm.

    Args:
        actor: The actor's tokenizer, or the folder or name of its model.
        critic: The critic's.
        rows: Rows of the critic's embedding; None for those in its model's configuration, where a
            model is named.
    """
    mine, theirs = _tokenizer(actor).get_vocab(), _tokenizer(critic).get_vocab()
    if rows is None and isinstance(critic, str):
        rows = _rows(critic)
    problems = []
    lacking = sorted((at, token) for token, at in mine.items() if token not in theirs)
    if lacking:
        problems.append(f"the critic lacks {len(lacking)} of {len(mine)} tokens ({_few(lacking)})")
    other = sorted(
        (at, token) for token, at in mine.items() if token in theirs and theirs[token] != at
    )
    if other:
        problems.append(f"{len(other)} tokens have other ids ({_few(other)})")
    most = max(mine.values(), default=-1)
    if rows is not None and most >= rows:
        problems.append(f"the critic's embedding has {rows} rows, but ids go up to {most}")
    return Vocabularies(tuple(problems))


def run(
    overrides: Sequence[str],
    *,
    reset_critic_at_epoch: int | None = None,
    reset_critic_at_step: int | None = None,
    check_vocabulary: bool = True,
) -> None:
    """Trains as ``verl.trainer.main_ppo`` does.

    Args:
        overrides: What stands behind ``python -m verl.trainer.main_ppo``.
        reset_critic_at_epoch: Behind how many epochs the critic is set back; None for never.
        reset_critic_at_step: The same in steps of training.
        check_vocabulary: Whether a critic of another vocabulary than the actor's is refused.

    Raises:
        ValueError: The vocabularies differ; both or impossible times are given; there is no critic
            to set back; verl's old trainer is asked for.
        ImportError: verl isn't installed.
    """
    from hydra import compose, initialize_config_module
    from omegaconf import open_dict
    from verl.trainer.main_ppo import run_ppo
    from verl.trainer.ppo.utils import need_critic, need_reference_policy
    from verl.utils.config import validate_config
    from verl.utils.device import auto_set_device

    with initialize_config_module(config_module="verl.trainer.config", version_base=None):
        config = compose("ppo_trainer", list(overrides))
    auto_set_device(config)
    behind = _behind(config, reset_critic_at_epoch, reset_critic_at_step)
    wanted = need_critic(config)
    if behind and not wanted:
        raise ValueError("this run has no critic to set back: algorithm.adv_estimator=gae has one")
    if not config.trainer.use_v1:
        raise ValueError("pyverify's runs need verl's current trainer: trainer.use_v1=True")
    if check_vocabulary and wanted:
        _check(config)
    validate_config(
        config=config,
        use_reference_policy=need_reference_policy(config),
        use_critic=wanted,
    )
    with open_dict(config):
        config.trainer.reset_critic = behind

    from pyverify.integrations.verl.critic_reset import CriticResetRunner

    run_ppo(config, task_runner_class=CriticResetRunner)


def _behind(config: DictConfig, epoch: int | None, step: int | None) -> dict[str, int]:
    """When the critic is set back, as it stands in the configuration."""
    given = {name: at for name, at in (("epoch", epoch), ("step", step)) if at is not None}
    if len(given) > 1:
        raise ValueError("the critic is set back behind an epoch or a step: give one of them")
    for name, at in given.items():
        if at < 1:
            raise ValueError(f"reset_critic_at_{name} must be at least 1, not {at}")
    if epoch is not None and epoch >= config.trainer.total_epochs:
        raise ValueError(
            f"the run ends behind epoch {config.trainer.total_epochs}: set trainer.total_epochs to "
            f"more than reset_critic_at_epoch={epoch}"
        )
    return given


def _check(config: DictConfig) -> None:
    """Refuses a critic that cannot read what the actor writes."""
    from verl.utils.fs import copy_to_local

    actor, critic = config.actor_rollout_ref.model, config.critic.model
    if critic.path == actor.path:
        return
    models = [copy_to_local(one.path) for one in (actor, critic)]
    names = [
        one if model.get("tokenizer_path") is None else copy_to_local(model.tokenizer_path)
        for one, model in zip(models, (actor, critic), strict=True)
    ]
    found = same_vocabulary(*names, rows=_rows(models[1]))
    if not found:
        raise ValueError(
            f"critic.model.path={critic.path} doesn't fit the actor {actor.path}: {found}"
        )


def _tokenizer(given: str | PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    if not isinstance(given, str):
        return given
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(given)


def _rows(model: str) -> int | None:
    from transformers import AutoConfig

    found = getattr(AutoConfig.from_pretrained(model).get_text_config(), "vocab_size", None)
    return found if isinstance(found, int) else None


def _few(tokens: Sequence[tuple[int, str]]) -> str:
    shown = ", ".join(f"{at} {token!r}" for at, token in tokens[:_SHOWN])
    return shown + (", …" if len(tokens) > _SHOWN else "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m pyverify.integrations.verl.critic")
    parser.add_argument("--reset-at-epoch", type=int, help="behind how many epochs")
    parser.add_argument("--reset-at-step", type=int, help="behind how many steps")
    parser.add_argument(
        "--any-vocabulary", action="store_true", help="don't compare the actor's and the critic's"
    )
    parser.add_argument("overrides", nargs="*", help="as for verl.trainer.main_ppo")
    chosen = parser.parse_intermixed_args(arguments)
    try:
        run(
            chosen.overrides,
            reset_critic_at_epoch=chosen.reset_at_epoch,
            reset_critic_at_step=chosen.reset_at_step,
            check_vocabulary=not chosen.any_vocabulary,
        )
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
