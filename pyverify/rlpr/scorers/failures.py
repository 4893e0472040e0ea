"""What becomes of a sequence that cannot be scored."""

from __future__ import annotations

import logging
import math
from typing import Literal, TypeAlias

from pyverify.rlpr.spliced import Spliced

OnFailure: TypeAlias = Literal["raise", "nan"]
"""An error, or NaN in the place of each log-probability and a warning in the log."""


def checked(on_failure: OnFailure) -> OnFailure:
    """What it is, if it is one.

    Raises:
        ValueError: It isn't.
    """
    if on_failure not in ("raise", "nan"):
        raise ValueError(f'on_failure must be "raise" or "nan", got {on_failure!r}')
    return on_failure


def unscored(
    one: Spliced, error: Exception, on_failure: OnFailure, logger: logging.Logger
) -> list[float]:
    """NaN for each token of a reference, and a warning; or the error, if it is to be one."""
    if on_failure == "raise":
        raise error
    logger.warning("not scored: %s", error)
    return [math.nan] * len(one.reference)
