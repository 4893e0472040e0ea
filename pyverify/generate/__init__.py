"""Asks a model for answers to benchmarks, and keeps them: what is scored later comes from here.

The server speaks the OpenAI protocol. A run may be killed at any moment: what was answered is on
disk, and the same call asks for the rest.
"""

from pyverify.generate.answers import Answers
from pyverify.generate.folder import FolderError, RunFolder, write_json
from pyverify.generate.plan import TaskPlan, count_missing, plan_task, wanted_rows
from pyverify.generate.run import Outcome, Progress, ServerError, ask_all, model_name
from pyverify.generate.settings import Api, Endpoint, Request, Sampling
from pyverify.generate.verdicts import joined, judge_tasks
from pyverify.generate.vllm import VllmError, serving

__all__ = [
    "Answers",
    "Api",
    "Endpoint",
    "FolderError",
    "Outcome",
    "Progress",
    "Request",
    "RunFolder",
    "Sampling",
    "ServerError",
    "TaskPlan",
    "VllmError",
    "ask_all",
    "count_missing",
    "joined",
    "judge_tasks",
    "model_name",
    "plan_task",
    "serving",
    "wanted_rows",
    "write_json",
]
