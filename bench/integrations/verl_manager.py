"""What verl's reward loop costs with its own scorers and with pyverify's, side by side.

usage: python bench/integrations/verl_manager.py [--count N] [--size BYTES] [--runs N] [--actors]

Runs verl's `RewardLoopWorker` on a batch of responses, as the trainer does: a task for each
response, the manager's `run_single` on an event loop. With --actors it is a Ray actor behind
`RewardLoopManager`, else this process. Responses are made up, with the mark of an answer that
verl's scorer for their data source looks for; half of them are right. Prints CPU time of the
process, all threads included, the fastest of the runs; figures compare within one run of one
machine.

  loop     what the loop takes with a manager that does nothing: slices of the batch, tasks
  decode   the tokenizer's part
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
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "contract"))

import ray  # noqa: E402
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
    parser.add_argument("--actors", action="store_true")
    return parser.parse_args()


def in_actor(whole: object, data: DataProto, runs: int) -> tuple[float, list[float]]:
    """The fastest of the runs in a Ray actor, in seconds of its CPU; the rewards."""
    loop = RewardLoopManager(whole)
    (worker,) = loop.reward_loop_workers

    def clock() -> float:
        return ray.get(worker.__ray_call__.remote(lambda _: time.process_time()))

    took = []
    for _ in range(runs + 1):
        begun = clock()
        found = loop.compute_rm_score(data)
        took.append(clock() - begun)
    ray.kill(worker)
    return min(took[1:]), found.batch["rm_scores"].sum(1).tolist()


def in_process(whole: object, data: DataProto, runs: int) -> tuple[float, list[float]]:
    """The same here."""
    worker = RewardLoopWorker(whole)
    took = []
    for _ in range(runs + 1):
        begun = time.process_time()
        found = worker.loop.run_until_complete(worker.compute_score_batch(data))
        took.append(time.process_time() - begun)
    return min(took[1:]), [float(one["reward_score"]) for one in found]


def decoding(tokenizer: PreTrainedTokenizerFast, data: DataProto, runs: int) -> float:
    """Seconds of CPU for the texts alone, as verl's managers and ours ask for them."""
    took = []
    for _ in range(runs):
        begun = time.process_time()
        for ids, mask in zip(data.batch["responses"], data.batch["attention_mask"], strict=True):
            length = int(mask[-len(ids) :].sum())
            tokenizer.decode(ids[:length], skip_special_tokens=True)
        took.append(time.process_time() - begun)
    return min(took)


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


def measured(chosen: argparse.Namespace, measure: Callable, folder: str) -> None:
    """Prints a table for each data source."""
    for source, ending in SOURCES.items():
        texts, golds = made(chosen.count, chosen.size, ending)
        tokenizer = make_tokenizer(texts[:64])
        tokenizer.save_pretrained(folder)
        data = rows(tokenizer, texts, golds, source=source)
        data.non_tensor_batch.pop("raw_prompt")
        data.batch.pop("input_ids")
        right = [float(at % 2 == 0) for at in range(chosen.count)]
        decode = decoding(tokenizer, data, chosen.runs)
        each = 1e6 / chosen.count
        print(f"{source}: decode {decode * each:.1f} us a response")
        loop = 0.0
        for name, overrides in WAYS.items():
            whole = config(
                f"actor_rollout_ref.model.path={folder}", "reward.num_workers=1", *overrides
            )
            took, found = measure(whole, data, chosen.runs)
            if name == "nothing":
                loop = took
                print(f"  {'loop':18} {loop * each:9.1f} us")
                continue
            agrees = sum((a > 0) == (b > 0) for a, b in zip(found, right, strict=True))
            own = (took - loop - decode) * each
            share = agrees / chosen.count
            print(f"  {name:18} {took * each:9.1f} us   own {own:8.1f} us   right {share:.4f}")
        call, dicts = batch_call(texts, golds, source, chosen.runs)
        print(f"  of the manager's, {chosen.count} at once: the call {call * 1e3:.1f} ms", end="")
        print(f" ({call * each:.2f} us each), verl's dicts {dicts * 1e3:.1f} ms")


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
            measured(chosen, in_process, folder)
            return
        with cluster():
            measured(chosen, in_actor, folder)


def _there(name: str) -> bool:
    try:
        version(name)
    except Exception:
        return False
    return True


if __name__ == "__main__":
    main()
