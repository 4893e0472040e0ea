"""What a verl command says of its data: files, columns, one look at the golds."""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from pyverify.evaluate.lint import Level, lint_gold
from pyverify.integrations.data_sources import preset_of
from pyverify.integrations.doctor.findings import Finding, error, note, warning
from pyverify.integrations.doctor.verl_reward import is_rlpr
from pyverify.integrations.doctor.verl_run import Run
from pyverify.integrations.trainer_call import read_golds
from pyverify.io import Gold

__all__ = ["check_data"]

# Rows looked at in a file: enough to see how its columns are made.
_MOST = 2000
_REMOTE = ("hdfs://", "s3://", "gs://", "http://", "https://")

# What verl's own scorer has a function for.
_SCORED = frozenset(
    [
        "openai/gsm8k",
        "lighteval/MATH",
        "DigitalLearningGmbH/MATH-lighteval",
        "HuggingFaceH4/MATH-500",
        "math_dapo",
        "math",
        "math_dapo_reasoning",
        "numina_aops_forum",
        "numina_synthetic_math",
        "numina_amc_aime",
        "numina_synthetic_amc",
        "numina_cn_k12",
        "numina_olympiads",
        "codecontests",
        "apps",
        "codeforces",
        "taco",
        "hiyouga/geometry3k",
        "searchR1_nq",
        "searchR1_triviaqa",
        "searchR1_popqa",
        "searchR1_hotpotqa",
        "searchR1_2wikimultihopqa",
        "searchR1_musique",
        "searchR1_bamboogle",
    ]
)


def check_data(run: Run) -> Iterator[Finding]:
    """What is missing in the files, as far as they lie here."""
    rows = 0
    readable = True
    for key in ("data.train_files", "data.val_files"):
        for name in run.names(key):
            if name.startswith(_REMOTE):
                readable = False
                continue
            path = os.path.expanduser(name)
            if not os.path.isfile(path):
                what = f"there is no {name}"
                if not run.has(key):
                    what = f"it isn't set, and the default {name} isn't here"
                yield error(key, what, f"{key}=FILE.parquet")
                readable = False
                continue
            table = _read(path)
            if isinstance(table, Finding):
                yield Finding(table.level, key, table.what, table.instead)
                readable = False
                continue
            count, found = table
            rows += count if key == "data.train_files" else 0
            yield from _rows(run, key, name, found)
    batch = run.number("data.train_batch_size")
    if readable and batch is not None and rows < batch:
        yield error(
            "data.train_batch_size",
            f"there are {rows:,} training rows, and a step takes {batch:,g}: no step is made",
            f"data.train_batch_size={max(1, rows)}",
        )


def _read(path: str) -> tuple[int, list[dict[str, object]]] | Finding:
    """How many rows a file has, and the first of them."""
    try:
        if path.endswith(".parquet"):
            if importlib.util.find_spec("pyarrow") is None:
                return note("", f"{path} isn't looked into: pip install pyarrow")
            from pyarrow import ArrowException, parquet

            try:
                file = parquet.ParquetFile(path)
                batch = next(file.iter_batches(batch_size=_MOST), None)
            except ArrowException as problem:
                return error("", f"{path} can't be read: {problem}")
            return file.metadata.num_rows, [] if batch is None else batch.to_pylist()
        if path.endswith((".json", ".jsonl")):
            with open(path, encoding="utf-8") as lines:
                first = [json.loads(line) for line in islice(lines, _MOST)]
                return len(first) + sum(1 for line in lines if line.strip()), first
    except (OSError, ValueError) as problem:
        return error("", f"{path} can't be read: {problem}")
    return error("", f"verl reads .parquet, .json and .jsonl, not {path}")


def _rows(run: Run, key: str, name: str, rows: list[dict[str, object]]) -> Iterator[Finding]:
    if not rows:
        yield error(key, f"{name} has no rows")
        return
    prompt = run.text("data.prompt_key") or "prompt"
    for column in (prompt, "data_source", "reward_model"):
        if column not in rows[0]:
            yield error(
                key,
                f"{name} has no column {column}; it has {', '.join(sorted(rows[0]))}",
                "data.prompt_key=COLUMN" if column == prompt else f"a column {column}",
            )
    if prompt in rows[0] and not isinstance(rows[0][prompt], list):
        yield error(
            key,
            f"{prompt} in {name} is a {type(rows[0][prompt]).__name__}, not a list of messages",
            '[{"role": "user", "content": "…"}]',
        )
    if "reward_model" in rows[0]:
        yield from _golds(run, key, name, rows)
    if "data_source" in rows[0]:
        yield from _sources(run, key, name, rows)


def _golds(run: Run, key: str, name: str, rows: list[dict[str, object]]) -> Iterator[Finding]:
    cells = [row.get("reward_model") for row in rows]
    golds = [cell.get("ground_truth") for cell in cells if isinstance(cell, Mapping)]
    if len(golds) < len(rows) or all(gold is None for gold in golds):
        yield error(
            key,
            f"reward_model in {name} has no ground_truth: every score fails",
            '{"style": "rule", "ground_truth": "…"}',
        )
        return
    levels: Counter[Level] = Counter()
    for read in read_golds(golds, None):
        if read is None:
            levels[Level.ERROR] += 1
        else:
            levels[Level.OK if is_rlpr(run) else lint_gold(cast(Gold, read)).level] += 1
    bad = levels[Level.ERROR]
    if bad:
        finding = error if bad > len(golds) / 2 else warning
        yield finding(
            key,
            f"{bad:,} of {len(golds):,} golds of {name} can't be used: no response can be right",
            f"pyverify lint-gold {name} says why",
        )


def _sources(run: Run, key: str, name: str, rows: list[dict[str, object]]) -> Iterator[Finding]:
    counts = Counter(str(row.get("data_source")) for row in rows)
    if run.get("reward.custom_reward_function.path"):
        if "pyverify" in run.text("reward.custom_reward_function.path"):
            for source in counts:
                if preset_of(source) is None:
                    yield note(key, f"{name}: no preset for {source!r}; strict options are taken")
        return
    if run.get("reward.reward_manager.source") == "importlib" or is_rlpr(run):
        return
    for source in counts:
        if source not in _SCORED and not source.startswith("aime"):
            yield error(
                "reward.custom_reward_function.path",
                f"verl has no scorer of its own for data_source={source!r} ({name}): every score "
                "fails",
                "reward.custom_reward_function.path=pkg://pyverify.integrations.verl",
            )
