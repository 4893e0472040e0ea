"""Scores what was answered: a file of verdicts a task, the numbers of all tasks together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

from pyverify import Options, Preset
from pyverify.evaluate import Faults, Observer, Report, RunSettings, Table, score_files
from pyverify.generate.answers import Answers
from pyverify.generate.plan import TaskPlan
from pyverify.io import Fields, RowSink, Sink

__all__ = ["joined", "judge_tasks"]


def judge_tasks(
    plans: Sequence[TaskPlan],
    answers: Mapping[str, Answers],
    judged_by: Callable[[str], tuple[Preset, Options]],
    *,
    sinks: Sequence[Sink] = (),
    observers: Sequence[Observer] = (),
    threads: int = 0,
    on_note: Callable[[str], None],
) -> dict[str, Report]:
    """Scores the answers of tasks, and writes a verdict for each beside them.

    Args:
        plans: The tasks.
        answers: Their answers, in order.
        judged_by: The preset and the options for the name of a preset.
        sinks: Where else the verdicts of all tasks go.
        observers: Shown every chunk of rows.
        threads: Native threads, 0 for one per core.
        on_note: Told of each answer that cannot be used.

    Returns:
        The numbers of each task that has answers.
    """
    reports = {}
    for plan in plans:
        path = answers[plan.task.name].path
        if not path.stat().st_size:
            continue
        preset, options = judged_by(plan.task.preset)
        settings = RunSettings(
            inputs=(str(path),),
            fields=_fields(plan),
            preset=preset,
            options=options,
            threads=threads,
        )
        sink = RowSink(str(path.with_name("verdicts.jsonl")))
        try:
            reports[plan.task.name] = score_files(
                settings, sinks=(sink, *sinks), observers=observers, on_note=on_note
            )
            sink.commit()
        except BaseException:
            sink.discard()
            raise
    return reports


def joined(reports: Mapping[str, Report]) -> Report:
    """The numbers of all tasks; those by field stay with their tasks."""
    if len(reports) == 1:
        return next(iter(reports.values()))
    tables = [table for report in reports.values() for table in report.datasets]
    faults = Faults()
    for report in reports.values():
        for one in fields(Faults):
            name = one.name
            setattr(faults, name, getattr(faults, name) + getattr(report.faults, name))
    graders = dict.fromkeys(report.grader for report in reports.values())
    return Report(
        grader=", ".join(graders), overall=Table.union(tables), datasets=tables, faults=faults
    )


def _fields(plan: TaskPlan) -> Fields:
    return Fields(
        response="completion",
        gold="gold",
        id="id",
        group="problem",
        dataset="dataset",
        finish_reason="finish_reason",
        by=plan.task.by,
    )
