"""``pyverify score``: a file of predictions in, a table and verdicts out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pyverify.cli import codes
from pyverify.cli.settings import add_settings, read_settings

if TYPE_CHECKING:
    from pyverify import Options, Preset
    from pyverify.cli.progress import Reporter
    from pyverify.evaluate import Report, RewardSettings, RunSettings
    from pyverify.io import RowSink

_DESCRIPTION = """\
Scores a file of model responses against gold answers, without a model.

The input is lines of JSON, plain or compressed (gzip; zstd where Python can read it), one response
or one prompt with several responses a line. Response, gold, id, prompt and data set are found by
their usual names ('completion', 'output', 'responses'; 'answer', 'ground_truth', 'gts',
'reward_model.ground_truth', ...); a file that can be read in two ways is refused, with the readings
shown.
"""

_EXAMPLES = """\
examples:
  pyverify score preds.jsonl
  pyverify score 'runs/*.jsonl.gz' -o verdicts.jsonl --threads 8
  zstd -dc rollouts.zst | pyverify score - --format json
  pyverify score dump.jsonl --map response=output,gold=reward_model.ground_truth,id=extra_info.index
  pyverify score batch.jsonl --gold golds.jsonl --on custom_id
  pyverify score gsm8k.jsonl --preset gsm8k
  pyverify score preds.jsonl --option units=required --option relative_tolerance=0.01
  pyverify score preds.jsonl --fallback sympy         a second opinion on undecided verdicts
  pyverify score preds.jsonl --reward graded_quality  a training reward, with its components
  pyverify score preds.jsonl --fail-under acc=0.8     exit code 1 below 0.8, for CI

exit codes: 0 fine, 1 a threshold was missed, 2 wrong usage or unreadable input, 3 some rows could
not be used (the others are scored), 4 a fault of pyverify, 130 interrupted.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "score",
        help="score a file of responses",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("inputs", metavar="IN", nargs="+", help="files or globs; '-' is standard input")
    add("-o", "--output", metavar="FILE", help="write a verdict per row (.jsonl, .jsonl.gz or -)")
    add(
        "--map",
        metavar="NAME=PATH,...",
        action="append",
        default=[],
        help="fields by dotted path; names: response, gold, id, group, dataset, and with --reward "
        "what the reward needs, such as token_counts",
    )
    add("--gold", metavar="FILE", help="golds in a file of their own, joined by --on")
    add("--on", metavar="KEY", help="the field that both files have")
    add_settings(parser)
    add(
        "--require-evaluated",
        dest="option",
        action="append_const",
        const=("require_evaluated", True),
        help="refuse 2*3 where the gold is 6",
    )
    add(
        "--threads",
        metavar="N",
        type=_count,
        default=0,
        help="native threads (default: one per core)",
    )
    add(
        "--fallback",
        choices=("sympy",),
        help="ask sympy about what stays undecided; needs sympy and has a clock",
    )
    add(
        "--reward",
        metavar="NAME|FILE",
        help="find a reward, too: a recipe ('pyverify rewards' lists them) or a .toml or .json "
        "file; unless --preset is given, answers are judged as it says",
    )
    add("--format", choices=("text", "json"), default="text", help="of the summary on stdout")
    add(
        "--fail-under",
        metavar="acc=X",
        type=_threshold,
        help="exit with code 1 if the accuracy is below X",
    )
    add("-q", "--quiet", action="store_true", help="no progress and no remarks on stderr")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 4096:
        raise argparse.ArgumentTypeError(f"a number of threads from 0 to 4096, not {text!r}")
    return int(text)


def _threshold(text: str) -> float:
    name, sign, figure = text.partition("=")
    try:
        value = float(figure)
    except ValueError:
        value = -1.0
    if name != "acc" or not sign or not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"acc=X with X from 0 to 1, not {text!r}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.cli.progress import Reporter
    from pyverify.io import FieldsError, SourceError

    reporter = Reporter(quiet=arguments.quiet)
    try:
        settings = _settings(arguments, reporter)
        sink = _open_sink(arguments.output, settings)
    except (FieldsError, SourceError) as error:
        return _refuse(reporter, error)
    if arguments.fallback is None:
        return _run(arguments, settings, sink, reporter)
    return _run_with_sympy(arguments, settings, sink, reporter)


def _run_with_sympy(
    arguments: argparse.Namespace, settings: RunSettings, sink: RowSink | None, reporter: Reporter
) -> int:
    from pyverify.fallback import FallbackError, SympyFallback

    with SympyFallback(options=settings.options) as fallback:
        try:
            fallback.start()
        except FallbackError as error:
            if sink is not None:
                sink.discard()
            return _refuse(reporter, error)
        code = _run(arguments, replace(settings, fallback=fallback), sink, reporter)
        reporter.remark(str(fallback.counts))
    return code


