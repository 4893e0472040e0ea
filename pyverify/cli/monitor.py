"""``pyverify monitor``: a training log in, what went wrong out."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, TextIO

from pyverify.cli import codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyverify.monitor import Alert, Thresholds
    from pyverify.monitor.replay import Replay
    from pyverify.monitor.sinks import Sink

_DESCRIPTION = """\
Reads the log of a training run and says what went wrong, at which step, and what to try.

The log may be verl's console or its file logger, TRL's trainer_state.json or printed metrics,
OpenRLHF's console, lines of JSON, a CSV (as W&B exports it), or TensorBoard event files. Which it
is, and what the trainer calls its metrics, is found out. Each log is one run.

  collapse   validation or training reward falls while entropy or clipped responses rise
  warning    reward falling alone, too sparse for the group size, zero-variance groups, entropy
             vanishing, one component hacked, length running away, answers lost, rewards abstaining,
             NaN

metrics, for --map: reward_mean, reward_std, reward_min, reward_max, validation_reward,
  validation_reward/SET, correctness, component/NAME, entropy, clipped_ratio, response_length,
  zero_variance_groups, no_answer, abstained, abstained/NAME, kl, grad_norm, loss, group_size
"""

_EXAMPLES = """\
examples:
  pyverify monitor verl.log                           a table, and the alerts in order of step
  pyverify monitor output/trainer_state.json --group-size 8 --plot run.html
  pyverify monitor runs/tensorboard/ --plot run.png
  pyverify monitor metrics.csv --map validation_reward=test/acc,entropy=policy_entropy
  pyverify monitor verl.log --threshold length_ratio=3 --fail-on warning
  cat first.log resumed.log | pyverify monitor -
  pyverify monitor verl.log --follow                  watch a run that goes on

exit codes: 0 healthy, 1 alerts at or above --fail-on, 2 wrong usage or a log that cannot be read,
4 a fault of pyverify, 130 interrupted, 143 asked to end.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "monitor",
        help="say what went wrong in a training run",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("logs", metavar="LOG", nargs="+", help="a log, a folder of events, '-' for standard input")
    add(
        "--map",
        metavar="METRIC=NAME,...",
        action="append",
        default=[],
        help="what the log calls a metric (listed above); a name that never occurs is an error",
    )
    add("--group-size", metavar="N", type=_count, help="completions per prompt")
    add(
        "--threshold",
        metavar="NAME=X",
        action="append",
        default=[],
        help="what counts as a bad sign (docs/monitor.md lists them)",
    )
    add(
        "--fail-on",
        choices=("collapse", "warning", "never"),
        default="collapse",
        help="exit with code 1 at alerts of this severity or graver (default: collapse)",
    )
    add("--plot", metavar="FILE", help="draw the run: .html (needs nothing) or .png (matplotlib)")
    add(
        "--sink",
        metavar="TARGET",
        action="append",
        default=[],
        help="write metrics and alerts to FILE.jsonl, tensorboard:FOLDER or trackio:PROJECT",
    )
    add("--follow", action="store_true", help="wait for more at the end of the log")
    add("--json", action="store_true", help="print one JSON object instead of text")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"a number from 1, not {text!r}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.monitor.aliases import parse_names
    from pyverify.monitor.logs import LogError

    if len(arguments.logs) > 1 and (arguments.plot or arguments.follow or arguments.sink):
        return _refuse("--plot, --sink and --follow take one log")
    try:
        if arguments.plot:
            from pyverify.monitor.plot import check_plot

            check_plot(arguments.plot)
        names = parse_names(arguments.map)
        thresholds = _thresholds(arguments.threshold)
        found = [_watch(arguments, path, names, thresholds) for path in arguments.logs]
        if arguments.plot:
            from pyverify.monitor.plot import write_plot

            write_plot(arguments.plot, found[0])
    except BrokenPipeError:
        raise
    except (LogError, ValueError, ImportError, RuntimeError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"cannot write {error.filename}: {error.strerror}")
    if arguments.json:
        rows = [one.as_json() for one in found]
        print(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2))
    return _code(found, arguments.fail_on)


def _thresholds(entries: list[str]) -> Thresholds:
    from pyverify.monitor import Thresholds

    pairs = [entry.partition("=") for entry in entries]
    if broken := [name for name, sign, _ in pairs if not sign]:
        raise ValueError(f"--threshold takes NAME=X, not {broken[0]!r}")
    return Thresholds().with_values({name.strip(): value.strip() for name, _, value in pairs})


def _watch(
    arguments: argparse.Namespace, path: str, names: dict[str, str], thresholds: Thresholds
) -> Replay:
    """Replays one log; what it shows is printed at the end, or on the way with --follow."""
    from pyverify.monitor.logs import LogStats
    from pyverify.monitor.replay import Replay, replay
    from pyverify.monitor.sinks import open_sink

    found = Replay(path, LogStats())
    with ExitStack() as stack:
        sinks: list[Sink] = []
        for target in arguments.sink:
            sinks.append(open_sink(target))
            stack.callback(sinks[-1].close)

        def log(step: int, metrics: Mapping[str, float], raised: Sequence[Alert]) -> None:
            for sink in sinks:
                sink.log(step, metrics, raised)

        alerts = replay(
            path,
            names=names,
            thresholds=thresholds,
            group_size=arguments.group_size,
            follow=arguments.follow,
            found=found,
            on_row=log,
        )
        for alert in alerts:
            if arguments.follow and not arguments.json:
                _say(str(alert))
    if not arguments.json and not arguments.follow:
        _show(found, several=len(arguments.logs) > 1)
    return found


def _show(found: Replay, *, several: bool) -> None:
    if several:
        _say(f"{found.path}:")
    _say(found.table() + "\n")
    for alert in found.alerts:
        _say(str(alert))
    if not found.alerts:
        print("no alerts")
    if missing := found.missing():
        _say(f"pyverify: {missing}", sys.stderr)
    if broken := found.stats.broken:
        words = "entry was" if broken == 1 else "entries were"
        print(f"pyverify: {broken:,} broken {words} left out", file=sys.stderr)
    if several:
        print()


def _refuse(message: str) -> int:
    _say(f"pyverify: {message}", sys.stderr)
    return codes.USAGE


def _say(text: str, stream: TextIO | None = None) -> None:
    """Logs hold names from anywhere: none of them acts on a terminal."""
    from pyverify.io.shown import visible

    print(visible(text), file=stream, flush=True)


def _code(found: list[Replay], fail_on: str) -> int:
    from pyverify.monitor import Severity

    gravest = [one.gravest() for one in found]
    if fail_on == "never":
        return codes.OK
    bad = any(one is not None and one.reaches(Severity(fail_on)) for one in gravest)
    return codes.BELOW_THRESHOLD if bad else codes.OK
