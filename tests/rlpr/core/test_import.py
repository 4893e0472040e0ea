"""What importing the package asks for."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_without_torch_there_is_a_way_out() -> None:
    done = run("import sys; sys.modules['torch'] = None; import pyverify; import pyverify.rlpr")
    assert done.returncode == 1
    assert done.stderr.endswith("pyverify.rlpr needs torch: pip install torch\n")


def test_nothing_else_is_imported() -> None:
    heavy = "{'triton', 'transformers', 'vllm'}"
    done = run(f"import sys, pyverify.rlpr; print(sorted({heavy} & set(sys.modules)))")
    assert done.stdout == "[]\n"
