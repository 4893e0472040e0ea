"""How far a recipe gets in OpenRLHF without a GPU: its command line read, its reward asked.

OpenRLHF's own parser reads the recipe's whole command line, and its own executor, which generates
and scores a response, asks the file that it is pointed at. In vLLM's place stands what has its
responses ready.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from pyverify.integrations.recipes.command_line import Chosen, Paths, RecipeError
from pyverify.integrations.recipes.launch_openrlhf import START, Hook, Settings, arguments, check

if TYPE_CHECKING:
    from openrlhf.utils.agent import AgentExecutorBase
    from transformers import PreTrainedTokenizerBase

_TEXTS = ("is \\boxed{4}", "is \\boxed{5}", "4")


def smoke(chosen: Chosen, settings: Settings, hook: Hook) -> int:
    """Runs a recipe as far as it goes.

    Args:
        chosen: What the command line says.
        settings: The recipe's.
        hook: What scores.

    Returns:
        0.

    Raises:
        RecipeError: Something is wrong with the recipe.
    """
    paths = small(chosen.paths)
    words = arguments(paths, settings, hook, chosen.extra)
    if chosen.show:
        print(shlex.join([*START, *words]))
        return 0
    hook.write()
    print("\n".join(check(words, verified=hook.verified)), flush=True)
    executor = load(hook)
    if hook.verified:
        rewards = ask(executor, paths.model, "4")
        print(f"OpenRLHF's executor: {rewards} for a right answer, a wrong one and a bare one")
    else:
        print("OpenRLHF's executor: RLPR's agent, which asks vLLM, is loaded")
    print("OpenRLHF trains on GPUs alone: this is as far as it goes on a CPU.")
    return 0


def small(paths: Paths) -> Paths:
    """A tiny model, a critic of the same vocabulary, and sums in OpenRLHF's columns."""
    from pyverify.integrations.recipes.tiny import BOXED, save_model, sums

    folder = Path(paths.output).resolve() / "smoke"
    # Nothing of this run depends on what the models have learnt.
    models = [save_model(folder / name, 1, BOXED) for name in ("model", "critic")]
    files = []
    for seed, (name, count) in enumerate((("train", 64), ("val", 16))):
        files.append(str(folder / f"{name}.jsonl"))
        sums(count, seed).rename_column("prompt", "input").to_json(files[-1])
    return replace(
        paths,
        model=models[0],
        critic=None if paths.critic is None else models[1],
        train=files[:1],
        val=files[1:],
    )


def load(hook: Hook) -> AgentExecutorBase:
    """What OpenRLHF makes of the file that it is pointed at.

    Args:
        hook: The file, which is there.

    Raises:
        RecipeError: It has no executor.
    """
    from openrlhf.utils.agent import AgentExecutorBase, SingleTurnAgentExecutor

    if hook.option == "reward.remote_url":
        return SingleTurnAgentExecutor([str(hook.path)])
    spec = importlib.util.spec_from_file_location("agent_module", hook.path)
    if spec is None or spec.loader is None:
        raise RecipeError(f"{hook.path} is no module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.AgentExecutor()
    if not isinstance(made, AgentExecutorBase):
        raise RecipeError(f"{hook.path} has no AgentExecutor of OpenRLHF's")
    return made


def ask(executor: AgentExecutorBase, model: str, gold: str) -> list[float]:
    """Rewards of an executor for a right answer, a wrong one, and a right one without a box.

    Args:
        executor: OpenRLHF's.
        model: Whose tokenizer reads and writes.
        gold: To all responses.

    Raises:
        RecipeError: OpenRLHF got no reward; it says so itself, and trains on.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)

    async def one(text: str) -> float:
        sampling = SimpleNamespace(max_tokens=32, logprobs=None)
        engine = _Engine(tokenizer, text)
        found = await executor.execute("2+2=\n", gold, sampling, 64, tokenizer, engine)
        if found["reward"] is None:
            raise RecipeError("OpenRLHF got no reward: the lines above say why")
        return round(float(found["reward"]), 6)

    async def all_of_them() -> list[float]:
        return [await one(text) for text in _TEXTS]

    return asyncio.run(all_of_them())


@dataclass
class _Engine:
    """An engine that writes one text."""

    tokenizer: PreTrainedTokenizerBase
    text: str

    async def generate(
        self, ids: list[int], sampling: object, multi_modal_data: object = None
    ) -> SimpleNamespace:
        """An answer as vLLM gives it."""
        new = [*self.tokenizer.encode(self.text), self.tokenizer.eos_token_id]
        one = SimpleNamespace(token_ids=new, text=self.text, finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[one])
