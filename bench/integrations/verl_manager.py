"""What verl's reward loop costs with its own scorers and with pyverify's, side by side.

usage: python bench/integrations/verl_manager.py [--count N] [--size BYTES] [--runs N]
           [--source NAME] [--actors]

Runs verl's `RewardLoopWorker` on a batch of responses, as the trainer does: a task for each
response, the manager's `run_single` on an event loop. With --actors it is a Ray actor behind
`RewardLoopManager`, else this process. Responses are made up, with the mark of an answer that
verl's scorer for their data source looks for; half of them are right. Prints CPU time of the
process, all threads included, the fastest of the runs; figures compare within one run of one
machine.

  decode   the tokenizer's part; in this process it is left out of all ways: texts are looked up
  loop     what the loop takes with a manager that does nothing: slices of the batch, tasks
  own      all the rest, for each response: what the manager and its scorer add
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "contract"))

import ray  # noqa: E402
import torch  # noqa: E402
from omegaconf import DictConfig  # noqa: E402
from transformers import LlamaConfig, PreTrainedTokenizerFast  # noqa: E402
from verl.experimental.reward_loop import RewardLoopManager  # noqa: E402
from verl.experimental.reward_loop.reward_loop import RewardLoopWorker  # noqa: E402
from verl.experimental.reward_loop.reward_manager.base import RewardManagerBase  # noqa: E402
from verl.protocol import DataProto  # noqa: E402
from verl_parts import FUNCTION, MANAGER, cluster, config, make_tokenizer, rows  # noqa: E402

from rewards import made  # noqa: E402

SOURCES = {
    "math_dapo": ".\nAnswer: {}",
    "openai/gsm8k": ".\n#### {}",
    "lighteval/MATH": ".\nSo the answer is $\\boxed{{{}}}$.",
}
WAYS = {
    "nothing": (
        "reward.reward_manager.source=importlib",
        "reward.reward_manager.name=Nothing",
        f"reward.reward_manager.module.path={Path(__file__).resolve()}",
    ),
    "verl, naive": (),
    "pyverify, naive": FUNCTION,
    "pyverify, manager": MANAGER,
}

# What is imported or built at first use is no cost of a response.
_FEW = 64


class Nothing(RewardManagerBase):
    """A manager that looks at nothing."""

    async def run_single(self, data: DataProto) -> dict[str, object]:
        return {"reward_score": 0.0, "reward_extra_info": {}}

    def __init__(self, config: object, tokenizer: object, compute_score: object, **_: object):
        super().__init__(config, tokenizer, compute_score)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=8192)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--source", choices=SOURCES, help="one data source; all by default")
    parser.add_argument("--actors", action="store_true")
    return parser.parse_args()


class Texts:
    """A tokenizer that has decoded already: a response's first id is its number."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def decode(self, ids: Sequence[int], skip_special_tokens: bool) -> str:
        return self.texts[int(ids[0])]


class Here:
    """verl's reward worker in this process, without decoding."""

    def __init__(self, whole: DictConfig, data: DataProto, texts: list[str]) -> None:
        self.worker = RewardLoopWorker(whole)
        self.worker.reward_manager.tokenizer = Texts(texts)
        self.data = deepcopy(data)
        self.data.batch["responses"][:, 0] = torch.arange(len(texts))
        # A prompt's end is decoded, too.
        self.data.batch["prompts"][:] = 0
        self._ask(self.data[:_FEW])

    def __call__(self) -> tuple[float, list[float]]:
        """Seconds of CPU, and the rewards."""
        begun = time.process_time()
        found = self._ask(self.data)
        return time.process_time() - begun, [float(one["reward_score"]) for one in found]

    def _ask(self, data: DataProto) -> list[dict]:
        return self.worker.loop.run_until_complete(self.worker.compute_score_batch(data))

    def close(self) -> None:
        """Nothing is held."""


class InActor:
    """It in a Ray actor, whose own CPU counts: transport on its side, too."""

    def __init__(self, whole: DictConfig, data: DataProto, texts: list[str]) -> None:
        self.loop = RewardLoopManager(whole)
        self.data = data
        self.loop.compute_rm_score(data[:_FEW])

    def __call__(self) -> tuple[float, list[float]]:
        """Seconds of CPU, and the rewards."""
        begun = self._clock()
        found = self.loop.compute_rm_score(self.data)
        return self._clock() - begun, found.batch["rm_scores"].sum(1).tolist()

    def _clock(self) -> float:
        (worker,) = self.loop.reward_loop_workers
        return ray.get(worker.__ray_call__.remote(lambda _: time.process_time()))

    def close(self) -> None:
        """verl's actors have names of which there can be one."""
        for worker in self.loop.reward_loop_workers:
            ray.kill(worker)


