"""``pyverify compare``: two files, or several graders, on the same rows."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyverify.cli import codes
from pyverify.cli.process import stream_name
from pyverify.cli.settings import add_settings, read_settings

if TYPE_CHECKING:
    from pyverify.cli.progress import Reporter
    from pyverify.evaluate import Faults, RunSettings
    from pyverify.evaluate.compare import Comparison
    from pyverify.graders import Confinement
    from pyverify.io import RowSink

_DESCRIPTION = """\
Compares two files of verdicts or predictions, or several graders on the same predictions, row by
row: who is right where, how large the difference is, and whether it could be luck.

Rows of two files are paired by data set, id and sample; --on names other fields. Predictions are
scored on the way, as 'pyverify score' does it. Graders other than pyverify run in processes of
their own, which are killed at a deadline.
"""

_EXAMPLES = """\
examples:
  pyverify compare before.jsonl after.jsonl
  pyverify compare before.jsonl after.jsonl -o changes.jsonl --fail-on worse
  pyverify compare base.jsonl tuned.jsonl --on problem_id,nth      several lines of one problem
  pyverify compare preds.jsonl --grader pyverify --grader math-verify
  pyverify compare preds.jsonl --grader mine.py:reward --python ~/envs/rl/bin/python
  pyverify compare preds.jsonl --grader exact --grader my.package:compute_score --workers 4

graders: pyverify; exact (same characters); math-verify; FILE.py:FUNCTION or MODULE:FUNCTION, called
with (completion, gold) or as verl does; one alone is compared with pyverify.

