"""A vocabulary in shards, on processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from rlpr_oracle import hard_case

from pyverify.rlpr import combine, kernels, prob_reward, reference

_RANK = Path(__file__).parent / "shard_rank.py"


def ask(cases: list[dict[str, object]], ranks: int, folder: Path) -> list[list[object]]:
    """What each rank got for each case."""
    torch.save(cases, folder / "inputs.pt")
    command = [sys.executable, str(_RANK)]
    running = [
        subprocess.Popen([*command, str(rank), str(ranks), str(folder)], stderr=subprocess.PIPE)
        for rank in range(ranks)
    ]
    for one in running:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said.decode()
    return [torch.load(folder / f"rank{rank}.pt") for rank in range(ranks)]


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch without distributed")
def test_all_ranks_get_the_same_bits(tmp_path: Path, random: torch.Generator) -> None:
    logits, targets = hard_case(9, 1001, random)
    logits[4, 300] = torch.nan
    targets[6] = -100
    common = {
        "targets": targets,
        "cu_seqlens": torch.tensor([0, 3, 3, 5, 9]),
        "temperature": 0.8,
        "baseline": torch.full((4,), 0.05),
    }
    hidden = torch.randn((9, 40), generator=random)
    weight = torch.randn((1001, 40), generator=random)
    asked: list[dict[str, object]] = [
        {**common, "logits": logits},
        {**common, "logits": logits.bfloat16(), "aggregation": "min", "softcap": 30.0},
        {**common, "hidden": hidden, "weight": weight},
        {**common, "logits": logits, "targets": targets.clone().fill_(1001)},
    ]
    if kernels.available():
        asked.insert(0, {**common, "logits": logits, "implementation": "triton"})
    bounds = [(0, 600), (600, 1001)]
    received = ask([{**one, "bounds": bounds} for one in asked], 2, tmp_path)
    assert received[0][-1] == received[1][-1]
    assert "targets must be from 0 to 1000" in str(received[0][-1])
    for place, one in enumerate(asked[:-1]):
        whole = prob_reward(**one, per_token=True)
        for name, mine, other in zip(
            ("rewards", "log_probs", "empty", "nan"),
            received[0][place],
            received[1][place],
            strict=True,
        ):
            assert torch.equal(mine.nan_to_num(7.0), other.nan_to_num(7.0)), name
            torch.testing.assert_close(
                mine, getattr(whole, name), atol=1e-6, rtol=1e-7, equal_nan=True
            )
    assert received[0][0][3].tolist() == [False, False, True, False]


def test_shards_must_fit() -> None:
    three = reference.row_stats(torch.zeros(3, 4), torch.zeros(3, dtype=torch.int64))
    two = reference.row_stats(torch.zeros(2, 4), torch.zeros(2, dtype=torch.int64))
    with pytest.raises(ValueError, match="one length and dtype"):
        combine([three, two])
    with pytest.raises(ValueError, match="no shard"):
        combine([])


def test_shards_keep_their_order(random: torch.Generator) -> None:
    logits, targets = hard_case(4, 90, random)
    stats = [
        reference.row_stats(logits[:, a : a + 30], targets, vocab_start=a) for a in (0, 30, 60)
    ]
    combined = combine(stats)
    for place, one in enumerate(stats):
        assert torch.equal(combined.maximum[:, place], one.maximum[:, 0])
        assert torch.equal(combined.sum[:, place], one.sum[:, 0])
    assert torch.equal(combined.target, logits.gather(1, targets[:, None])[:, 0])
