"""One rank of a filter: gets its share of each step's groups, and saves what it kept.

Usage: python filter_rank.py RANK RANKS FOLDER; FOLDER/steps.json has the groups of all ranks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from pyverify.rlpr import StdFilter, SumOverRanks


def main(rank: int, ranks: int, folder: Path) -> None:
    torch.set_num_threads(1)
    store = torch.distributed.FileStore(str(folder / "store"), ranks)
    torch.distributed.init_process_group("gloo", store=store, rank=rank, world_size=ranks)
    keeps = StdFilter(reduce=SumOverRanks())
    found = []
    for groups in json.loads((folder / "steps.json").read_text()):
        share = len(groups) // ranks
        done = keeps(groups[rank * share : (rank + 1) * share])
        found.append((done.keep, done.threshold))
    (folder / f"{rank}.json").write_text(json.dumps(found))
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
