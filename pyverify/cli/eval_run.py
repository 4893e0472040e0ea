"""What ``pyverify eval`` does: plan, ask, put in order, score, show."""

from __future__ import annotations

import argparse
import contextlib
import json
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyverify import Options, Preset
from pyverify.cli import codes
from pyverify.cli.eval_settings import UsageError, api_of, prompt_of, sampling_of
from pyverify.cli.outputs import Outputs
from pyverify.cli.process import was_interrupted
from pyverify.cli.progress import Reporter
from pyverify.cli.settings import read_settings, settings_flags
from pyverify.cli.shown import Shown
from pyverify.cli.thresholds import below_threshold
from pyverify.evaluate import Report
from pyverify.generate import (
    Answers,
    Endpoint,
    Outcome,
    Progress,
    Request,
    RunFolder,
    ServerError,
    TaskPlan,
    ask_all,
    count_missing,
    joined,
    judge_tasks,
    model_name,
    plan_task,
    serving,
    wanted_rows,
    write_json,
)
from pyverify.io.shown import one_line, visible
from pyverify.servers import need_client
from pyverify.tasks import Task, for_one_task, load_problems, task

VLLM = "vllm:"


class EvalRun:
    """One call of the command.

    Args:
        arguments: The command line.
        reporter: Who says how it goes.
    """

    def __init__(self, arguments: argparse.Namespace, reporter: Reporter) -> None:
        """Reads the problems; asks nothing yet."""
        self._arguments = arguments
        self._reporter = reporter
        named = [task(name.strip()) for name in arguments.task.split(",") if name.strip()]
        self._tasks = list({one.name: one for one in named}.values())
        if not self._tasks:
            raise UsageError("--task names no task")
        if len(self._tasks) > 1 and for_one_task(arguments.data):
            raise UsageError(
                "--data is one copy, which cannot be that of several tasks: a folder, or 'hub', "
                "has one of each"
            )
        if arguments.output == "":
            raise UsageError("-o names no folder")
        for one in self._tasks:
            self._judged_by(one.preset)  # what is wrong is to be said before anything is asked
        self._prompts = {one.name: prompt_of(arguments, one) for one in self._tasks}
        self._sampling = sampling_of(arguments)
        self._plans = [self._plan(one) for one in self._tasks]
        self._began = 0.0

    def run(self) -> int:
        """Does it all.

        Returns:
            The exit code.
        """
        arguments = self._arguments
        name = arguments.name
        if name is None and arguments.model.startswith(VLLM):
            name = arguments.model.removeprefix(VLLM)
        if name is None:
            name = model_name(self._endpoint(arguments.model), None)
        request = Request(name, api_of(arguments), self._sampling)
        with RunFolder(Path(arguments.output or f"eval-{_slug(name)}")) as folder:
            folder.settle(request, self._prompts, renew=arguments.force_new)
            # Made now, so that what can't be written is said before anything is asked.
            inputs = [str(folder.path / one.name / "responses.jsonl") for one in self._tasks]
            outputs = Outputs(arguments.report, inputs)
            try:
                return self._fill(folder, request, outputs)
            finally:
                outputs.close()

    def _fill(self, folder: RunFolder, request: Request, outputs: Outputs) -> int:
        with contextlib.ExitStack() as stack:
            answers = {
                one.name: stack.enter_context(
                    Answers(folder.path / one.name, self._reporter.remark)
                )
                for one in self._tasks
            }
            try:
                outcome = self._ask(folder, answers, request)
            except (KeyboardInterrupt, Exception) as error:
                if not (isinstance(error, ServerError) or was_interrupted(error)):
                    raise
                return self._stopped(folder, answers, request, error)
            for plan in self._plans:
                answers[plan.task.name].settle(wanted_rows(plan, request, outcome.refused))
        reports = judge_tasks(
            self._plans,
            answers,
            self._judged_by,
            sinks=outputs.sinks,
            observers=() if outputs.page is None else (outputs.page,),
            threads=self._arguments.threads,
            on_note=self._reporter.note,
        )
        self._reporter.finish()
        if not reports:
            raise ServerError(f"there is no answer to score: {outcome.why}")
        self._show(folder, request, reports, outputs, outcome)
        partial = _tell_faults(joined(reports), outcome)
        if below_threshold(joined(reports), self._arguments):
            return codes.BELOW_THRESHOLD
        return codes.PARTIAL if partial else codes.OK

    def _plan(self, one: Task) -> TaskPlan:
        arguments = self._arguments
        problems = load_problems(one, arguments.data)
        if len(problems) not in (one.size, *one.editions):
            words = f"{one.name}: {len(problems):,} problems are there, though it has {one.size:,}"
            if not (arguments.any_size or arguments.limit):
                raise UsageError(f"{words}; --any-size takes them as they are")
            self._reporter.remark(words)
        return plan_task(
            one,
            problems[: arguments.limit],
            self._prompts[one.name],
            samples=arguments.k,
            api=api_of(arguments),
        )

    def _endpoint(self, base_url: str, *, keyless: bool = False) -> Endpoint:
        if not base_url.startswith(("http://", "https://")):
            raise UsageError(
                f"--model is an address such as http://127.0.0.1:8000/v1, or {VLLM}PATH, "
                f"not {base_url!r}"
            )
        arguments = self._arguments
        return Endpoint(
            base_url,
            key_env="" if keyless else arguments.key_env,
            concurrency=arguments.concurrency,
            timeout=arguments.timeout,
            attempts=arguments.attempts,
        )

    @contextlib.contextmanager
    def _server(self, folder: RunFolder, request: Request) -> Iterator[Endpoint]:
        arguments = self._arguments
        if not arguments.model.startswith(VLLM):
            endpoint = self._endpoint(arguments.model)
            model_name(endpoint, request.model)  # is anybody there?
            yield endpoint
            return
        more = ["--served-model-name", request.model, *shlex.split(arguments.vllm_args)]
        path = arguments.model.removeprefix(VLLM)
        log = folder.path / "vllm.log"
        remark = self._reporter.remark
        need_client("pyverify eval")  # not to be said when a model has been loaded for minutes
        with serving(path, more, log, wait=arguments.vllm_wait, remark=remark) as url:
            yield self._endpoint(url, keyless=True)

    def _ask(self, folder: RunFolder, answers: Mapping[str, Answers], request: Request) -> Outcome:
        missing = count_missing(self._plans, answers, request)
        wanted = sum(plan.size for plan in self._plans)
        words = _counted(wanted, "answer")
        self._reporter.remark(f"{folder.path}: {words} wanted, {wanted - missing:,} there")
        if not missing:
            return Outcome()
        with self._server(folder, request) as endpoint:
            self._began = time.monotonic()  # what loading a model takes is no part of the rate
            return ask_all(
                self._plans,
                answers,
                folder,
                endpoint,
                request,
                on_progress=self._tell,
                on_remark=self._reporter.remark,
            )

    def _tell(self, progress: Progress) -> None:
        seconds = max(time.monotonic() - self._began, 1e-6)
        self._reporter.show(lambda _: _line(progress, seconds))

    def _stopped(
        self,
        folder: RunFolder,
        answers: Mapping[str, Answers],
        request: Request,
        error: BaseException,
    ) -> int:
        self._reporter.finish()
        wanted = sum(plan.size for plan in self._plans)
        kept = wanted - count_missing(self._plans, answers, request)
        rest = f"{kept:,} of {_counted(wanted, 'answer')} {_are(wanted)} in {folder.path}"
        if kept:
            rest += "; the same command asks for the rest"
        if was_interrupted(error):
            print(visible(f"pyverify: interrupted; {rest}"), file=sys.stderr)
            return codes.INTERRUPTED
        raise ServerError(f"{error}\n{rest}")

    def _judged_by(self, usual: str) -> tuple[Preset, Options]:
        arguments = argparse.Namespace(**vars(self._arguments))
        arguments.preset = arguments.preset or usual
        try:
            return read_settings(arguments)
        except ValueError as error:
            raise UsageError(str(error)) from None

    def _show(
        self,
        folder: RunFolder,
        request: Request,
        reports: Mapping[str, Report],
        outputs: Outputs,
        outcome: Outcome,
    ) -> None:
        """Writes the numbers to the folder, to reports and to standard output."""
        report = joined(reports)
        shown = Shown(report, coverage=None, gap=None)
        outputs.commit(shown, self._flags(), gold_apart=False)
        summary: dict[str, object] = {
            **report.as_json(),
            "request": request.as_json(),
            "refused_samples": len(outcome.refused),
            "unanswered_samples": outcome.lost,
        }
        for name, one in reports.items():
            write_json(folder.path / name / "summary.json", one.as_json())
        write_json(folder.path / "summary.json", summary)
        if self._arguments.format == "json":
            print(json.dumps(summary, ensure_ascii=True, indent=2, sort_keys=True))
        else:
            print(shown.text(self._arguments.format, None))
            if outcome.lost:
                print(f"\nincomplete: {_left_out(report, outcome)}")

    def _flags(self) -> tuple[str, ...]:
        """What ``pyverify explain`` has to be told about a row; nothing where tasks differ."""
        arguments = argparse.Namespace(**vars(self._arguments))
        if len(self._tasks) == 1:
            arguments.preset = arguments.preset or self._tasks[0].preset
        return settings_flags(arguments)


