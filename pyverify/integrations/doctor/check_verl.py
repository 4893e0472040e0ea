"""Examines a command for verl: what it sets in vain, and what will fail once training has begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyverify.integrations.doctor.findings import Examined, Finding, error, note, warning
from pyverify.integrations.doctor.verl_data import check_data
from pyverify.integrations.doctor.verl_reward import check_reward
from pyverify.integrations.doctor.verl_run import Run, compose_run, written_now
from pyverify.integrations.doctor.verl_training import check_training
from pyverify.integrations.doctor.words import read_words
from pyverify.integrations.verl.overrides import IDLE, UNREAD

__all__ = ["check_verl"]


def check_verl(words: Sequence[str]) -> Examined:
    """Examines a command for verl's `main_ppo`.

    Nothing is started. Where verl is installed, Hydra composes its real configuration; the user's
    own reward function is imported as verl imports it, and data and tokenizers that lie here are
    looked into.

    Args:
        words: What one gives to ``python -m verl.trainer.main_ppo``.

    Example:
        >>> found = check_verl(["custom_reward_function.path=reward.py"]).findings
        >>> found[0].level.value, found[0].instead
        ('error', 'reward.custom_reward_function.path=reward.py')
    """
    run, against, findings = compose_run(read_words(words))
    for check in (_moved, _unread, _idle, check_reward, check_training, check_data):
        findings.extend(check(run))
    return Examined("verl.trainer.main_ppo", against, findings)


def _moved(run: Run) -> Iterator[Finding]:
    for key, override in run.given.items():
        instead = written_now(override)
        if instead is None:
            continue
        what = "main_ppo doesn't read it any more"
        what += (
            ": it is accepted and changes nothing" if instead else ", and nothing took its place"
        )
        yield error(key, what, instead)


def _unread(run: Run) -> Iterator[Finding]:
    if not run.get("trainer.use_v1"):
        yield note(
            "trainer.use_v1",
            "the former trainer is deprecated; the tables here are about the present one",
        )
        return
    for row in UNREAD:
        if any(run.has(one) for one in row.unless):
            continue
        for key in run.set_below(row.key):
            if key.startswith("critic.") and not run.has_critic():
                continue
            yield warning(key, f"nothing reads it: {row.why}", row.instead)


def _idle(run: Run) -> Iterator[Finding]:
    for row in IDLE:
        value = run.get(row.on)
        if value in row.values:
            continue
        wanted = " or ".join(f"{row.on}={one}" for one in row.values)
        for key in run.set_below(row.key):
            yield warning(key, f"it does nothing with {row.on}={value}: {row.why}", wanted)
    if not run.has_critic():
        for key in run.set_below("critic"):
            if key != "critic.enable":
                yield warning(
                    key,
                    "there is no critic with algorithm.adv_estimator="
                    f"{run.get('algorithm.adv_estimator')}",
                    "algorithm.adv_estimator=gae, or leave it out",
                )
