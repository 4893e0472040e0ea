"""verl: dumps of rollouts and validation, and the files that its evaluation reads.

Dumps (``trainer.rollout_data_dir``, ``trainer.validation_data_dir``) are a file of lines per step;
seen as 0.9.1 writes them. For some months before it, values of numpy were written as their text,
so that a gold ``["7"]`` became ``['7']``. ``uid`` names a sample, not a prompt. What tools said
stands inside ``output``, unmarked: nothing tells it from what the model wrote.

``main_eval`` reads a Parquet file with a row per prompt, its samples in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyverify.io.layouts.layout import Layout, Prepare, Record

# A whole array of texts as numpy prints it: ['7'], ['1' '2'], ["it's" 'so'].
_TEXT = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_PRINTED = re.compile(rf"(?:array\()?\[\s*((?:{_TEXT})(?:,?\s*(?:{_TEXT}))*)\s*\](?:,.*\))?", re.S)
_ONE_TEXT = re.compile(_TEXT)
_ESCAPED = re.compile(r"\\(['\"\\])")


def _preparation(head: Sequence[Record]) -> Prepare:
    return _read_printed


def _read_printed(record: Record) -> Iterable[Record]:
    """Reads a printed array back."""
    gold = record.get("gts")
    if isinstance(gold, str) and gold.startswith(("[", "array(")):
        printed = _PRINTED.fullmatch(gold)
        if printed is not None:
            texts = _ONE_TEXT.findall(printed.group(1))
            record["gts"] = [_ESCAPED.sub(r"\1", text[1:-1]) for text in texts]
    return (record,)


DUMP = Layout(
    name="verl rollout dump",
    keys=("input", "output", "gts"),
    fields={
        "response": ("output",),
        "gold": ("gts",),
        "id": ("request_id", "uid"),
        "group": ("step+input", "input"),
        "problem": ("input",),
    },
    preparation=_preparation,
    prepared_gold="gts",
    without_gold="the data set had no ground truth (gts is null); join one: --gold FILE --on input",
)

EVALUATION = Layout(
    name="verl evaluation file",
    keys=("reward_model.ground_truth", "responses"),
    fields={
        "response": ("responses",),
        "gold": ("reward_model.ground_truth",),
        "id": ("extra_info.index",),
        "group": ("data_source+extra_info.index", "prompt"),
        "dataset": ("data_source",),
        "problem": ("prompt",),
    },
)
