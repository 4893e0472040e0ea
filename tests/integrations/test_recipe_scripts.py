"""The launch recipes as files: all of them there, alike, and in need of nothing beside them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyverify.integrations.recipes import RECIPES, TRAINERS, recipe_path, recipe_text

PAIRS = [
    (name, trainer)
    for name, recipe in RECIPES.items()
    for trainer in TRAINERS
    if trainer not in recipe.missing
]


def test_the_catalog_and_the_folder_are_the_same(repository: Path) -> None:
    folder = repository / "trainers"
    there = {(path.stem, path.parent.name) for path in folder.glob("*/*.py")}
    assert there == set(PAIRS)
    for name, trainer in PAIRS:
        text = (folder / trainer / f"{name}.py").read_text(encoding="utf-8")
        assert recipe_text(name, trainer) == text


@pytest.mark.parametrize(("name", "trainer"), PAIRS)
def test_a_script_is_like_the_others(name: str, trainer: str) -> None:
    tree = ast.parse(recipe_text(name, trainer))
    about = ast.get_docstring(tree) or ""
    assert f"python {name}.py --smoke" in about
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    kinds = {"MODEL": str, "TRAIN": list, "VAL": list, "OUTPUT": str}
    if name == "ppo_critic":
        kinds["CRITIC"] = str
    for constant, kind in kinds.items():
        assert isinstance(ast.literal_eval(constants[constant]), kind)
    assert ast.literal_eval(constants["OUTPUT"]) == f"runs/{name}"


@pytest.mark.parametrize(("name", "trainer"), PAIRS)
def test_a_script_imports_nothing_from_beside_it(name: str, trainer: str) -> None:
    allowed = sys.stdlib_module_names | {"pyverify", trainer}
    for node in ast.walk(ast.parse(recipe_text(name, trainer))):
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in allowed
            assert node.level == 0
        elif isinstance(node, ast.Import):
            assert {one.name.split(".")[0] for one in node.names} <= allowed


@pytest.mark.parametrize(("name", "trainer"), PAIRS)
def test_every_setting_stands_once(name: str, trainer: str) -> None:
    """A key that is there twice keeps its last value, and nobody sees it."""
    for node in ast.walk(ast.parse(recipe_text(name, trainer))):
        if isinstance(node, ast.Dict):
            keys = [ast.literal_eval(key) for key in node.keys if isinstance(key, ast.Constant)]
            assert len(keys) == len(set(keys))


def test_what_a_trainer_cannot_do_is_said() -> None:
    with pytest.raises(ValueError, match=r"no ppo_critic for trl: .* no trainer with a critic"):
        recipe_path("ppo_critic", "trl")
    with pytest.raises(ValueError, match="no recipe is called 'ppo'; there are ppo_critic, grpo"):
        recipe_path("ppo", "verl")
    with pytest.raises(ValueError, match="there are some for verl, trl, openrlhf"):
        recipe_path("grpo", "slime")


def test_the_wheel_has_the_same_scripts(repository: Path) -> None:
    """On the wheel that `scripts/ci.sh build` made."""
    wheel = os.environ.get("PYVERIFY_WHEEL")
    if not wheel:
        pytest.skip("PYVERIFY_WHEEL names no wheel: scripts/ci.sh python does")
    inside = "pyverify/recipes/"
    with zipfile.ZipFile(wheel) as archive:
        shipped = {
            name.removeprefix(inside): archive.read(name)
            for name in archive.namelist()
            if name.startswith(inside) and not name.endswith("/")
        }
    folder = repository / "trainers"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}
    assert shipped == {name: path.read_bytes() for name, path in files.items()}


@pytest.mark.parametrize("trainer", TRAINERS)
def test_without_its_trainer_a_smoke_run_says_so_in_a_line(trainer: str, tmp_path: Path) -> None:
    hidden = ("datasets", "transformers", "trl", "verl", "openrlhf", "hydra")
    code = (
        "import runpy, sys\n"
        f"sys.modules.update(dict.fromkeys({hidden!r}))\n"
        "sys.argv = [sys.argv[1], '--smoke']\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(recipe_path("grpo", trainer))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("grpo.py: ")
    assert "pip install" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
