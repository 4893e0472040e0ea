"""The recipe ``graded_quality`` as a file to point at; docs/rewards.md has its formula."""

from pyverify.rewards import recipe

reward = recipe("graded_quality")
