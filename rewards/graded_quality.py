"""The recipe ``graded_quality`` as a file to point at; docs/rewards.md has its formula.

It counts tokens: OpenRLHF gives them to an agent (reward_agent.py), not to a ``reward_func``.
"""

from pyverify.integrations.trl import reward as trl_reward_of
from pyverify.integrations.verl import ComputeScore
from pyverify.rewards import recipe

reward = recipe("graded_quality")
compute_score = ComputeScore(reward)
trl_reward = trl_reward_of(reward, name="graded_quality")
