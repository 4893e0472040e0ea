"""A real HTTP server that speaks the chat protocol and misbehaves on request.

It listens on 127.0.0.1. A test hands it a function from the number of a request and its body to an
`Action`; what came in, and when, is kept for the test to look at.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pyverify import Reason, Result, Verdict, equivalent

RIGHT, WRONG = '{"verdict": "RIGHT"}', '{"verdict": "WRONG"}'


@dataclass
class Action:
    """What the server does with one request."""

    reply: str | None = RIGHT  # the content of the message
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None  # instead of a chat completion
    delay: float = 0.0
    tokens: int | None = 10
    finish: str = "stop"
    reset: bool = False  # a connection reset instead of an answer
    half: bool = False  # half the body, then the end
    drip: float = 0.0  # seconds between two bytes


@dataclass
class Seen:
    """One request as it came in."""

    at: float
    path: str
    key: str
    body: dict[str, object]

    @property
    def prompt(self) -> str:
        messages = self.body["messages"]
        assert isinstance(messages, list)
        assert len(messages) == 1
        return str(messages[0]["content"])


Behaviour = Callable[[int, dict[str, object]], Action]


class JudgeServer:
    """The server with its log."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = lambda number, body: Action()
        self.seen: list[Seen] = []
        self.models = ["m"]
        self.models_status = 200
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.list_models(self)

            def do_POST(self) -> None:
                owner.serve(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # clients that hang up are what these tests are about

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def requests(self) -> int:
        return len(self.seen)

    def say(self, reply: str) -> None:
        self.behaviour = lambda number, body: Action(reply)

    def then(self, *actions: Action) -> None:
        """One action a request; the last one for all that follow."""
        self.behaviour = lambda number, body: actions[min(number, len(actions) - 1)]

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            number = len(self.seen)
            key = handler.headers.get("Authorization", "")
            self.seen.append(Seen(time.monotonic(), handler.path, key, body))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self._act(handler, self.behaviour(number, body))
        finally:
            with self._lock:
                self._now -= 1

    def list_models(self, handler: BaseHTTPRequestHandler) -> None:
        listed = {"object": "list", "data": [{"id": name} for name in self.models]}
        self._act(handler, Action(body=json.dumps(listed).encode(), status=self.models_status))

    def _act(self, handler: BaseHTTPRequestHandler, action: Action) -> None:
        self._stopped.wait(action.delay)
        if action.reset:
            now = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            handler.close_connection = True
            handler.connection.close()
            return
        body = action.body if action.body is not None else completion(action)
        handler.send_response(action.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in action.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if action.half:
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
        elif action.drip:
            for byte in body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                if self._stopped.wait(action.drip):
                    return
        else:
            handler.wfile.write(body)

    def close(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def completion(action: Action) -> bytes:
    value: dict[str, object] = {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": action.finish,
                "message": {"role": "assistant", "content": action.reply},
            }
        ],
    }
    if action.tokens is not None:
        value["usage"] = {
            "prompt_tokens": 1,
            "completion_tokens": action.tokens - 1,
            "total_tokens": action.tokens,
        }
    return json.dumps(value).encode()


@contextlib.contextmanager
def running() -> Iterator[JudgeServer]:
    server = JudgeServer()
    try:
        yield server
    finally:
        server.close()


def undecided(answer: str, gold: str = "blue", reason: Reason = Reason.UNDECIDED) -> Result:
    """A verdict as the engine leaves it, whatever the engine has learnt since."""
    result = equivalent("1", gold="2")
    return dataclasses.replace(
        result, verdict=Verdict.UNDECIDED, reason=reason, answer=answer, gold=gold
    )
