"""Starts OpenRLHF: settings and paths as its command line, checked before it runs."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from pyverify.integrations.recipes.checks import check_rows, check_vocabularies
from pyverify.integrations.recipes.command_line import (
    Paths,
    RecipeError,
    read_command_line,
    run_apart,
    run_script,
)
from pyverify.integrations.trainer_reward import TrainerReward
from pyverify.io.atomic import write_text

Settings = Mapping[str, object]
MODULE = "openrlhf.cli.train_ppo_ray"
START = (sys.executable, "-m", MODULE)

_HOOK = '''\
"""Written by a recipe: {about}"""

import os

{lines}

from {module} import {name}

__all__ = ["{name}"]
'''


def launch(
    about: str,
    paths: Paths,
    settings: Settings,
    *,
    reward: str | Callable[[argparse.Namespace], Mapping[str, str]],
    own: Callable[[argparse.ArgumentParser], None] | None = None,
) -> int:
    """Runs a recipe from its command line.

    Args:
        about: The script's docstring.
        paths: The script's constants.
        settings: Options of OpenRLHF without their dashes; True for a switch, lists for several
            words.
        reward: A reward's name or file; or, for RLPR, what its agent is told.
        own: Adds the recipe's own options to the command line.

    Returns:
        The exit code.
    """

    def main() -> int:
        chosen = read_command_line(about, paths, own=own)
        if callable(reward):
            hook = rlpr_file(chosen.paths, reward(chosen.options))
        else:
            hook = reward_file(chosen.paths, reward)
        if chosen.smoke:
            from pyverify.integrations.recipes.smoke_openrlhf import smoke

            return smoke(chosen, settings, hook)
        words = arguments(chosen.paths, settings, hook, chosen.extra)
        if chosen.show:
            print(shlex.join([*START, *words]))
            return 0
        hook.write()
        for line in check(words, verified=hook.verified):
            print(line, flush=True)
        return run_apart([*START, *words])

    return run_script(main)


@dataclass(frozen=True, slots=True)
class Hook:
    """A file that OpenRLHF is pointed at.

    OpenRLHF gives such files no options, and the environment of a shell doesn't reach the actors of
    a Ray cluster that runs already. So the file itself sets what is read from there.

    Attributes:
        path: Where it is.
        option: Which option names it.
        text: What it says.
        verified: Whether it has a verifier.
    """

    path: Path
    option: str
    text: str
    verified: bool = True

    def write(self) -> None:
        """Writes it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_text(str(self.path), self.text)


def reward_file(paths: Paths, reward: str) -> Hook:
    """The file with a reward: a function, or an agent where tokens are counted.

    Args:
        paths: Of the run.
        reward: A reward's name or file.

    Raises:
        RecipeError: There is no such reward.
    """
    try:
        needs = TrainerReward(reward).needs
    except ValueError as error:
        raise RecipeError(str(error)) from None
    where = str(Path(reward).resolve()) if Path(reward).suffix else reward
    variables = {"PYVERIFY_REWARD": where}
    folder = Path(paths.output).resolve()
    if not needs:
        text = _hook(f"the reward {reward}", variables, "reward", "reward_func")
        return Hook(folder / "reward.py", "reward.remote_url", text)
    text = _hook(f"the reward {reward}", variables, "reward_agent", "AgentExecutor")
    return Hook(folder / "reward_agent.py", "train.agent_func_path", text)


def rlpr_file(paths: Paths, variables: Mapping[str, str]) -> Hook:
    """The file with RLPR's agent.

    Args:
        paths: Of the run.
        variables: What it reads from the environment.
    """
    text = _hook("RLPR's agent", variables, "rlpr_agent", "AgentExecutor")
    folder = Path(paths.output).resolve()
    return Hook(folder / "rlpr_agent.py", "train.agent_func_path", text, verified=False)


def _hook(about: str, variables: Mapping[str, str], file: str, name: str) -> str:
    module = f"pyverify.integrations.openrlhf.{file}"
    lines = [f"os.environ[{key!r}] = {value!r}" for key, value in variables.items()]
    return _HOOK.format(about=about, lines="\n".join(lines), module=module, name=name)


def arguments(paths: Paths, settings: Settings, hook: Hook, extra: Sequence[str] = ()) -> list[str]:
    """The words for OpenRLHF: paths, the way to the reward, settings, then the user's own.

    Args:
        paths: What the run reads and writes.
        settings: The recipe's.
        hook: What scores.
        extra: As OpenRLHF's own command line has them; they win.
    """
    given: dict[str, object] = {
        "actor.model_name_or_path": paths.model,
        "data.prompt_dataset": ",".join(paths.train),
        "data.input_key": "input",
        "data.label_key": "answer",
        "data.apply_chat_template": True,
        "eval.dataset": ",".join(paths.val),
        "ckpt.output_dir": paths.output,
        "ckpt.path": f"{paths.output}/checkpoints",
        hook.option: str(hook.path),
        **settings,
    }
    if paths.critic is not None:
        given["critic.model_name_or_path"] = paths.critic
    words: list[str] = []
    for name, value in given.items():
        if value is False or value is None:
            continue
        words.append(f"--{name}")
        if isinstance(value, (list, tuple)):
            words += map(str, value)
        elif value is not True:
            words.append(str(value))
    return [*words, *extra]


