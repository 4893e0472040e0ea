"""Rewards in TRL's words. Nothing here imports TRL but `pyverify.integrations.trl.rlpr`."""
