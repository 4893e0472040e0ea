"""The recipe ``choice`` as a file to point at; docs/rewards.md has its formula."""

from pyverify.rewards import recipe

reward = recipe("choice")
