"""The package as it is shipped: names, version, contents, what importing it costs."""

from __future__ import annotations

import doctest
import importlib
import importlib.metadata
import os
import pkgutil
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pyverify
from pyverify import _core


def test_version_has_one_source() -> None:
    assert pyverify.__version__ == importlib.metadata.version("pyverify") == _core.__version__


def test_all_names_exist() -> None:
    assert all(hasattr(pyverify, name) for name in pyverify.__all__)
    assert len(set(pyverify.__all__)) == len(pyverify.__all__)


def test_enums_follow_the_engine() -> None:
    assert tuple(verdict.value for verdict in pyverify.Verdict) == _core.VERDICTS
    # The last reasons are those of the tiers behind the engine.
    behind = ("sympy", "judge", "unavailable")
    assert tuple(reason.value for reason in pyverify.Reason) == (*_core.REASONS, *behind)
    assert tuple(kind.value for kind in pyverify.Kind) == _core.KINDS
    for enumeration in (pyverify.Verdict, pyverify.Reason, pyverify.Kind):
        assert all(member.name.lower() == member.value for member in enumeration)


def modules() -> list[str]:
    found = pkgutil.walk_packages(pyverify.__path__, "pyverify.")
    return ["pyverify", *(module.name for module in found if not module.name.endswith("__main__"))]


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        # What is plugged into another package is tested beside that one.
        assert name.startswith("pyverify.integrations.")
        pytest.skip(f"{error.name} is not installed")
    failed, _ = doctest.testmod(module)
    assert failed == 0


def test_importing_needs_nothing_else() -> None:
    code = (
        "import sys, pyverify\n"
        "heavy = {'numpy', 'torch', 'sympy', 'pandas', 'ray', 'argparse', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=os.sep
    )
    assert done.stdout.strip() == "[]"


def test_a_missing_engine_is_explained(tmp_path: Path) -> None:
    package = Path(pyverify.__file__).parent
    shutil.copytree(
        package, tmp_path / "pyverify", ignore=shutil.ignore_patterns("_core*", "__pycache__")
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import pyverify"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert "ImportError: pyverify's compiled engine" in done.stderr
    assert "pip install ." in done.stderr


def test_wheel_holds_the_package_only() -> None:
    """On the wheel that `scripts/ci.sh build` made."""
    wheel = os.environ.get("PYVERIFY_WHEEL")
    if not wheel:
        pytest.skip("PYVERIFY_WHEEL names no wheel: scripts/ci.sh python does")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        engine = sum(one.compress_size for one in archive.infolist() if "/_core." in one.filename)
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"pyverify", f"pyverify-{pyverify.__version__}.dist-info"}
    inside = {name.removeprefix("pyverify/") for name in names if name.startswith("pyverify/")}
    assert {"__init__.py", "py.typed", "_core.pyi", "types.py", "verify.py"} <= inside
    assert [name for name in inside if name.startswith("_core.") and not name.endswith(".pyi")]
    code = {".py", ".pyi", ".so", ".pyd", ".typed"}
    # The page's parts, the harness's tasks, the table of published scores, an agent's options.
    data = {
        "evaluate/page/templates": {".css", ".html", ".js"},
        "evaluate/gap": {".json"},
        "integrations/lm_eval": {".yaml"},
        "integrations/verl": {".yaml"},
    }
    for path in map(Path, inside):
        assert path.suffix in code | data.get(path.parent.as_posix(), set()), path
    assert {"evaluate/page/templates/page.html", "integrations/lm_eval/gsm8k.yaml"} <= inside
    assert "License-Expression: Apache-2.0" in lines
    # Nothing is needed at run time: every requirement belongs to an extra.
    needed = [
        line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]
    assert not needed
    assert engine < 1_000_000
    assert Path(wheel).stat().st_size < 2_000_000