def decoding(tokenizer: PreTrainedTokenizerFast, data: DataProto) -> float:
    """Seconds of CPU for the texts alone."""
    begun = time.process_time()
    for ids, mask in zip(
        data.batch["responses"].numpy(), data.batch["attention_mask"].numpy(), strict=True
    ):
        tokenizer.decode(ids[: int(mask[-len(ids) :].sum())], skip_special_tokens=True)
    return time.process_time() - begun


def batch_call(texts: list[str], golds: list[str], source: str, runs: int) -> tuple[float, float]:
    """Seconds of CPU of the manager's one call for all texts, and of making verl's dicts of it."""
    from pyverify.integrations.verl import ComputeScore

    function = ComputeScore()
    calls, dicts = [], []
    for _ in range(runs + 1):
        begun = time.process_time()
        scored = function.scorer(texts, golds, data_sources=[source] * len(texts))
        middle = time.process_time()
        function.rows(scored)
        calls.append(middle - begun)
        dicts.append(time.process_time() - middle)
    return min(calls[1:]), min(dicts[1:])


def measured(chosen: argparse.Namespace, folder: str) -> None:
    """Prints a table for each data source."""
    for source in SOURCES if chosen.source is None else [chosen.source]:
        texts, golds = made(chosen.count, chosen.size, SOURCES[source])
        tokenizer = make_tokenizer(texts[:64])
        tokenizer.save_pretrained(folder)
        data = rows(tokenizer, texts, golds, source=source)
        data.non_tensor_batch.pop("raw_prompt")
        data.batch.pop("input_ids")
        times, rewards = raced(chosen, folder, tokenizer, data, texts)
        each = 1e6 / chosen.count
        decode, loop = min(times.pop("decode")), min(times.pop("nothing"))
        print(f"{source}: decode {decode * each:.1f} us, loop {loop * each:.1f} us a response")
        for name, took in times.items():
            right = [(one > 0) == (at % 2 == 0) for at, one in enumerate(rewards[name])]
            own = (min(took) - loop - (decode if chosen.actors else 0.0)) * each
            print(f"  {name:18} {min(took) * each:9.1f} us   own {own:8.1f} us", end="")
            print(f"   right {sum(right) / len(right):.4f}")
        call, dicts = batch_call(texts, golds, source, chosen.runs)
        print(f"  of the manager's, {chosen.count} at once: the call {call * 1e3:.1f} ms", end="")
        print(f" ({call * each:.2f} us each), verl's dicts {dicts * 1e3:.1f} ms")


def raced(
    chosen: argparse.Namespace,
    folder: str,
    tokenizer: PreTrainedTokenizerFast,
    data: DataProto,
    texts: list[str],
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of each way in each round, and its rewards; in turn, where they can live together."""
    times: dict[str, list[float]] = {name: [] for name in ("decode", *WAYS)}
    rewards: dict[str, list[float]] = {}
    kind = InActor if chosen.actors else Here
    for group in [[name] for name in WAYS] if chosen.actors else [list(WAYS)]:
        ways = {}
        for name in group:
            changes = (f"actor_rollout_ref.model.path={folder}", "reward.num_workers=1")
            ways[name] = kind(config(*changes, *WAYS[name]), data, texts)
        for _ in range(chosen.runs):
            times["decode"].append(decoding(tokenizer, data))
            for name, way in ways.items():
                took, rewards[name] = way()
                times[name].append(took)
        for way in ways.values():
            way.close()
    return times, rewards


def main() -> None:
    chosen = options()
    names = ("pyverify", "verl", "ray", "transformers")
    print(", ".join(f"{name} {version(name)}" for name in names if _there(name)))
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    print(f"{chosen.count} responses of {chosen.size} bytes, best of {chosen.runs} runs, ", end="")
    print("in a Ray actor" if chosen.actors else "in this process")
    asyncio.set_event_loop(asyncio.new_event_loop())
    with tempfile.TemporaryDirectory() as folder:
        LlamaConfig(architectures=["LlamaForCausalLM"]).save_pretrained(folder)
        if not chosen.actors:
            measured(chosen, folder)
            return
        with cluster():
            measured(chosen, folder)


def _there(name: str) -> bool:
    try:
        version(name)
    except Exception:
        return False
    return True


if __name__ == "__main__":
    main()
