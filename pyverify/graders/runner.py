"""Runs a grader in a process of its own: a line of JSON per row in, a line per judgement out.

usage: python runner.py GRADER MEMORY_BYTES

It is run as a file by the Python of the grader's environment, which need not have pyverify, so it
imports nothing but the standard library and the grader. Standard output belongs to the answers:
what a grader prints goes to standard error, and it reads nothing of the questions.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import importlib
import importlib.util
import inspect
import json
import logging
import math
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

_RIGHT_FROM = 0.5
_PR_SET_PDEATHSIG = 1
_EXTRACTED = ("pred", "extracted", "extracted_answer", "answer")
_SCORES = ("score", "reward", "correct", "acc")

Object = dict[str, object]
Judge = Callable[[Object], Object]


def main() -> None:
    """Answers questions until there are no more."""
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.dup2(2, 1)
    confine(int(sys.argv[2]))
    try:
        judge, version = load(sys.argv[1])
    except BaseException as error:
        say(answers, {"failed": words(error)})
        return
    say(answers, {"ready": True, "version": version})
    for line in questions:
        try:
            answer = judge(json.loads(line))
        except BaseException as error:
            # After a want of memory nothing is sure: another process goes on.
            answer = {"raised": words(error), "last": isinstance(error, MemoryError)}
        say(answers, answer)
        if answer.get("last"):
            return


def say(stream: BinaryIO, value: Object) -> None:
    """Sends a line."""
    stream.write(json.dumps(value).encode() + b"\n")
    stream.flush()


def words(error: BaseException) -> str:
    """An exception in a line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def confine(memory: int) -> None:
    """Bounds the memory, keeps dumps away, and ends with the process that asks."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def load(name: str) -> tuple[Judge, str | None]:
    """The grader of a name, and its version if it has one."""
    if name == "math-verify":
        from importlib.metadata import version

        return MathVerify(), version("math-verify")
    place, _, attribute = name.rpartition(":")
    sys.path.insert(0, "")
    if place.endswith(".py"):
        path = Path(place).resolve()
        sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"cannot load {place}")
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(path.stem, module)
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    function = functools.reduce(getattr, attribute.split("."), module)
    if not callable(function):
        raise TypeError(f"{name} cannot be called")
    return Function(function), None


class Function:
    """A user's function, called as its parameters ask for."""

    def __init__(self, function: Callable[..., object]) -> None:
        """Looks at the parameters."""
        self._function = function
        parameters: Mapping[str, inspect.Parameter] = {}
        with contextlib.suppress(TypeError, ValueError):
            parameters = inspect.signature(function).parameters
        kinds = {parameter.kind for parameter in parameters.values()}
        self._all = inspect.Parameter.VAR_KEYWORD in kinds
        self._names = list(parameters)
        if "completions" in self._names:
            raise TypeError("it takes a batch; wanted is a function of (completion, gold)")

    def __call__(self, row: Object) -> Object:
        """Judges a row."""
        value = self._call(row)
        if inspect.isawaitable(value):
            value = asyncio.run(_waited(value))
        return reading(value)

    def _call(self, row: Object) -> object:
        names = self._names
        if "solution_str" in names:
            given = {
                "data_source": row["data_source"],
                "solution_str": row["completion"],
                "ground_truth": row["gold"],
                "extra_info": row["extra_info"],
            }
            wanted = {key: one for key, one in given.items() if self._all or key in names}
            return self._function(**wanted)
        if "gold" in names and names[0] == "gold" and len(names) > 1:
            return self._function(row["gold"], row["completion"])
        if "gold" in names:
            return self._function(row["completion"], gold=row["gold"])
        return self._function(row["completion"], row["gold"])


async def _waited(value: object) -> object:
    return await value  # type: ignore[misc]


def reading(value: object) -> Object:
    """What a function's value means: a truth, a number, or an object with a score."""
    if value is None:
        return {"verdict": "undecided", "reason": "none", "score": 0.0, "right": False}
    extracted = None
    right: object = None
    if isinstance(value, Mapping):
        right = value.get("acc")
        extracted = next((value[key] for key in _EXTRACTED if value.get(key) is not None), None)
        known = [value[key] for key in _SCORES if value.get(key) is not None]
        if not known:
            raise TypeError(f"an object without {' or '.join(_SCORES)}")
        value = known[0]
    elif not hasattr(type(value), "__float__") and hasattr(value, "score"):
        value = value.score
    score = float(value)  # type: ignore[arg-type]
    if not math.isfinite(score):
        raise ValueError(f"a score of {score}")
    # Where a score is more than right or wrong, verl's functions say which beside it.
    is_right = score >= _RIGHT_FROM if right is None else bool(right)
    return judgement(is_right, "score", score, extracted)


def judgement(right: bool, reason: str, score: float, extracted: object) -> Object:
    """The answer to a question."""
    seen = None if extracted is None else str(extracted)[:10000]
    verdict = "equal" if right else "not_equal"
    return {
        "right": right,
        "verdict": verdict,
        "reason": reason,
        "score": score,
        "extracted": seen,
    }


class _Timeouts(logging.Handler):
    """Math-Verify reports a limit of its own that ran out only as a warning."""

    def __init__(self) -> None:
        """Starts at none."""
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts."""
        self.count += "Timeout" in str(record.msg)


class MathVerify:
    """`verify(parse(gold), parse(completion))`, a gold without marks in `$…$`, with its defaults.

    A list of parts is one text with commas; of alternatives any one will do.
    """

    def __init__(self) -> None:
        """Imports it and listens to its warnings."""
        module = importlib.import_module("math_verify")
        self._parse, self._verify = module.parse, module.verify
        self._timeouts = _Timeouts()
        for name in ("math_verify", "latex2sympy2_extended"):
            logger = logging.getLogger(name)
            logger.addHandler(self._timeouts)
            logger.propagate = False

    def __call__(self, row: Object) -> Object:
        """Judges a row."""
        before = self._timeouts.count
        answer = self._parse(row["completion"])
        golds = [self._parse(marked(text)) for text in gold_texts(row["gold"])]
        right = any(self._verify(gold, answer) for gold in golds)
        if self._timeouts.count > before:
            reason = "own_time_limit"
        elif not answer:
            reason = "nothing_parsed"
        elif not any(golds):
            reason = "gold_not_parsed"
        else:
            reason = "verify"
        # Only the text that was read: writing out a parsed value may take for ever.
        seen = next((one for one in reversed(answer) if isinstance(one, str)), None)
        return judgement(right, reason, float(right), seen)


def gold_texts(gold: object) -> list[str]:
    """The alternatives of a gold as texts."""
    if isinstance(gold, Mapping):
        if "choice" in gold:
            return [str(gold["choice"])]
        return [text for one in gold.get("any_of", ()) for text in gold_texts(one)]
    if isinstance(gold, (list, tuple)):
        return [", ".join(map(str, gold))]
    return [str(gold)]


def marked(text: str) -> str:
    """A bare gold as its documentation wants it."""
    return text if "$" in text or "\\boxed" in text else f"${text}$"


if __name__ == "__main__":
    main()
