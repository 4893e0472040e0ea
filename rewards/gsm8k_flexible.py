"""The recipe ``gsm8k_flexible`` as a file to point at; docs/rewards.md has its formula."""

from pyverify.rewards import recipe

reward = recipe("gsm8k_flexible")
