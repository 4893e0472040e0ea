"""The recipe ``gsm8k_strict`` as a file to point at; docs/rewards.md has its formula."""

from pyverify.rewards import recipe

reward = recipe("gsm8k_strict")
