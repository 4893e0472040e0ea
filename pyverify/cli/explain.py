"""``pyverify explain``: why one response was judged as it was."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from pyverify.cli import codes
from pyverify.cli.settings import add_settings, preset_name, read_settings

if TYPE_CHECKING:
    from pyverify import Explanation, Options, Preset
    from pyverify.io import Gold, Json, JsonLine, Records

_DESCRIPTION = """\
Explains one verdict: the candidate answers, the one chosen, how both sides were read, what decided.
"""

_EXAMPLES = """\
examples:
  pyverify explain 'Half of it, so \\boxed{0.5}.' --gold '\\frac12'
  pyverify explain --answer 'x=3 or x=-3' --gold '\\pm 3'        a bare answer, nothing to extract
  pyverify explain - --gold 42 < response.txt                  the response from standard input
  pyverify explain preds.jsonl:12                              the response on line 12 of a file
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "explain",
        help="explain one verdict",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("response", metavar="RESPONSE", help="the text, '-' for standard input, or FILE:LINE")
    add("--gold", metavar="GOLD", help="the gold answer; FILE:LINE has its own")
    add("--answer", action="store_true", help="the text is a bare answer, not a whole response")
    add("--sample", metavar="N", type=int, default=0, help="which response of FILE:LINE, from 0")
    add("--map", metavar="NAME=PATH,...", action="append", default=[], help="as for score")
    add_settings(parser)
    add("--json", action="store_true", help="as one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify import explain
    from pyverify.evaluate import grader_name
    from pyverify.io import FieldsError, SourceError
    from pyverify.io.shown import visible

    try:
        preset, options = read_settings(arguments)
        completion, gold, options = _read(arguments, preset, options)
    except (FieldsError, SourceError, ValueError) as error:
        print(visible(f"pyverify: {error}"), file=sys.stderr)
        return codes.USAGE
    try:
        explanation = explain(completion, gold=gold, options=options, bare=arguments.answer)
    except (TypeError, ValueError) as error:
        print(visible(f"pyverify: the gold cannot be used: {error}"), file=sys.stderr)
        return codes.USAGE
    if arguments.json:
        found = _as_object(explanation, grader_name(options, preset_name(arguments)))
        print(json.dumps(found, ensure_ascii=True, indent=2, sort_keys=True))
    else:
        print(_as_text(completion, explanation))
    return codes.OK


def _read(
    arguments: argparse.Namespace, preset: Preset, options: Options
) -> tuple[str, Gold, Options]:
    from pyverify.io import STDIN, FieldsError

    where = _file_and_line(arguments.response)
    if where is not None:
        completion, gold, row = _read_row(*where, arguments, preset)
        return completion, gold, preset.row_options(row, options)
    if arguments.gold is None:
        raise FieldsError("--gold is needed: pyverify explain 'RESPONSE' --gold 'GOLD'")
    if arguments.response == STDIN:
        return sys.stdin.buffer.read().decode("utf-8", "replace"), arguments.gold, options
    return arguments.response, arguments.gold, options


def _file_and_line(text: str) -> tuple[str, int] | None:
    name, colon, number = text.rpartition(":")
    if colon and number.isdecimal() and os.path.exists(name):
        return name, int(number)
    return None


def _read_row(
    name: str, number: int, arguments: argparse.Namespace, preset: Preset
) -> tuple[str, Gold, dict[str, Json]]:
    from pyverify.evaluate import preset_fields, preset_gold
    from pyverify.io import FieldsError, Known, SourceError, open_records, parse_map, rows_of

    fixed = parse_map(arguments.map)
    given: Gold | None = arguments.gold
    with open_records(
        name,
        lambda head: preset_fields(preset, fixed, head),
        need_gold=given is None,
        repeats=True,
    ) as records:
        wanted = _find(records, number)
        rows = [
            row
            for line in wanted
            for row in rows_of(
                line, records.fields, None if given is None else Known(line.value, given)
            )
        ]
    sample: int = arguments.sample
    if not 0 <= sample < len(rows):
        what = "1 response" if len(rows) == 1 else f"{len(rows)} responses"
        raise FieldsError(f"{name}, line {number} holds {what}; --sample is from 0")
    row = rows[sample]
    if row.fault is not None or row.record is None:
        raise SourceError(f"{name}, line {number}: {row.fault.value if row.fault else 'empty'}")
    return row.completion, preset_gold(preset, row.gold) if given is None else given, row.record


def _find(records: Records, number: int) -> list[JsonLine]:
    """What the line of that number holds: a record, or several."""
    from pyverify.io import BrokenLine, SourceError

    found: list[JsonLine] = []
    for line in records:
        if line.number > number:
            break
        if line.number < number:
            continue
        if isinstance(line, BrokenLine):
            raise SourceError(f"{records.source}, line {number}: {line.problem}")
        found.append(line)
    if not found:
        raise SourceError(f"{records.source} has no line {number}")
    return found


def _as_object(explanation: Explanation, grader: str) -> dict[str, object]:
    result = explanation.result
    return {
        "answer": result.answer,
        "answer_form": explanation.answer_form,
        "candidates": [
            {"kind": found.kind.value, "span": list(found.span), "text": found.text}
            for found in explanation.candidates
        ],
        "difference": explanation.difference,
        "gold": result.gold,
        "gold_form": explanation.gold_form,
        "grader": grader,
        "kind": result.kind.value,
        "reason": result.reason.value,
        "score": result.score,
        "span": list(result.span) if result.span is not None else None,
        "unevaluated": result.unevaluated,
        "verdict": result.verdict.value,
        "work": result.work,
    }


def _as_text(completion: str, explanation: Explanation) -> str:
    from pyverify.io.shown import one_line

    result = explanation.result
    verdict = f"{result.verdict.value} ({result.reason.value})"
    if result.unevaluated:
        verdict += ", left unevaluated"
    lines = [f"verdict     {verdict}", f"score       {result.score:g}"]
    for found in explanation.candidates:
        chosen = "<- chosen" if found.span == result.span else ""
        where = f"{found.kind.value} at {found.span[0]}-{found.span[1]}"
        lines.append(f"candidate   {where}: {one_line(found.text)}  {chosen}".rstrip())
    if result.answer is None:
        lines.append(f"answer      none in {len(completion):,} characters")
    else:
        lines.append(f"answer      {one_line(result.answer)}")
    lines.append(f"  read as   {one_line(explanation.answer_form) or '-'}")
    lines.append(f"gold        {one_line(result.gold)}")
    lines.append(f"  read as   {one_line(explanation.gold_form) or '-'}")
    if explanation.difference:
        lines.append(f"difference  {one_line(explanation.difference, 200)}")
    lines.append(f"work        {result.work:,} units")
    return "\n".join(lines)
