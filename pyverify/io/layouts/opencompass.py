"""opencompass: ``predictions/MODEL/DATASET.json``, one object keyed "0", "1", …; seen of 0.5.4.

A gold that is false (0, an empty text) is left out by its writer. Chat models have the prompt as a
conversation.
"""

from __future__ import annotations

from pyverify.io.layouts.layout import Layout

PREDICTIONS = Layout(
    name="opencompass predictions",
    keys=("origin_prompt", "prediction"),
    fields={
        "response": ("prediction",),
        "gold": ("gold",),
        "id": ("key", "idx"),
        "group": ("key", "idx"),
        "problem": ("origin_prompt",),
    },
)
