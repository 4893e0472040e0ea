"""The verifiers that pyverify is compared with, each in an environment and a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from corpus import Case

from pyverify.graders import Fault, LineProcess

_KILL_SECONDS = 10.0
_START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Rival:
    """A verifier to compare with.

    Attributes:
        name: Its name, and that of its adapter in rival.py.
        requirements: What pip installs for it, pinned; nothing for what is built in.
        shown: Further distributions whose versions say what was compared.
    """

    name: str
    requirements: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


_PARSER = ("latex2sympy2_extended==1.11.0", "antlr4-python3-runtime==4.13.2", "sympy==1.14.0")

RIVALS = (
    Rival("math-verify", ("math-verify==0.9.0", *_PARSER), ("latex2sympy2_extended", "sympy")),
    Rival("inspect-ai", ("inspect-ai==0.3.285", *_PARSER), ("latex2sympy2_extended", "sympy")),
    Rival(
        "mathruler", ("mathruler==0.1.0", "pylatexenc==2.10", "sympy==1.14.0", "tqdm"), ("sympy",)
    ),
    Rival("string equality"),
)


def chosen(names: str) -> list[Rival]:
    """Those of the names, behind commas."""
    known = {rival.name: rival for rival in RIVALS}
    for name in names.split(","):
        if name not in known:
            raise SystemExit(f"no rival {name!r}; there are {', '.join(known)}")
    return [known[name] for name in names.split(",")]


def environment(rival: Rival, folder: Path) -> Path:
    """The interpreter of an environment that has the rival; made when missing or of other pins."""
    if not rival.requirements:
        return Path(sys.executable)
    place = folder / rival.name
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = "\n".join(rival.requirements)
    mark = place / "pins.txt"
    if not mark.exists() or mark.read_text(encoding="utf-8") != pins:
        print(f"making {place} with {', '.join(rival.requirements)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *rival.requirements], check=True)
        mark.write_text(pins, encoding="utf-8")
    return python


def versions(rival: Rival, python: Path) -> str:
    """What was compared."""
    if not rival.requirements:
        return "built in"
    names = (rival.name, *rival.shown)
    script = "import sys; from importlib.metadata import version as v; print(*map(v, sys.argv[1:]))"
    told = subprocess.run(
        [str(python), "-c", script, *names], check=True, capture_output=True, text=True
    )
    own, *others = told.stdout.split()
    with_ = " and ".join(f"{name} {one}" for name, one in zip(rival.shown, others, strict=True))
    return f"{own} (with {with_})" if with_ else own


class Process:
    """A rival's process; started again when it has died, was killed or stopped by a clock."""

    def __init__(self, rival: Rival, python: Path) -> None:
        """Starts it with an interpreter that has the rival."""
        self.name = rival.name
        script = Path(__file__).with_name("rival.py")
        # Nothing of this process's environment may reach the other one.
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
        self._process = LineProcess(
            [str(python), "-B", str(script), rival.name],
            environment={key: os.environ[key] for key in kept if key in os.environ},
        )
        self._start()

    def _start(self) -> None:
        if isinstance(self._process.start(_START_SECONDS), Fault):
            raise RuntimeError(f"the process of {self.name} did not start")

    def ask(self, case: Case) -> dict[str, int] | str:
        """The answer to a case; without one, "timeouts" or "crashed", and another process."""
        row = {"gold": case.gold, "text": case.text, "bare": case.bare}
        answer = self._process.ask(row, _KILL_SECONDS)
        # What a clock has stopped may leave a thread behind that goes on at the cost of others.
        if isinstance(answer, Fault) or answer["timeouts"]:
            self._start()
        if isinstance(answer, Fault):
            return "timeouts" if answer.kind == "timeout" else "crashed"
        return cast("dict[str, int]", answer)

    def close(self) -> None:
        """Ends the process."""
        self._process.end()
