"""The launch recipes as files: names that shadow nothing, a README that knows them all."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path


def test_no_file_shadows_a_trainer(repository: Path) -> None:
    """A folder on the path must not hide the package of the same name: packages come first, folders
    without __init__.py last."""
    folder = repository / "trainers"
    assert not list(folder.rglob("__init__.py"))
    names = {path.stem for path in folder.rglob("*.py")}
    assert not names & {"trl", "verl", "openrlhf", "torch", "ray", "vllm", "pyverify"}


def test_the_readme_names_every_file(repository: Path) -> None:
    folder = repository / "trainers"
    text = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.rglob("*.*"):
        if path.suffix in (".py", ".yaml"):
            assert path.relative_to(folder).as_posix() in text


def _names(module: str) -> set[str]:
    """What a module binds, found without importing it: it may want a trainer."""
    spec = importlib.util.find_spec(module)
    assert spec is not None, module
    assert spec.origin is not None, module
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {one.asname or one.name for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def test_what_recipes_import_from_the_package_exists(repository: Path) -> None:
    """Checked here, too, where no trainer is installed."""
    found = 0
    for path in (repository / "trainers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pyverify"):
                assert {one.name for one in node.names} <= _names(node.module or ""), path
                found += 1
    assert found >= 2


def test_the_agents_options_are_in_the_yaml(repository: Path) -> None:
    folder = repository / "pyverify" / "integrations" / "verl"
    tree = ast.parse((folder / "rlpr_agent_loop.py").read_text(encoding="utf-8"))
    (made,) = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
    (init,) = [one for one in ast.walk(made) if getattr(one, "name", "") == "__init__"]
    text = (folder / "rlpr_agent.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^  ([a-z_]+):", text, re.MULTILINE)[1:] == [
        one.arg for one in init.args.kwonlyargs
    ]
    assert f"_target_: pyverify.integrations.verl.rlpr_agent_loop.{made.name}" in text
