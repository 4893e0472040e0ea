"""Balls of every tier against mpmath: no point of an argument may map outside the result."""

from __future__ import annotations

import math
import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

mpmath = pytest.importorskip("mpmath")

pytestmark = pytest.mark.slow

_TIERS = ("double", "double-double", "6 limbs", "18 limbs")
_PART = re.compile(r"([+-])([0-9a-f]+):(-?\d+)")
# Enough for arguments of 1000 bits, radii of 1022 and results of 18 limbs.
_PRECISION = 3600


@dataclass(frozen=True)
class Argument:
    """A ball of doubles."""

    re: float
    im: float
    rad: float
    real: bool

    def token(self) -> str:
        return f"d:{self.re.hex()},{self.im.hex()},{self.rad.hex()},{int(self.real)}"

    def point(self, rng: random.Random):
        """Some point of the ball, exactly."""
        centre = mpmath.mpc(self.re, self.im)
        if self.rad == 0:
            return centre
        if self.real:
            return centre + mpmath.mpf(self.rad) * rng.choice((-1, 1, 0, rng.uniform(-1, 1)))
        length = rng.choice((1 - 2**-40, rng.uniform(0, 0.999)))
        angle = rng.uniform(0, 2 * math.pi)
        return centre + mpmath.mpf(self.rad) * mpmath.mpc(
            length * math.cos(angle), length * math.sin(angle)
        )


@dataclass(frozen=True)
class Result:
    bad: bool
    real: bool
    rad: float
    re: str
    im: str

    def midpoint(self):
        def part(text: str):
            terms = _PART.findall(text)
            return mpmath.fsum(
                mpmath.ldexp(int(digits, 16) * (-1 if sign == "-" else 1), int(exponent))
                for sign, digits, exponent in terms
            )

        return mpmath.mpc(part(self.re), part(self.im))


def _evaluate(tool: Path, lines: list[str]) -> list[list[Result]]:
    run = subprocess.run(
        [str(tool)], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    )
    results = []
    for line in run.stdout.splitlines():
        bad, real, rad, re_part, im_part = line.split()
        results.append(Result(bad == "1", real == "1", float.fromhex(rad), re_part, im_part))
    return [results[i : i + len(_TIERS)] for i in range(0, len(results), len(_TIERS))]


def _scaled(rng: random.Random, low: int, high: int) -> float:
    return math.ldexp(rng.uniform(0.5, 1), rng.randint(low, high))


def _hard_number(rng: random.Random) -> float:
    """Ordinary, huge, tiny, near 1, near multiples of pi/2."""
    kinds: tuple[Callable[[], float], ...] = (
        lambda: rng.uniform(0, 1),
        lambda: rng.uniform(0, 10),
        lambda: rng.uniform(0, 700),
        lambda: _scaled(rng, -300, 300),
        lambda: _scaled(rng, -20, 35),
        lambda: _scaled(rng, -1000, 0),
        lambda: _scaled(rng, -1020, 989),
        lambda: rng.randrange(1000) * math.pi / 2,
        lambda: rng.randrange(2**29) * math.pi / 2,
        lambda: 1 + rng.choice((-1, 1)) * _scaled(rng, -53, -1),
        lambda: float(rng.randrange(50)),
        lambda: rng.choice((0.0, 0.5, 1.0, 2.0)),
    )
    return rng.choice((-1, 1)) * rng.choice(kinds)()


def _argument(rng: random.Random) -> Argument:
    real = rng.random() < 0.5
    re_part = _hard_number(rng)
    im_part = 0.0 if real else _hard_number(rng)
    if not real and rng.random() < 0.2:
        im_part = re_part * math.ldexp(1, -rng.randrange(400))
    size = max(abs(re_part), abs(im_part))
    rad = rng.choice(
        (0.0, 0.0, size * _scaled(rng, -60, 0), _scaled(rng, -1000, 0), _scaled(rng, -40, 1))
    )
    return Argument(re_part, im_part, rad, real)


def _asin(z):
    if z.imag == 0 and abs(z.real) > 1:  # on the cut: the formula's side
        return -1j * mpmath.log(1j * z + mpmath.sqrt(1 - z * z))
    return mpmath.asin(z)


