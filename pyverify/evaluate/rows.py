"""The row written for each verdict: fixed keys, no times, the same bytes in every run."""

from __future__ import annotations

from dataclasses import fields

from pyverify import PRESETS, Limits, Options, Result, __version__
from pyverify.evaluate.reward_tally import RowReward
from pyverify.io import Gold, Row


def grader_name(options: Options, preset: str = "default") -> str:
    """Who judged: the version, the preset, and the options that differ from it.

    Example:
        >>> grader_name(Options(last_number=True, units="ignored")).partition("+")[2]
        'last_number+units=ignored'
        >>> grader_name(Options(), "gsm8k").partition("+")[2]
        'gsm8k+last_number=false+choices'
    """
    base = PRESETS[preset].options
    marks = [] if preset == "default" else [preset]
    for owner, usual, prefix in ((options, base, ""), (options.limits, base.limits, "limits.")):
        for option in fields(owner):
            value = getattr(owner, option.name)
            if isinstance(value, Limits) or value == getattr(usual, option.name):
                continue
            text = "" if value is True else "=false" if value is False else f"={value}"
            marks.append(f"{prefix}{option.name}{text}")
    return "+".join([f"pyverify/{__version__}", *marks])


def verdict_row(
    row: Row,
    result: Result | None,
    *,
    gold: Gold,
    by: tuple[str, ...] = (),
    source: str | None,
    grader: str,
    reward: RowReward | None = None,
    rewarded: bool = False,
) -> dict[str, object]:
    """The output row of one response.

    Args:
        row: The row that was read.
        result: Its verdict; None for a row that could not be scored, whose verdict is ``missing``.
        gold: The gold it was compared with.
        by: The names of `row.by`.
        source: The file's name, where there are several.
        grader: Who judged.
        reward: What it earns; None for a row that has no reward.
        rewarded: Whether the run has a reward: every row has the same keys.
    """
    out: dict[str, object] = {
        "extracted": None,
        "gold": gold,
        "grader": grader,
        "id": row.line if row.id is None else row.id,
        "kind": None,
        "line": row.line,
        "prompt": None if row.group is None else row.group.hex()[:16],
        "reason": row.fault.value if row.fault is not None else None,
        "score": 0.0,
        "span": None,
        "truncated": row.truncated,
        "unevaluated": False,
        "verdict": "missing",
    }
    if rewarded:
        out["reward"] = None if reward is None else reward.reward
        out["components"] = {} if reward is None else reward.components
    if by:
        out["by"] = dict(zip(by, row.by, strict=True))
    if row.sample is not None:
        out["sample"] = row.sample
    if row.dataset is not None:
        out["dataset"] = row.dataset
    if source is not None:
        out["source"] = source
    if result is not None:
        # Not `value`, which takes ten times as long.
        out["extracted"] = result.answer
        out["kind"] = result.kind._value_
        out["reason"] = result.reason._value_
        out["score"] = result.score
        out["span"] = list(result.span) if result.span is not None else None
        out["unevaluated"] = result.unevaluated
        out["verdict"] = result.verdict._value_
    return out
