"""``pyverify doctor``: what is wrong with a set-up or a trainer's command, before it runs."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from pyverify.cli import codes

if TYPE_CHECKING:
    from pyverify.integrations.doctor import Examined, Finding, Machine

_DESCRIPTION = """\
Without options: what a bug report needs (versions, the engine at work, what is installed), and
what is wrong with it.

With --verl, --trl or --openrlhf and the words of a training command: keys that the trainer accepts
and doesn't heed, values that fail later, rewards that can't be imported, data without golds.
Nothing is started.

  error    it fails, or trains something else than what is written
  warning  it is probably not meant
  note     worth knowing
"""

_EXAMPLES = """\
examples:
  pyverify doctor                                   for a bug report
  pyverify doctor --verl algorithm.adv_estimator=grpo data.train_files=train.parquet ...
  pyverify doctor --strict --json --verl "$@"       in a script, before it starts main_ppo
  pyverify doctor --trl --reward_funcs my.module.reward --num_generations 8
  pyverify doctor --openrlhf --reward.remote_url reward.py --algo.advantage.estimator group_norm

Options of the doctor's own stand before --verl, --trl and --openrlhf, which take all that follows.

exit codes: 0 fine, 1 errors were found (with --strict: or warnings), 2 wrong usage, 4 a fault of
pyverify, 130 interrupted, 143 asked to end.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "doctor",
        help="examine a set-up or a training command",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which = parser.add_mutually_exclusive_group()
    for name, words in (
        ("verl", "python -m verl.trainer.main_ppo"),
        ("trl", "trl grpo"),
        ("openrlhf", "python -m openrlhf.cli.train_ppo_ray"),
    ):
        which.add_argument(
            f"--{name}",
            nargs=argparse.REMAINDER,
            metavar="WORD",
            help=f"what one gives to '{words}'",
        )
    add = parser.add_argument
    add("--strict", action="store_true", help="exit with code 1 at warnings, too")
    add("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.integrations.doctor import check_openrlhf, check_trl, check_verl, look_around

    checks = {"verl": check_verl, "trl": check_trl, "openrlhf": check_openrlhf}
    machine: Machine | None = None
    chosen = [name for name in checks if getattr(arguments, name) is not None]
    if chosen:
        examined = checks[chosen[0]](getattr(arguments, chosen[0]))
    else:
        machine = look_around()
        examined = machine.examined
    if arguments.json:
        shown = examined.as_json() if machine is None else machine.as_json()
        print(json.dumps(shown, indent=2, sort_keys=True))
    else:
        print(_as_text(examined, machine))
    return _code(examined, strict=arguments.strict)


def _as_text(examined: Examined, machine: Machine | None) -> str:
    from pyverify.io.shown import visible

    lines = [f"{examined.subject}, held against {examined.against}"]
    if machine is not None:
        lines = list(_facts(machine))
    lines.append("")
    for finding in examined.findings:
        lines.extend(_finding(finding))
    lines.append(_sum(examined))
    return visible("\n".join(lines))


def _facts(machine: Machine) -> list[str]:
    width = max(map(len, machine.facts))
    lines = [f"{name:<{width}}  {value}" for name, value in machine.facts.items()]
    tried = {True: "tried", False: "not tried", None: ""}
    if machine.packages:
        width = max(len(one.name) for one in machine.packages)
        lines.append("")
        lines.extend(
            f"{one.name:<{width}}  {one.version:<12}  {tried[one.tried]}".rstrip()
            for one in machine.packages
        )
    there = [name for name, complete in machine.extras.items() if complete]
    if machine.extras:
        lines.extend(["", f"extras there: {', '.join(there) or 'none'}"])
    return lines


def _finding(finding: Finding) -> list[str]:
    lines = [f"{finding.level.value}: {finding.key}", f"  {finding.what}"]
    if finding.instead:
        lines.append(f"  instead: {finding.instead}")
    return [*lines, ""]


def _sum(examined: Examined) -> str:
    from pyverify.integrations.doctor import Level

    counts = [
        f"{count} {level.value}{'' if count == 1 else 's'}"
        for level in (Level.ERROR, Level.WARNING, Level.NOTE)
        if (count := examined.count(level))
    ]
    return ", ".join(counts) or "nothing is wrong"


def _code(examined: Examined, *, strict: bool) -> int:
    from pyverify.integrations.doctor import Level

    grave = examined.count(Level.ERROR) + (examined.count(Level.WARNING) if strict else 0)
    return codes.BELOW_THRESHOLD if grave else codes.OK
