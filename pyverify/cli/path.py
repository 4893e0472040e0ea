"""``pyverify path``: where the files lie that other tools are pointed at."""

from __future__ import annotations

import argparse
import sys

from pyverify.cli import codes

_PATHS = {
    "lm-eval": ("integrations/lm_eval", "tasks, for lm_eval --include_path"),
    "verl": ("integrations/verl", "rlpr_agent.yaml, for verl's agent_loop_config_path"),
    "openrlhf": ("integrations/openrlhf", "rewards and agents, for OpenRLHF"),
}

_DESCRIPTION = """\
Prints the path of files in this package that another tool wants to be pointed at, and nothing else.
Without a name, lists what there is.
"""

_EXAMPLES = """\
examples:
  pyverify path
  lm_eval run --include_path "$(pyverify path lm-eval)" --tasks pyverify_math500 ...
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "path",
        help="print where files for other tools lie",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="what the files are for")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pathlib import Path

    import pyverify

    name = arguments.name
    if name is None:
        print("\n".join(_listed()))
        return codes.OK
    if name not in _PATHS:
        print(f"pyverify: no files for {name!r}; there are", file=sys.stderr)
        print("\n".join(_listed()), file=sys.stderr)
        return codes.USAGE
    print(Path(pyverify.__file__).resolve().parent / _PATHS[name][0])
    return codes.OK


def _listed() -> list[str]:
    width = max(map(len, _PATHS))
    return [f"{name:{width}}  {about}" for name, (_, about) in _PATHS.items()]
