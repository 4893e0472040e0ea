"""pyverify in OpenRLHF: a reward function, and files that its command line is pointed at.

``pyverify path openrlhf`` prints where this folder is: ``reward.py`` for ``--reward.remote_url``,
``reward_agent.py`` and ``rlpr_agent.py`` for ``--train.agent_func_path``.
"""

from pyverify.integrations.openrlhf.reward_func import RewardFunc, reward_func_of

__all__ = ["RewardFunc", "reward_func_of"]