_UNARY = {
    "neg": lambda z: -z,
    "conj": mpmath.conj,
    "inv": lambda z: 1 / z,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "atan": mpmath.atan,
    "asin": _asin,
    "acos": lambda z: mpmath.pi / 2 - _asin(z),
    "abs": abs,
    "arg": mpmath.arg,
    "re": lambda z: z.real,
    "im": lambda z: z.imag,
}
_BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
}


def _check(result: Result, value, where: str) -> None:
    distance = abs(value - result.midpoint())
    # mpmath is no ball arithmetic: its own rounding is allowed for.
    slack = mpmath.ldexp(abs(value) + 1, 64 - _PRECISION)
    assert distance <= result.rad + slack, f"{where}: {distance} > {result.rad}"
    if result.real:
        assert abs(mpmath.im(value)) <= slack, f"{where}: not real"


@pytest.mark.parametrize("name", [*_UNARY, *_BINARY])
def test_results_hold_every_point(ball_tool: Path, name: str) -> None:
    rng = random.Random(name)
    arity = 1 if name in _UNARY else 2
    arguments = [[_argument(rng) for _ in range(arity)] for _ in range(250)]
    lines = [" ".join([*(a.token() for a in row), name]) for row in arguments]
    function = _UNARY[name] if arity == 1 else _BINARY[name]
    decided = [0] * len(_TIERS)
    with mpmath.workprec(_PRECISION):
        for row, line, results in zip(arguments, lines, _evaluate(ball_tool, lines), strict=True):
            if all(result.bad for result in results):
                continue
            for _ in range(2):
                value = function(*(argument.point(rng) for argument in row))
                for i, result in enumerate(results):
                    if not result.bad:
                        decided[i] += 1
                        _check(result, value, f"{_TIERS[i]}: {line}")
    assert min(decided) > 100


def _expression(rng: random.Random, depth: int):
    """A line for the tool, and a function that computes its value."""
    if depth == 0 or rng.random() < 0.12:
        kind = rng.randrange(5)
        if kind == 0:
            number = rng.randint(-20, 20)
            return f"n:{number}", lambda: mpmath.mpc(number)
        if kind == 1:
            num, den = rng.randint(-40, 40), rng.randint(1, 30)
            return f"q:{num}/{den}", lambda: mpmath.mpc(num) / den
        if kind == 2:
            digits, shift = rng.randrange(10 ** rng.randint(1, 400)), rng.randint(-420, 4)
            ten = mpmath.mpf(10)
            return f"t:{digits},{shift}", lambda: mpmath.mpc(digits) * ten**shift
        if kind == 3:
            return "pi", lambda: mpmath.mpc(mpmath.pi)
        return rng.choice((("e", lambda: mpmath.mpc(mpmath.e)), ("i", lambda: mpmath.mpc(0, 1))))
    left, left_value = _expression(rng, depth - 1)
    if rng.random() < 0.45:
        name = rng.choice(list(_BINARY))
        right, right_value = _expression(rng, depth - 1)
        return f"{left} {right} {name}", lambda: _BINARY[name](left_value(), right_value())
    if rng.random() < 0.15:
        power = rng.randint(-6, 12)
        return f"{left} ^:{power}", lambda: left_value() ** power
    name = rng.choice(list(_UNARY))
    return f"{left} {name}", lambda: mpmath.mpc(_UNARY[name](left_value()))


def test_expressions_hold_their_value(ball_tool: Path) -> None:
    rng = random.Random(163)
    expressions = [_expression(rng, rng.randint(1, 5)) for _ in range(1500)]
    decided = 0
    with mpmath.workprec(_PRECISION):
        for (line, value), results in zip(
            expressions, _evaluate(ball_tool, [line for line, _ in expressions]), strict=True
        ):
            if all(result.bad for result in results):
                continue  # mpmath could take for ever
            exact = value()
            for tier, result in zip(_TIERS, results, strict=True):
                if not result.bad:
                    decided += 1
                    _check(result, exact, f"{tier}: {line}")
    assert decided > 4000
