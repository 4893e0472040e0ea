"""`pyverify serve`, asked over real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="fastapi is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")
pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")

import httpx

from pyverify.cli import codes, main

sys.path.insert(0, str(Path(__file__).parent))

from serve_client import Server, serving

TOKEN = "a token of letters, ü and 7"
OPENRLHF = {"query": ["2+2=? \\boxed{4}"], "prompts": ["2+2=?"], "labels": ["4"]}
SLIME = {"prompt": "2+2=?", "response": "\\boxed{4}", "label": "4"}
BATCH = {"completions": ["\\boxed{4}", "\\boxed{5}", "4"], "golds": ["4", "4", None]}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--reward", "format_accuracy", "--max-body", "1", "--max-batch", "50") as found:
        yield found


def test_openrlhf(server: Server) -> None:
    found = server.post("/get_reward", OPENRLHF).json()
    assert found["rewards"] == found["scores"] == [1.0]
    assert set(found["extra_logs"]) == {"acc", "abstained", "error", "format", "correctness"}
    many = {
        "query": ["a 4", "ab 5", "\\boxed{4}<|im_end|>", "\\boxed{4}"],
        "prompts": ["a", "ab", "", "not there"],
        "labels": [4, ["4"], '{"any_of": ["4"]}', ""],
    }
    found = server.post("/get_reward", many).json()
    assert found["rewards"] == [0.9, 0.0, 1.0, 0.0]
    assert found["extra_logs"]["abstained"] == [0.0, 0.0, 0.0, 1.0]
    assert server.post("/get_reward", {"query": [], "prompts": [], "labels": []}).json() == {
        "rewards": [],
        "scores": [],
        "extra_logs": {name: [] for name in found["extra_logs"]},
    }


def test_slime(server: Server) -> None:
    found = server.post("/slime", SLIME).json()
    assert (found["reward"], found["acc"], found["pred"]) == (1.0, 1.0, "4")
    messages = [{"role": "user", "content": "2+2=?"}]
    found = server.post("/slime", {**SLIME, "prompt": messages, "label": None, "x": 1}).json()
    assert (found["reward"], found["abstained"]) == (0.0, 1.0)


def test_batches(server: Server) -> None:
    found = server.post("/score", BATCH).json()
    assert found["rewards"] == [1.0, 0.1, None]
    assert found["columns"]["pred"] == ["4", "5", ""]
    said = [{"role": "tool", "content": "5"}, {"role": "assistant", "content": "\\boxed{4}"}]
    sources = ["openai/gsm8k", "acme/puzzles", None]
    given = {"completions": [said, "4", None], "golds": [4] * 3, "data_sources": sources}
    found = server.post("/score", given).json()
    assert found["rewards"] == [1.0, 0.9, 0.0]
    assert found["columns"]["unknown_source"] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("path", ["/get_reward", "/slime", "/score"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00" * 9,
        b"null",
        b"[]",
        b"7",
        b'"query"',
        b"{}",
        b"[" * 200_000,
        b'{"query":' * 50_000,
        b"1" * 200_000,
        b'{"query": "a", "prompts": "b", "labels": "c"}',
        b'{"query": ["a"], "prompts": [], "labels": []}',
        b'{"query": [["a"]], "prompts": ["b"], "labels": ["c"]}',
        b'{"query": ["a"], "prompts": [null], "labels": ["c"]}',
        b'{"prompt": "a", "response": null, "label": "c"}',
        b'{"completions": {"0": "a"}, "golds": ["c"]}',
        b'{"completions": ["a"], "golds": ["c"], "colums": {}}',
        b'{"completions": ["a"], "golds": ["c"], "columns": [1]}',
        b'{"completions": ["a"], "golds": ["c"], "columns": {"golds": [1]}}',
        b'{"completions": ["a"], "golds": ["c"], "columns": {"token_counts": [1]}}',
        b'{"completions": [7], "golds": ["c"]}',
        b'{"completions": ["a"], "golds": ["c"], "prompts": "b"}',
    ],
)
def test_what_is_no_payload_is_told_what_would_be(server: Server, path: str, body: bytes) -> None:
    found = server.client.post(path, content=body)
    assert found.status_code == 422
    detail = found.json()["detail"]
    assert "no JSON" in detail or "nested" in detail or f"{path} takes {{" in detail
    assert len(detail) < 1000


@pytest.mark.parametrize(
    "value",
    [
        *("NaN", "-Infinity", "1e999", "1" * 4000, "true", "[[[[]]]]", "[" * 900 + "]" * 900),
        *('{"any_of": {}}', '"\\ud800"', '"\\u0000"', '"' + "(" * 5000 + '"'),
    ],
)
def test_strange_values_are_no_fault_of_the_server(server: Server, value: str) -> None:
    payloads = {
        "/get_reward": f'{{"query": ["a 4"], "prompts": ["a"], "labels": [{value}]}}',
        "/slime": f'{{"prompt": {value}, "response": "\\ud800 4", "label": {value}}}',
        "/score": f'{{"completions": ["4"], "golds": [{value}], "data_sources": [{value}]}}',
    }
    for path, body in payloads.items():
        found = server.client.post(path, content=body.encode())
        assert found.status_code == 200, found.text
        text = found.text
        assert "NaN" not in text
        assert "Infinity" not in text
        json.loads(text)


def test_bodies_have_a_limit(server: Server) -> None:
    long = {**SLIME, "response": "x" * (2 << 20)}
    found = server.post("/slime", long)
    assert found.status_code == 413
    assert "--max-body" in found.json()["detail"]

    def pieces() -> Iterator[bytes]:  # without a length in the head
        for _ in range(40):
            yield b"x" * 60_000

    assert server.client.post("/slime", content=pieces()).status_code == 413
    found = server.post("/score", {"completions": ["4"] * 51, "golds": ["4"] * 51})
    assert found.status_code == 413
    assert "--max-batch" in found.json()["detail"]
    assert server.client.get("/health").status_code == 200


def test_a_length_that_lies_is_no_way_around(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(b"POST /slime HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 30)
        raw.sendall(b"\r\n\r\n" + b"x" * 10)
        assert b" 4" in raw.recv(4096).split(b"\r\n")[0]


def test_encoded_bodies_and_other_methods_are_refused(server: Server) -> None:
    assert server.post("/slime", SLIME, headers={"Content-Encoding": "gzip"}).status_code == 415
    assert server.client.get("/slime").status_code == 405
    assert server.client.get("/nothing").status_code == 404
    paths = server.client.get("/openapi.json").json()["paths"]
    assert {"/get_reward", "/slime", "/score", "/health", "/metrics"} <= set(paths)


def test_health_and_metrics(server: Server) -> None:
    assert server.client.get("/health").json()["status"] == "ok"
    before = server.metrics()
    server.post("/score", BATCH)
    server.client.post("/score", content=b"{")
    after = server.metrics()

    def rise(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert rise("pyverify_completions_total") == 3
    assert rise("pyverify_rewards_total") == 2
    assert rise("pyverify_rewards_sum") == pytest.approx(1.1)
    assert rise("pyverify_abstentions_total") == 1
    assert rise("pyverify_errors_total") == 0
    assert rise('pyverify_verdicts_total{verdict="equal"}') == 1
    assert rise('pyverify_requests_total{endpoint="/score",status="200"}') == 1
    assert rise('pyverify_requests_total{endpoint="/score",status="422"}') == 1
    assert rise('pyverify_request_seconds_count{endpoint="/score"}') == 2
    assert after["pyverify_last_reward_mean"] == pytest.approx(0.55)
    assert after["pyverify_requests_in_flight"] == 0


def test_concurrent_requests_get_their_own_answers(server: Server) -> None:
    async def ask() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=64)
        async with httpx.AsyncClient(
            base_url=server.url, limits=limits, timeout=60, trust_env=False
        ) as client:
            bodies = [
                {"completions": [f"\\boxed{{{at}}}"] * (at % 5), "golds": ["7"] * (at % 5)}
                for at in range(300)
            ]
            bodies[100]["columns"] = {"nothing": []}
            return await asyncio.gather(*(client.post("/score", json=one) for one in bodies))

    found = asyncio.run(ask())
    for at, one in enumerate(found):
        if at == 100:
            assert one.status_code == 422
        else:
            assert one.json()["rewards"] == [1.0 if at == 7 else 0.1] * (at % 5)


def test_the_token() -> None:
    with serving(env={"PYVERIFY_SERVE_TOKEN": TOKEN}) as server:
        assert server.client.get("/health").status_code == 200
        for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
            for found in (
                server.post("/slime", SLIME, headers=header),
                server.client.get("/metrics", headers=header),
            ):
                assert found.status_code == 401
                assert "WWW-Authenticate" in found.headers
                assert TOKEN not in found.text
        bearer = {"Authorization": f"Bearer {TOKEN}".encode()}
        assert server.post("/slime", SLIME, headers=bearer).json()["reward"] == 1.0
        # As from a URL: http://pyverify:TOKEN@host/...
        assert server.post("/slime", SLIME, auth=("pyverify", TOKEN)).json()["reward"] == 1.0
        assert server.client.get("/metrics", auth=("", TOKEN)).status_code == 200


def test_a_token_of_any_bytes() -> None:
    with serving(env={"PYVERIFY_SERVE_TOKEN": os.fsdecode(b"\xff7")}) as server:
        bearer = {"Authorization": b"Bearer \xff7"}
        assert server.post("/slime", SLIME, headers=bearer).json()["reward"] == 1.0
        assert (
            server.post("/slime", SLIME, headers={"Authorization": "Bearer 7"}).status_code == 401
        )


SLOW = """
import time

