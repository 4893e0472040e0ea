"""What the command line of ``pyverify score`` asks for."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyverify.cli.settings import read_settings, settings_flags

if TYPE_CHECKING:
    from pyverify import Options, Preset
    from pyverify.cli.progress import Reporter
    from pyverify.evaluate import RunSettings
    from pyverify.evaluate.gap import GapObserver
    from pyverify.evaluate.metrics import Baseline
    from pyverify.evaluate.reward_run import RewardSettings
    from pyverify.io import Fields, GoldTable
    from pyverify.tasks import TaskJoin


@dataclass(slots=True)
class Asked:
    """A run, and what looks at it.

    Attributes:
        settings: The run.
        join: What joins the inputs to their benchmark; None where none was named.
        gap: What looks for reasons why a score is not the published one; None where none was named.
        baseline: The earlier run to compare with, or None.
        flags: What ``pyverify explain`` has to be told about the rows.
    """

    settings: RunSettings
    join: TaskJoin | None
    gap: GapObserver | None
    baseline: Baseline | None
    flags: tuple[str, ...]


def read_asked(arguments: argparse.Namespace, reporter: Reporter) -> Asked:
    """Reads the command line, and the golds that it names.

    Raises:
        FieldsError: The options don't go together, or golds can't be told.
        SourceError: A file cannot be read.
    """
    from pyverify.evaluate import RunSettings
    from pyverify.evaluate.metrics import read_baseline
    from pyverify.io import FieldsError, expand_inputs, parse_map

    _check_together(arguments)
    inputs = tuple(expand_inputs(arguments.inputs, reporter.remark))
    try:
        fields = parse_map(arguments.map, _needs(arguments))
        join = _join(arguments, inputs, fields)
        reward, preset, options = _judgement(arguments)
    except ValueError as error:
        raise FieldsError(str(error)) from None
    fields = replace(fields, by=arguments.by or (join.task.by if join is not None else ()))
    return Asked(
        settings=RunSettings(
            inputs=inputs,
            fields=fields,
            golds=join or _gold_table(arguments, inputs, reporter),
            preset=preset,
            options=options,
            threads=arguments.threads,
            reward=reward,
            dataset=arguments.dataset,
        ),
        join=join,
        gap=_gap(arguments, join),
        baseline=None if arguments.baseline is None else read_baseline(arguments.baseline),
        flags=_flags(arguments),
    )


def _join(
    arguments: argparse.Namespace, inputs: tuple[str, ...], fields: Fields
) -> TaskJoin | None:
    if arguments.task is None:
        return None
    from pyverify.io import FieldsError
    from pyverify.tasks import TaskError, task_join

    try:
        join = task_join(arguments.task, arguments.data, inputs, fields)
    except TaskError as error:
        raise FieldsError(str(error)) from None
    arguments.preset = arguments.preset or join.task.preset
    return join


def _gap(arguments: argparse.Namespace, join: TaskJoin | None) -> GapObserver | None:
    if arguments.reported is None:
        return None
    from pyverify.evaluate.gap import GapObserver, ReportedError, read_reported
    from pyverify.io import FieldsError

    try:
        return GapObserver(read_reported(arguments.reported), join)
    except ReportedError as error:
        raise FieldsError(str(error)) from None


def _check_together(arguments: argparse.Namespace) -> None:
    from pyverify.io import FieldsError

    if (arguments.gold is None) != (arguments.on is None):
        raise FieldsError("--gold FILE and --on KEY belong together")
    if arguments.data is not None and arguments.task is None:
        raise FieldsError("--data says where the problems of --task are: name the task, too")
    if arguments.task is not None and arguments.gold is not None:
        raise FieldsError("--task and --gold both say where golds come from: leave one out")
    if any(floor.needs_baseline for floor in arguments.fail_under) and arguments.baseline is None:
        raise FieldsError("--fail-under harmonic_mean=X compares with a --baseline FILE")


def _needs(arguments: argparse.Namespace) -> tuple[str, ...]:
    if arguments.reward is None:
        return ()
    from pyverify.rewards import load_reward

    return (*load_reward(arguments.reward).needs, "prompts")


def _judgement(
    arguments: argparse.Namespace,
) -> tuple[RewardSettings | None, Preset, Options]:
    """The reward, if one is wanted, and how answers are judged.

    Without `--preset` they are judged as the reward says, and `--option` changes that.

    Raises:
        ValueError: A value is out of range, or there is no such reward.
    """
    if arguments.reward is None:
        return None, *read_settings(arguments)
    from pyverify import PRESETS
    from pyverify.evaluate.reward_run import RewardSettings
    from pyverify.rewards import VerdictReward, load_reward

    if arguments.fallback is not None:
        raise ValueError("--reward and --fallback cannot be used together")
    reward = load_reward(arguments.reward)
    name = os.path.basename(arguments.reward)
    judge = next((leaf for leaf in reward.leaves() if isinstance(leaf, VerdictReward)), None)
    if judge is None or arguments.preset is not None:
        preset, options = read_settings(arguments)
        return RewardSettings(name, reward, options, replaces=True), preset, options
    preset = PRESETS[judge.preset]
    _, options = read_settings(arguments, judge.judged_by)
    changed = bool(arguments.option)
    return RewardSettings(name, reward, options, replaces=changed), preset, options


def _gold_table(
    arguments: argparse.Namespace, inputs: tuple[str, ...], reporter: Reporter
) -> GoldTable | None:
    from pyverify.io import STDIN, FieldsError, parse_map, read_gold_table

    if arguments.gold is None:
        return None
    if arguments.gold == STDIN and STDIN in inputs:
        raise FieldsError("standard input cannot be both the responses and the golds")
    fields = parse_map(arguments.map, _needs(arguments))
    golds = read_gold_table(arguments.gold, arguments.on, fields)
    for line in golds.broken:
        reporter.note(f"{arguments.gold}, line {line.number}: {line.problem}")
    reporter.remark(
        f"{arguments.gold}: {len(golds):,} golds from {golds.gold_field!r}, by {golds.key!r}"
    )
    return golds


def _flags(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The options of the run that ``pyverify explain`` takes, too."""
    mapped = [word for text in arguments.map for word in ("--map", text)]
    return (*settings_flags(arguments), *mapped)
