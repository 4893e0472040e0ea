"""The command as a process: a request to end, streams that lack letters, outputs that are full."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyverify.cli import main
from pyverify.cli.process import polite_end

COMMAND = [sys.executable, "-m", "pyverify.cli"]


def rows(path: Path, answer: str = "42", count: int = 400) -> str:
    found = ({"id": i, "response": f"\\boxed{{{answer}}}", "gold": "42"} for i in range(count))
    path.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("how", [["score", "-"], ["lint-gold", "-"], ["compare", "A", "-"]])
def test_a_request_to_end_keeps_what_there_is(tmp_path: Path, how: Sequence[str]) -> None:
    source = Path(rows(tmp_path / "a.jsonl", "41", 5000))
    out = tmp_path / "out.jsonl"
    words = [str(source) if word == "A" else word for word in how]
    command = [*COMMAND, *words, "-q", "-o", str(out)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=os.sep) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(source.read_bytes().replace(b"41", b"42"))
        process.stdin.flush()
        while not list(tmp_path.glob(".out.jsonl.*")):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 143
    assert said.startswith("pyverify: interrupted; ")
    assert f"are in {out}.partial" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "out.jsonl.partial"]


def test_an_interruption_that_was_wrapped_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    def make_class(_: object) -> int:
        # As when a module is being imported; Python 3.12 no longer wraps what comes out of it.
        try:
            type("Holder", (), {"attribute": Interrupted()})
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error
        return 0

    monkeypatch.setattr("pyverify.cli.path.run", make_class)
    assert main(["path", "lm-eval"]) == 130
    assert capsys.readouterr().err == "pyverify: interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_only_the_first_request_interrupts() -> None:
    with polite_end() as ending:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert ending.asked
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_signals_of_another_program_are_left_alone(tmp_path: Path) -> None:
    source, seen = rows(tmp_path / "a.jsonl"), []

    def theirs(*_: object) -> None:
        """Does nothing."""

    before = signal.signal(signal.SIGTERM, theirs)
    try:
        with polite_end():
            seen.append(signal.getsignal(signal.SIGTERM))
        assert main(["score", source, "-q"]) == 0
        seen.append(signal.getsignal(signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [theirs, theirs]
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(main(["score", source, "-q"])))
    thread.start()
    thread.join()
    assert found == [0]


def test_letters_that_a_terminal_lacks(tmp_path: Path) -> None:
    source = rows(tmp_path / "é.jsonl", "41")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [*COMMAND, "score", source, "-o", "-"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    said = done.stderr.decode("ascii")
    assert "+- one standard error" in said
    assert "?.jsonl: " in said
    assert "\\x" not in said
    command = [*COMMAND, "score", source, "-q"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert "+- one standard error" in done.stdout.decode("ascii")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("how", [["explain", "42", "--gold", "42"], ["lint-gold", "A", "-o", "-"]])
def test_a_full_standard_output_is_named(tmp_path: Path, how: Sequence[str]) -> None:
    source = rows(tmp_path / "a.jsonl")
    command = [*COMMAND, *(source if word == "A" else word for word in how)]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert (
        done.stderr.decode().splitlines()[-1].startswith("pyverify: cannot write standard output: ")
    )


@pytest.mark.parametrize("command", ["lint-gold", "score"])
def test_an_output_without_a_name_is_refused(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, rows(tmp_path / "a.jsonl"), "-q", "-o", ""]) == 2
    assert "an output has no name" in capsys.readouterr().err
