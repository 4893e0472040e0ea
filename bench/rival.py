"""A rival as a subprocess: a JSON line per case in, a JSON line per verdict out.

usage: python rival.py NAME

It runs with the Python of an environment of its own and imports nothing but the rival. Frameworks
parse the gold and the response for every sample and compare; so does this, with the defaults of
each. A bare gold or answer goes in as the rival's documentation asks; a response as it is.

Some rivals evaluate what a model wrote as Python. So before the first case the process limits
itself: its memory, its time (per case and in all), no further process, nothing written, deleted or
sent. That keeps a case from harming a benchmark; it is no sandbox for the texts of an attacker.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

_MEMORY = 4 << 30
_SECONDS_PER_CASE = 20
_SECONDS = 3600
_NOBODY = 65534
# What is imported late, tables and caches are no cost of the first response.
_WARM_UP = (("1", "2"), ("\\frac12", "0.5"), ("x+1", "1+x"), ("(1,2)", "\\{1,2\\}"))
# What Python tells its audit hooks before it does it, by the first part or the whole of the name.
_REFUSED = frozenset(("subprocess", "socket", "shutil", "ctypes"))
_REFUSED_CALLS = frozenset(
    (
        *("os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.link"),
        *("os.mkdir", "os.posix_spawn", "os.putenv", "os.remove", "os.rename", "os.rmdir"),
        *("os.spawn", "os.startfile", "os.symlink", "os.system", "os.truncate", "os.unlink"),
    )
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Verdict(SimpleNamespace):
    """What a rival said: `equal`, `timeouts`, and `parsed`, when it had read the gold, or None."""

    equal: bool
    timeouts: int
    parsed: int | None


class Adapter(Protocol):
    """One way to ask a rival."""

    async def __call__(self, gold: str, text: str, bare: bool) -> Verdict:
        """Judges a text, an answer alone if `bare`."""


def boxed(text: str) -> str | None:
    """What stands in the last box, braces matched."""
    start = text.rfind("\\boxed{")
    if start < 0:
        return None
    depth = 0
    for index in range(start + len("\\boxed"), len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return text[start + len("\\boxed{") : index]
    return None


class Strings:
    """The floor: the same characters, but for spaces around them."""

    async def __call__(self, gold: str, text: str, bare: bool) -> Verdict:
        """Compares."""
        answer = text if bare else boxed(text)
        return Verdict(equal=(answer or "").strip() == gold.strip(), timeouts=0, parsed=None)


class TimeoutCounter(logging.Handler):
    """Math-Verify reports a time limit that ran out only as a warning."""

    def __init__(self) -> None:
        """Starts at none."""
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts."""
        self.count += "Timeout" in str(record.msg)


class MathVerify:
    """`verify(parse(gold), parse(text))`, what is bare in `$…$`."""

    def __init__(self) -> None:
        """Imports it and listens to its warnings."""
        from math_verify import parse, verify  # type: ignore[import-not-found]

        self._parse, self._verify = parse, verify
        self._timeouts = TimeoutCounter()
        for name in ("math_verify", "latex2sympy2_extended"):
            logger = logging.getLogger(name)
            logger.addHandler(self._timeouts)
            logger.propagate = False

    async def __call__(self, gold: str, text: str, bare: bool) -> Verdict:
        """Compares."""
        before = self._timeouts.count
        tree = self._parse(self._in_maths(gold))
        parsed = spent_ns()
        equal = bool(self._verify(tree, self._parse(self._in_maths(text) if bare else text)))
        return Verdict(equal=equal, timeouts=self._timeouts.count - before, parsed=parsed)

    @staticmethod
    def _in_maths(text: str) -> str:
        return text if "$" in text or "\\boxed" in text else f"${text}$"


class MathRuler:
    """`grade_answer(answer, gold)`, the answer of a response by `extract_boxed_content`."""

    def __init__(self) -> None:
        """Imports it."""
        from mathruler import grader  # type: ignore[import-not-found]

        self._grader = grader

    async def __call__(self, gold: str, text: str, bare: bool) -> Verdict:
        """Compares."""
        answer = text if bare else self._grader.extract_boxed_content(text)
        equal = bool(self._grader.grade_answer(answer, gold))
        return Verdict(equal=equal, timeouts=0, parsed=None)


class InspectAi:
    """The `math` scorer on a state that has nothing but the output, what is bare in a box."""

    def __init__(self) -> None:
        """Imports it."""
        from inspect_ai.scorer import Target, math  # type: ignore[import-not-found]

        self._target, self._score = Target, math()

    async def __call__(self, gold: str, text: str, bare: bool) -> Verdict:
        """Compares."""
        if bare and "$" not in text and "\\boxed" not in text:
            text = f"\\boxed{{{text}}}"
        state = SimpleNamespace(output=SimpleNamespace(completion=text))
        score = await self._score(state, self._target(gold))
        status = (score.metadata or {}).get("math_scorer_status", "")
        timeouts = int(status.endswith("_timeout"))
        return Verdict(equal=score.value == "C", timeouts=timeouts, parsed=None)


_ADAPTERS: dict[str, type[Strings | MathVerify | MathRuler | InspectAi]] = {
    "string equality": Strings,
    "math-verify": MathVerify,
    "mathruler": MathRuler,
    "inspect-ai": InspectAi,
}


def spent_ns() -> int:
    """This process's CPU time; a limit of CPU time makes the usual clock count whole ticks."""
    try:
        import resource
    except ImportError:
        return time.process_time_ns()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int((usage.ru_utime + usage.ru_stime) * 1e9)


def confine() -> None:
    """Limits this process for good, as far as the system can."""
    sys.addaudithook(refuse)
    try:
        import resource
    except ImportError:
        return
    # The number of processes binds all users but root.
    if os.getuid() == 0 and _readable():
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    limits = {"CPU": _SECONDS, "AS": _MEMORY, "FSIZE": 0, "CORE": 0, "NPROC": 0}
    for name, most in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: no process, no connection, no file but for reading."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event in _REFUSED_CALLS or event.partition(".")[0] in _REFUSED:
        raise PermissionError(event)


def _readable() -> bool:
    """Whether any user could still import what is imported late."""
    places = [Path(os.__file__).resolve(), Path(sys.prefix).resolve()]
    return all(one.stat().st_mode & 0o005 == 0o005 for each in places for one in each.parents)


def start_case() -> None:
    """Gives the next case its time: beyond it the system ends the process."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft = spent_ns() // 10**9 + _SECONDS_PER_CASE
        resource.setrlimit(resource.RLIMIT_CPU, (min(soft, _SECONDS), _SECONDS))


async def main() -> None:
    """Answers until its input ends, in one task, for which inspect-ai keeps its worker."""
    out = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not spoil the answers
    judge: Adapter = _ADAPTERS[sys.argv[1]]()
    for gold, text in _WARM_UP:
        await judge(gold, f"So $\\boxed{{{text}}}$.", False)
        await judge(gold, text, True)
    confine()
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        start_case()
        said = Verdict(equal=False, timeouts=0, parsed=None)
        crashed = False
        start = spent_ns()
        try:
            said = await judge(case["gold"], case["text"], case["bare"])
        except BaseException as error:  # a time limit of its own may be no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            crashed = True
        end = spent_ns()
        without_gold = None if said.parsed is None else end - said.parsed
        answer = {"equal": said.equal, "crashed": crashed, "timeouts": said.timeouts}
        answer |= {"ns": end - start, "ns_without_gold": without_gold}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