def _tell_faults(report: Report, outcome: Outcome) -> bool:
    """Says what could not be had or scored; whether there is any such thing."""
    said = []
    if report.faults.any():
        said.append(report.faults.describe())
    if outcome.refused:
        words = one_line(next(iter(outcome.refused.values())))
        said.append(f"{len(outcome.refused):,} refused by the server count as wrong ({words})")
    if outcome.lost:
        said.append(
            f"{_left_out(report, outcome)} ({one_line(outcome.why)}); "
            "the same command asks for them again"
        )
    for one in said:
        print(f"pyverify: {one}", file=sys.stderr)
    return bool(said)


def _left_out(report: Report, outcome: Outcome) -> str:
    arrived = report.overall.counts["rows"]
    return (
        f"{_counted(outcome.lost, 'answer')} could not be had and {_are(outcome.lost)} left out: "
        f"acc is over the {arrived:,} that arrived"
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _line(progress: Progress, seconds: float) -> str:
    done = progress.kept + progress.answers
    parts = [
        f"{done:,} of {progress.wanted:,} answers",
        f"{progress.answers / seconds:,.2f}/s",
        f"{progress.tokens / seconds:,.0f} tokens/s",
    ]
    if progress.failures:
        why = f" (the last: {one_line(progress.why, 80)})" if progress.why else ""
        parts.append(f"{_counted(progress.failures, 'failed request')}{why}")
    if progress.waits >= 1:
        parts.append(f"waits {progress.waits:,.0f} s, as the server asks")
    return ", ".join(parts)


def _slug(name: str) -> str:
    """A model's name as that of a folder."""
    plain = "".join(c if c.isalnum() or c in "._-" else "-" for c in name.strip("/"))
    return plain.strip(".-")[-80:] or "model"
