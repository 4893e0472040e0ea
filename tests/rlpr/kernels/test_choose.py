"""Which launch a shape gets, and where kernels can run."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from pyverify.rlpr.kernels import available
from pyverify.rlpr.kernels.choose import (
    FUSED_DEPTH,
    architecture,
    fused,
    linear_launch,
    rounds_float32,
    row_launch,
)


@pytest.mark.parametrize("itemsize", [2, 4])
@pytest.mark.parametrize("aligned_to", [1, 2, 4, 8, 16])
def test_a_lane_reads_what_alignment_allows(itemsize: int, aligned_to: int) -> None:
    launch = row_launch(151936, aligned_to, itemsize)
    assert launch.vector == min(aligned_to, 16 // itemsize)
    # As many bytes are in flight, however narrow the reads are.
    assert launch.lanes * launch.vector * itemsize == 2048


def test_splits_follow_the_length_of_a_row() -> None:
    lengths = (40, 50257, 128256, 151936, 1 << 20)
    assert [row_launch(length, 8, 2).splits for length in lengths] == [1, 3, 8, 9, 16]


def test_fused_where_the_matmul_is_small() -> None:
    small = torch.empty(1, FUSED_DEPTH, dtype=torch.bfloat16)
    large = torch.empty(1, 3584, dtype=torch.bfloat16)
    assert fused(small, bias=False, exact=False)
    assert not fused(large, bias=False, exact=False)
    assert fused(large, bias=True, exact=False)


_SETTINGS = [
    "torch.set_float32_matmul_precision('high')",
    "torch.backends.cuda.matmul.allow_tf32 = True",
    "torch.backends.cuda.matmul.fp32_precision = 'tf32'",
]


@pytest.mark.parametrize("setting", _SETTINGS)
def test_tf32_is_noticed_however_it_was_set(setting: str) -> None:
    if "fp32_precision" in setting and not hasattr(torch.backends.cuda.matmul, "fp32_precision"):
        pytest.skip("this torch has no such setting")
    code = f"import torch; {setting}; from pyverify.rlpr.kernels.choose import rounds_float32 as r"
    subprocess.run([sys.executable, "-c", f"{code}; assert r()"], check=True)
    assert not rounds_float32()


def test_every_architecture_has_a_launch() -> None:
    for arch in ("sm_80", "sm_90", "sm_100", "other"):
        for dtype in (torch.bfloat16, torch.float16, torch.float32):
            assert linear_launch(arch, dtype).block_m >= 16
    assert architecture(torch.device("cpu")) == "other"


def test_here_they_can_run() -> None:
    assert available()


_ALONE = """
import os, sys
os.environ.pop("TRITON_INTERPRET", None)
import torch
torch.cuda.is_available = lambda: False
from pyverify.rlpr import kernels
assert not kernels.available()
assert "triton" not in sys.modules
try:
    kernels.row_stats(torch.zeros(1, 2), torch.tensor([0]))
except ValueError as error:
    assert "TRITON_INTERPRET=1" in str(error), error
else:
    raise AssertionError
os.environ["TRITON_INTERPRET"] = "1"
assert kernels.available()
assert "triton" not in sys.modules
"""


def test_nothing_imports_triton_but_a_launch() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", _ALONE], check=True)
