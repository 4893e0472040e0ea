"""pyverify in verl's words; verl itself is imported by what needs it, when it is used.

What verl loads by name from ``pkg://pyverify.integrations.verl``:

    compute_score          reward.custom_reward_function
    PyverifyRewardManager  reward.reward_manager, with source=importlib
    std_filter_sampler     trainer.v1.sampler.custom_sampler

`ComputeScore` is for files of one's own. The agent loop of RLPR is named by rlpr_agent.yaml, whose
folder ``pyverify path verl`` prints; `pyverify.integrations.verl.critic` starts runs whose critic
is another model, or is set back.
"""

from __future__ import annotations

from importlib import import_module

from pyverify.integrations.verl.reward_function import ComputeScore, compute_score

__all__ = ["ComputeScore", "PyverifyRewardManager", "compute_score", "std_filter_sampler"]

# They subclass what verl has.
_LATER = {
    "PyverifyRewardManager": "pyverify.integrations.verl.reward_manager",
    "std_filter_sampler": "pyverify.integrations.verl.sampler",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
