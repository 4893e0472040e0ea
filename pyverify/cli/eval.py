"""``pyverify eval``: asks a model for answers to benchmarks, and scores them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from pyverify.cli import codes
from pyverify.cli.settings import add_settings
from pyverify.cli.thresholds import add_thresholds

_DESCRIPTION = """\
Asks a model for answers to benchmarks and scores them. The model is behind a server that speaks the
OpenAI protocol, or vLLM loads it ('vllm:PATH') for as long as the run takes.

Every answer is on disk as soon as it is there: the same command goes on where an earlier one was
stopped, and asks for nothing twice.
"""

_EXAMPLES = """\
examples:
  pyverify eval --model http://127.0.0.1:8000/v1 --task math500 --data math500.jsonl
  pyverify eval --model vllm:Qwen/Qwen2.5-Math-7B-Instruct --task math500,aime24 --k 8 -o runs/qwen
  pyverify eval --model https://api.example.com/v1 --name big --key-env BIG_KEY --task gsm8k
  pyverify eval --model vllm:base-model --completions --template shots.txt --max-tokens 1024 ...
  pyverify eval ... --limit 5                         a few problems first; the rest later

exit codes: 0 fine, 1 a threshold was missed, 2 wrong usage or a server of no use, 3 some answers
could not be had (the others are scored), 4 a fault of pyverify, 130 interrupted,
143 asked to end.
"""


# As many as `pyverify score` takes together.
_MOST_SAMPLES = 1024


def _whole(least: int, most: int = (1 << 31) - 1) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 10):
            raise argparse.ArgumentTypeError(f"a whole number from {least} up, not {text!r}")
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, not {text}")
        return int(text)

    return whole


def _number(least: float, most: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"a number from {least:g} to {most:g}, not {text!r}")
        return value

    return number


def _or_server(number: Callable[[str], float]) -> Callable[[str], float | str]:
    return lambda text: text if text == "server" else number(text)


_seconds = _number(0.1, 86_400.0)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "eval",
        help="ask a model for answers and score them",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", metavar="URL|vllm:PATH", required=True, help="the server, or what vLLM loads")
    add("--task", metavar="NAME,...", required=True, help="benchmarks by name")
    add("--data", metavar="PATH|hub", help="the problems: a file, a folder, or 'hub'")
    add("-o", "--output", metavar="DIR", help="the run's folder (default: eval-MODEL)")
    add("--limit", metavar="N", type=_whole(1), help="only the first N problems of each task")
    add("--any-size", action="store_true", help="the data needn't have a task's number of problems")
    _add_sampling(parser)
    _add_server(parser)
    add_settings(parser)
    add("--threads", metavar="N", type=_whole(0), default=0, help="native threads of the scoring")
    add("--force-new", action="store_true", help="put answers to other settings aside")
    add(
        "--report",
        metavar="FILE",
        action="append",
        default=[],
        help="as -o of 'pyverify score': .html, .md, .json, .jsonl, .parquet; may be repeated",
    )
    add("--format", choices=("text", "json", "md"), default="text", help="of the summary")
    add_thresholds(add)
    add("-q", "--quiet", action="store_true", help="no progress and no remarks on stderr")
    parser.set_defaults(run=run)


def _add_sampling(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how the model is asked")
    add = group.add_argument
    add(
        "--k",
        metavar="K",
        type=_whole(1, _MOST_SAMPLES),
        default=1,
        help="answers to each problem (default: 1)",
    )
    add(
        "--temperature",
        metavar="T",
        type=_or_server(_number(0.0, 2.0)),
        help="default: 0 for one answer, 0.6 for several; 'server' leaves it to the server",
    )
    add(
        "--top-p",
        metavar="P",
        type=_or_server(_number(0.0, 1.0)),
        help="default: the server's for one answer, 0.95 for several",
    )
    add("--max-tokens", metavar="N", type=_whole(1), help="default: as many as the server allows")
    add("--seed", metavar="N", type=_whole(0), help="sample i of a problem is asked with N + i")
    add("--extra", metavar="JSON", type=_extra, default={}, help="more fields: '{\"top_k\": 20}'")
    add("--system", metavar="TEXT", help="this system prompt, not the task's")
    add("--no-system", action="store_true", help="no system prompt")
    add("--template", metavar="FILE", help="the user's message, with {problem} in it")
    add("--completions", action="store_true", help="no chat: --template is continued as it is")


def _add_server(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the server")
    add = group.add_argument
    add("--name", metavar="MODEL", help="what the server calls the model, if it has several")
    add(
        "--key-env",
        metavar="VAR",
        default="OPENAI_API_KEY",
        help="the environment variable with the key (default: OPENAI_API_KEY)",
    )
    add("--concurrency", metavar="N", type=_whole(1), default=64, help="requests at a time (64)")
    add(
        "--timeout", metavar="S", type=_number(0.1, 86_400.0), default=1800.0, help="seconds (1800)"
    )
    add("--attempts", metavar="N", type=_whole(1), default=10, help="of each request (10)")
    add("--vllm-args", metavar="ARGS", default="", help="more for vLLM: '--max-model-len 8192'")
    add(
        "--vllm-wait",
        metavar="S",
        type=_seconds,
        default=1800.0,
        help="seconds until vLLM must be ready (1800)",
    )


def _extra(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"an object of JSON, not {text!r}")
    ours = sorted({"model", "messages", "prompt", "stream"} & set(value))
    if ours:
        raise argparse.ArgumentTypeError(f"{', '.join(ours)} cannot be set here")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.cli.eval_run import EvalRun
    from pyverify.cli.eval_settings import UsageError
    from pyverify.cli.progress import Reporter
    from pyverify.generate import FolderError, ServerError, VllmError
    from pyverify.io import SourceError
    from pyverify.io.shown import visible
    from pyverify.tasks import TaskError

    reporter = Reporter(quiet=arguments.quiet)
    known = (UsageError, TaskError, FolderError, ServerError, VllmError, SourceError, ImportError)
    try:
        return EvalRun(arguments, reporter).run()
    except known as error:
        reporter.finish()
        print(visible(f"pyverify: {error}"), file=sys.stderr)
        return codes.USAGE
