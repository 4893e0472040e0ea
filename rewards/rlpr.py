"""The recipe ``rlpr`` as a file to point at; docs/rewards.md has its formula.

The probability is the policy's own, which no reward function sees: trainers get it from
`pyverify.integrations` (docs/trainers.md).
"""

from pyverify.rewards import recipe

reward = recipe("rlpr")
