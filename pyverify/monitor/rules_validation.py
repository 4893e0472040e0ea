"""What kills runs, seen in evaluations: few values, each dear, and each noisy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from pyverify.monitor.alerts import Severity
from pyverify.monitor.metrics import Scale, label
from pyverify.monitor.run import NOTHING, Finding, Run, corrected
from pyverify.monitor.samples import evaluation_noise
from pyverify.monitor.series import Block, Series, fall_sigmas
from pyverify.monitor.shown import figure

__all__ = ["validation_falling"]

TOGETHER = "validation_reward/*"
"""Under this name the sets that are evaluated together are watched as one."""

# Evaluations from which on an earlier best is a mean of three of them, and the present of two; up
# to how many a run in which all of them fall is young.
_FEW = 4
_YOUNG = 6

# What many looks add to the sigmas wanted: a quarter for each evaluation, up to a bound.
_LOOK_SIGMAS = 0.25
_MOST_LOOK_SIGMAS = 2.5
_MOST_LOOK_SIGMAS_ALONE = 1.5


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is judged: one validation set, or the mean of several.

    Attributes:
        title: What it is called in a message.
        series: Its evaluations.
        scale: Their scale.
        noise: Standard deviation of one of them.
        sets: The sets whose mean it is.
        among: How many sets are judged one by one; with more of them one is low by chance.
    """

    title: str
    series: Series
    scale: Scale
    noise: float
    sets: Sequence[str]
    among: int = 1


