"""What a verl command says of the reward: function, manager, filter of groups, RLPR's loop."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Iterator, Mapping

from pyverify.integrations.doctor.findings import Finding, error, note, warning
from pyverify.integrations.doctor.loading import (
    LoadError,
    is_async_call,
    load_object,
    parameters,
    refusal,
)
from pyverify.integrations.doctor.verl_run import Run
from pyverify.integrations.verl.overrides import GONE_MANAGERS

__all__ = ["check_reward", "is_rlpr", "reward_function"]

_FUNCTION = "reward.custom_reward_function"
_MANAGER = "reward.reward_manager"
_KWARGS = "reward.reward_kwargs"
_OVERLONG = f"{_KWARGS}.overlong_buffer_cfg"
_FILTER = "algorithm.filter_groups"
_SAMPLER = "trainer.v1.sampler.custom_sampler"
_AGENT = "actor_rollout_ref.rollout.agent"
_MANAGERS = ("naive", "dapo", "gdpo", "rate_limited", "remote")
_ARGUMENTS: Mapping[str, object] = {
    "data_source": "openai/gsm8k",
    "solution_str": "The answer is \\boxed{4}.\n#### 4",
    "ground_truth": "4",
    "extra_info": {},
}
_SAMPLERS_ARGUMENTS: Mapping[str, object] = {
    "trainer_mode": "sync",
    "trainer_config": {},
    "max_off_policy_threshold": 8,
    "max_off_policy_strategy": "drop",
    "sampler_kwargs": {},
    "refill_fn": None,
}


def check_reward(run: Run) -> Iterator[Finding]:
    """What will fail or is probably not meant in the reward."""
    function, found = reward_function(run)
    yield from found
    columns, failed = _tried(run, None if found else function)
    yield from failed
    yield from _manager(run, function)
    yield from _overlong(run)
    yield from _filter(run, columns)
    yield from _sampler(run)
    yield from _rlpr(run, function)
    workers = run.number("reward.num_workers")
    if workers is not None and workers < 1:
        yield error("reward.num_workers", "nobody computes rewards", "reward.num_workers=8")


def is_rlpr(run: Run) -> bool:
    """Whether RLPR's agent loop makes the rewards."""
    where = run.text(f"{_AGENT}.agent_loop_config_path")
    return "rlpr" in run.text(f"{_AGENT}.default_agent_loop").lower() or (
        "rlpr" in os.path.basename(where).lower()
    )


def reward_function(run: Run) -> tuple[object | None, list[Finding]]:
    """The user's own function, imported, and what is wrong with it."""
    path, name = run.text(f"{_FUNCTION}.path"), run.text(f"{_FUNCTION}.name")
    if not path:
        if run.has(_FUNCTION):
            return None, [
                error(f"{_FUNCTION}.path", "without it verl scores by data_source itself")
            ]
        return None, []
    function, found = _load(f"{_FUNCTION}.path", path, name)
    return function, [*found, *([] if found else _signature(run, function))]


def _load(key: str, path: str, name: str) -> tuple[object | None, list[Finding]]:
    try:
        return load_object(path, name), []
    except LoadError as problem:
        if problem.missing == "verl":
            return None, [note(key, f"{path} isn't looked into: verl isn't installed here")]
        return None, [error(key, f"{problem}; the run imports it so")]


def _signature(run: Run, function: object) -> Iterator[Finding]:
    key = f"{_FUNCTION}.name"
    name = run.text(key)
    if is_async_call(function):
        yield error(
            key,
            f"{name} is an object with an async __call__, which verl takes for a plain function: "
            "rewards become coroutines",
            "an async def function that calls it",
        )
        return
    if "solution_strs" in parameters(function):
        yield error(
            key,
            f"{name} takes lists; the manager that called such functions is gone, and verl scores "
            "one response at a time",
            f"{_MANAGER}.source=importlib and a manager of your own, or {name}(data_source, "
            "solution_str, ground_truth, extra_info=None)",
        )
        return
    arguments = dict(_ARGUMENTS) | reward_kwargs(run)
    if run.get("reward.reward_model.enable"):
        arguments |= {"reward_router_address": "", "reward_model_tokenizer": None}
    problem = refusal(function, **arguments)
    if problem is not None:
        yield error(
            key,
            f"verl calls {name}({', '.join(f'{one}=…' for one in arguments)}): {problem}",
            f"def {name}(data_source, solution_str, ground_truth, extra_info=None, **kwargs)",
        )
    elif run.text(f"{_MANAGER}.name") == "remote" and inspect.iscoroutinefunction(function):
        yield error(
            f"{_MANAGER}.name",
            "the manager remote takes no async function",
            f"{_MANAGER}.name=naive",
        )


