"""``--fail-under`` and ``--fail-on``: exit code 1 where a run isn't good enough."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyverify.evaluate import Report


def add_thresholds(add: Callable[..., object]) -> None:
    """Adds the options, by the method that adds one."""
    add(
        "--fail-under",
        metavar="NAME=X,...",
        type=_floors,
        default=(),
        help="exit with code 1 if acc, pass@8, maj@16, final_acc or harmonic_mean is below X",
    )
    add(
        "--fail-on",
        metavar="NAME>P%,...",
        type=_ceilings,
        default=(),
        help="exit with code 1 if more than P %% of the rows are timeout, empty, unparseable, "
        "undecided, truncated or gold_errors",
    )


def below_threshold(report: Report, arguments: argparse.Namespace) -> bool:
    """Whether a threshold was missed; which ones is said on standard error."""
    from pyverify.evaluate.metrics import missed

    wrong = missed(report, arguments.fail_under, arguments.fail_on)
    for line in wrong:
        print(f"pyverify: {line}", file=sys.stderr)
    return bool(wrong)


def checked(read: Callable[[str], object], text: str) -> object:
    """Reads the value of an option whose reader says by ValueError what is wrong with it."""
    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _floors(text: str) -> object:
    from pyverify.evaluate.metrics import parse_floors

    return checked(parse_floors, text)


def _ceilings(text: str) -> object:
    from pyverify.evaluate.metrics import parse_ceilings

    return checked(parse_ceilings, text)
