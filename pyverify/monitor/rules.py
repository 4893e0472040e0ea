"""What kills runs, seen in training metrics: one function a rule, nothing but reading."""

from __future__ import annotations

import math

from pyverify.monitor.alerts import Severity
from pyverify.monitor.metrics import label
from pyverify.monitor.run import FEWEST, NOTHING, Finding, Run, gradual
from pyverify.monitor.series import fall_sigmas
from pyverify.monitor.shown import figure, share

__all__ = [
    "abstained_rising",
    "component_hacked",
    "entropy_vanishing",
    "length_runaway",
    "no_answer_rising",
    "reward_falling",
    "sparse_reward",
    "zero_variance",
]

# Responses behind one step's mean reward, until the log shows its noise.
_RESPONSES = 256

# A fall in one jump is a change of the data unless next to nothing is left and all else says so.
_JUMP_DROP = 0.7
_JUMP_SYMPTOMS = 2.0

_RUINED_DROP = 0.8


def reward_falling(run: Run, name: str) -> Finding | None:
    """The training reward falls bit by bit, with a rising entropy or more clipped responses."""
    limits = run.thresholds
    series = run.get(name, FEWEST)
    if series is None:
        return None
    block = run.block(series)
    top = series.best(block, without=block)
    now = series.recent(block)
    scale = run.scale(name)
    level = scale.level(top.mean)
    drop = (top.mean - now) / level if level > 0 else 0.0
    noise = run.reward_noise(name, _RESPONSES)
    if drop < limits.reward_drop or fall_sigmas(top, now, block, noise) < limits.reward_sigmas:
        return None
    if scale.height(top.mean) < NOTHING:
        return None
    # Every one of the last points is low: not one bad batch.
    if max(series.tail(block)) > top.mean - drop * level / 2:
        return None
    fallen = series.last_above((top.mean + now) / 2, block)
    if run.validation_holds(fallen) or run.validation_rose(top.step, fallen):
        return None
    symptoms = run.symptoms(top.step)
    slow = gradual(series, top, now, noise)
    wanted = limits.reward_symptoms if slow else _JUMP_SYMPTOMS * limits.reward_symptoms
    collapsed = symptoms.score >= wanted and (slow or drop >= _JUMP_DROP)
    fell = f"{label(name)} fell from {figure(top.mean)} (step {top.step}) to {figure(now)}"
    if collapsed or (slow and drop >= _RUINED_DROP):
        seen = f" while {symptoms.words}" if symptoms.words else ""
        message = (
            f"{fell}{seen}: the policy is falling apart. Go back to the checkpoint nearest step "
            f"{top.step}; try a lower learning rate, a KL penalty or tighter clipping."
        )
        return Finding(Severity.COLLAPSE, message, name, now)
    if slow and drop >= limits.reward_drop_alone:
        message = (
            f"{fell}, bit by bit. Unless the prompts became harder, training does harm: evaluate "
            f"now, and compare with the checkpoint nearest step {top.step}."
        )
        return Finding(Severity.WARNING, message, name, now)
    return None


def entropy_vanishing(run: Run, name: str) -> Finding | None:
    """The entropy is next to nothing although the task is not solved."""
    limits = run.thresholds
    series = run.get(name, FEWEST)
    if series is None or run.solved():
        return None
    now = series.recent(run.block(series))
    start = series.start()
    gone = now <= limits.entropy_floor and now <= limits.entropy_share * start
    # Some models start below the floor; a tenth of it is nothing for any of them.
    frozen = now <= limits.entropy_floor / 10 < start / 2
    if not gone and not frozen:
        return None
    message = (
        f"entropy went from {figure(start)} to {figure(now)} nats per token, the task unsolved: "
        "the responses to a prompt are nearly all the same and nothing new is tried. Try a higher "
        "upper clipping bound (clip-higher), an entropy bonus, a higher sampling temperature."
    )
    return Finding(Severity.WARNING, message, name, now)


def zero_variance(run: Run, name: str) -> Finding | None:
    """Nearly all groups give no gradient although the task is not solved."""
    limits = run.thresholds
    span = 2 * limits.block
    series = run.get(name, span)
    if series is None or run.solved() or run.rising():
        return None
    now = series.recent(span)
    if now < limits.zero_variance:
        return None
    message = (
        f"in {share(now)} of the groups all rewards are the same: these prompts cost tokens and "
        "give no gradient. Filter or replace those that are always or never solved (dynamic "
        "sampling), or take larger groups."
    )
    return Finding(Severity.WARNING, message, name, now)


