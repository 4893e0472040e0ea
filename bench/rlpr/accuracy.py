"""What each way of computing a probability loses, against float64.

    python bench/rlpr/accuracy.py [--rows N] [--vocabulary V] [--tokens T]

Logits are made up: a normal distribution around 20, as large language models have them, and a
target whose probability is drawn from 0 to 1. All ways start from the same float32 logits; the
reward of an answer is the mean probability of its T tokens. Runs on the CPU, in a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import torch

from pyverify.rlpr import prob_reward

Way = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

CENTRE, SPREAD, TEMPERATURE = 20.0, 3.0, 0.6


def made_up(rows: int, vocabulary: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits in float32, ``[rows, vocabulary]``, and targets whose probabilities are spread out."""
    draw = torch.Generator().manual_seed(seed)
    logits = CENTRE + SPREAD * torch.randn(rows, vocabulary, generator=draw)
    targets = torch.randint(vocabulary, (rows,), generator=draw)
    wanted = 0.02 + 0.96 * torch.rand(rows, generator=draw)
    others = logits.scatter(1, targets[:, None], -torch.inf).double().logsumexp(1)
    level = others + (wanted.double() / (1 - wanted.double())).log()
    return logits.scatter(1, targets[:, None], level.float()[:, None]), targets


def by_pyverify(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """log p by `prob_reward`."""
    cu_seqlens = torch.arange(len(targets) + 1)
    found = prob_reward(logits=logits, targets=targets, cu_seqlens=cu_seqlens, per_token=True)
    assert found.log_probs is not None
    return found.log_probs


def by_softmax(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """log p by torch's log_softmax, in the dtype of the logits."""
    return logits.log_softmax(1).gather(1, targets[:, None])[:, 0]


def by_rounded_sum(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The target's own logit, with a log-sum-exp of rounded ones."""
    rounded = logits.bfloat16().float().logsumexp(1)
    return logits.gather(1, targets[:, None])[:, 0] - rounded


WAYS: tuple[tuple[str, Way, float], ...] = (
    ("`prob_reward`, float32 logits", by_pyverify, 1.0),
    ("torch's log_softmax, float32 logits", by_softmax, 1.0),
    (
        "logits rounded to bfloat16, exact from there on",
        lambda x, t: by_pyverify(x.bfloat16(), t),
        1.0,
    ),
    ("torch's log_softmax in bfloat16", lambda x, t: by_softmax(x.bfloat16(), t), 1.0),
    ("float32 target logit, sum of bfloat16 logits", by_rounded_sum, 1.0),
    (
        f"bfloat16 logits divided by {TEMPERATURE} in place",
        lambda x, t: by_pyverify(x.bfloat16().div_(TEMPERATURE), t),
        TEMPERATURE,
    ),
)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=512)
    parser.add_argument("--vocabulary", type=int, default=151_936)
    parser.add_argument("--tokens", type=int, default=8, help="of an answer")
    given = parser.parse_args()
    # Some rows at a time: float64 logits of all would be large.
    errors = {name: ([0.0], [0.0], [0.0]) for name, _, _ in WAYS}
    for seed in range(given.rows // given.tokens):
        logits, targets = made_up(given.tokens, given.vocabulary, seed)
        for name, way, temperature in WAYS:
            exact = (logits.double() / temperature).log_softmax(1)
            exact = exact.gather(1, targets[:, None])[:, 0]
            log_p = way(logits, targets).double()
            p = log_p.exp() - exact.exp()
            for kept, one in zip(errors[name], (log_p - exact, p, p.mean()[None]), strict=True):
                kept.append(float(one.abs().max()))
    print(
        f"torch {torch.__version__}, {given.rows} rows, vocabulary {given.vocabulary:,}, ", end=""
    )
    print(f"answers of {given.tokens} tokens\n")
    print("| | error of log p | of p | of the reward |\n|---|--:|--:|--:|")
    for name, kept in errors.items():
        print(f"| {name} | " + " | ".join(f"{max(one):.1e}" for one in kept) + " |")


if __name__ == "__main__":
    main()
