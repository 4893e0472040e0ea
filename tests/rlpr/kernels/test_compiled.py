"""The kernels as compiled for a GPU, which needs none: Triton brings the assembler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("arch", ["80", "90"])
def test_no_spills_and_whole_loads(arch: str, repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "TRITON_CACHE_DIR": str(tmp_path)}
    environment.pop("TRITON_INTERPRET", None)
    script = repository / "bench" / "rlpr" / "kernel_code.py"
    run = subprocess.run(
        [sys.executable, script, "--arch", arch, "--check"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(f"sm_{arch} ") == 11
