"""``pyverify serve``: rewards over HTTP."""

from __future__ import annotations

import argparse
import math
import os
import socket
import sys

from pyverify.cli import codes

_TOKEN = "PYVERIFY_SERVE_TOKEN"  # noqa: S105  # the name of a variable

_DESCRIPTION = """\
Answers over HTTP with rewards, for trainers that ask a server:

  POST /get_reward   OpenRLHF: --reward.remote_url http://HOST:PORT/get_reward
  POST /slime        slime: --rm-type remote_rm --rm-url http://HOST:PORT/slime --reward-key reward
  POST /score        others: {"completions": [...], "golds": [...]}
  GET  /health, GET /metrics (Prometheus)

Requests that wait at the same time are scored together. SIGTERM and Ctrl-C end it when what is in
flight is answered. Needs: pip install fastapi uvicorn prometheus-client
"""

_EXAMPLES = """\
examples:
  pyverify serve --reward format_accuracy
  pyverify serve --reward mine.toml --host 0.0.0.0 --port 8000
  PYVERIFY_SERVE_TOKEN=... pyverify serve        clients show it: http://pyverify:TOKEN@HOST:8000/...
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "serve",
        help="answer with rewards over HTTP",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--reward",
        metavar="NAME|FILE",
        default="correctness",
        help="a recipe or a file; 'pyverify rewards' lists them (correctness)",
    )
    parser.add_argument(
        "--prefilled",
        action="store_true",
        help="responses begin inside a reasoning block, whatever the prompts say",
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="0 for any that is free (8000)")
    parser.add_argument(
        "--token", help=f"what clients must show; {_TOKEN} keeps it out of the list of processes"
    )
    parser.add_argument("--max-body", type=int, default=16, metavar="MIB", help="of a request (16)")
    parser.add_argument(
        "--max-batch", type=int, default=8192, metavar="N", help="completions in a request (8192)"
    )
    parser.add_argument(
        "--max-concurrency",
        type=int,
        default=1024,
        metavar="N",
        help="requests at the same time; those beyond are told to come again (1024)",
    )
    parser.add_argument(
        "--grace", type=float, default=30.0, metavar="SECONDS", help="for what is in flight (30)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command; returns its exit code."""
    from pyverify.integrations.serve.limits import Limits
    from pyverify.integrations.serve.server import address, listen, serve
    from pyverify.integrations.trainer_reward import TrainerReward
    from pyverify.io.shown import visible

    try:
        from pyverify.integrations.serve.app import make_app
    except ImportError as error:
        print(
            f"pyverify: serve needs {error.name}: pip install fastapi uvicorn prometheus-client",
            file=sys.stderr,
        )
        return codes.USAGE
    token = os.environ.get(_TOKEN) if arguments.token is None else arguments.token
    try:
        if token == "":
            raise ValueError(f"the token is empty: leave out --token and {_TOKEN} for none")
        if not 0 <= arguments.grace < math.inf:
            raise ValueError(f"--grace must be from 0 up, and finite, not {arguments.grace:g}")
        reward = TrainerReward(arguments.reward, prefilled=arguments.prefilled)
        limits = Limits(
            body=arguments.max_body << 20,
            batch=arguments.max_batch,
            concurrency=arguments.max_concurrency,
        )
        made = listen(arguments.host, arguments.port)
    except OSError as error:
        where = f"{arguments.host}:{arguments.port}"
        other = "--host" if isinstance(error, socket.gaierror) else "--port (0 for any)"
        print(
            f"pyverify: cannot listen on {where}: {error.strerror}; choose another {other}",
            file=sys.stderr,
        )
        return codes.USAGE
    except (ValueError, OverflowError) as error:
        print(visible(f"pyverify: {error}"), file=sys.stderr)
        return codes.USAGE
    print(f"pyverify: serving {arguments.reward} on {address(made)}", flush=True)
    if reward.needs:
        lacking = ", ".join(reward.needs)
        print(f"pyverify: only /score can bring it what it needs: {lacking}", file=sys.stderr)
    if token is None and not arguments.host.startswith(("127.", "localhost", "::1")):
        print("pyverify: there is no --token: whoever reaches it may use it", file=sys.stderr)
    serve(make_app(reward, limits=limits, token=token), made, grace=arguments.grace)
    return codes.OK