exit codes: 0 fine, 1 b is worse (--fail-on worse), 2 wrong usage or unreadable input, 3 some rows
had no partner or could not be used, 4 a fault of pyverify, 130 interrupted,
143 asked to end.
"""

_GIB = 1 << 30


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "compare",
        help="compare two files, or graders, row by row",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("inputs", metavar="IN", nargs="+", help="two files; with --grader any number, or globs")
    add(
        "--grader",
        metavar="NAME",
        action="append",
        default=[],
        help="compare graders instead of files; repeated, each is compared with the first",
    )
    add("--on", metavar="FIELD,...", help="fields that pair rows (default: dataset,id)")
    add("-o", "--output", metavar="FILE", help="write the changed rows (.jsonl, .jsonl.gz or -)")
    add("--show", metavar="N", type=_count, default=10, help="changed rows shown (default: 10)")
    add(
        "--map",
        metavar="NAME=PATH,...",
        action="append",
        default=[],
        help="fields of predictions, as for score",
    )
    add("--gold", metavar="FILE", help="golds in a file of their own, joined by --on")
    add_settings(parser)
    add("--threads", metavar="N", type=_count, default=0, help="native threads, as for score")
    _add_confinement(parser)
    add(
        "--fail-on",
        choices=("worse", "never"),
        default="never",
        help="worse: exit with code 1 if b is worse and luck doesn't explain it",
    )
    add("--alpha", metavar="P", type=_share, default=0.05, help="what luck is (default: 0.05)")
    add("--format", choices=("text", "json", "md"), default="text", help="of what is on stdout")
    add("-q", "--quiet", action="store_true", help="no progress and no remarks on stderr")
    parser.set_defaults(run=run)


def _add_confinement(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("processes of graders").add_argument
    add(
        "--python",
        metavar="PATH",
        action="append",
        default=[],
        help="the Python that has the graders, or GRADER=PATH for one of them (default: this one)",
    )
    add("--deadline", metavar="S", type=_seconds, help="for a row (default: 10)")
    add(
        "--memory",
        metavar="GIB",
        type=_count,
        help="address space of a process, 0 for any (default: 4; a grader on a GPU wants 0)",
    )
    add("--workers", metavar="N", type=_workers, help="processes of each (default: 1)")


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"a number from 0, not {text!r}")
    return int(text)


def _workers(text: str) -> int:
    count = _count(text)
    if not 1 <= count <= 256:
        raise argparse.ArgumentTypeError(f"a number from 1 to 256, not {text!r}")
    return count


def _seconds(text: str) -> float:
    return _number(text, 0.01, 86400.0, "seconds, from 0.01 to 86400")


def _share(text: str) -> float:
    return _number(text, 0.0, 1.0, "a share from 0 to 1")


def _number(text: str, least: float, most: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{what}, not {text!r}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.cli.progress import Reporter
    from pyverify.graders import GraderError
    from pyverify.io import FieldsError, SourceError
    from pyverify.io.shown import visible

    reporter = Reporter(quiet=arguments.quiet)
    sink: RowSink | None = None
    done = False
    try:
        settings = _settings(arguments, reporter)
        sink = _open_sink(arguments.output, settings.inputs)
        compare = _compare_graders if arguments.grader else _compare_files
        comparisons, faults = compare(arguments, settings, sink, reporter)
        if sink is not None:
            sink.commit()
        done = True
    except (FieldsError, SourceError, GraderError) as error:
        return _refuse(reporter, str(error))
    except KeyboardInterrupt:
        reporter.finish()
        done = sink is not None
        kept = f"; {sink.rows:,} changed rows are in {sink.keep_partial()}" if sink else ""
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
    # Where the rows go to standard output, the tables must not get between them.
    stream = sys.stderr if arguments.output == "-" else sys.stdout
    print(_rendered(comparisons, arguments.format), file=stream)
    return _code(arguments, comparisons, faults)


def _refuse(reporter: Reporter, message: str) -> int:
    from pyverify.io.shown import visible

    reporter.finish()
    print(visible(f"pyverify: {message}"), file=sys.stderr)
    return codes.USAGE


def _settings(arguments: argparse.Namespace, reporter: Reporter) -> RunSettings:
    """How predictions are scored, and which."""
    from pyverify.evaluate import RunSettings
    from pyverify.io import FieldsError, expand_inputs, parse_map, read_gold_table

    try:
        preset, options = read_settings(arguments)
    except ValueError as error:
        raise FieldsError(str(error)) from None
    _check_confinement(arguments)
    # The same file twice is a pair, too.
    inputs = [name for one in arguments.inputs for name in expand_inputs([one])]
    if arguments.grader:
        inputs = expand_inputs(arguments.inputs)
    elif inputs == ["-", "-"]:
        raise FieldsError("standard input ('-') can be read only once: name a file for one of them")
    elif len(inputs) != 2:
        raise FieldsError(
            f"two files are compared, not {len(inputs)}; one file needs --grader: "
            "pyverify compare preds.jsonl --grader math-verify"
        )
    fields = parse_map(arguments.map)
    golds = None
    if arguments.gold is not None:
        if arguments.on is None or "," in arguments.on:
            raise FieldsError("--gold FILE needs --on KEY, one field that both files have")
        golds = read_gold_table(arguments.gold, arguments.on, fields)
        for line in golds.broken:
            reporter.note(f"{arguments.gold}, line {line.number}: {line.problem}")
    return RunSettings(
        inputs=tuple(inputs),
        fields=fields,
        golds=golds,
        preset=preset,
        options=options,
        threads=arguments.threads,
    )


def _open_sink(target: str | None, inputs: Sequence[str]) -> RowSink | None:
    from pyverify.io import STDIN, RowSink, SourceError

    if target is None:
        return None
    if target != STDIN and os.path.exists(target):
        for name in inputs:
            if name != STDIN and os.path.samefile(name, target):
                raise SourceError(f"the output {target} is also an input")
    return RowSink(target)


def _compare_files(
    arguments: argparse.Namespace,
    settings: RunSettings,
    sink: RowSink | None,
    reporter: Reporter,
) -> tuple[list[Comparison], list[Faults]]:
    from pyverify.evaluate.compare import (
        Change,
        Comparison,
        Side,
        SideReader,
        change_row,
        compare_files,
        read_on,
    )

    a, b = settings.inputs
    comparison = Comparison(Side(a), Side(b), most=arguments.show)

    def write(change: Change) -> None:
        if sink is not None:
            sink.write(change_row(comparison, change))

    reader = SideReader(
        settings,
        on_progress=reporter.update,
        on_note=reporter.note,
        on_remark=reporter.remark,
    )
    on = read_on(arguments.on)
    compare_files(comparison, reader, on=on, options=settings.judged_by, on_change=write)
    return [comparison], reader.faults


def _compare_graders(
    arguments: argparse.Namespace,
    settings: RunSettings,
    sink: RowSink | None,
    reporter: Reporter,
) -> tuple[list[Comparison], list[Faults]]:
    from pyverify.evaluate import score_files
    from pyverify.evaluate.compare import Change, Comparison, GraderObserver, Side, change_row
    from pyverify.graders import open_graders

    names = list(dict.fromkeys(arguments.grader))
    if len(names) == 1:
        names = ["pyverify", *(name for name in names if name != "pyverify")]
    if len(names) == 1:
        names.append("exact")

    def write(comparison: Comparison, change: Change) -> None:
        if sink is not None:
            sink.write(change_row(comparison, change))

    graders = open_graders(
        names,
        label=settings.grader,
        pythons=_pythons(arguments.python, names),
        confinement=_confinement(arguments),
    )
    try:
        first, *others = graders
        comparisons = [
            Comparison(
                Side(first.name, first.label), Side(other.name, other.label), most=arguments.show
            )
            for other in others
        ]
        observer = GraderObserver(
            graders, comparisons, on_change=write, on_progress=reporter.update
        )
        report = score_files(
            settings,
            observers=(observer,),
            on_note=reporter.note,
            on_remark=reporter.remark,
        )
    finally:
        for grader in graders:
            grader.close()
    return comparisons, [report.faults]


def _pythons(texts: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Interpreters by the grader's name; "" stands for all others."""
    found = {}
    for text in texts:
        name, sign, path = text.partition("=")
        owner = name if sign and name in names else ""
        found[owner] = os.path.expanduser(path if owner else text)
    return found