def slow(completions, **_):
    time.sleep(1.5 if any("slow" in one for one in completions) else 0)
    if any("boom" in one for one in completions):
        raise RuntimeError("boom")
    return [0.5] * len(completions)
"""


@pytest.fixture
def slow(tmp_path: Path) -> list[str]:
    """Options for a reward whose function takes its time."""
    (tmp_path / "own_function.py").write_text(SLOW)
    config = tmp_path / "own.toml"
    config.write_text('type = "function"\ntarget = "own_function:slow"\n')
    return ["--reward", str(config)]


def test_too_many_at_once_are_told_to_come_again(slow: list[str], tmp_path: Path) -> None:
    with serving(
        *slow, "--max-concurrency", "2", env={"PYTHONPATH": path_with(tmp_path)}, faults=1
    ) as server:

        async def ask() -> list[httpx.Response]:
            async with httpx.AsyncClient(
                base_url=server.url, timeout=60, trust_env=False
            ) as client:
                body = {**SLIME, "response": "slow"}
                return await asyncio.gather(*(client.post("/slime", json=body) for _ in range(6)))

        found = asyncio.run(ask())
        codes = [one.status_code for one in found]
        assert sorted(codes) == [200] * 2 + [503] * 4
        refused = found[codes.index(503)]
        assert refused.headers["Retry-After"] == "1"
        assert server.post("/slime", SLIME).status_code == 200
        assert server.post("/slime", {**SLIME, "response": "boom"}).json()["error"] == 1.0
        assert server.metrics()["pyverify_errors_total"] == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_flight_is_answered_before_the_end(
    slow: list[str], tmp_path: Path, number: int
) -> None:
    with serving(*slow, env={"PYTHONPATH": path_with(tmp_path)}) as server:
        found: list[httpx.Response] = []

        def ask() -> None:
            found.append(httpx.post(f"{server.url}/slime", json={**SLIME, "response": "slow"}))

        asking = threading.Thread(target=ask)
        asking.start()
        deadline = time.monotonic() + 20
        while server.metrics()["pyverify_requests_in_flight"] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        server.process.send_signal(number)
        asking.join(30)
        assert found[0].json()["reward"] == 0.5
        assert server.process.wait(20) == 0


def test_a_port_that_is_taken(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    port = server.url.rpartition(":")[2]
    assert main(["serve", "--port", port]) == codes.USAGE
    assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--reward", "nothing"], "nothing"),
        (["--max-batch", "0"], "batch must be above 0"),
        (["--port", "99999"], "port"),
        (["--host", "no such host"], "choose another --host"),
        # As of "$TOKEN" in a shell that has none: no reason to serve everyone.
        (["--token", ""], "the token is empty"),
        (["--grace", "nan"], "--grace must be"),
        (["--grace", "-1"], "--grace must be"),
        (["--grace", "inf"], "--grace must be"),
    ],
)
def test_mistakes_are_named(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *options]) == codes.USAGE
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.delitem(sys.modules, "pyverify.integrations.serve.app", raising=False)
    assert main(["serve"]) == codes.USAGE
    # No name of ours: the index has something else under it.
    said = "serve needs fastapi: pip install fastapi uvicorn prometheus-client\n"
    assert said in capsys.readouterr().err


def path_with(folder: Path) -> str:
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
