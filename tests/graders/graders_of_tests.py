"""Graders that behave, and graders that don't; the words of a completion say what one does."""

from __future__ import annotations

import os
import subprocess
import sys
import time


def right(completion, gold):
    return gold in completion


def noisy(completion, gold):
    """Prints everywhere, more than a pipe holds."""
    print('{"right": true, "verdict": "equal"}')
    os.write(1, b'{"right": true}\n')
    sys.stderr.write("line\n" * 100_000)
    subprocess.run(["echo", '{"right": true}'], check=True)
    return gold in completion


def reads(completion, gold):
    """Nothing is there to be read."""
    return sys.stdin.read() == "" and gold in completion


def wild(completion, gold):
    if "exit now" in completion:
        sys.exit(3)
    if "die" in completion:
        os._exit(5)
    if "segfault" in completion:
        os.kill(os.getpid(), 11)
    if "raise" in completion:
        raise ValueError(f"cannot read\n{completion}")
    if "eat" in completion:
        return len(bytearray(1 << 40)) > 0
    if "hang" in completion:
        if "MARKER" in os.environ:
            open(os.environ["MARKER"], "w").close()
        9**9**9**9
    if "orphan" in completion:
        if os.fork() == 0:
            time.sleep(600)
        os._exit(7)
    if "nest" in completion:
        return wild(completion, gold)
    return gold in completion


def leaves_a_worker(completion, gold):
    """Its worker's number goes to the file that the gold names; then it hangs."""
    worker = subprocess.Popen(["sleep", "600"])
    with open(gold, "w") as file:
        file.write(str(worker.pid))
    time.sleep(600)


def fails(completion, gold):
    raise KeyError("always")


def number(completion, gold):
    return float(completion)


def nothing(completion, gold):
    return None


def mapping(completion, gold):
    return {"score": -1.0, "acc": gold in completion, "pred": completion[:3]}


def empty_mapping(completion, gold):
    return {"format": 1.0}


def named_gold(gold, text):
    """As Math-Verify's own function has them."""
    return (gold, text) == ("42", "text 42")


def keyword_gold(completion, *, gold):
    return gold in completion


def compute_score(data_source, solution_str, ground_truth, extra_info=None):
    """As verl calls it."""
    seen = f"{data_source}|{solution_str}|{ground_truth}|{extra_info}"
    return {"score": 1.0, "pred": seen}


async def later(completion, gold):
    return gold in completion


def batch(completions, **kwargs):
    return [1.0 for _ in completions]


class Reward:
    @staticmethod
    def score(completion, gold):
        return 0.5