class _Look:
    """The run, and the noise of its validation sets, each computed once.

    Attributes:
        run: The run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._noises: dict[str, float] = {}

    def noise(self, name: str) -> float:
        """Noise of one evaluation of a set."""
        if name not in self._noises:
            self._noises[name] = evaluation_noise(self.run, name)
        return self._noises[name]


def validation_falling(run: Run, names: Sequence[str]) -> Iterator[tuple[str, Finding | None]]:
    """The validation reward falls: with symptoms, or far, or for long.

    A policy that collapses does so on all sets: those that are evaluated together are judged by
    their mean first. One that falls alone is worth a warning.

    Args:
        run: The run.
        names: The sets with a new evaluation, or a new symptom beside it.

    Yields:
        A name to watch and what was found.
    """
    look = _Look(run)
    for sets in _together(run, names):
        if len(run.series[sets[0]]) < 3:
            continue
        if len(sets) == 1:
            yield sets[0], _fall(look, _one(look, sets[0], 1))
        # TRL logs one set after the other: the last one completes the evaluation.
        elif len({run.series[name].step for name in sets}) == 1:
            whole = _fall(look, _mean(look, sets))
            yield TOGETHER, whole
            for name in sets if whole is None else ():
                yield name, _fall(look, _one(look, name, len(sets)))


def _together(run: Run, names: Sequence[str]) -> list[list[str]]:
    """The sets that `names` are evaluated together with: at the same two steps before this one."""
    groups: dict[tuple[int, ...], list[str]] = {}
    now = max((run.series[name].step for name in names), default=0)
    for name in run.of_family("validation_reward"):
        before = tuple([step for step, _ in run.series[name].points if step < now][-2:])
        groups.setdefault(before, []).append(name)
    new = set(names)
    return [sets for sets in groups.values() if not new.isdisjoint(sets)]


def _one(look: _Look, name: str, among: int) -> _Judged:
    series, scale = look.run.series[name], look.run.scale(name)
    return _Judged(label(name), series, scale, look.noise(name), (name,), among)


def _mean(look: _Look, sets: Sequence[str]) -> _Judged:
    """The mean of several sets, in units of the reward if they have the same."""
    scales = [look.run.scale(name) for name in sets]
    same = len(set(scales)) == 1
    scale = scales[0] if same else Scale(0.0, 1.0)
    units = [1.0 if same else own.high - own.low for own in scales]
    lows = [0.0 if same else own.low for own in scales]
    values: dict[int, list[float]] = {}
    for name, low, unit in zip(sets, lows, units, strict=True):
        for step, value in dict(look.run.series[name].points).items():
            values.setdefault(step, []).append((value - low) / unit)
    series = Series()
    for step in sorted(step for step, found in values.items() if len(found) == len(sets)):
        series.add(step, fmean(values[step]))
    noises = [look.noise(n) / unit for n, unit in zip(sets, units, strict=True)]
    noise = series.noise(math.hypot(*noises) / len(sets))
    return _Judged(f"validation reward, the mean of {len(sets)} sets,", series, scale, noise, sets)


def _fall(look: _Look, it: _Judged) -> Finding | None:
    """Whether it falls now."""
    series, limits = it.series, look.run.thresholds
    if len(series) <= _YOUNG and (found := _steadily(look, it)) is not None:
        return found
    if len(series) < _FEW:
        return None
    top = series.best(min(3, len(series) - 2), without=2)
    level = it.scale.level(top.mean)
    now = series.recent(2)
    if it.scale.height(top.mean) < NOTHING or now >= top.mean:
        return None
    drop = (top.mean - now) / level
    sigmas = fall_sigmas(top, now, 2, it.noise)
    looks = _LOOK_SIGMAS * (len(series) - 3)
    wanted = corrected(limits.validation_sigmas + min(looks, _MOST_LOOK_SIGMAS), it.among)
    # Both of the last two are low, and the last is no recovery.
    low = max(series.tail(2)) <= top.mean - drop * level / 2
    steady = low and series.last <= series.tail(2)[0] + it.noise
    if steady and drop >= limits.validation_drop and sigmas >= wanted:
        symptoms = look.run.symptoms(top.step)
        if symptoms.score >= 1:
            return _collapse(look, it, top, symptoms.words)
    alone = limits.validation_sigmas_alone + min(looks, _MOST_LOOK_SIGMAS_ALONE)
    alone = corrected(alone, it.among)
    if steady and drop >= limits.validation_drop_alone and sigmas >= alone:
        return _collapse(look, it, top, "")
    return _slow(look, it, alone)


def _steadily(look: _Look, it: _Judged) -> Finding | None:
    """In a young run: every evaluation is below the one before, beyond noise, and a symptom."""
    limits = look.run.thresholds
    values = it.series.values
    first, last = values[0], values[-1]
    level = it.scale.level(first)
    if len(values) < 3 or it.scale.height(first) < NOTHING:
        return None
    if any(after >= before for before, after in pairwise(values)):
        return None
    drop = limits.validation_drop
    if len(values) > 3:
        drop = max(drop, limits.validation_drop_steady)
    top = Block(it.series.points[0][0], first, 1, 0)
    wanted = corrected(limits.validation_sigmas, it.among)
    if first - last < drop * level or fall_sigmas(top, last, 1, it.noise) < wanted:
        return None
    symptoms = look.run.symptoms(top.step, early=True)
    return _collapse(look, it, top, symptoms.words) if symptoms.score >= 1 else None


def _slow(look: _Look, it: _Judged, sigmas: float) -> Finding | None:
    """Three evaluations well below the best: worth a warning."""
    limits, series = look.run.thresholds, it.series
    if len(series) < 2 * 3:
        return None
    top = series.best(3, without=3)
    now = series.recent(3)
    if it.scale.height(top.mean) < NOTHING:
        return None
    drop = (top.mean - now) / it.scale.level(top.mean)
    if drop < limits.validation_drop_warning or max(series.tail(3)) >= top.mean - it.noise:
        return None
    if fall_sigmas(top, now, 3, it.noise) < sigmas:
        return None
    message = (
        f"{it.title} fell from {figure(top.mean)} (step {top.step}) to {figure(now)} over three "
        "evaluations, beyond its noise: training no longer helps what you measure. Keep the "
        f"checkpoint nearest step {top.step}; look for overfitting or a hacked reward."
    )
    return _found(look, it, top, Severity.WARNING, message)


def _collapse(look: _Look, it: _Judged, top: Block, seen: str) -> Finding:
    """The fall in words; only a warning while another set gains, or if others do not fall."""
    fell = f"{it.title} fell from {figure(top.mean)} (step {top.step}) to {figure(it.series.last)}"
    if seen:
        fell += f" while {seen}"
    if _another_gains(look, it, top.step):
        message = f"{fell}; another validation set gains, so the policy changes what it is good at."
        return _found(look, it, top, Severity.WARNING, message)
    if it.among > 1:
        message = (
            f"{fell}, and the mean of the {it.among} sets does not fall like that: read some of "
            "its responses, and look for what this set alone needs."
        )
        return _found(look, it, top, Severity.WARNING, message)
    message = (
        f"{fell}: the policy is collapsing. Stop, go back to the checkpoint nearest step "
        f"{top.step}, and try a lower learning rate, a KL penalty or tighter clipping."
    )
    return _found(look, it, top, Severity.COLLAPSE, message)


def _found(look: _Look, it: _Judged, top: Block, severity: Severity, message: str) -> Finding:
    """The finding, shown by the set that fell most."""

    def change(name: str) -> float:
        now = look.run.series[name].last - look.run.series[name].around(top.step, top.points)
        return now / look.noise(name)

    worst = min(it.sets, key=change)
    return Finding(severity, message, worst, look.run.series[worst].last)


def _another_gains(look: _Look, it: _Judged, since: int) -> bool:
    sets = look.run.of_family("validation_reward")
    for other in sets:
        series = look.run.series[other]
        if (len(it.sets) > 1 or other not in it.sets) and series.step > since:
            rise = series.recent(2) - look.run.validated(other, since)
            if rise > corrected(2.0, len(sets)) * look.noise(other):
                return True
    return False
