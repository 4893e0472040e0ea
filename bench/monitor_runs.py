"""Plausible training runs, healthy and sick, for measuring the reward monitor.

Every run is a list of (step, metrics), drawn from a seed: length, evaluation interval, size of the
validation set, batch, group size, reward scale, logging interval and rounding all vary. Validation
sets have fixed problems of mixed difficulty and are sampled, so that their noise is real noise.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Row = tuple[int, dict[str, float]]
Curve = Callable[[float], float]


def smooth(x: float) -> float:
    """From 0 to 1 over [0, 1], flat at both ends."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


@dataclass
class Setup:
    """What a run is like; curves map progress in [0, 1] to a value."""

    rng: random.Random
    p: Curve
    entropy: Curve
    clipped: Curve
    length: Curve
    steps: int
    every: int
    validation_p: Curve | None
    validation_size: int
    validation_repeats: int
    validation_sets: int
    prompts: int
    group: int
    spread: float = 1.5
    wander: float = 0.0
    scale: tuple[float, float] = (0.0, 1.0)
    format: Curve | None = None
    no_answer: Curve | None = None
    log_every: int = 1
    digits: int | None = None
    extra: dict[int, dict[str, float]] = field(default_factory=dict)


def common(rng: random.Random) -> Setup:
    """A healthy run that rises, before a scenario changes it."""
    start = rng.uniform(0.05, 0.5)
    end = start + rng.uniform(0.15, 0.9) * (0.95 - start)
    pace = rng.uniform(0.7, 2.5)
    entropy = rng.uniform(0.2, 1.5)
    ends = entropy * rng.uniform(0.25, 0.9)
    clipped = rng.uniform(0.0, 0.15)
    length = rng.uniform(200, 3000)
    grows = rng.uniform(0.8, 1.4)
    return Setup(
        rng=rng,
        p=lambda x: start + (end - start) * (1 - math.exp(-3 * pace * x)),
        entropy=lambda x: ends + (entropy - ends) * math.exp(-3 * x),
        clipped=lambda x: clipped * (1 - 0.4 * smooth(x)),
        length=lambda x: length * (1 + (grows - 1) * x),
        steps=rng.choice([60, 100, 150, 250, 400]),
        every=rng.choice([5, 10, 20, 25]),
        validation_p=lambda x: start + 0.9 * (end - start) * (1 - math.exp(-3 * pace * x)),
        validation_size=rng.choice([30, 100, 200, 500, 1319]),
        validation_repeats=1,
        validation_sets=1,
        prompts=rng.choice([16, 32, 64, 128, 256, 512]),
        group=rng.choice([4, 8, 16]),
        scale=rng.choice([(0.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (0.1, 1.0)]),
        log_every=rng.choice([1, 1, 1, 5, 10]),
        digits=rng.choice([None, None, 3, 4]),
    )


def difficulty(rng: random.Random, p: float, spread: float) -> float:
    """A prompt's own success rate: many are nearly always or nearly never solved."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    logit = math.log(p / (1 - p)) * math.sqrt(1 + spread * spread / 3) + rng.gauss(0, spread)
    return 1 / (1 + math.exp(-logit))


def rows(setup: Setup) -> Iterator[Row]:
    """The log of a run."""
    rng = setup.rng
    sets = [
        [rng.gauss(0, setup.spread) for _ in range(setup.validation_size)]
        for _ in range(setup.validation_sets)
    ]
    wander = 0.0
    low, high = setup.scale
    for step in range(setup.steps + 1):
        x = step / setup.steps
        found: dict[str, float] = {}
        wander = 0.9 * wander + rng.gauss(0, 0.3) * setup.wander
        if step and step % setup.log_every == 0:
            found.update(training(setup, x, wander))
        if setup.validation_p is not None and step % setup.every == 0:
            for at, problems in enumerate(sets):
                value = validation(setup, x, problems)
                found[f"validation_reward/test{at}"] = low + (high - low) * value
        found.update(setup.extra.get(step, {}))
        if setup.digits is not None:
            found = {name: round(value, setup.digits) for name, value in found.items()}
        if found:
            yield step, found


def training(setup: Setup, x: float, wander: float) -> dict[str, float]:
    rng = setup.rng
    # At most 64 prompts are drawn; a larger batch only narrows the noise of the mean.
    drawn = min(setup.prompts, 64)
    shrink = math.sqrt(drawn / setup.prompts)
    rates, flat, solved = [], 0, 0.0
    for _ in range(drawn):
        rate = difficulty(rng, setup.p(x) + wander, setup.spread)
        right = sum(rng.random() < rate for _ in range(setup.group))
        flat += right in (0, setup.group)
        solved += right / setup.group
        rates.append(rate)
    middle = min(max(setup.p(x) + wander, 0.0), 1.0)
    p = min(max(middle + (solved / drawn - middle) * shrink, 0.0), 1.0)
    low, high = setup.scale
    entropy = max(setup.entropy(x), 1e-4) * (1 + rng.gauss(0, 0.03))
    clipped = min(max(setup.clipped(x), 0.0), 1.0)
    noise = math.sqrt(clipped * (1 - clipped) / (setup.prompts * setup.group))
    found = {
        "reward_mean": low + (high - low) * p,
        "entropy": entropy,
        "clipped_ratio": min(max(clipped + rng.gauss(0, noise), 0.0), 1.0),
        "response_length": setup.length(x) * (1 + rng.gauss(0, 0.04)),
        "zero_variance_groups": flat / drawn,
        "grad_norm": math.exp(rng.gauss(-1.5, 0.4)),
    }
    if setup.format is not None:
        found["correctness"] = p
        found["component/correctness"] = p
        share = min(max(setup.format(x) + rng.gauss(0, 0.01), 0.0), 1.0)
        found["component/format"] = share
        found["reward_mean"] = 0.9 * p + 0.1 * share
    if setup.no_answer is not None:
        share = setup.no_answer(x)
        found["no_answer"] = min(max(share + rng.gauss(0, 0.01), 0.0), 1.0)
    return found


def validation(setup: Setup, x: float, problems: list[float]) -> float:
    assert setup.validation_p is not None
    p = min(max(setup.validation_p(x), 1e-4), 1 - 1e-4)
    middle = math.log(p / (1 - p)) * math.sqrt(1 + setup.spread**2 / 3)
    total = 0
    for offset in problems:
        rate = 1 / (1 + math.exp(-middle - offset))
        total += sum(setup.rng.random() < rate for _ in range(setup.validation_repeats))
    return total / (len(problems) * setup.validation_repeats)
