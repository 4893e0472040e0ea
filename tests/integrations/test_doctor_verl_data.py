"""`pyverify doctor --verl` without verl: data and tokenizers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doctor_commands import found, row, write_rows

from pyverify.integrations.doctor import Level, check_verl

pytestmark = pytest.mark.usefixtures("_without_verl")

# Data


def with_rows(good: list[str], path: Path, rows: list[dict[str, object]]) -> list[str]:
    return [*good, f"data.train_files={write_rows(path, rows)}"]


def test_columns_that_are_missing(good: list[str], tmp_path: Path) -> None:
    words = with_rows(good, tmp_path / "train.jsonl", [{"question": "2+2?", "answer": "4"}] * 8)
    whats = [one.what for one in check_verl(words).findings]
    for column in ("prompt", "data_source", "reward_model"):
        assert any(f"has no column {column}" in what for what in whats)


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"prompt": "2+2?"}, "not a list of messages"),
        ({"reward_model": {"style": "rule"}}, "no ground_truth"),
        ({"reward_model": {"ground_truth": "\\frac{1}{"}}, "8 of 8 golds"),
        ({"reward_model": {"ground_truth": ""}}, "8 of 8 golds"),
    ],
)
def test_rows_that_dont_fit(
    good: list[str], tmp_path: Path, columns: dict[str, object], what: str
) -> None:
    words = with_rows(good, tmp_path / "train.jsonl", [row(**columns)] * 8)
    one = found(words, "data.train_files")
    assert one.level is Level.ERROR
    assert what in one.what


@pytest.mark.parametrize("gold", ["2 + 2 = 4\n#### 4", '["4"]', "4"])
def test_golds_are_read_as_the_reward_reads_them(
    good: list[str], tmp_path: Path, gold: str
) -> None:
    rows = [row(reward_model={"style": "rule", "ground_truth": gold})] * 8
    assert check_verl(with_rows(good, tmp_path / "train.jsonl", rows)).findings == []


def test_a_few_golds_of_no_use_are_a_warning(good: list[str], tmp_path: Path) -> None:
    rows = [row()] * 7 + [row(reward_model={"ground_truth": "1/0"})]
    one = found(with_rows(good, tmp_path / "train.jsonl", rows), "data.train_files")
    assert one.level is Level.WARNING
    assert "1 of 8 golds" in one.what


def test_a_data_source_that_verl_cant_score_itself(good: list[str], tmp_path: Path) -> None:
    words = [word for word in good if not word.startswith("reward.custom")]
    assert check_verl(words).findings == []
    words = with_rows(words, tmp_path / "train.jsonl", [row(data_source="mine")] * 8)
    one = found(words, "reward.custom_reward_function.path")
    assert "data_source='mine'" in one.what


def test_a_file_that_cant_be_read(good: list[str], tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text("{broken\n", encoding="utf-8")
    assert "can't be read" in found([*good, f"data.train_files={file}"], "data.train_files").what
    file = tmp_path / "train.csv"
    file.write_text("a,b\n", encoding="utf-8")
    assert "verl reads" in found([*good, f"data.train_files={file}"], "data.train_files").what


def test_parquet_is_looked_into(good: list[str], tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    file = tmp_path / "train.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([row()] * 8), file)
    assert check_verl([*good, f"data.train_files={file}"]).findings == []
    parquet.write_table(pyarrow.Table.from_pylist([row(prompt="2+2?")] * 4), file)
    keys = {one.key for one in check_verl([*good, f"data.train_files={file}"]).findings}
    assert keys == {"data.train_files", "data.train_batch_size"}
    file.write_bytes(b"nothing of the kind")
    assert "can't be read" in found([*good, f"data.train_files={file}"], "data.train_files").what


# Tokenizers


def tokenizer(folder: Path, tokens: object, added: dict[str, int] | None = None) -> Path:
    folder.mkdir()
    content = {
        "model": {"vocab": tokens},
        "added_tokens": [{"content": one, "id": at} for one, at in (added or {}).items()],
    }
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_a_critic_that_reads_other_tokens(good: list[str], tmp_path: Path) -> None:
    actor = tokenizer(tmp_path / "actor", {"a": 0, "b": 1}, {"<eos>": 2})
    same = tokenizer(tmp_path / "same", [["a", -1.0], ["b", -2.0]], {"<eos>": 2, "<more>": 3})
    other = tokenizer(tmp_path / "other", {"b": 0, "a": 1}, {"<eos>": 2})
    words = [
        *good,
        "algorithm.adv_estimator=gae",
        "critic.ppo_micro_batch_size_per_gpu=4",
        "+critic.ppo_infer_max_token_len_per_gpu=9000",
        f"actor_rollout_ref.model.path={actor}",
    ]
    assert check_verl([*words, f"critic.model.path={same}"]).findings == []
    (same / "config.json").write_text('{"vocab_size": 2}', encoding="utf-8")
    one = found([*words, f"critic.model.path={same}"], "critic.model.path")
    assert "embedding has 2 rows" in one.what
    one = found([*words, f"critic.model.path={other}"], "critic.model.path")
    assert one.level is Level.ERROR
    assert "2 tokens have other ids" in one.what
