"""Benchmarks by name: their data found and read, predictions joined to it."""

from pyverify.tasks.auto import detect_task, task_join
from pyverify.tasks.catalog import TASKS, Columns, HubSource, Prompt, Task, TaskError, task
from pyverify.tasks.coverage import Coverage, RowReference
from pyverify.tasks.join import TaskJoin
from pyverify.tasks.problems import DATA_VARIABLE, Problem, for_one_task, load_problems

__all__ = [
    "DATA_VARIABLE",
    "TASKS",
    "Columns",
    "Coverage",
    "HubSource",
    "Problem",
    "Prompt",
    "RowReference",
    "Task",
    "TaskError",
    "TaskJoin",
    "detect_task",
    "for_one_task",
    "load_problems",
    "task",
    "task_join",
]
