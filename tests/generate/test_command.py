"""The command line: what is sent, what is refused, what is written."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from judge_server import JudgeServer
from sums import Run, answer, rows_of

from pyverify.io import expand_inputs

pytest.importorskip("openai", reason="eval needs the openai client (extra eval)")


def test_what_is_asked(server: JudgeServer, run: Run) -> None:
    more = ("--max-tokens", "99", "--top-p", "0.5", "--extra", '{"top_k": 20}', "--limit", "1")
    assert run(*more).code == 0
    seen = server.seen[0]
    assert seen.path == "/v1/chat/completions"
    assert seen.body == {
        "model": "m",
        "messages": [
            {
                "role": "user",
                "content": "What is 0 + 1?\n\n"
                "Reason step by step and put your final answer in \\boxed{}.",
            }
        ],
        "temperature": 0.0,
        "top_p": 0.5,
        "max_tokens": 99,
        "top_k": 20,
    }


def test_what_the_server_is_left_to_choose_is_not_sent(server: JudgeServer, run: Run) -> None:
    done = run("--k", "2", "--temperature", "server", "--top-p", "server")
    assert done.code == 0, done.err
    assert server.seen[0].body.keys() == {"model", "messages", "n"}


def test_without_the_client_it_says_how_to_install_it(command: Callable[..., list[str]]) -> None:
    code = (
        "import sys\nsys.modules['openai'] = None\n"
        "from pyverify.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command()[3:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install openai" in done.stderr
    assert "Traceback" not in done.stderr


def test_prompts_are_of_the_task_unless_said_otherwise(
    server: JudgeServer, run: Run, data: Path, tmp_path: Path
) -> None:
    gsm8k = ("--task", "gsm8k", "--limit", "1", "--force-new")
    assert run(*gsm8k).code == 0
    assert [m["role"] for m in messages(server)] == ["system", "user"]
    assert run(*gsm8k, "--no-system").code == 0
    assert [m["role"] for m in messages(server)] == ["user"]
    template = tmp_path / "template.txt"
    template.write_text("Q: {problem} {x}\nA:")
    assert run(*gsm8k, "--system", "Be {brief}.", "--template", str(template)).code == 0
    assert messages(server) == [
        {"role": "system", "content": "Be {brief}."},
        {"role": "user", "content": "Q: What is 0 + 1? {x}\nA:"},
    ]


def messages(server: JudgeServer) -> list[dict[str, str]]:
    found = server.seen[-1].body["messages"]
    assert isinstance(found, list)
    return found


def test_base_models_continue_a_template(server: JudgeServer, run: Run, tmp_path: Path) -> None:
    template = tmp_path / "template.txt"
    template.write_text("1 and 1 make \\boxed{2}. {problem}")
    more = ("--completions", "--template", str(template), "--max-tokens", "9", "--limit", "1")
    done = run(*more)
    assert done.code == 0, done.err
    seen = server.seen[0]
    assert seen.path == "/v1/completions"
    assert seen.body["prompt"] == "1 and 1 make \\boxed{2}. What is 0 + 1?"
    assert "messages" not in seen.body


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--task", "aime99"], "aime99"),
        (["--task", ","], "names no task"),
        (["--model", "qwen"], "vllm:PATH"),
        (["--k", "2", "--temperature", "0"], "temperature 0"),
        (["--k", "0"], "whole number"),
        (["--k", "1025"], "from 1 to 1024"),
        (["--k", "1000000000"], "from 1 to 1024"),
        (["--task", "amc23,aime24"], "one copy"),
        (["--task", "amc23,aime24", "--data", "hub:someone/sums"], "one copy"),
        (["-o", ""], "names no folder"),
        (["--concurrency", "-1"], "whole number"),
        (["--extra", "[1]"], "object"),
        (["--extra", '{"messages": []}'], "messages"),
        (["--completions"], "--template"),
        (["--system", "x", "--no-system"], "--no-system"),
        (["--template", "/nowhere"], "/nowhere"),
        (["--data", "/nowhere"], "/nowhere"),
        (["--option", "relative_tolerance=-1"], "relative_tolerance"),
        (["-o", "/dev/null/x"], "/dev/null"),
        (["--report", "/nowhere/report.jsonl"], "/nowhere"),
    ],
)
def test_mistakes_are_said_before_anything_is_asked(
    server: JudgeServer, run: Run, more: list[str], words: str
) -> None:
    done = run(*more)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert server.requests == 0


def test_data_of_another_size_is_taken_only_if_that_is_meant(
    server: JudgeServer, command: Callable[..., list[str]]
) -> None:
    def called(*more: str) -> subprocess.CompletedProcess[str]:
        words = [word for word in command(*more) if word != "--any-size"]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    done = called()
    assert done.returncode == 2
    assert "aime24: 12 problems are there, though it has 30; --any-size" in done.stderr
    assert server.requests == 0
    done = called("--limit", "2")
    assert done.returncode == 0
    assert "12 problems are there" in done.stderr


def test_the_model_s_name(server: JudgeServer, run: Run, folder: Path) -> None:
    server.models = ["one", "other"]
    done = run()
    assert done.code == 2
    assert "one, other" in done.err
    assert run("--name", "other").code == 0
    assert {seen.body["model"] for seen in server.seen} == {"other"}
    assert json.loads((folder / "settings.json").read_text())["model"] == "other"
    server.models_status = 404
    assert run().code == 2
    assert run("--name", "other").code == 0


def test_what_is_written(server: JudgeServer, run: Run, folder: Path) -> None:
    more = ("--report", str(folder.parent / "all.jsonl"))
    done = run("--k", "2", "--format", "json", *more)
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert summary == json.loads((folder / "summary.json").read_text())
    assert summary["request"]["sampling"]["temperature"] == 0.6
    assert summary["pass@k"]["pass@2"] == 1.0
    assert summary["grader"].endswith("+aime")
    row = rows_of(folder / "aime24" / "responses.jsonl")[0]
    assert row["gold"] == "1"
    assert row["usage"] == {"prompt_tokens": 7, "completion_tokens": 10, "choices": 2}
    logged = rows_of(folder / "requests.jsonl")
    assert len(logged) == 12
    assert {row["status"] for row in logged} == {200}
    assert (folder.parent / "all.jsonl").read_bytes() == (
        folder / "aime24" / "verdicts.jsonl"
    ).read_bytes()
    # The file of answers is one like others.
    scored = subprocess.run(
        [sys.executable, "-m", "pyverify.cli", "score", folder / "aime24" / "responses.jsonl"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stderr
    assert "24 of 24 right" in scored.stdout
    # So is the folder, and what was put aside is no part of it.
    assert run("--k", "1", "--force-new").code == 0
    assert (folder / "aime24" / "responses.jsonl.unused").exists()
    assert expand_inputs([str(folder)]) == [str(folder / "aime24" / "responses.jsonl")]
    names = [Path(name).name for name in expand_inputs([str(folder / "aime24")])]
    assert sorted(names) == ["responses.jsonl", "verdicts.jsonl"]


def test_tasks_are_judged_each_by_its_own_preset(
    server: JudgeServer, run: Run, folder: Path, data: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both"
    both.mkdir()
    data.rename(both / "aime24.jsonl")
    (both / "gsm8k.jsonl").write_text(
        json.dumps({"question": "What is 20 + 22?", "answer": "20 and 22 are\n#### 42"}) + "\n"
    )
    done = run("--task", "gsm8k,aime24", "--data", str(both))
    assert done.code == 0, done.err
    graders = {
        name: rows_of(folder / name / "verdicts.jsonl")[0]["grader"] for name in ("gsm8k", "aime24")
    }
    assert [str(one).partition("+")[2] for one in graders.values()] == ["gsm8k", "aime"]
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["dataset_acc"] == {"gsm8k": 1.0, "aime24": 1.0}
    assert summary["num_samples"] == 13


def test_thresholds(server: JudgeServer, run: Run) -> None:
    assert run("--fail-under", "acc=1", "--fail-on", "truncated>0%").code == 0
    server.behaviour = lambda number, body: answer("I don't know.", finish="length")
    done = run("--force-new", "--seed", "1", "--fail-under", "acc=0.5", "--fail-on", "truncated>5%")
    assert done.code == 1
    assert "acc is 0.0000" in done.err
    assert "truncated is 100%" in done.err


def test_ids_that_come_twice_are_two_problems(server: JudgeServer, run: Run, data: Path) -> None:
    rows = [{"id": "same", "problem": f"What is {i} + 1?", "answer": str(i + 1)} for i in range(3)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "3 of 3 right" in run().out


_FAKE_VLLM = """#!{python}
import http.server, sys, time
print("loading", sys.argv)
sys.stdout.flush()
mode = "{mode}"
if mode == "never ready":
    time.sleep(60)
