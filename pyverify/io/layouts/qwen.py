"""Qwen2.5-Math's evaluation: ``test_*.jsonl``, a line per problem with its samples.

``code`` has what the model wrote, ``pred`` what was extracted from it (``--map response=pred``
scores that), ``gt`` the gold, ``gt_cot`` its solution. Seen in the repository of 2024.
"""

from __future__ import annotations

from pyverify.io.layouts.layout import Layout

OUTPUTS = Layout(
    name="Qwen2.5-Math outputs",
    keys=("gt", "code", "pred"),
    fields={
        "response": ("code",),
        "gold": ("gt",),
        "id": ("idx",),
        "group": ("idx",),
        "problem": ("question", "problem"),
    },
)
