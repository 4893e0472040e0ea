"""How many rewards a second `pyverify serve` gives on loopback, and how long one takes.

    python bench/integrations/serve_load.py

Two servers are asked the same: `pyverify serve`, and one of the form that OpenRLHF's own has
(`openrlhf/cli/serve_rm.py`: FastAPI, one handler, JSON in and out) whose reward is a constant, so
that it shows what HTTP costs alone. Each in a process of its own; the client shares the machine.
Connections are kept, as slime does it, or made for each request, as OpenRLHF does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

REFERENCE = """
import sys
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()

@app.post("/get_reward")
async def get_reward(request: Request):
    data = await request.json()
    rewards = [0.5] * len(data.get("query"))
    return JSONResponse({"rewards": rewards, "scores": rewards, "extra_logs": {"x": rewards}})

config = uvicorn.Config(app, port=0, access_log=False, log_level="info")
server = uvicorn.Server(config)
server.run()
"""


@dataclass(frozen=True)
class Found:
    """What a level gave."""

    seconds: float
    latencies: list[float]
    cpu: float
    wrong: int


def bodies(count: int, length: int) -> list[tuple[bytes, float]]:
    """Payloads of OpenRLHF with responses of some length, and their rewards."""
    rng = random.Random(0)
    words = ("so", "we", "have", "then", "the", "sum", "of", "both", "is", "$x^2+1$", "for all n")
    found = []
    for at in range(count):
        answer, gold = rng.randrange(100), at % 100
        text = []
        size = 0
        while size < length:
            text.append(rng.choice(words))
            size += len(text[-1]) + 1
        prompt = f"<|im_start|>user\nProblem {at}?<|im_end|>\n<|im_start|>assistant\n"
        right = answer == gold
        query = f"{prompt}{' '.join(text)} The answer is \\boxed{{{answer}}}.<|im_end|>"
        body = {"query": [query], "prompts": [prompt], "labels": [str(gold)]}
        found.append((json.dumps(body).encode(), float(right)))
    return found


async def post(url: str, work: list[tuple[bytes, float]], kept: bool, check: bool) -> Found:
    """One worker: its payloads one after the other."""
    parts = urlsplit(url)
    latencies, wrong = [], 0
    reader = writer = None
    for body, reward in work:
        begin = time.perf_counter()
        if writer is None:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        ending = "keep-alive" if kept else "close"
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: {ending}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        size = int(re.search(rb"content-length: (\d+)", answer, re.IGNORECASE).group(1))
        text = await reader.readexactly(size)
        latencies.append(time.perf_counter() - begin)
        if not answer.startswith(b"HTTP/1.1 200") or (
            check and json.loads(text)["rewards"] != [reward]
        ):
            wrong += 1
        if not kept:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()
    return Found(0.0, latencies, 0.0, wrong)


async def level(
    url: str, work: list[tuple[bytes, float]], workers: int, kept: bool, pid: int, check: bool
) -> Found:
    """All payloads, by some workers at the same time."""
    cpu, begin = cpu_seconds(pid), time.perf_counter()
    found = await asyncio.gather(
        *(post(url, work[at::workers], kept, check) for at in range(workers))
    )
    seconds = time.perf_counter() - begin
    return Found(
        seconds,
        [one for part in found for one in part.latencies],
        cpu_seconds(pid) - cpu,
        sum(part.wrong for part in found),
    )


def cpu_seconds(pid: int) -> float:
    """What a process has computed so far, all its threads together (Linux)."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(command: list[str]) -> tuple[subprocess.Popen[str], str]:
    """A server, and where it is."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        found = re.search(r"http://[\w.]+:\d+", line)
        if found:
            return process, found.group()
    raise RuntimeError(f"{command[0]} ended with {process.wait()}")


def main() -> None:
    """Starts both, asks both, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=2000, help="for each line")
    parser.add_argument("--length", type=int, default=4000, help="characters of a response")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 16, 128, 512])
    chosen = parser.parse_args()
    work = bodies(chosen.requests, chosen.length)
    servers = {
        "HTTP alone": [sys.executable, "-u", "-c", REFERENCE],
        "pyverify": [sys.executable, "-m", "pyverify.cli", "serve", "--port", "0"],
    }
    print(f"{chosen.requests} requests of {len(work[0][0])} bytes")
    print(
        "| server | connections | at once | requests/s | p50 ms | p99 ms | server's CPU, ms each |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, command in servers.items():
        process, url = start(command)
        try:
            where = f"{url}/get_reward"
            asyncio.run(level(where, work[:200], 8, True, process.pid, False))
            for kept in (True, False):
                for workers in chosen.workers:
                    found = asyncio.run(
                        level(where, work, workers, kept, process.pid, name == "pyverify")
                    )
                    assert not found.wrong, f"{found.wrong} answers are wrong"
                    cuts = statistics.quantiles(found.latencies, n=100)
                    print(
                        f"| {name} | {'kept' if kept else 'new'} | {workers} "
                        f"| {len(found.latencies) / found.seconds:.0f} "
                        f"| {1e3 * statistics.median(found.latencies):.1f} | {1e3 * cuts[98]:.1f} "
                        f"| {1e3 * found.cpu / len(found.latencies):.2f} |",
                        flush=True,
                    )
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    main()
