"""Examines the words behind ``python -m openrlhf.cli.train_ppo_ray``."""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.metadata
import importlib.util
import inspect
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pyverify.integrations.doctor.findings import Examined, Finding, error, note, warning
from pyverify.integrations.doctor.loading import LoadError, load_object, refusal
from pyverify.integrations.doctor.options import (
    Option,
    actions_of,
    is_known,
    nearest,
    read_options,
    refusal_of_values,
)

__all__ = ["OLD", "VERSION", "check_openrlhf", "real_parser"]

VERSION = "0.11.2"
"""The version of OpenRLHF that the table is about."""

OLD = {
    "--remote_rm_url": "--reward.remote_url",
    "--agent_func_path": "--train.agent_func_path",
    "--advantage_estimator": "--algo.advantage.estimator",
    "--init_kl_coef": "--algo.kl.init_coef",
    "--use_kl_loss": "--algo.kl.use_loss",
    "--kl_estimator": "--algo.kl.estimator",
    "--n_samples_per_prompt": "--rollout.n_samples_per_prompt",
    "--rollout_batch_size": "--rollout.batch_size",
    "--micro_rollout_batch_size": "--rollout.micro_batch_size",
    "--train_batch_size": "--train.batch_size",
    "--micro_train_batch_size": "--train.micro_batch_size",
    "--num_episodes": "--train.num_episodes",
    "--max_epochs": "--train.max_epochs",
    "--pretrain": "--actor.model_name_or_path",
    "--critic_pretrain": "--critic.model_name_or_path",
    "--reward_pretrain": "--reward.model_name_or_path",
    "--prompt_data": "--data.prompt_dataset",
    "--input_key": "--data.input_key",
    "--label_key": "--data.label_key",
    "--apply_chat_template": "--data.apply_chat_template",
    "--eps_clip": "--actor.eps_clip",
    "--eps_clip_low_high": "--actor.eps_clip_low_high",
    "--dual_clip": "--actor.dual_clip",
    "--policy_loss_type": "--actor.policy_loss_type",
    "--dynamic_filtering": "--algo.dynamic_filtering_enable",
    "--dynamic_filtering_reward_range": "--algo.dynamic_filtering_range",
    "--gamma": "--algo.advantage.gamma",
    "--lambd": "--algo.advantage.lambd",
    "--temperature": "--rollout.temperature",
    "--top_p": "--rollout.top_p",
    "--seed": "--train.seed",
    "--save_path": "--ckpt.output_dir",
    "--ckpt_path": "--ckpt.path",
    "--save_steps": "--ckpt.save_steps",
    "--eval_steps": "--eval.steps",
    "--zero_stage": "--ds.zero_stage",
    "--packing_samples": "--ds.packing_samples",
    "--freezing_actor_steps": "--critic.freezing_steps",
    "--vllm_num_engines": "--vllm.num_engines",
    "--vllm_tensor_parallel_size": "--vllm.tensor_parallel_size",
    "--colocate_all_models": "--train.colocate_all",
    "--async_train": "--train.async_enable",
    "--actor_learning_rate": "--actor.adam.lr",
    "--critic_learning_rate": "--critic.adam.lr",
}
"""Options of versions before 0.11, and what they are called now."""

_MODULE = "openrlhf.cli.train_ppo_ray"
_GROUPS = ("rloo", "reinforce_baseline", "group_norm", "dr_grpo")


def check_openrlhf(words: Sequence[str]) -> Examined:
    """Examines a command for OpenRLHF's PPO.

    A reward that is a file is imported as OpenRLHF imports it. Where OpenRLHF is installed, its own
    parser says which options there are; nothing else of it is imported.

    Args:
        words: What one gives to ``python -m openrlhf.cli.train_ppo_ray``.

    Example:
        >>> found = check_openrlhf(["--remote_rm_url", "reward.py"]).findings
        >>> found[0].instead
        '--reward.remote_url'
    """
    starts = [at for at, word in enumerate(words) if "train_ppo_ray" in word]
    options = read_options(words[starts[0] + 1 :] if starts else words)
    parser = real_parser()
    findings = [*_unknown(options, parser), *_reward(options), *_values(options)]
    against = (
        f"a table for OpenRLHF {VERSION}; it isn't installed here, so unknown options aren't seen"
    )
    if parser is not None:
        against = f"the parser of OpenRLHF {importlib.metadata.version('openrlhf')}"
    return Examined(_MODULE, against, findings)


