r"""pyverify: decides whether a model's final answer is the reference answer, exactly and fast.

Example:
    >>> from pyverify import verify
    >>> bool(verify(r"So the answer is \boxed{0.5}.", gold=r"\frac{1}{2}"))
    True
"""

from __future__ import annotations

try:
    from pyverify._core import __version__
except ImportError as error:
    raise ImportError(
        "pyverify's compiled engine (pyverify._core) could not be loaded: "
        f"{error}. In a source checkout run `pip install .` first and start Python elsewhere; "
        "an installed package that says this was built for another Python: reinstall it."
    ) from error

from pyverify.options import Limits, Options
from pyverify.presets import PRESETS, Preset, preset
from pyverify.types import (
    AnyOf,
    BadGoldError,
    Choice,
    Explanation,
    Extraction,
    Kind,
    Reason,
    Result,
    Verdict,
)
from pyverify.verify import Verifier, equivalent, explain, extract, verify, verify_batch

__all__ = [
    "PRESETS",
    "AnyOf",
    "BadGoldError",
    "Choice",
    "Explanation",
    "Extraction",
    "Kind",
    "Limits",
    "Options",
    "Preset",
    "Reason",
    "Result",
    "Verdict",
    "Verifier",
    "__version__",
    "equivalent",
    "explain",
    "extract",
    "preset",
    "verify",
    "verify_batch",
]
