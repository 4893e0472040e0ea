"""One rank of a vocabulary in shards: asks for rewards with the others, and saves what it got.

Its hidden states are multiplied with 200 rows of the weight at a time, so that it has some parts.

Usage: python shard_rank.py RANK RANKS FOLDER; FOLDER/inputs.pt has what to ask, and the bounds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from pyverify.rlpr import prob_reward, reference


def main(rank: int, ranks: int, folder: Path) -> None:
    torch.set_num_threads(1)
    store = torch.distributed.FileStore(str(folder / "store"), ranks)
    torch.distributed.init_process_group("gloo", store=store, rank=rank, world_size=ranks)
    cases = torch.load(folder / "inputs.pt")
    saved = []
    for case in cases:
        begin, end = case.pop("bounds")[rank]
        if "logits" in case:
            case["logits"] = case["logits"][:, begin:end]
        else:
            case["weight"] = case["weight"][begin:end]
            reference._HELD = 200 * case["weight"].shape[1]
        try:
            found = prob_reward(
                **case, vocab_start=begin, group=torch.distributed.group.WORLD, per_token=True
            )
        except ValueError as error:
            saved.append(str(error))
        else:
            saved.append((found.rewards, found.log_probs, found.empty, found.nan))
    torch.save(saved, folder / f"rank{rank}.pt")
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