def sparse_reward(run: Run, name: str) -> Finding | None:
    """Success is so rare that few groups can hold a right response.

    With a success rate p and groups of G independent responses a group is mixed with probability
    1 - p^G - (1-p)^G; where the prompts differ in difficulty, less often.
    """
    limits = run.thresholds
    size = run.group_size
    if size is None and (logged := run.get("group_size")) is not None:
        size = round(logged.last)
    span = 2 * limits.block
    series = run.get(name, span)
    if size is None or size < 2 or series is None or name != run.success() or run.rising():
        return None
    rate = min(max(run.scale(name).height(series.recent(span)), 0.0), 1.0)
    mixed = 1 - rate**size - (1 - rate) ** size
    if mixed >= limits.mixed_groups or rate > 0.5:
        return None
    wanted = math.ceil(math.log(1 - 2 * limits.mixed_groups) / math.log1p(-rate)) if rate else 0
    larger = f"groups of {wanted} or more, " if size < wanted <= 128 else ""
    message = (
        f"with a success rate of {share(rate)} at most {share(mixed)} of the groups of {size} hold "
        f"a right and a wrong response: too sparse to learn from. Try {larger}easier prompts "
        "first, a short fine-tuning on solutions, or a denser reward."
    )
    return Finding(Severity.WARNING, message, name, rate)


def component_hacked(run: Run, name: str) -> Finding | None:
    """One component's mean rises while correctness falls, both beyond noise."""
    limits = run.thresholds
    component = run.get(name, FEWEST)
    truth = run.get("correctness", FEWEST)
    if component is None or truth is None or name not in run.components():
        return None
    block = min(run.block(component), run.block(truth))
    top = truth.best(block, without=2 * block)
    now = truth.recent(block)
    scale = run.scale("correctness")
    level = scale.level(top.mean)
    drop = (top.mean - now) / level if level > 0 else 0.0
    noise = run.reward_noise("correctness", _RESPONSES)
    if drop < limits.correctness_drop or fall_sigmas(top, now, block, noise) < limits.hack_sigmas:
        return None
    before = component.around(top.step, block)
    if not gradual(truth, top, now, noise):
        return None
    if run.validation_holds(truth.last_above((top.mean + now) / 2, block)):
        return None
    rise = component.recent(block) - before
    height = run.scale(name)
    spread = run.reward_noise(name, _RESPONSES) * math.sqrt(2 / block)
    if rise < limits.component_rise * (height.high - height.low) or rise < (
        limits.hack_sigmas * spread
    ):
        return None
    message = (
        f"{label(name)} rose {figure(before)} → {figure(before + rise)} while correctness fell "
        f"{figure(top.mean)} → {figure(now)} since step {top.step}: the policy earns the one "
        "without the other. Gate it by correctness or lower its weight, and read some responses."
    )
    grave = Severity.COLLAPSE if drop >= limits.reward_drop_alone else Severity.WARNING
    return Finding(grave, message, name, before + rise)


def length_runaway(run: Run, name: str) -> Finding | None:
    """Responses grow and grow while the reward does not."""
    limits = run.thresholds
    series = run.get(name, FEWEST)
    success = run.success(FEWEST)
    if series is None or success is None:
        return None
    block = min(run.block(series), run.block(run.series[success]))
    top = run.series[success].best(2 * block)
    before = series.around(top.step, block)
    now = series.recent(block)
    if before <= 0 or now < limits.length_ratio * before or run.rising():
        return None
    # One long batch is none: the shortest of the last points has grown, too.
    if min(series.tail(block)) < (1 + limits.length_ratio) / 2 * before:
        return None
    if run.validation_rose(top.step, top.step):
        return None
    message = (
        f"response length grew {figure(before)} → {figure(now)} tokens since step {top.step}, and "
        f"{label(success)} did not: the length pays for nothing. Look for repetition; try an "
        "overlong penalty, or a token-mean instead of a sequence-mean loss."
    )
    return Finding(Severity.WARNING, message, name, now)


def no_answer_rising(run: Run, name: str) -> Finding | None:
    """More and more responses have no answer that can be found."""
    risen = None if run.rising() else _share_risen(run, name)
    if risen is None:
        return None
    words, now = risen
    message = (
        f"{words}: truncated, or the format was unlearned. Look at some; check the length limit "
        "and the template."
    )
    return Finding(Severity.WARNING, message, name, now)


def abstained_rising(run: Run, name: str) -> Finding | None:
    """More and more rewards, or those of one component, are None."""
    risen = _share_risen(run, name)
    if risen is None:
        return None
    whole = run.get("abstained") if name != "abstained" else None
    # What the whole reward lacks is said of the whole.
    if whole is not None and whole.recent(run.block(whole)) >= run.thresholds.no_answer_rise:
        return None
    words, now = risen
    message = (
        f"{words}: a judge or verifier is unreachable, over its budget or out of time. Look at its "
        "log; until it answers again, training sees the rest of the samples only."
    )
    return Finding(Severity.WARNING, message, name, now)


def _share_risen(run: Run, name: str) -> tuple[str, float] | None:
    """A share of the responses that rose beyond noise and stays high: in words, and its value."""
    limits = run.thresholds
    series = run.get(name, FEWEST)
    if series is None:
        return None
    block = run.block(series)
    low = series.best(block, without=block, lowest=True)
    now = series.recent(block)
    noise = run.reward_noise(name, _RESPONSES)
    rise = now - low.mean
    if rise < limits.no_answer_rise or -fall_sigmas(low, now, block, noise) < limits.hack_sigmas:
        return None
    if min(series.tail(block)) < low.mean + rise / 2:
        return None
    return f"{label(name)} rose {share(low.mean)} → {share(now)} since step {low.step}", now
