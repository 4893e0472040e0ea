"""The process around the endpoints: a socket, an event loop, an end."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["address", "listen", "serve"]

# Connections that wait to be taken on: a rollout's requests come at once.
_BACKLOG = 4096
_MOST_FILES = 65536


def listen(host: str, port: int) -> socket.socket:
    """A socket to which clients can connect already; they wait until `serve`.

    Args:
        host: A name or an address; IPv4 or IPv6.
        port: 0 for any that is free.

    Raises:
        OSError: It is taken, or not ours to take.
        ValueError: There is no such port.
    """
    if not 0 <= port <= 65535:
        raise ValueError(f"port must be from 0 to 65535, not {port}")
    family, kind, protocol, _, place = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def address(made: socket.socket) -> str:
    """Its URL."""
    host, port = made.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, made: socket.socket, *, grace: float = 30.0) -> None:
    """Answers until SIGTERM or SIGINT, then finishes what is in flight.

    Args:
        app: What answers.
        made: Where, from `listen`.
        grace: Seconds for what is in flight.
    """
    import uvicorn

    _more_files()
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=max(1, round(grace)),
        # A client that reuses a connection must not meet one that is just being closed.
        timeout_keep_alive=75,
        server_header=False,
        lifespan="off",
        ws="none",
    )
    # uvicorn raises again what it was sent, after its clean end.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[made])


def _more_files() -> None:
    """Takes as many connections as the system lets a process have, rather than its usual 1024."""
    try:
        import resource
    except ImportError:  # no POSIX
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
