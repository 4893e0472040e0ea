"""What is to be asked: the problems of a task as requests, each known by digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyverify.generate.answers import Answers, Key
from pyverify.generate.settings import Api, Request, digest
from pyverify.tasks import Problem, Prompt, Task

__all__ = ["Ask", "TaskPlan", "count_missing", "missing_samples", "plan_task", "wanted_rows"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One problem to be asked.

    Attributes:
        id: Its name, of which the task has no second.
        row: What every row about it says: data set, id, problem, gold, subject and the like.
        content: The field of the request that asks it.
        prompt: The digest of `content`.
    """

    id: str
    row: Mapping[str, object]
    content: Mapping[str, object]
    prompt: str

    def key(self, settings: str, sample: int) -> Key:
        """What an answer to it is known by."""
        return Key(self.id, self.prompt, settings, sample)


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task to be asked.

    Attributes:
        task: The task.
        asks: Its problems in order.
        samples: How many answers each is to have.
    """

    task: Task
    asks: Sequence[Ask]
    samples: int

    @property
    def size(self) -> int:
        """Answers wanted."""
        return len(self.asks) * self.samples


def plan_task(
    task: Task, problems: Sequence[Problem], prompt: Prompt, *, samples: int, api: Api
) -> TaskPlan:
    """Turns problems into requests.

    Args:
        task: The task.
        problems: Its problems.
        prompt: How they are put.
        samples: How many answers each is to have.
        api: How the server is called.
    """
    seen: Counter[str] = Counter()
    asks = []
    for problem in problems:
        seen[problem.id] += 1
        times = seen[problem.id]
        name = problem.id if times == 1 else f"{problem.id}#{times}"
        content = _content(prompt, problem.problem, api)
        asks.append(Ask(name, _row(task, name, problem), content, digest(content)))
    return TaskPlan(task, asks, samples)


def missing_samples(
    plan: TaskPlan, answers: Answers, settings: str
) -> Iterator[tuple[Ask, list[int]]]:
    """The problems that want answers, each with the samples that aren't there."""
    for ask in plan.asks:
        missing = [i for i in range(plan.samples) if ask.key(settings, i) not in answers]
        if missing:
            yield ask, missing


def count_missing(
    plans: Sequence[TaskPlan], answers: Mapping[str, Answers], request: Request
) -> int:
    """How many of the wanted answers aren't there."""
    return sum(
        len(missing)
        for plan in plans
        for _, missing in missing_samples(plan, answers[plan.task.name], request.digest)
    )


def wanted_rows(
    plan: TaskPlan, request: Request, refused: Mapping[tuple[str, str, int], str]
) -> Iterator[tuple[Key, Mapping[str, object]]]:
    """What the file of answers is to hold, in order.

    Args:
        plan: The task.
        request: How it was asked.
        refused: The server's words by task, problem and sample.

    Yields:
        What each answer is known by, and what its row says besides; ``refused`` with the server's
        words for what it doesn't take.
    """
    settings = request.digest
    for ask in plan.asks:
        for sample in range(plan.samples):
            words = refused.get((plan.task.name, ask.id, sample))
            yield (
                ask.key(settings, sample),
                ask.row if words is None else {**ask.row, "refused": words},
            )


def _content(prompt: Prompt, problem: str, api: Api) -> dict[str, object]:
    messages = prompt.messages(problem)
    if api == "chat":
        return {"messages": messages}
    return {"prompt": messages[-1]["content"]}


def _row(task: Task, name: str, problem: Problem) -> dict[str, object]:
    fields = {key: problem.record[key] for key in task.columns.fields if key in problem.record}
    return {
        **fields,
        "dataset": task.name,
        "id": name,
        "problem": problem.problem,
        "gold": problem.gold,
    }
