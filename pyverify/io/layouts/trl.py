"""TRL: tables of completions (``log_completions``), a Parquet file per logged step.

Seen as GRPO of 1.16.0 writes them: step, prompt, completion, a column per reward function, columns
of ``log_extra``, advantage. Prompts and completions are texts, or conversations where the data set
has such. The gold is there only if a reward function logs it.
"""

from __future__ import annotations

from pyverify.io.layouts.layout import Layout

COMPLETIONS = Layout(
    name="TRL completions",
    keys=("step", "prompt", "completion", "advantage"),
    fields={
        "response": ("completion",),
        "gold": ("solution", "ground_truth", "answer", "gold", "target", "label", "gold_parsed"),
        "group": ("step+prompt",),
        "problem": ("prompt",),
    },
    without_gold="there is no gold unless a reward function logs it: log_extra('solution', "
    "solution); or join one: --gold FILE --on prompt",
)
