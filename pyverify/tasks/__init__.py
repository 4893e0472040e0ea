"""Benchmarks by name: their data found and read, predictions joined to it."""

from pyverify.tasks.catalog import TASKS, Columns, HubSource, Prompt, Task, TaskError, task
from pyverify.tasks.problems import DATA_VARIABLE, Problem, load_problems

__all__ = [
    "DATA_VARIABLE",
    "TASKS",
    "Columns",
    "HubSource",
    "Problem",
    "Prompt",
    "Task",
    "TaskError",
    "load_problems",
    "task",
]
