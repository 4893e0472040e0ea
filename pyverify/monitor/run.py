"""What the rules look at: every metric of a run, and what follows from several of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import fmean

from pyverify.monitor.alerts import Severity
from pyverify.monitor.metrics import CORRECTNESS_NAMES, Scale, family
from pyverify.monitor.series import Block, Series
from pyverify.monitor.shown import figure, share
from pyverify.monitor.thresholds import Thresholds

__all__ = ["FEWEST", "NOTHING", "Finding", "Run", "Symptoms", "corrected", "gradual"]

FEWEST = 8
"""Points below which nothing is said of a training metric."""

NOTHING = 0.02
"""Height on its scale, from 0 to 1, below which a reward has nothing to lose."""

# Rewards that stand for "how well it goes", the first that is there.
_SUCCESS = ("correctness", "reward_mean")

# Responses behind one step's share of clipped ones, until the log shows its noise.
_RESPONSES = 1024

# Sigmas of a symptom, and points from which on three are averaged. Early every one counts, and a
# false symptom is rare where the reward must have fallen twice in a row besides.
_SIGMAS, _DENSE = 2.5, 6
_SIGMAS_EARLY, _DENSE_EARLY = 1.5, 20

# Points in which a fall is looked for, and how many it may take.
_FITTED = 60
_RAMPS = (4, 6, 9, 13, 20, 30, 45)


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that holds now.

    Attributes:
        severity: How grave it is.
        message: What was seen, what it means, what to try.
        metric: The metric that shows it.
        value: Its value.
    """

    severity: Severity
    message: str
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class Symptoms:
    """Signs of a collapsing policy since some step.

    Attributes:
        score: Their sum, in units of the thresholds: at 1 there is one whole symptom.
        words: What was seen, for a message; empty if nothing was.
    """

    score: float
    words: str


