"""What programs write their predictions in, by the keys of their records."""

from __future__ import annotations

from collections.abc import Sequence

from pyverify.io.layouts import (
    batch,
    inspect,
    lighteval,
    lm_eval,
    nemo_skills,
    opencompass,
    openrlhf,
    qwen,
    trl,
    verifiers,
    verl,
)
from pyverify.io.layouts.layout import Layout, Prepare, Record

__all__ = ["GENERIC", "LAYOUTS", "Layout", "Prepare", "Record", "find_layout"]

# The first that fits is taken: those that ask for more keys come first.
LAYOUTS: tuple[Layout, ...] = (
    inspect.LOG,
    verifiers.TRACES,
    verifiers.RESULTS,
    lighteval.DETAILS,
    lighteval.OLDER_DETAILS,
    lm_eval.SAMPLES,
    batch.OUTPUT,
    verl.DUMP,
    verl.EVALUATION,
    trl.COMPLETIONS,
    qwen.OUTPUTS,
    nemo_skills.OUTPUTS,
    opencompass.PREDICTIONS,
    openrlhf.LOG,
)

GENERIC = Layout(name="records")
"""Nobody's in particular: fields are found by their usual names."""


def find_layout(head: Sequence[Record], name: str | None = None) -> Layout:
    """The layout of a file.

    Args:
        head: Its first records.
        name: The layout's name, where it is known.
    """
    if name is not None:
        return next((layout for layout in LAYOUTS if layout.name == name), GENERIC)
    found = next((layout for layout in LAYOUTS if layout.fits(head)), None)
    if found is not None:
        return found
    near = [layout for layout in LAYOUTS if layout.nearly_fits(head)]
    return near[0] if len(near) == 1 else GENERIC