def _run(
    arguments: argparse.Namespace, settings: RunSettings, sink: RowSink | None, reporter: Reporter
) -> int:
    from pyverify.io import FieldsError, SourceError

    done = False
    try:
        report = _score(settings, sink, reporter)
        if sink is not None:
            sink.commit()
        done = True
    except (FieldsError, SourceError) as error:
        return _refuse(reporter, error)
    except KeyboardInterrupt:
        reporter.finish()
        done = True
        return _interrupted(sink)
    except BrokenPipeError:
        raise
    except OSError as error:
        # Inputs report their own trouble; what is left is an output that cannot grow.
        return _refuse(reporter, SourceError(f"cannot write {arguments.output}: {error.strerror}"))
    finally:
        if sink is not None and not done:
            sink.discard()
    reporter.finish()
    # Where the rows go to standard output, the table must not get between them.
    _show(report, arguments.format, reporter.seconds(), to_stderr=arguments.output == "-")
    return _code(report, arguments.fail_under)


def _settings(arguments: argparse.Namespace, reporter: Reporter) -> RunSettings:
    from pyverify.evaluate import RunSettings
    from pyverify.io import STDIN, FieldsError, expand_inputs, parse_map, read_gold_table

    if (arguments.gold is None) != (arguments.on is None):
        raise FieldsError("--gold FILE and --on KEY belong together")
    try:
        reward, preset, options = _judgement(arguments)
    except ValueError as error:
        raise FieldsError(str(error)) from None
    fields = parse_map(arguments.map, () if reward is None else (*reward.reward.needs, "prompts"))
    inputs = expand_inputs(arguments.inputs)
    golds = None
    if arguments.gold is not None:
        if arguments.gold == STDIN and STDIN in inputs:
            raise FieldsError("standard input cannot be both the responses and the golds")
        golds = read_gold_table(arguments.gold, arguments.on, fields)
        for line in golds.broken:
            reporter.note(f"{arguments.gold}, line {line.number}: {line.problem}")
        reporter.remark(
            f"{arguments.gold}: {len(golds):,} golds from {golds.gold_field!r}, by {golds.key!r}"
        )
    return RunSettings(
        inputs=tuple(inputs),
        fields=fields,
        golds=golds,
        preset=preset,
        options=options,
        threads=arguments.threads,
        reward=reward,
    )


def _judgement(
    arguments: argparse.Namespace,
) -> tuple[RewardSettings | None, Preset, Options]:
    """The reward, if one is wanted, and how answers are judged.

    Without `--preset` they are judged as the reward says, and `--option` changes that.

    Raises:
        ValueError: A value is out of range, or there is no such reward.
    """
    from pyverify import PRESETS
    from pyverify.evaluate import RewardSettings
    from pyverify.rewards import VerdictReward, load_reward

    if arguments.reward is None:
        return None, *read_settings(arguments)
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


def _open_sink(target: str | None, settings: RunSettings) -> RowSink | None:
    from pyverify.io import STDIN, RowSink, SourceError

    if target is None:
        return None
    if target != STDIN and os.path.exists(target):
        for name in settings.inputs:
            if name != STDIN and os.path.samefile(name, target):
                raise SourceError(f"the output {target} is also an input")
    return RowSink(target)


def _score(settings: RunSettings, sink: RowSink | None, reporter: Reporter) -> Report:
    from pyverify.evaluate import score_files

    return score_files(
        settings,
        sinks=() if sink is None else (sink,),
        on_progress=reporter.update,
        on_note=reporter.note,
        on_remark=reporter.remark,
    )


def _refuse(reporter: Reporter, error: Exception) -> int:
    reporter.finish()
    print(f"pyverify: {error}", file=sys.stderr)
    return codes.USAGE


def _interrupted(sink: RowSink | None) -> int:
    if sink is None:
        print("pyverify: interrupted", file=sys.stderr)
    else:
        rows = sink.rows
        print(f"pyverify: interrupted; {rows:,} rows are in {sink.keep_partial()}", file=sys.stderr)
    return codes.INTERRUPTED


def _show(report: Report, style: str, seconds: float, *, to_stderr: bool) -> None:
    from pyverify.evaluate import render_table

    if style == "json":
        text = json.dumps(report.as_json(), ensure_ascii=True, indent=2, sort_keys=True)
    else:
        text = render_table(report, seconds)
    print(text, file=sys.stderr if to_stderr else sys.stdout)


def _code(report: Report, threshold: float | None) -> int:
    if report.faults.any():
        print(f"pyverify: {report.faults.describe()}", file=sys.stderr)
    if threshold is not None:
        accuracy = report.overall.accuracy
        if accuracy is None or accuracy < threshold:
            shown = "unknown" if accuracy is None else f"{accuracy:.4f}"
            print(f"pyverify: acc is {shown}, below {threshold}", file=sys.stderr)
            return codes.BELOW_THRESHOLD
    return codes.PARTIAL if report.faults.any() else codes.OK
