"""What the files of this folder are told by the environment: OpenRLHF gives them no options."""

from __future__ import annotations

import logging
import os

from pyverify.integrations.trainer_reward import TrainerReward

__all__ = ["REWARD", "flag", "reward_of_environment"]

REWARD = "PYVERIFY_REWARD"
"""The variable that names a recipe or a file."""

_log = logging.getLogger(__name__)


def flag(name: str) -> bool:
    """Whether a variable is set to something else than 0, false, no or off."""
    return os.environ.get(name, "").strip().lower() not in ("", "0", "false", "no", "off")


def reward_of_environment() -> TrainerReward:
    """The reward that ``PYVERIFY_REWARD`` names, ``correctness`` by default.

    It warns of the default: variables of the shell that starts a training don't reach the actors
    of a Ray cluster that runs already.

    Raises:
        ValueError: There is no such reward.
    """
    told = os.environ.get(REWARD)
    name = told or "correctness"
    found = TrainerReward(name, prefilled=flag("PYVERIFY_PREFILLED"))
    if told:
        _log.info("%s=%s: %s", REWARD, name, found.reward.formula)
    else:
        _log.warning("%s is not set: the reward is %s", REWARD, name)
    return found