def real_parser() -> argparse.ArgumentParser | None:
    """OpenRLHF's own parser; None where it isn't installed, or made in another way.

    The module makes it where it is run as a script, behind imports that need GPUs: only the
    statements that fill the parser are executed.
    """
    spec = importlib.util.find_spec("openrlhf")
    if spec is None or not spec.submodule_search_locations:
        return None
    file = Path(spec.submodule_search_locations[0]) / "cli" / "train_ppo_ray.py"
    if not file.is_file():
        return None
    tree = ast.parse(file.read_text(encoding="utf-8"))
    blocks = [one for one in tree.body if isinstance(one, ast.If)]
    if not blocks:
        return None
    filling: list[ast.stmt] = []
    for statement in blocks[-1].body:
        if "parse_args" in ast.unparse(statement):
            break
        filling.append(statement)
    scope: dict[str, object] = {"argparse": argparse, "datetime": datetime}
    with contextlib.suppress(NameError, AttributeError):  # another version's, which needs more
        exec(compile(ast.Module(filling, []), str(file), "exec"), scope)  # noqa: S102
    parser = scope.get("parser")
    return parser if isinstance(parser, argparse.ArgumentParser) else None


def _unknown(
    options: Sequence[Option], parser: argparse.ArgumentParser | None
) -> Iterator[Finding]:
    known = {} if parser is None else actions_of(parser)
    for option in options:
        if option.name in OLD:
            yield error(option.name, "OpenRLHF has no such option any more", OLD[option.name])
        elif parser is not None and not is_known(option.name, known):
            yield error(option.name, "OpenRLHF has no such option", nearest(option.name, known))
        else:
            refused = refusal_of_values(option, known)
            if refused is not None:
                yield error(option.name, f"the command stops: {refused}")


def _reward(options: Sequence[Option]) -> Iterator[Finding]:
    found = {one.name: one.values for one in options}
    urls = ",".join(found.get("--reward.remote_url", ())).split(",")
    files = [one for one in urls if one.endswith(".py")]
    agent = found.get("--train.agent_func_path", ())
    if agent:
        yield from _agent(agent[0])
        if files:
            yield warning(
                "--reward.remote_url",
                "with --train.agent_func_path the agent makes the rewards: this file isn't called",
            )
    elif files:
        if urls[0] != files[0]:
            yield error("--reward.remote_url", "a file is only taken if it stands first")
            return
        yield from _reward_file(files[0])
        if not found.get("--data.label_key"):
            yield error(
                "--data.label_key",
                "it isn't set: every label is empty, and no response can be right",
                "--data.label_key answer",
            )


def _reward_file(file: str) -> Iterator[Finding]:
    key = "--reward.remote_url"
    try:
        function = load_object(file, "reward_func")
    except LoadError as problem:
        yield error(key, str(problem))
        return
    if inspect.iscoroutinefunction(function):
        yield error(key, "reward_func is async, and OpenRLHF doesn't await it", "def reward_func")
        return
    problem_text = refusal(function, [], [], [])
    if problem_text is not None:
        yield error(
            key,
            f"OpenRLHF calls reward_func(queries, prompts, labels): {problem_text}",
            "def reward_func(queries, prompts, labels)",
        )


def _agent(file: str) -> Iterator[Finding]:
    key = "--train.agent_func_path"
    if not Path(file).is_file():
        yield error(key, f"there is no file {file}")
    elif "class AgentExecutor" not in Path(file).read_text(encoding="utf-8", errors="replace"):
        yield note(key, f"{file} defines no class AgentExecutor; it must have one")


def _values(options: Sequence[Option]) -> Iterator[Finding]:
    found = {one.name: one.values for one in options}
    estimator = next(iter(found.get("--algo.advantage.estimator", ())), "gae")
    samples = next(iter(found.get("--rollout.n_samples_per_prompt", ())), "1")
    if estimator in _GROUPS and samples == "1":
        yield error(
            "--rollout.n_samples_per_prompt",
            f"{estimator} compares responses to one prompt, and there is one: the run stops",
            "--rollout.n_samples_per_prompt 8",
        )
    if estimator == "gae":
        if not found.get("--critic.model_name_or_path"):
            yield note(
                "--critic.model_name_or_path",
                "it isn't set: the critic is the actor's model, with a new head",
            )
    else:
        for option in options:
            if option.name.startswith("--critic.") and option.name != "--critic.num_nodes":
                yield warning(
                    option.name,
                    f"there is no critic with --algo.advantage.estimator {estimator}",
                    "--algo.advantage.estimator gae, or leave it out",
                )
    if "--algo.kl.init_coef" not in found:
        yield note(
            "--algo.kl.init_coef",
            "it isn't set, and the default is 0.01: a reference model is loaded, and the reward "
            "has a KL term",
            "--algo.kl.init_coef 0 to train without",
        )
    if "--actor.eps_clip" in found and "--actor.eps_clip_low_high" in found:
        yield warning("--actor.eps_clip", "--actor.eps_clip_low_high is there and wins")
    if "--algo.dynamic_filtering_range" in found and "--algo.dynamic_filtering_enable" not in found:
        yield warning(
            "--algo.dynamic_filtering_range",
            "groups aren't filtered",
            "--algo.dynamic_filtering_enable",
        )