def _confinement(arguments: argparse.Namespace) -> Confinement:
    from pyverify.graders import Confinement

    usual = Confinement()
    memory, workers = arguments.memory, arguments.workers
    return Confinement(
        deadline=usual.deadline if arguments.deadline is None else arguments.deadline,
        memory=usual.memory if memory is None else memory * _GIB,
        workers=usual.workers if workers is None else workers,
    )


def _check_confinement(arguments: argparse.Namespace) -> None:
    """What is for processes must not be passed over where there are none."""
    from pyverify.io import FieldsError

    for name in ("python", "deadline", "memory", "workers"):
        if getattr(arguments, name) not in (None, []) and not arguments.grader:
            raise FieldsError(
                f"--{name} is for the processes of graders; two files have none: leave it out, "
                "or name a --grader"
            )


def _rendered(comparisons: Sequence[Comparison], style: str) -> str:
    from pyverify.evaluate.compare import SCHEMA, render_markdown, render_text
    from pyverify.io.shown import visible

    if style == "json":
        summary = {"comparisons": [one.as_json() for one in comparisons], "schema": SCHEMA}
        return json.dumps(summary, ensure_ascii=True, indent=2, sort_keys=True)
    if style == "md":
        return "\n\n\n".join(render_markdown(one) for one in comparisons)
    return visible("\n\n\n".join(render_text(one) for one in comparisons))


def _code(
    arguments: argparse.Namespace, comparisons: Sequence[Comparison], faults: Sequence[Faults]
) -> int:
    from pyverify.io.shown import visible

    unusable = [one.describe() for one in faults if one.any()]
    for text in unusable:
        print(f"pyverify: {text}", file=sys.stderr)
    for one in comparisons:
        overall = one.overall()
        if overall is not None and arguments.fail_on == "worse" and overall.worse(arguments.alpha):
            text = (
                f"pyverify: {one.b.name} is worse than {one.a.name} by {-overall.difference:.4f} "
                f"(p {overall.p_value:.2g}, below {arguments.alpha:g})"
            )
            print(visible(text), file=sys.stderr)
            return codes.BELOW_THRESHOLD
    incomplete = any(not one.complete() for one in comparisons)
    return codes.PARTIAL if unusable or incomplete else codes.OK