def _tried(run: Run, function: object) -> tuple[Mapping[str, object] | None, list[Finding]]:
    """What a function of pyverify's own returns: these are quick, and call nobody."""
    module = getattr(function, "__module__", None) or type(function).__module__
    if not callable(function) or not module.startswith("pyverify."):
        return None, []
    try:
        returned = function(**_ARGUMENTS, **reward_kwargs(run))
    except Exception as problem:
        return None, [error(_FUNCTION, f"it fails: {type(problem).__name__}: {problem}")]
    return returned if isinstance(returned, dict) else {"acc": returned}, []


def reward_kwargs(run: Run) -> dict[str, object]:
    """What the command gives to the function by name."""
    below = f"{_FUNCTION}.reward_kwargs"
    whole = run.get(below)
    if isinstance(whole, Mapping):
        return {str(key): value for key, value in whole.items()}
    names = [key[len(below) + 1 :] for key in run.set_below(below) if key != below]
    return {name: run.get(f"{below}.{name}") for name in names if "." not in name}


def _manager(run: Run, function: object | None) -> Iterator[Finding]:
    source, name = run.text(f"{_MANAGER}.source"), run.text(f"{_MANAGER}.name")
    path = run.text(f"{_MANAGER}.module.path")
    if source == "register":
        if name in GONE_MANAGERS:
            yield error(
                f"{_MANAGER}.name",
                f"the manager {name} lies in verl but can't be chosen any more: the run stops",
                f"{_MANAGER}.name=naive",
            )
        elif name not in _MANAGERS:
            yield error(
                f"{_MANAGER}.name",
                f"no manager is registered as {name!r}: the run stops",
                f"one of {', '.join(_MANAGERS)}; {_MANAGER}.source=importlib for a class of yours",
            )
        if path:
            yield warning(
                f"{_MANAGER}.module.path",
                f"with {_MANAGER}.source=register the module isn't read",
                f"{_MANAGER}.source=importlib",
            )
        if name in ("naive", "remote", "gdpo") and run.has(_KWARGS) and not run.has(_OVERLONG):
            yield warning(_KWARGS, f"the manager {name} reads none of it", f"{_MANAGER}.name=dapo")
    elif source != "importlib":
        yield error(f"{_MANAGER}.source", f"there is no source {source!r}", "register or importlib")
    elif not path:
        yield error(
            f"{_MANAGER}.module.path",
            f"with {_MANAGER}.source=importlib it must be set",
            f"{_MANAGER}.module.path=pkg://MODULE",
        )
    else:
        yield from _own_manager(path, name)
    colocated = run.get("reward.reward_model.enable") and not run.get(
        "reward.reward_model.enable_resource_pool"
    )
    if colocated and function is not None:
        yield error(
            "reward.reward_model.enable_resource_pool",
            "a reward model on the trainer's own GPUs gets prompts and responses alone: managers "
            "miss data_source and reward_model, and every score fails",
            "reward.reward_model.enable_resource_pool=True with n_gpus_per_node and nnodes",
        )


def _own_manager(path: str, name: str) -> Iterator[Finding]:
    manager, found = _load(f"{_MANAGER}.module.path", path, name)
    yield from found
    if found:
        return
    if not inspect.isclass(manager) or not callable(getattr(manager, "run_single", None)):
        yield error(f"{_MANAGER}.name", f"{name} is no class with a method run_single")
        return
    refused = refusal(
        manager,
        config=None,
        tokenizer=None,
        compute_score=None,
        reward_router_address=None,
        reward_model_tokenizer=None,
    )
    if refused is not None:
        yield error(f"{_MANAGER}.name", f"verl can't make a {name}: {refused}")


def _overlong(run: Run) -> Iterator[Finding]:
    if not run.has(_OVERLONG):
        return
    source, name = run.text(f"{_MANAGER}.source"), run.text(f"{_MANAGER}.name")
    if source == "register" and name != "dapo":
        yield error(
            _OVERLONG, f"the manager {name} knows no penalty for length", f"{_MANAGER}.name=dapo"
        )
        return
    if source != "register" or not run.get(f"{_OVERLONG}.enable"):
        return
    for part in ("len", "penalty_factor", "log"):
        if run.get(f"{_OVERLONG}.{part}") is None:
            yield error(
                f"{_OVERLONG}.{part}", "without it every score fails", f"+{_OVERLONG}.{part}=…"
            )
    longest, most = run.number(f"{_KWARGS}.max_resp_len"), run.number("data.max_response_length")
    buffer = run.number(f"{_OVERLONG}.len")
    if longest is None:
        yield error(
            f"{_KWARGS}.max_resp_len",
            "without it the manager isn't made",
            f"+{_KWARGS}.max_resp_len={most:g}",
        )
    elif buffer is not None and not 0 < buffer <= longest:
        yield error(
            f"{_OVERLONG}.len", f"it must be above 0 and at most max_resp_len ({longest:g})"
        )
    elif most is not None and longest != most:
        yield warning(
            f"{_KWARGS}.max_resp_len",
            f"responses have at most {most:g} tokens (data.max_response_length), not {longest:g}",
            f"+{_KWARGS}.max_resp_len={most:g}",
        )


