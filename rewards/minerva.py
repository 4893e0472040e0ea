"""The recipe ``minerva`` as a file to point at; docs/rewards.md has its formula."""

from pyverify.integrations.openrlhf import reward_func_of
from pyverify.integrations.trl import reward as trl_reward_of
from pyverify.integrations.verl import ComputeScore
from pyverify.rewards import recipe

reward = recipe("minerva")
compute_score = ComputeScore(reward)
reward_func = reward_func_of(reward)
trl_reward = trl_reward_of(reward, name="minerva")
