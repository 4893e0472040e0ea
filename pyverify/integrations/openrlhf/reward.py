"""A reward for OpenRLHF: ``--reward.remote_url "$(pyverify path openrlhf)/reward.py"``.

The environment of Ray's actors says which: ``PYVERIFY_REWARD`` is a recipe's name or a file
(``format_accuracy``, ``/path/mine.toml``). For a reward that is written in Python, a file of one's
own does instead::

    from pyverify.integrations.openrlhf import reward_func_of

    reward_func = reward_func_of(my_reward)
"""

from __future__ import annotations

from pyverify.integrations.openrlhf.environment import reward_of_environment
from pyverify.integrations.openrlhf.reward_func import RewardFunc

reward_func = RewardFunc(reward_of_environment())
