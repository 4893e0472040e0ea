"""A real `pyverify serve`, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import httpx


@dataclass
class Server:
    """A server that runs, and how to ask it."""

    process: subprocess.Popen[str]
    url: str
    client: httpx.Client

    def post(self, path: str, body: object, **more: object) -> httpx.Response:
        return self.client.post(path, json=body, **more)

    def metrics(self) -> dict[str, float]:
        lines = self.client.get("/metrics").text.splitlines()
        pairs = [line.rpartition(" ")[::2] for line in lines if not line.startswith("#")]
        return {name: float(value) for name, value in pairs}


@contextlib.contextmanager
def serving(*options: str, env: dict[str, str] | None = None, faults: int = 0) -> Iterator[Server]:
    """Starts it, and ends it with SIGTERM: it must be gone then, with exit code 0.

    Args:
        *options: Of its command line.
        env: What is added to its environment.
        faults: How many tracebacks it may log.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "pyverify.cli", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stderr.read()
        with httpx.Client(base_url=found.group(), timeout=30, trust_env=False) as client:
            yield Server(process, found.group(), client)
        if process.poll() is None:
            process.terminate()
        assert process.wait(40) == 0
        assert process.stderr.read().count("Traceback") == faults
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
