"""`pyverify path`: one path and nothing else, or what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyverify.cli import codes, main


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("lm-eval", "math500.yaml"),
        ("openrlhf", "rlpr_agent.py"),
        ("verl", "rlpr_agent.yaml"),
    ],
)
def test_prints_one_path_and_nothing_else(
    name: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["path", name]) == codes.OK
    out, err = capsys.readouterr()
    folder = Path(out.removesuffix("\n"))
    assert folder.is_absolute()
    assert (folder / file).is_file()
    assert err == ""


def test_without_a_name_lists_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path"]) == codes.OK
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names == ["lm-eval", "verl", "openrlhf"]


def test_an_unknown_name_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "lm-evil"]) == codes.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "'lm-evil'" in err
    assert "lm-eval " in err
