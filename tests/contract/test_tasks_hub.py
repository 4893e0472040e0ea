"""Benchmarks read from the hub: the real `datasets` package against a server of ours."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("datasets", reason="the package datasets is not installed")

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def hub(repo: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """Serves a data set's files as the hub does; yields the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._file(body=False)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith(f"/api/datasets/{repo}/revision/"):
                self._send(_information(repo, files))
            elif path.startswith(f"/api/datasets/{repo}/tree/{COMMIT}"):
                folder = unquote(path.partition(COMMIT)[2]).strip("/")
                self._send(_tree(files, folder))
            else:
                self._file(body=True)

        def _file(self, *, body: bool) -> None:
            place = unquote(urlsplit(self.path).path).partition(f"/datasets/{repo}/resolve/")[2]
            name = place.partition("/")[2]  # behind the revision
            if name not in files:
                self._send({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
                return
            data = files[name]
            self.send_response(200)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha1(data).hexdigest()}"')
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Accept-Ranges", "bytes")
            self.end_headers()
            if body:
                self.wfile.write(data)

        def _send(
            self, value: object, status: int = 200, headers: Mapping[str, str] | None = None
        ) -> None:
            data = json.dumps(value).encode()
            self.send_response(status)
            for name, text in (headers or {}).items():
                self.send_header(name, text)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keeps the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _information(repo: str, files: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "id": repo,
        "sha": COMMIT,
        "siblings": [{"rfilename": name} for name in files],
    }


def _entry(name: str, data: bytes) -> dict[str, object]:
    return {"type": "file", "path": name, "oid": hashlib.sha1(data).hexdigest(), "size": len(data)}


def _tree(files: Mapping[str, bytes], folder: str) -> list[dict[str, object]]:
    inside = folder + "/" if folder else ""
    return [_entry(name, data) for name, data in files.items() if name.startswith(inside)]


CARD = b"""---
configs:
- config_name: main
  data_files:
  - split: test
    path: main/test.jsonl
---
"""
PROGRAM = """
import json, sys
from pyverify.tasks import TaskError, load_problems, task
try:
    found = load_problems(task(sys.argv[1]), sys.argv[2])
except TaskError as error:
    sys.exit(f"refused: {error}")
print(json.dumps([[p.id, p.problem, p.gold] for p in found]))
"""


def load(folder: Path, endpoint: str, task: str, data: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, task, data],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files(rows: list[dict[str, str]]) -> dict[str, bytes]:
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return {"README.md": CARD, "main/test.jsonl": data}


def test_problems_come_from_the_hub(tmp_path: Path) -> None:
    rows = [
        {"question": f"How much is {i} and {i}?", "answer": f"It is {i} + {i}.\n#### {2 * i}"}
        for i in range(3)
    ]
    with hub("openai/gsm8k", files(rows)) as endpoint:
        done = load(tmp_path, endpoint, "gsm8k", "hub")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[2] == ["gsm8k/2", "How much is 2 and 2?", "4"]
    assert "examples" not in done.stderr  # no progress bar


def test_a_copy_that_is_not_there(tmp_path: Path) -> None:
    with hub("openai/gsm8k", files([{"question": "?", "answer": "1"}])) as endpoint:
        done = load(tmp_path, endpoint, "amc23", "hub")
        other = load(tmp_path, endpoint, "gsm8k", "hub:someone/else")
    assert done.returncode == 1
    assert "refused: amc23 cannot be had from the hub (math-ai/amc23: " in done.stderr
    assert "name a local copy with --data FILE" in done.stderr
    assert "someone/else" in other.stderr
