"""What kills runs, seen in evaluations: few values, each dear, and each noisy."""

from __future__ import annotations

from statistics import fmean

from pyverify.monitor.alerts import Severity
from pyverify.monitor.metrics import Scale, label
from pyverify.monitor.run import NOTHING, Finding, Run, granularity
from pyverify.monitor.series import Block, Series, fall_sigmas
from pyverify.monitor.shown import figure

__all__ = ["validation_falling"]

# From here on an earlier best is a mean of three evaluations, and the present a mean of two.
_FEW = 4

# What many looks add to the sigmas wanted: a quarter for each evaluation, up to a bound.
_LOOK_SIGMAS = 0.25
_MOST_LOOK_SIGMAS = 2.5
_MOST_LOOK_SIGMAS_ALONE = 1.5

# Values that tell how many responses are behind an evaluation.
_TELLING = 12


def validation_falling(run: Run, name: str) -> Finding | None:
    """The validation reward falls: with symptoms, or far, or for long."""
    series = run.get(name, 3)
    if series is None:
        return None
    scale = run.scale(name)
    noise = _noise(run, name, series, scale)
    if len(series) < _FEW:
        return _early(run, name, series, scale, noise)
    limits = run.thresholds
    top = series.best(min(3, len(series) - 2), without=2)
    level = scale.level(top.mean)
    now = series.recent(2)
    if scale.height(top.mean) < NOTHING or now >= top.mean:
        return None
    drop = (top.mean - now) / level
    sigmas = fall_sigmas(top, now, 2, noise)
    looks = _LOOK_SIGMAS * (len(series) - 3)
    wanted = limits.validation_sigmas + min(looks, _MOST_LOOK_SIGMAS)
    # Both of the last two are low, and the last is no recovery.
    low = max(series.tail(2)) <= top.mean - drop * level / 2
    steady = low and series.last <= series.tail(2)[0] + noise
    if steady and drop >= limits.validation_drop and sigmas >= wanted:
        symptoms = run.symptoms(top.step)
        if symptoms.score >= 1:
            return _collapse(run, name, top, series.last, symptoms.words)
    alone = limits.validation_sigmas_alone + min(looks, _MOST_LOOK_SIGMAS_ALONE)
    if steady and drop >= limits.validation_drop_alone and sigmas >= alone:
        return _collapse(run, name, top, series.last, "")
    return _slow(run, name, series, noise, scale, alone)


def _early(run: Run, name: str, series: Series, scale: Scale, noise: float) -> Finding | None:
    """At the third evaluation: two falls in a row, beyond noise, and a symptom."""
    limits = run.thresholds
    first, second, third = series.values
    top = Block(series.points[0][0], first, 1, 0)
    level = scale.level(first)
    if scale.height(first) < NOTHING or not first > second > third:
        return None
    if first - third < limits.validation_drop * level:
        return None
    if fall_sigmas(top, third, 1, noise) < limits.validation_sigmas:
        return None
    symptoms = run.symptoms(top.step, early=True)
    return _collapse(run, name, top, third, symptoms.words) if symptoms.score >= 1 else None


def _slow(
    run: Run, name: str, series: Series, noise: float, scale: Scale, sigmas: float
) -> Finding | None:
    """Three evaluations well below the best: worth a warning."""
    limits = run.thresholds
    if len(series) < 2 * 3:
        return None
    top = series.best(3, without=3)
    now = series.recent(3)
    if scale.height(top.mean) < NOTHING:
        return None
    drop = (top.mean - now) / scale.level(top.mean)
    if drop < limits.validation_drop_warning or max(series.tail(3)) >= top.mean - noise:
        return None
    if fall_sigmas(top, now, 3, noise) < sigmas:
        return None
    message = (
        f"{label(name)} fell from {figure(top.mean)} (step {top.step}) to {figure(now)} over three "
        "evaluations, beyond its noise: training no longer helps what you measure. Keep the "
        f"checkpoint nearest step {top.step}; look for overfitting or a hacked reward."
    )
    return Finding(Severity.WARNING, message, name, now)


def _collapse(run: Run, name: str, top: Block, now: float, seen: str) -> Finding:
    """The fall in words; only a warning while another validation set gains."""
    fell = f"{label(name)} fell from {figure(top.mean)} (step {top.step}) to {figure(now)}"
    if seen:
        fell += f" while {seen}"
    if _another_gains(run, name, top.step):
        message = f"{fell}; another validation set gains, so the policy changes what it is good at."
        return Finding(Severity.WARNING, message, name, now)
    message = (
        f"{fell}: the policy is collapsing. Stop, go back to the checkpoint nearest step "
        f"{top.step}, and try a lower learning rate, a KL penalty or tighter clipping."
    )
    return Finding(Severity.COLLAPSE, message, name, now)


def _another_gains(run: Run, name: str, since: int) -> bool:
    for other in run.of_family("validation_reward"):
        series = run.series[other]
        if other != name and series.step > since:
            noise = _noise(run, other, series, run.scale(other))
            if series.recent(2) - run.validated(other, since) > 2 * noise:
                return True
    return False


def _noise(run: Run, name: str, series: Series, scale: Scale) -> float:
    """Noise of one evaluation, from the number of responses behind it and from what was seen."""
    assumed = run.thresholds.validation_samples
    samples = granularity(series.tail(_TELLING), scale, assumed)
    noise = run.reward_noise(name, samples)
    if samples == assumed:
        return noise
    # With as many right-or-wrong responses on fixed problems there cannot be more.
    return min(noise, scale.deviation(fmean(series.tail(_TELLING)), samples))