def check(words: Sequence[str], *, verified: bool = True) -> list[str]:
    """Reads a command line as OpenRLHF does and looks at what fails late.

    Args:
        words: Of the command line.
        verified: Whether a verifier reads the golds.

    Returns:
        What to say.

    Raises:
        RecipeError: OpenRLHF isn't installed, takes no such words, or the run would fail.
    """
    args = parse(words)
    check_batches(args)
    columns = (args.data.input_key,)
    gold = args.data.label_key
    said = check_rows(args.data.prompt_dataset.split(","), columns, gold, verified=verified)
    if args.eval.dataset:
        said += check_rows(args.eval.dataset.split(","), columns, gold, verified=verified)
    if args.critic.model_name_or_path not in (None, args.actor.model_name_or_path):
        said.append(
            check_vocabularies(args.actor.model_name_or_path, args.critic.model_name_or_path)
        )
    return said


def check_batches(args: SimpleNamespace) -> None:
    """Whether batches divide as OpenRLHF divides them.

    Raises:
        RecipeError: They don't.
    """
    responses = args.rollout.batch_size * args.rollout.n_samples_per_prompt
    if responses % args.train.batch_size:
        raise RecipeError(
            f"{args.rollout.batch_size} prompts x {args.rollout.n_samples_per_prompt} responses "
            f"aren't a multiple of --train.batch_size {args.train.batch_size}: the rest would wait "
            "for the next rollout's gradients"
        )
    ranks = args.actor.num_nodes * args.actor.num_gpus_per_node
    ranks //= args.ds.ring_attn_size * args.ds.tensor_parallel_size
    forward = args.train.micro_batch_size * ranks
    if not args.train.dynamic_batch_enable and args.train.batch_size % forward:
        raise RecipeError(
            f"--train.batch_size {args.train.batch_size} doesn't divide into micro-batches of "
            f"{args.train.micro_batch_size} on {ranks} ranks"
        )
    engines = args.vllm.num_engines * args.vllm.tensor_parallel_size
    total = args.actor.num_nodes * args.actor.num_gpus_per_node
    if args.train.colocate_all and engines != total:
        raise RecipeError(
            f"vLLM's engines take {engines} GPUs, the actor {total}: with --train.colocate_all "
            "both are the same"
        )


def parse(words: Sequence[str]) -> SimpleNamespace:
    """What OpenRLHF's own parser makes of a command line.

    The parser stands in the part of its script that runs the training, and the script imports what
    only machines with GPUs have. So that part is run, without what is around it.

    Args:
        words: Of the command line.

    Raises:
        RecipeError: OpenRLHF isn't installed, or takes no such words.
    """
    found = importlib.util.find_spec("openrlhf")
    if found is None or found.origin is None:
        raise RecipeError("OpenRLHF isn't installed here: pip install openrlhf==0.11.2")
    path = Path(found.origin).parent / "cli" / "train_ppo_ray.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [
        one
        for one in tree.body
        if isinstance(one, (ast.Import, ast.ImportFrom)) and _is_stdlib(one)
    ]
    main = next(one for one in tree.body if isinstance(one, ast.If) and "__main__" in ast.dump(one))
    # All but the call that trains.
    body = [one for one in main.body if not _calls(one, "train")]
    if len(body) != len(main.body) - 1:
        raise RecipeError(f"{path} isn't that of OpenRLHF 0.11: its command line can't be read")
    scope: dict[str, object] = {}
    code = compile(ast.Module([*imports, *body], []), str(path), "exec")
    before, sys.argv = sys.argv, [str(path), *words]
    try:
        exec(code, scope)  # noqa: S102  # an installed package's own lines
    except AssertionError as error:
        raise RecipeError(f"OpenRLHF doesn't take this: {error}") from None
    except SystemExit as stop:
        if not stop.code:
            raise
        raise RecipeError("OpenRLHF doesn't take this command line: see above") from None
    finally:
        sys.argv = before
    args = scope["args"]
    if not isinstance(args, SimpleNamespace):
        raise RecipeError(f"{path} isn't that of OpenRLHF 0.11: its command line can't be read")
    return args


def _is_stdlib(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in sys.stdlib_module_names
    return all(one.name.split(".")[0] in sys.stdlib_module_names for one in node.names)


def _calls(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == name
    )
