"""The engine's balls as a program that both oracles ask."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def ball_tool(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = os.environ.get("CXX") or shutil.which("c++")
    if not compiler:
        pytest.skip("no C++ compiler")
    tool = tmp_path_factory.mktemp("oracle") / "ball_tool"
    number = repository / "csrc" / "src" / "number"
    sources = [repository / "tests" / "oracle" / "ball_tool.cpp"]
    sources += sorted(number.glob("ball*.cpp")) + sorted(number.glob("elementary_*.cpp"))
    include = f"-I{repository / 'csrc' / 'src'}"
    command = [compiler, "-std=c++20", "-O1", "-ffp-contract=off", include, "-o", str(tool)]
    subprocess.run([*command, *map(str, sources)], check=True)
    return tool