if mode == "ends":
    sys.exit("no such model \\x1b[31m")
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.reply(b'{{"data": [{{"id": "small"}}]}}')
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep({answers_after})
        self.reply(b'{{"choices": [{{"message": {{"content": "1"}}}}]}}')
    def reply(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def fake_vllm(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Puts a command `vllm` on the path: it takes vLLM's arguments and loads nothing."""

    def make(mode: str, answers_after: float = 0.0) -> dict[str, str]:
        place = tmp_path / "bin"
        place.mkdir(exist_ok=True)
        script = place / "vllm"
        script.write_text(
            _FAKE_VLLM.format(python=sys.executable, mode=mode, answers_after=answers_after)
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}"}

    return make


needs_no_vllm = pytest.mark.skipif(
    Path(sys.executable).with_name("vllm").exists(), reason="a real vllm would be started"
)


@needs_no_vllm
def test_vllm_is_started_and_stopped(
    run: Run, folder: Path, fake_vllm: Callable[..., dict[str, str]]
) -> None:
    more = ("--model", "vllm:/models/small", "--vllm-args", "--max-model-len 64")
    done = run(*more, env=fake_vllm("serves"))
    assert done.code == 0, done.err
    said = (folder / "vllm.log").read_text()
    assert "/models/small" in said
    assert "'--max-model-len', '64'" in said
    assert not running_vllm()
    assert run(*more, env=fake_vllm("ends")).code == 0  # nothing is missing: nothing is started


@needs_no_vllm
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("mode", ["serves", "never ready"])
def test_vllm_is_stopped_when_the_run_is(
    command: Callable[..., list[str]],
    fake_vllm: Callable[..., dict[str, str]],
    how: signal.Signals,
    mode: str,
) -> None:
    env = {**os.environ, **fake_vllm(mode, answers_after=20.0)}
    child = subprocess.Popen(
        command("--model", "vllm:/models/small"), env=env, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 20
    while not running_vllm() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(child.pid, how)
    _, err = child.communicate(timeout=30)
    assert child.returncode == (130 if how == signal.SIGINT else 143)
    assert "0 of 12 answers" in err
    assert not running_vllm()


@needs_no_vllm
def test_vllm_that_ends_is_told(run: Run, fake_vllm: Callable[..., dict[str, str]]) -> None:
    done = run("--model", "vllm:/models/none", env=fake_vllm("ends"))
    assert done.code == 2
    assert "no such model" in done.err
    assert "\x1b" not in done.err


@needs_no_vllm
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_vllm_does_not_outlive_a_kill(
    command: Callable[..., list[str]], folder: Path, fake_vllm: Callable[..., dict[str, str]]
) -> None:
    env = {**os.environ, **fake_vllm("serves", answers_after=20.0)}
    child = subprocess.Popen(command("--model", "vllm:/models/small", "-q"), env=env)
    log = folder / "requests.jsonl"
    end = time.monotonic() + 20
    while not (log.exists() and running_vllm()) and time.monotonic() < end:
        time.sleep(0.05)
    assert running_vllm()
    child.kill()
    child.wait()
    while running_vllm() and time.monotonic() < end:
        time.sleep(0.05)
    assert not running_vllm()


@needs_no_vllm
def test_without_vllm_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("--model", "vllm:/models/small", env={"PATH": str(tmp_path)})
    assert done.code == 2
    assert "pip install vllm" in done.err


@needs_no_vllm
def test_nothing_is_loaded_without_the_client(
    command: Callable[..., list[str]],
    fake_vllm: Callable[..., dict[str, str]],
    folder: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "openai.py").write_text("raise ImportError('none')")
    env = {**os.environ, **fake_vllm("serves"), "PYTHONPATH": str(tmp_path / "shadow")}
    line = command("--model", "vllm:/models/small")
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install openai" in done.stderr
    assert not (folder / "vllm.log").exists()


def running_vllm() -> list[int]:
    """The processes that serve as /models/small."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"serve" in words and b"/models/small" in words:
            found.append(int(place.parent.name))
    return found
