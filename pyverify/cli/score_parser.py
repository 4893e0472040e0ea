"""The options of ``pyverify score``, and what its help says."""

from __future__ import annotations

import argparse

from pyverify.cli import sharded
from pyverify.cli.settings import add_settings
from pyverify.cli.thresholds import add_thresholds, checked

_DESCRIPTION = """\
Scores files of model responses against gold answers, without a model.

Any layout: lines of JSON, JSON, CSV, Parquet, saved data sets, the dumps of trainers and harnesses;
plain or compressed (gzip; zstd where Python can read it); one response or one prompt with several
responses a record. Response, gold, id, prompt and data set are found by their usual names; a file
that can be read in two ways is refused, with the readings shown.
"""

_EXAMPLES = """\
examples:
  pyverify score preds.jsonl
  pyverify score 'runs/*.jsonl.gz' -o verdicts.jsonl --threads 8
  zstd -dc rollouts.zst | pyverify score - --format json
  pyverify score dump.jsonl --map response=output,gold=reward_model.ground_truth,id=extra_info.index
  pyverify score batch.jsonl --gold golds.jsonl --on custom_id
  pyverify score math.jsonl --task math500 --data MATH-500/ --k 1,8,64 --by level
  pyverify score preds.jsonl -o verdicts.parquet -o report.html
  pyverify score preds.jsonl --task math500 --reported 90.6   why is it not what was published?
  pyverify score step300.jsonl --baseline step0.json          ratios and their harmonic mean
  pyverify score gsm8k.jsonl --preset gsm8k --option units=required
  pyverify score preds.jsonl --fallback sympy         a second opinion on undecided verdicts
  pyverify score preds.jsonl --reward graded_quality  a training reward, with its components
  pyverify score 'runs/*.jsonl' -o verdicts.jsonl --workers 32 --resume    large runs, in parts
  pyverify score preds.jsonl --fail-under acc=0.8 --fail-on 'truncated>5%'    exit code 1, for CI

exit codes: 0 fine, 1 a threshold was missed, 2 wrong usage or unreadable input, 3 some rows could
not be used (the others are scored), 4 a fault of pyverify, 130 interrupted, 143 asked to end.
"""


def add_options(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Adds the command to the parser, and returns its own."""
    parser = commands.add_parser(
        "score",
        help="score files of responses",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "inputs", metavar="IN", nargs="*", help="files, folders or globs; '-' is standard input"
    )
    _add_reading(parser)
    _add_judging(parser)
    _add_figures(parser)
    _add_output(parser)
    sharded.add_options(parser)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is read").add_argument
    add(
        "--map",
        metavar="NAME=PATH,...",
        action="append",
        default=[],
        help="fields by dotted path; names: response, gold, id, group, dataset, problem, "
        "finish_reason, and with --reward what the reward needs, such as token_counts",
    )
    add("--gold", metavar="FILE", help="golds in a file of their own, joined by --on")
    add("--on", metavar="KEY", help="the field that both files have")
    add(
        "--task",
        metavar="NAME",
        help="the benchmark that the inputs are of: gsm8k, math500, minerva_math, olympiadbench, "
        "amc23, aime24, or auto; sets the preset and says what is missing",
    )
    add(
        "--dataset",
        metavar="NAME",
        help="the data set of all rows that name none: several files are counted as one, such as "
        "files of one sample each (by default each file is a data set of its own)",
    )
    add(
        "--data",
        metavar="WHERE",
        help="the benchmark's problems, for golds and tables: a file, a folder, or 'hub'",
    )


def _add_judging(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is judged")
    add_settings(group)
    add = group.add_argument
    add(
        "--require-evaluated",
        dest="option",
        action="append_const",
        const=("require_evaluated", True),
        help="refuse 2*3 where the gold is 6",
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
    add(
        "--threads",
        metavar="N",
        type=_count,
        default=0,
        help="native threads (default: one per core)",
    )


def _add_figures(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("which figures").add_argument
    add(
        "--k",
        metavar="K,...",
        type=_ks,
        default=(),
        help="samples that pass@k, avg@k, maj@k and cons@k take (default: 1, 4, 8 and all)",
    )
    add(
        "--by",
        metavar="FIELD,...",
        type=_paths,
        default=(),
        help="a table for each of these fields, such as subject,level",
    )
    add("--interval", action="store_true", help="show the bootstrap interval of the accuracy")
    add(
        "--baseline",
        metavar="FILE",
        help="an earlier summary (-o x.json): each data set's ratio to it, and their harmonic mean",
    )
    add(
        "--reported",
        metavar="SCORE|NAME",
        help="a published score, as 90.6 or the name of a model in the table that is shipped: says "
        "what could lie between it and the measured one",
    )
    add_thresholds(add)


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what comes out").add_argument
    add(
        "-o",
        "--output",
        metavar="FILE",
        action="append",
        default=[],
        help="by its ending: a verdict per row (.jsonl, .jsonl.gz, .parquet, or -), the summary "
        "(.json, .md), a report to look at (.html), or DIR/ for the parts of a large run; may be "
        "repeated",
    )
    add(
        "--format",
        choices=("text", "json", "md"),
        default="text",
        help="of the summary on stdout",
    )
    add("-q", "--quiet", action="store_true", help="no progress and no remarks on stderr")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 4096:
        raise argparse.ArgumentTypeError(f"a number of threads from 0 to 4096, not {text!r}")
    return int(text)


def _paths(text: str) -> tuple[str, ...]:
    paths = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not all(paths):
        raise argparse.ArgumentTypeError(f"fields, as subject,level, not {text!r}")
    return paths


def _ks(text: str) -> object:
    from pyverify.evaluate.metrics import parse_ks

    return checked(parse_ks, text)
