"""Times rewards over many responses in one thread: the batch call, everything included.

usage: python bench/rewards.py [--count N] [--size BYTES] [--runs N]

The responses are made up: words, numbers and formulas, ending in a box, eight for each gold, half
of them right. Prints CPU time for each reward, the fastest of the runs; figures compare within one
run of one machine.
"""

from __future__ import annotations

import argparse
import platform
import random
import time

import pyverify
from pyverify.rewards import (
    RECIPES,
    LanguageConsistency,
    Repetition,
    Reward,
    Steps,
    recipe,
)

_WORDS = (
    *("we", "have", "that", "the", "sum", "of", "all", "terms", "is", "equal", "to", "and", "then"),
    *("consider", "hence", "it", "follows", "both", "roots", "are", "real", "by", "symmetry", "12"),
    *("7", "$x^2+1$", "$a_n$", "therefore", "however", "let", "us", "compute"),
)


_BOXED = ".\nSo the answer is $\\boxed{{{}}}$."
_ENDINGS = {
    "behind reasoning": "</think>" + _BOXED[1:],
    "a sentence, no box": ".\nThe final answer is {}.",
    "no answer": " and {} and so on and on until the response stops",
    "one emoji in it": " 🙂" + _BOXED,
}


def made(count: int, size: int, ending: str = _BOXED) -> tuple[list[str], list[str]]:
    """Responses of about a size, and their golds."""
    draw = random.Random(1)
    texts, golds = [], []
    for i in range(count):
        words: list[str] = []
        length = 0
        while length < size - 40:
            word = draw.choice(_WORDS)
            words.append(word)
            length += len(word) + 1
        gold = i // 8 % 997
        texts.append(" ".join(words) + ending.format(gold + i % 2))
        golds.append(str(gold))
    return texts, golds


def timed(reward: Reward, texts: list[str], golds: list[str], runs: int) -> float:
    """CPU seconds of the fastest call."""
    columns = {
        "token_counts": [len(text) // 4 for text in texts],
        "probability": [0.5] * len(texts),
    }
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        rewards = reward(texts, golds=golds, threads=1, **columns)
        best = min(best, time.process_time() - start)
        assert len(rewards) == len(texts)
    return best


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    texts, golds = made(args.count, args.size)
    right = recipe("math_boxed")(texts, golds=golds)
    assert right == [1.0 - i % 2 for i in range(len(texts))]
    print(f"pyverify {pyverify.__version__}, Python {platform.python_version()}, one thread")
    print(f"{args.count:,} responses of {args.size:,} bytes\n")
    print(f"{'reward':<22} {'seconds':>8} {'µs each':>8}")
    rewards: dict[str, Reward] = {name: recipe(name) for name in RECIPES if name != "choice"}
    rewards |= {"Repetition()": Repetition(), "Steps()": Steps()}
    rewards["LanguageConsistency()"] = LanguageConsistency()
    for name, reward in rewards.items():
        seconds = timed(reward, texts, golds, args.runs)
        print(f"{name:<22} {seconds:8.3f} {1e6 * seconds / len(texts):8.2f}")
    print("\nformat_accuracy on other responses")
    for name, ending in _ENDINGS.items():
        texts, golds = made(args.count, args.size, ending)
        seconds = timed(recipe("format_accuracy"), texts, golds, args.runs)
        print(f"{name:<22} {seconds:8.3f} {1e6 * seconds / len(texts):8.2f}")


if __name__ == "__main__":
    main()