@dataclass(slots=True)
class Run:
    """The metrics of one run so far.

    Attributes:
        thresholds: What counts as a bad sign.
        group_size: Completions per prompt, None if unknown.
        series: Each metric by its canonical name.
    """

    thresholds: Thresholds
    group_size: int | None = None
    series: dict[str, Series] = field(default_factory=dict)

    def get(self, name: str, at_least: int = 1) -> Series | None:
        """A metric if it has that many points."""
        found = self.series.get(name)
        return found if found is not None and len(found) >= at_least else None

    def of_family(self, head: str) -> list[str]:
        """Names of a family's metrics that have points, in order of appearance."""
        return [name for name, found in self.series.items() if len(found) and family(name) == head]

    def components(self) -> list[str]:
        """Components other than the correctness itself."""
        return [
            name
            for name in self.of_family("component")
            if name.partition("/")[2] not in CORRECTNESS_NAMES
        ]

    def block(self, series: Series) -> int:
        """Points to average: those of the thresholds, fewer while a log has few."""
        return min(self.thresholds.block, max(2, len(series) // 4))

    def scale(self, name: str) -> Scale:
        """The scale of a reward; the extremes of single rewards count where they are logged."""
        values = list(self.series[name].values)
        if name == "reward_mean":
            for extreme in ("reward_min", "reward_max"):
                if (series := self.get(extreme)) is not None:
                    values.extend(series.values)
        return Scale.of(values)

    def success(self, at_least: int = 1) -> str | None:
        """The metric that says how well training goes: correctness, else the reward."""
        return next((name for name in _SUCCESS if self.get(name, at_least)), None)

    def solved(self) -> bool:
        """Whether there is hardly anything left to learn."""
        name = self.success(self.thresholds.block)
        if name is None:
            return False
        recent = self.series[name].recent(self.thresholds.block)
        return self.scale(name).height(recent) >= self.thresholds.solved

    def reward_noise(self, name: str, samples: int) -> float:
        """Noise of one value of a reward's series; `samples` responses a value to begin with."""
        series = self.series[name]
        return series.noise(self.scale(name).deviation(fmean(series.tail(20)), samples))

    def rising(self) -> bool:
        """Whether training goes up beyond noise: the newest points against those before."""
        name = self.success(FEWEST)
        if name is None:
            return False
        series = self.series[name]
        span = 2 * self.block(series)
        before = fmean(series.tail(2 * span)[:span])
        noise = self.reward_noise(name, _RESPONSES) * math.sqrt(2 / span)
        return series.recent(span) - before > 1.5 * noise

    def validation_holds(self, since: int) -> bool:
        """Whether an evaluation after step `since` shows that nothing was lost.

        A training reward may fall because the prompts became harder, a component may rise while
        correctness dips: the validation set stays the same.
        """
        changes = []
        for name in self.of_family("validation_reward"):
            series = self.series[name]
            after = [value for step, value in series.points if step > since]
            if after:
                noise = self.reward_noise(name, self.thresholds.validation_samples)
                changes.append((fmean(after[-3:]) - self.validated(name, since)) / noise)
        return bool(changes) and fmean(changes) > -1.0

    def validation_rose(self, since: int, after: int) -> bool:
        """Whether the evaluations after step `after` are better than at `since`, beyond noise."""
        names = self.of_family("validation_reward")
        for name in names:
            later = [value for step, value in self.series[name].points if step > after]
            if later:
                noise = self.reward_noise(name, self.thresholds.validation_samples)
                rise = fmean(later[-2:]) - self.validated(name, since)
                if rise > corrected(2.0, len(names)) * noise:
                    return True
        return False

    def validated(self, name: str, step: int) -> float:
        """How good an evaluation was at a step: the last one, or the mean of three if better."""
        series = self.series[name]
        return max(series.around(step, 1), series.around(step, 3))

    def symptoms(self, since: int, *, early: bool = False) -> Symptoms:
        """How much entropy and clipped responses rose after step `since`, beyond their noise.

        Args:
            since: The step of the best reward.
            early: The run has just begun: take single values for want of more.
        """
        limits = self.thresholds
        score = 0.0
        words = []
        entropy = self.series.get("entropy")
        if entropy is not None and (moved := _moved(entropy, since, 0.01, early)) is not None:
            before, now = moved
            if before > 0:
                score += (now - before) / before / limits.entropy_rise
                words.append(f"entropy rose {figure(before)} → {figure(now)}")
        clipped = self.series.get("clipped_ratio")
        if clipped is not None and (moved := _moved(clipped, since, None, early)) is not None:
            before, now = moved
            if now > 1.25 * before:
                score += (now - before) / limits.clipped_rise
                words.append(f"clipped responses rose {share(before)} → {share(now)}")
        return Symptoms(score, " and ".join(words))


def corrected(sigmas: float, tests: int) -> float:
    """The sigmas that the largest of several values has by chance as seldom as one has `sigmas`.

    A normal tail is close to exp(-z^2/2), so that n times as rare is z^2 + 2 ln n.

    Example:
        >>> corrected(2.5, 1), round(corrected(2.5, 27), 2)
        (2.5, 3.58)
    """
    return math.sqrt(sigmas**2 + 2 * math.log(tests))


def _moved(
    series: Series, since: int, relative: float | None, early: bool
) -> tuple[float, float] | None:
    """The value before and now if it rose beyond noise; None otherwise."""
    later = sum(step > since for step, _ in series.points)
    if not later:
        return None
    # Where the log is dense a mean tames it; where it has a point per evaluation, each one counts.
    count = 3 if later >= (_DENSE_EARLY if early else _DENSE) else 1
    sigmas = _SIGMAS_EARLY if early else _SIGMAS
    before = series.around(since, count)
    now = series.recent(count)
    if relative is None:
        middle = min(max((before + now) / 2, 0.01), 0.99)
        prior = math.sqrt(middle * (1 - middle) / _RESPONSES)
    else:
        prior = relative * max(abs(before), 1e-3)
    if now - before <= sigmas * series.noise(prior) * math.sqrt(2 / count):
        return None
    return before, now


def gradual(series: Series, top: Block, now: float, noise: float) -> bool:
    """Whether a series went from `top` down to `now` bit by bit, not in one jump.

    A curriculum or a new data mix makes one jump; a policy that falls apart takes many steps. A
    ramp between the two levels must fit better than any jump by nine squared sigmas, which is a
    likelihood ratio of 90 to 1.

    Args:
        series: The values.
        top: The block it fell from.
        now: The mean it fell to.
        noise: Standard deviation of one value.
    """
    values = series.values[top.index :][-_FITTED:]
    count = len(values)
    high, low = top.mean, now
    above = [0.0, *accumulate((value - high) ** 2 for value in values)]
    below = [0.0, *accumulate((value - low) ** 2 for value in values)]
    jump = min(above[at] + below[count] - below[at] for at in range(count + 1))
    ramp = math.inf
    for length in _RAMPS:
        line = [high + (low - high) * (i + 1) / (length + 1) for i in range(length)]
        for at in range(count - length + 1):
            between = sum((values[at + i] - line[i]) ** 2 for i in range(length))
            ramp = min(ramp, above[at] + between + below[count] - below[at + length])
    return ramp + 9 * noise**2 < jump
