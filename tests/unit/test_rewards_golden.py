"""Tables of rewards, computed by hand: what every kind and every recipe gives, in numbers.

A line of ``golden/rewards.jsonl`` names a reward (a recipe, or a table as in a configuration file)
and what it is called with. A gold of null is one that is missing; without the key the call has no
golds at all. ``components``, where they are given, are all of them.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyverify.rewards import (
    RECIPES,
    Reward,
    RewardBatch,
    from_dict,
    from_json,
    from_toml,
    recipe,
    to_json,
    to_toml,
)
from pyverify.rewards.base import reward_kinds

FOLDER = Path(__file__).parents[1] / "golden"
KEYS = ["id", "reward", "completion", "gold", "prompt", "columns", "value", "components", "why"]
Row = dict[str, Any]


def load() -> list[Row]:
    with (FOLDER / "rewards.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def together(row: Row) -> str:
    """The rows of one call have the same reward, the same columns, and golds all or none."""
    return json.dumps([row["reward"], "gold" in row, sorted(row.get("columns", ()))])


ROWS = load()
CALLS: dict[str, list[Row]] = defaultdict(list)
for one in ROWS:
    CALLS[together(one)].append(one)


def name_of(row: Row) -> str:
    """The recipe or the outermost kind that a row is about."""
    reward = row["reward"]
    if isinstance(reward, str):
        return reward
    return str(reward.get("recipe", reward.get("type")))


def build(row: Row) -> Reward:
    reward = row["reward"]
    return recipe(reward) if isinstance(reward, str) else from_dict(reward)


def copies(reward: Reward) -> Iterator[Reward]:
    yield reward
    yield pickle.loads(pickle.dumps(reward))
    yield from_json(to_json(reward))
    if sys.version_info >= (3, 11):
        yield from_toml(to_toml(reward))


def call(reward: Reward, rows: list[Row]) -> RewardBatch:
    names = rows[0].get("columns", {})
    return reward.evaluate(
        [row["completion"] for row in rows],
        golds=[row["gold"] for row in rows] if "gold" in rows[0] else None,
        prompts=[row.get("prompt") for row in rows],
        **{name: [row["columns"][name] for row in rows] for name in names},
    )


def check(reward: Reward, batch: RewardBatch, rows: list[Row]) -> None:
    low, high = reward.bounds
    assert tuple(batch.components) == reward.components
    for row, found in zip(rows, batch.rows(), strict=True):
        value = found.pop("reward")
        assert value == pytest.approx(row["value"], abs=1e-12), f"{row['id']}: {row['why']}"
        assert value is None or low - 1e-12 <= value <= high + 1e-12, row["id"]
        if "components" in row:
            assert found == pytest.approx(row["components"], abs=1e-12), row["id"]


@pytest.fixture(autouse=True)
def _own_rewards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_one_completion(row: Row) -> None:
    for reward in copies(build(row)):
        assert reward == build(row)
        check(reward, call(reward, [row]), [row])
    if row.get("gold", "") is not None:
        value = reward(
            row["completion"],
            gold=row.get("gold"),
            prompts=row.get("prompt"),
            **row.get("columns", {}),
        )
        assert value == pytest.approx(row["value"], abs=1e-12)


@pytest.mark.parametrize("rows", CALLS.values(), ids=lambda rows: rows[0]["id"])
def test_all_completions_of_a_reward_at_once(rows: list[Row]) -> None:
    reward = build(rows[0])
    check(reward, call(reward, rows), rows)


@pytest.mark.parametrize("name", RECIPES)
def test_the_rows_of_a_recipe_reach_both_ends_of_its_bounds(name: str) -> None:
    rows = [row for row in ROWS if row["reward"] == name]
    values = [row["value"] for row in rows if row["value"] is not None]
    low, high = recipe(name).bounds
    assert (min(values), max(values)) == pytest.approx((low, high))
    # The linear map to [0, 1] that trainers want.
    moved = [None if row["value"] is None else (row["value"] - low) / (high - low) for row in rows]
    scaled = recipe(name).rescaled()
    for columns in {tuple(row.get("columns", ())) for row in rows}:
        same = [i for i, row in enumerate(rows) if tuple(row.get("columns", ())) == columns]
        batch = call(scaled, [rows[i] for i in same])
        assert batch.rewards == pytest.approx([moved[i] for i in same], abs=1e-12)


def test_the_table_itself() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert list(row) == [key for key in KEYS if key in row]
        assert {"id", "reward", "completion", "value", "why"} <= set(row)
    counts = Counter(map(name_of, ROWS))
    assert set(counts) == {*reward_kinds(), *RECIPES}
    assert min(counts.values()) >= 8, counts
