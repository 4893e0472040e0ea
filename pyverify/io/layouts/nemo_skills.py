"""NeMo-Skills: ``output*.jsonl``, a line per problem; a file per sample (``output-rs0.jsonl``).

``generation`` has what the model wrote, ``predicted_answer`` and ``symbolic_correct`` are what its
own evaluation made of it. Seen in the repository.
"""

from __future__ import annotations

from pyverify.io.layouts.layout import Layout

OUTPUTS = Layout(
    name="NeMo-Skills outputs",
    keys=("generation", "expected_answer"),
    fields={
        "response": ("generation",),
        "gold": ("expected_answer",),
        "group": ("problem", "question", "id"),
        "problem": ("problem", "question"),
        "finish_reason": ("finish_reason",),
    },
)
