"""``pyverify score``: files of predictions in, tables, verdicts and reports out."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pyverify.cli import codes, sharded
from pyverify.cli.score_parser import add_options
from pyverify.cli.score_settings import Asked, read_asked

if TYPE_CHECKING:
    from pyverify.cli.outputs import Outputs
    from pyverify.cli.progress import Reporter
    from pyverify.cli.shown import Shown
    from pyverify.evaluate import Report


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    add_options(commands).set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.cli.outputs import Outputs
    from pyverify.cli.progress import Reporter
    from pyverify.io import FieldsError, SourceError

    reporter = Reporter(quiet=arguments.quiet)
    try:
        sharded.check(arguments)
        asked = read_asked(arguments, reporter)
        outputs = Outputs(sharded.files(arguments), asked.settings.inputs)
    except (FieldsError, SourceError) as error:
        return _refuse(reporter, error)
    if arguments.fallback is None:
        return _run(arguments, asked, outputs, reporter)
    return _run_with_sympy(arguments, asked, outputs, reporter)


def _run_with_sympy(
    arguments: argparse.Namespace, asked: Asked, outputs: Outputs, reporter: Reporter
) -> int:
    from pyverify.fallback import FallbackError, SympyFallback

    with SympyFallback(options=asked.settings.options) as fallback:
        try:
            fallback.start()
        except FallbackError as error:
            outputs.close()
            return _refuse(reporter, error)
        asked = replace(asked, settings=replace(asked.settings, fallback=fallback))
        code = _run(arguments, asked, outputs, reporter)
        reporter.remark(str(fallback.counts))
    return code


def _run(arguments: argparse.Namespace, asked: Asked, outputs: Outputs, reporter: Reporter) -> int:
    from pyverify.cli.process import stream_name
    from pyverify.io import FieldsError, SourceError
    from pyverify.io.shown import visible

    try:
        report = _score(arguments, asked, outputs, reporter)
        if report is None:
            reporter.finish()
            return codes.OK
        incomparable = _compare(report, asked)
        shown = _show(report, asked, outputs)
        sharded.clean(arguments)
        if report.faults.repeated_lines:
            reporter.remark(
                f"{report.faults.repeated_lines:,} lines left out: each only repeats the responses "
                "of an earlier one, under another filter"
            )
        reporter.finish()
        # Where the rows go to standard output, the table must not get between them.
        stream = sys.stderr if outputs.to_stdout else sys.stdout
        # Of a run that others have had a part in, this process's time says nothing.
        seconds = None if sharded.is_shared(arguments) else reporter.seconds()
        print(shown.text(arguments.format, seconds), file=stream)
    except (FieldsError, SourceError) as error:
        return _refuse(reporter, error)
    except KeyboardInterrupt:
        reporter.finish()
        divided = sharded.is_divided(arguments)
        kept = sharded.kept(arguments) if divided else outputs.keep_partial()
        print(visible("; ".join(["pyverify: interrupted", *kept])), file=sys.stderr)
        return codes.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        # Inputs report their own trouble; what is left is an output that cannot grow.
        names = ", ".join(map(stream_name, arguments.output)) or stream_name(None)
        return _refuse(reporter, SourceError(f"cannot write {names}: {error.strerror}"))
    finally:
        outputs.close()
    if incomparable:
        return _refuse(reporter, SourceError(incomparable))
    return _code(report, arguments)


def _score(
    arguments: argparse.Namespace, asked: Asked, outputs: Outputs, reporter: Reporter
) -> Report | None:
    """The numbers; None of one share of a run whose other shares are not done."""
    from pyverify.evaluate import score_files

    if sharded.is_divided(arguments):
        return sharded.score(arguments, asked, outputs, reporter)
    observers = [one for one in (asked.join, asked.gap, outputs.page) if one is not None]
    report = score_files(
        asked.settings,
        sinks=outputs.sinks,
        observers=observers,
        on_progress=reporter.update,
        on_note=reporter.note,
        on_remark=reporter.remark,
    )
    report.ks = arguments.k
    report.intervals = arguments.interval
    return report


def _compare(report: Report, asked: Asked) -> str:
    """Compares with the baseline; what keeps it from that, which must not lose the report."""
    from pyverify.io import SourceError

    if asked.baseline is None:
        return ""
    try:
        report.compare_with(asked.baseline)
    except SourceError as error:
        return str(error)
    return ""


def _show(report: Report, asked: Asked, outputs: Outputs) -> Shown:
    """Completes the outputs; what is left is for the screen."""
    from pyverify.cli.shown import Shown

    shown = Shown(
        report,
        coverage=None if asked.join is None else asked.join.report(),
        gap=None if asked.gap is None else asked.gap.finish(report),
    )
    outputs.commit(shown, asked.flags, gold_apart=asked.settings.golds is not None)
    return shown


def _refuse(reporter: Reporter, error: Exception) -> int:
    from pyverify.io.shown import visible

    reporter.finish()
    print(visible(f"pyverify: {error}"), file=sys.stderr)
    return codes.USAGE


def _code(report: Report, arguments: argparse.Namespace) -> int:
    from pyverify.cli.thresholds import below_threshold

    if report.faults.any():
        print(f"pyverify: {report.faults.describe()}", file=sys.stderr)
    if below_threshold(report, arguments):
        return codes.BELOW_THRESHOLD
    return codes.PARTIAL if report.faults.any() else codes.OK