def _filter(run: Run, columns: Mapping[str, object] | None) -> Iterator[Finding]:
    if not run.get(f"{_FILTER}.enable"):
        return
    if run.get("reward.reward_model.enable") and not run.get(
        "reward.reward_model.enable_resource_pool"
    ):
        yield error(
            f"{_FILTER}.enable",
            "a reward model on the trainer's own GPUs scores too late for a filter: the run stops",
            "reward.reward_model.enable_resource_pool=True",
        )
    if run.get(f"{_SAMPLER}.path") and run.get(f"{_SAMPLER}.name"):
        yield note(
            f"{_FILTER}.enable", "a sampler of one's own isn't told: it filters as it likes, or not"
        )
        return
    metric = run.text(f"{_FILTER}.metric")
    if not metric:
        yield error(f"{_FILTER}.metric", "it must be set", f"{_FILTER}.metric=reward")
    elif metric != "reward":
        yield from _metric(run, columns, metric)


def _metric(run: Run, columns: Mapping[str, object] | None, metric: str) -> Iterator[Finding]:
    key = f"{_FILTER}.metric"
    if is_rlpr(run):
        if metric != "score" and not metric.startswith("rlpr_"):
            yield error(
                key,
                f"RLPR's loop returns score and rlpr_…, no {metric}: the first group stops the run",
                f"{key}=reward",
            )
    elif columns is None:
        if run.get(f"{_FUNCTION}.path"):
            name = run.text(f"{_FUNCTION}.name")
            yield note(key, f"{name} must return {metric} for every response")
    else:
        numbers = [
            name
            for name, value in columns.items()
            if isinstance(value, int | float) and math.isfinite(value)
        ]
        if metric not in numbers:
            yield error(
                key,
                f"the reward returns no number {metric}: the first full group stops the run",
                "one of reward, " + ", ".join(numbers),
            )


def _sampler(run: Run) -> Iterator[Finding]:
    path, name = run.text(f"{_SAMPLER}.path"), run.text(f"{_SAMPLER}.name")
    if bool(path) != bool(name):
        missing = "name" if path else "path"
        yield error(
            f"{_SAMPLER}.{missing}",
            "with only one of path and name, verl's own sampler is taken without a word",
            f"{_SAMPLER}.{missing}=…",
        )
    elif path:
        sampler, found = _load(f"{_SAMPLER}.path", path, name)
        yield from found
        refused = None if found else refusal(sampler, **_SAMPLERS_ARGUMENTS)
        if refused is not None:
            yield error(f"{_SAMPLER}.name", f"verl can't make a {name}: {refused}")


def _rlpr(run: Run, function: object | None) -> Iterator[Finding]:
    where = run.text(f"{_AGENT}.agent_loop_config_path")
    if where and not os.path.isfile(os.path.expanduser(where)):
        yield error(f"{_AGENT}.agent_loop_config_path", f"there is no file {where}")
    if not is_rlpr(run):
        return
    temperature = run.number("actor_rollout_ref.rollout.temperature")
    if temperature is not None and temperature != 1:
        yield warning(
            "actor_rollout_ref.rollout.temperature",
            f"RLPR's probabilities are the policy's at temperature 1; at {temperature:g} another "
            "policy is sampled and trained than the one that is scored",
            "actor_rollout_ref.rollout.temperature=1.0",
        )
    if function is not None:
        yield warning(
            f"{_FUNCTION}.path",
            "RLPR's loop sets the reward itself: this function isn't called while training",
            f"leave out {_FUNCTION}.path",
        )
    lengths = [run.number(f"data.max_{one}_length") for one in ("prompt", "response")]
    longest = run.number("actor_rollout_ref.rollout.max_model_len")
    if longest is not None and None not in lengths:
        most = sum(one for one in lengths if one is not None)
        if most <= longest < most + _ROOM:
            yield warning(
                "actor_rollout_ref.rollout.max_model_len",
                f"RLPR scores the reference behind the reasoning: {longest - most:g} tokens are "
                "left for it and its tags, and a response without room gets no probability",
                f"actor_rollout_ref.rollout.max_model_len={most + _ROOM:g}",
            )


# What a reference and the tags around it take, and more.
_ROOM = 128
