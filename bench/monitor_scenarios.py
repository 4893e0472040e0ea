"""Scenarios of training runs: ten and more ways to be well, and as many to be ill."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from monitor_runs import Row, Setup, common, rows, smooth


@dataclass(frozen=True)
class Scenario:
    """A kind of run.

    Attributes:
        build: Changes a healthy setup; returns progress at which the trouble begins, if any.
        kinds: Alerts of which one is right; empty for healthy runs.
    """

    build: Callable[[Setup], float | None]
    kinds: tuple[str, ...] = ()


def rising(setup: Setup) -> None:
    pass


def solved_from_start(setup: Setup) -> None:
    setup.p = setup.validation_p = lambda x: 0.95 + 0.02 * x


def slow_riser(setup: Setup) -> None:
    start, gain = setup.rng.uniform(0.03, 0.1), setup.rng.uniform(0.02, 0.15)
    setup.p = setup.validation_p = lambda x: start + gain * x


def small_validation(setup: Setup) -> None:
    """From 10 problems on, sampled once or four times; in half of the runs entropy rises, too."""
    setup.validation_size = setup.rng.choice([10, 20, 25, 30, 50])
    setup.validation_repeats = setup.rng.choice([1, 4])
    start, gain = setup.rng.uniform(0.03, 0.4), setup.rng.uniform(0.0, 0.3)
    setup.p = setup.validation_p = lambda x: start + gain * x
    setup.every = 5
    if setup.rng.random() < 0.5:
        symptoms_rise(setup)


def many_sets(setup: Setup) -> None:
    """A benchmark of 20 to 30 tasks with 25 problems each, at first sight one of them falls."""
    setup.validation_sets, setup.validation_size = setup.rng.randint(20, 30), 25
    setup.every, setup.steps = 10, 100
    symptoms_rise(setup)


def symptoms_rise(setup: Setup) -> None:
    entropy, more = setup.rng.uniform(0.2, 0.6), setup.rng.uniform(0.3, 1.0)
    clipped, extra = setup.rng.uniform(0.0, 0.1), setup.rng.uniform(0.03, 0.1)
    setup.entropy = lambda x: entropy * (1 + more * x)
    setup.clipped = lambda x: clipped + extra * x


def harder_prompts(setup: Setup) -> None:
    """The prompts get harder bit by bit; validation, always the same, shows that all is well."""
    start, lost = setup.rng.uniform(0.4, 0.7), setup.rng.uniform(0.3, 0.5)
    low, gain = setup.rng.uniform(0.3, 0.4), setup.rng.uniform(0.15, 0.3)
    setup.p = lambda x: start * (1 - lost * x)
    setup.validation_p = lambda x: low + gain * (1 - math.exp(-3 * x))
    setup.validation_size = setup.rng.choice([500, 1319])
    symptoms_rise(setup)
    setup.steps, setup.every = max(setup.steps, 150), 10


def noisy_reward(setup: Setup) -> None:
    setup.prompts = 8
    setup.wander = 0.05
    setup.every = 5


def entropy_decays(setup: Setup) -> None:
    start, end = setup.rng.uniform(0.4, 1.5), setup.rng.uniform(0.08, 0.3)
    setup.entropy = lambda x: end + (start - end) * math.exp(-4 * x)


def entropy_bump(setup: Setup) -> None:
    start, bump = setup.rng.uniform(0.3, 1.0), setup.rng.uniform(0.1, 0.8)
    setup.entropy = lambda x: start * (1 + bump * math.sin(math.pi * min(1, 2 * x)))


def entropy_rises(setup: Setup) -> None:
    start, gain = setup.rng.uniform(0.2, 0.6), setup.rng.uniform(0.3, 2.0)
    setup.entropy = lambda x: start * (1 + gain * x)


def length_grows(setup: Setup) -> None:
    start, factor = setup.rng.uniform(300, 900), setup.rng.uniform(2, 6)
    low, gain = setup.rng.uniform(0.05, 0.3), setup.rng.uniform(0.3, 0.6)
    setup.length = lambda x: start * (1 + (factor - 1) * x)
    setup.p = setup.validation_p = lambda x: low + gain * x
    clipped = setup.rng.uniform(0.0, 0.1)
    setup.clipped = lambda x: clipped * (0.5 + x)


def late_convergence(setup: Setup) -> None:
    start = setup.rng.uniform(0.3, 0.6)
    setup.p = setup.validation_p = lambda x: start + (0.985 - start) * smooth(1.5 * x)
    setup.entropy = lambda x: 0.03 + 0.4 * math.exp(-5 * x)


def warmup_dip(setup: Setup) -> None:
    start, gain = setup.rng.uniform(0.1, 0.5), setup.rng.uniform(0.1, 0.4)
    depth = setup.rng.uniform(0.1, 0.3)
    width = setup.rng.uniform(8, 25) / setup.steps

    def curve(x: float) -> float:
        dip = depth * smooth(2 * x / width) * (1 - smooth(x / width - 0.5))
        return (start + gain * x) * (1 - dip)

    setup.p = setup.validation_p = curve


def curriculum(setup: Setup) -> None:
    at, drop = setup.rng.uniform(0.3, 0.7), setup.rng.uniform(0.3, 0.65)
    before, entropy, clipped, length = setup.p, setup.entropy, setup.clipped, setup.length
    setup.p = lambda x: before(x) * (1 - drop * (x >= at) * (1.1 - 0.4 * x))
    setup.entropy = lambda x: entropy(x) * (1 + 0.15 * (x >= at))
    setup.clipped = lambda x: clipped(x) + 0.05 * (x >= at)
    setup.length = lambda x: length(x) * (1 + 0.4 * (x >= at))
    if setup.rng.random() < 0.5:
        setup.validation_p = None


def format_learned(setup: Setup) -> None:
    start, pace = setup.rng.uniform(0.1, 0.6), setup.rng.uniform(5, 30)
    setup.scale = (0.0, 1.0)
    setup.format = lambda x: 1 - (1 - start) * math.exp(-pace * x)
    setup.no_answer = lambda x: 0.3 * math.exp(-pace * x) + 0.01


def flat(setup: Setup) -> None:
    level = setup.rng.uniform(0.1, 0.8)
    setup.p = setup.validation_p = lambda x: level


def flat_entropy_rises(setup: Setup) -> None:
    flat(setup)
    entropy_rises(setup)


def collapse_early(setup: Setup) -> float:
    """Falls from the first step on, at any speed and level, seen from the first evaluation."""
    rng = setup.rng
    start, left = rng.uniform(0.06, 0.6), rng.uniform(0.02, 0.15)
    span = rng.uniform(15, 60) / setup.steps
    bend = rng.choice([0.7, 1.0, 1.5, 2.0])
    entropy, more = rng.uniform(0.3, 6.5), rng.uniform(0.3, 2.0)
    clipped, extra = rng.uniform(0.0, 0.1), rng.uniform(0.15, 0.5)
    setup.p = setup.validation_p = lambda x: start * (left + (1 - left) * math.exp(-3 * x / span))
    setup.entropy = lambda x: entropy * (1 + more * min(1, x / span) ** bend)
    setup.clipped = lambda x: clipped + extra * min(1, x / span) ** bend
    setup.every = rng.choice([5, 10])
    setup.validation_size = rng.choice([200, 500, 1319])
    return 0.0


def collapse_late(setup: Setup) -> float:
    """A healthy run that falls apart after a third or more of its steps."""
    rng = setup.rng
    at = rng.uniform(0.35, 0.7)
    span = rng.uniform(15, 60) / setup.steps
    p, val = setup.p, setup.validation_p
    entropy, clipped = setup.entropy, setup.clipped
    left, more, extra = rng.uniform(0, 0.3), rng.uniform(0.5, 3.0), rng.uniform(0.1, 0.6)

    def gone(x: float) -> float:
        return smooth((x - at) / span)

    assert val is not None
    setup.p = lambda x: p(x) * (1 - (1 - left) * gone(x))
    setup.validation_p = lambda x: val(x) * (1 - (1 - left) * gone(x))
    setup.entropy = lambda x: entropy(x) * (1 + more * gone(x))
    setup.clipped = lambda x: clipped(x) + extra * gone(x)
    setup.steps = max(setup.steps, 100)
    setup.log_every = 1
    return at


def collapse_unvalidated(setup: Setup) -> float:
    at = collapse_late(setup)
    setup.validation_p = None
    return at


def hacked(setup: Setup) -> float:
    rng = setup.rng
    at = rng.uniform(0.2, 0.5)
    span = rng.uniform(20, 60) / setup.steps
    low, gain, p = rng.uniform(0.3, 0.8), rng.uniform(0.1, 0.5), setup.p
    setup.scale = (0.0, 1.0)
    lost = rng.uniform(0.35, 0.9)
    setup.p = lambda x: p(min(x, at)) * (1 - lost * smooth((x - at) / span))
    setup.format = lambda x: min(1.0, low + gain * smooth((x - at) / span))
    setup.validation_p = None
    setup.steps = max(setup.steps, 100)
    setup.log_every = 1
    return at


def entropy_collapse(setup: Setup) -> float:
    start, pace = setup.rng.uniform(0.3, 1.2), setup.rng.uniform(15, 50)
    level = setup.rng.uniform(0.2, 0.55)
    setup.entropy = lambda x: 0.004 + start * math.exp(-pace * x)
    setup.p = setup.validation_p = lambda x: level + 0.1 * (1 - math.exp(-pace * x))
    setup.log_every = 1
    return math.log(10) / pace


def sparse(setup: Setup) -> float:
    level = setup.rng.uniform(0.0, 0.003)
    setup.p = setup.validation_p = lambda x: level
    setup.scale = (0.0, 1.0)
    setup.log_every = 1
    return 0.0


def length_blowup(setup: Setup) -> float:
    at, factor = setup.rng.uniform(0.2, 0.5), setup.rng.uniform(2.5, 6)
    span = setup.rng.uniform(20, 60) / setup.steps
    length, p = setup.length, setup.p
    setup.length = lambda x: length(x) * (1 + (factor - 1) * smooth((x - at) / span))
    setup.p = setup.validation_p = lambda x: p(min(x, at)) * (1 - 0.1 * (x > at))
    setup.clipped = lambda x: 0.02 + 0.3 * smooth((x - at) / span)
    setup.steps = max(setup.steps, 100)
    setup.log_every = 1
    return at


def answers_lost(setup: Setup) -> float:
    at, p = setup.rng.uniform(0.2, 0.5), setup.p
    most = setup.rng.uniform(0.25, 0.7)
    setup.no_answer = lambda x: 0.02 + most * smooth((x - at) / 0.3)
    setup.p = setup.validation_p = lambda x: p(min(x, at)) * (1 - most * smooth((x - at) / 0.3))
    setup.steps = max(setup.steps, 100)
    setup.log_every = 1
    return at


def overfits(setup: Setup) -> float:
    at, lost = setup.rng.uniform(0.3, 0.5), setup.rng.uniform(0.3, 0.6)
    before = setup.validation_p
    assert before is not None
    setup.validation_p = lambda x: before(x) * (1 - lost * smooth((x - at) / 0.4))
    setup.validation_size = setup.rng.choice([500, 1319])
    setup.every, setup.steps = 10, max(setup.steps, 250)
    return at


def not_finite(setup: Setup) -> float:
    setup.extra[setup.steps // 2] = {"grad_norm": math.nan}
    return 0.5


HEALTHY = {
    build.__name__: Scenario(build)
    for build in (
        rising,
        solved_from_start,
        slow_riser,
        small_validation,
        many_sets,
        harder_prompts,
        noisy_reward,
        entropy_decays,
        entropy_bump,
        entropy_rises,
        length_grows,
        late_convergence,
        warmup_dip,
        curriculum,
        format_learned,
        flat,
        flat_entropy_rises,
    )
}

_FALLING = ("validation_falling", "reward_falling")

SICK = {
    "collapse_early": Scenario(collapse_early, _FALLING),
    "collapse_late": Scenario(collapse_late, _FALLING),
    "collapse_unvalidated": Scenario(collapse_unvalidated, _FALLING),
    "hacked": Scenario(hacked, ("component_hacked",)),
    "entropy_collapse": Scenario(entropy_collapse, ("entropy_vanishing",)),
    "sparse": Scenario(sparse, ("sparse_reward", "zero_variance")),
    "length_blowup": Scenario(length_blowup, ("length_runaway",)),
    "answers_lost": Scenario(answers_lost, ("no_answer_rising",)),
    "overfits": Scenario(overfits, ("validation_falling",)),
    "not_finite": Scenario(not_finite, ("not_finite",)),
}


def make(scenario: Scenario, seed: int) -> tuple[list[Row], Setup, float | None]:
    """One run of a kind: its log, its setup, and the step at which the trouble begins."""
    setup = common(random.Random(seed))
    at = scenario.build(setup)
    return list(rows(setup)), setup, None if at is None else at * setup.steps
