"""``pyverify lint-gold``: what is wrong with the golds of a file, before anyone trains on them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from pyverify.cli import codes
from pyverify.cli.process import stream_name
from pyverify.cli.settings import add_settings, read_settings

if TYPE_CHECKING:
    from pyverify.cli.progress import Reporter
    from pyverify.evaluate.lint_run import LintReport
    from pyverify.io import RowSink

_DESCRIPTION = """\
Examines the golds of a data set: each is read as the engine reads it and compared with itself.

A gold that reads badly costs silently: right responses score 0, or wrong ones 1.

  error    empty        no text
           limit        beyond a limit
           unparseable  read only as words, although it holds maths
           undefined    1/0 and the like equal nothing
           not_itself   not equal to itself in $...$, in a box, with other brackets or spaces
  warning  operator     an integral, a limit, a sum: the question instead of its answer
           ambiguous    two readings, such as 1/2x or (1,2); the one taken is said
           parts        several parts, which are all wanted
  note     text         compared word by word
"""

_EXAMPLES = """\
examples:
  pyverify lint-gold train.jsonl                        a table, and the golds to look at
  pyverify lint-gold train.jsonl -o findings.jsonl      and a line of JSON for each gold
  pyverify lint-gold 'sets/*.jsonl.gz' --fail-on warning -q     for CI
  pyverify lint-gold train.jsonl --map gold=meta.final,id=uid
  pyverify lint-gold train.jsonl --show 100             more golds of each kind

exit codes: 0 fine, 1 findings at or above --fail-on, 2 wrong usage or unreadable input, 3 some
lines could not be read (the others are examined), 4 a fault of pyverify, 130 interrupted,
143 asked to end.
"""

_WIDTH = 100


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "lint-gold",
        help="examine the golds of a data set",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("inputs", metavar="IN", nargs="+", help="files or globs; '-' is standard input")
    add("-o", "--output", metavar="FILE", help="write a line per gold (.jsonl, .jsonl.gz or -)")
    add(
        "--map",
        metavar="NAME=PATH,...",
        action="append",
        default=[],
        help="fields by dotted path; names: gold, id, dataset",
    )
    add_settings(parser)
    add(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help="exit with code 1 at findings of this level or graver (default: error)",
    )
    add("--show", metavar="N", type=_count, default=10, help="golds shown per status (default: 10)")
    add("--format", choices=("text", "json"), default="text", help="of the summary on stdout")
    add("-q", "--quiet", action="store_true", help="no progress and no remarks on stderr")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"a number from 0, not {text!r}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.cli.progress import Reporter
    from pyverify.io import FieldsError, RowSink, SourceError
    from pyverify.io.shown import visible

    reporter = Reporter(quiet=arguments.quiet)
    sink: RowSink | None = None
    done = False
    try:
        inputs = _inputs(arguments, reporter)
        sink = RowSink(arguments.output) if arguments.output is not None else None
        report = _lint(arguments, inputs, sink, reporter)
        if sink is not None:
            sink.commit()
        done = True
    except (FieldsError, SourceError) as error:
        return _refuse(reporter, str(error))
    except KeyboardInterrupt:
        reporter.finish()
        done = sink is not None
        kept = f"; {sink.rows:,} golds are in {sink.keep_partial()}" if sink is not None else ""
        print(visible(f"pyverify: interrupted{kept}"), file=sys.stderr)
        return codes.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        return _refuse(reporter, f"cannot write {stream_name(arguments.output)}: {error.strerror}")
    finally:
        if sink is not None and not done:
            sink.discard()
    reporter.finish()
    # Where the rows go to standard output, the table must not get between them.
    stream = sys.stderr if arguments.output == "-" else sys.stdout
    if arguments.format == "json":
        print(json.dumps(report.as_json(), indent=2, sort_keys=True), file=stream)
    else:
        print(_as_text(report), file=stream)
    return _code(report, arguments.fail_on)


def _inputs(arguments: argparse.Namespace, reporter: Reporter) -> list[str]:
    from pyverify.io import STDIN, SourceError, expand_inputs

    inputs = expand_inputs(arguments.inputs, reporter.remark)
    target = arguments.output
    if target is not None and target != STDIN and os.path.exists(target):
        for name in inputs:
            if name != STDIN and os.path.samefile(name, target):
                raise SourceError(f"the output {target} is also an input")
    return inputs


def _lint(
    arguments: argparse.Namespace, inputs: list[str], sink: RowSink | None, reporter: Reporter
) -> LintReport:
    from pyverify.evaluate.lint_run import lint_files
    from pyverify.io import FieldsError, parse_map

    try:
        preset, options = read_settings(arguments)
    except ValueError as error:
        raise FieldsError(str(error)) from None
    return lint_files(
        inputs,
        fields=parse_map(arguments.map),
        options=options,
        preset=preset,
        most=arguments.show,
        sink=sink,
        on_progress=reporter.update,
        on_note=reporter.note,
        on_remark=reporter.remark,
    )


def _refuse(reporter: Reporter, message: str) -> int:
    from pyverify.io.shown import visible

    reporter.finish()
    print(visible(f"pyverify: {message}"), file=sys.stderr)
    return codes.USAGE


def _as_text(report: LintReport) -> str:
    from pyverify.evaluate.lint import ADVICE, Finding, Status
    from pyverify.io.shown import one_line

    lines = [f"{'status':<12} {'golds':>8}  {'share':>6}  level    what to do"]
    for status in Status:
        count = report.by_status[status]
        if count:
            level = Finding(status, "").level.value
            share = f"{100 * count / report.golds:.1f}%"
            lines.append(f"{status.value:<12} {count:>8,}  {share:>6}  {level:<8} {ADVICE[status]}")
    for status in Status:
        kept = report.shown.get(status, [])
        if not kept:
            continue
        lines.append("")
        lines.append(f"{status.value}: {len(kept):,} of {report.by_status[status]:,}")
        for one in kept:
            lines.append(f"  {one_line(one.where)}: {one_line(one.lint.gold, _WIDTH)}")
            lines.extend(
                f"      {one_line(finding.message, _WIDTH)}" for finding in one.lint.findings
            )
    return "\n".join(line.rstrip() for line in lines)


def _code(report: LintReport, fail_on: str) -> int:
    from pyverify.evaluate.lint import Level

    graver = {"error": (Level.ERROR,), "warning": (Level.ERROR, Level.WARNING), "never": ()}
    found = sum(report.by_level[level] for level in graver[fail_on])
    if report.broken_lines:
        plural = "" if report.broken_lines == 1 else "s"
        print(f"pyverify: {report.broken_lines} broken line{plural}", file=sys.stderr)
    if found:
        print(f"pyverify: {found:,} golds with findings (--fail-on {fail_on})", file=sys.stderr)
        return codes.BELOW_THRESHOLD
    return codes.PARTIAL if report.broken_lines else codes.OK
