"""Balls of every tier against python-flint's arb and acb, at the hard points of each function.

The other oracle, mpmath, takes random balls. Here arguments are exact, and chosen where the usual
implementations go wrong: next to multiples of pi/2 (the continued fraction of pi, and the double
that is nearest to one), next to 1 for the logarithm, at the ends of the range, at the switch points
of an implementation, on and next to branch cuts.
"""

from __future__ import annotations

import math
import random
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

flint = pytest.importorskip("flint", reason="python-flint is not installed")

pytestmark = pytest.mark.slow

_PRECISION = 4200
_TIERS = 4
_PART = re.compile(r"([+-])([0-9a-f]+):(-?\d+)")

_FUNCTIONS = {
    "exp": lambda z: z.exp(),
    "log": lambda z: z.log(),
    "sqrt": lambda z: z.sqrt(),
    "sin": lambda z: z.sin(),
    "cos": lambda z: z.cos(),
    "atan": lambda z: z.atan(),
    "asin": lambda z: z.asin(),
    "acos": lambda z: z.acos(),
    "inv": lambda z: 1 / z,
}


def _multiples_of_half_pi() -> list[float]:
    """Doubles next to multiples of pi/2: numerators of convergents, and the worst of all."""
    flint.ctx.prec = 2000
    value, found = flint.arb.pi() / 2, [6381956970095103.0 * 2.0**797]
    before, now = (1, 0), (0, 1)
    for _ in range(60):
        whole = value.floor().unique_fmpz()
        before, now = now, (int(whole) * now[0] + before[0], int(whole) * now[1] + before[1])
        if now[0] and now[1] < 2**53:
            found.append(float(now[1]))
        value = 1 / (value - whole)
    found += [k * math.pi / 2 for k in (*range(1, 20), 1000, 12345, 10**6, 2**29)]
    return found


def _hard_points() -> list[float]:
    rng = random.Random(2026)
    points = [0.0, 1.0, 0.5, 2.0, math.pi, math.e, math.log(2), 0.75, 1.5]
    points += _multiples_of_half_pi()
    for exponent in range(1, 60, 3):  # next to 1, next to 0
        points += [1 + 2.0**-exponent, 1 - 2.0**-exponent, 2.0**-exponent, 1.5 * 2.0**-exponent]
    points += [math.nextafter(1, 0), math.nextafter(1, 2), 5e-324, 2.3e-308, 1e-200, 1e200]
    points += [k * math.log(2) for k in (1, 2, 10, 100, 900)]  # where exp reduces its argument
    points += [(k + 0.5) * math.log(2) for k in (0, 1, 10, 100, 900)]
    points += [0.4375, 0.6875, 1.1875, 2.4375, math.tan(math.pi / 8), math.tan(math.pi / 16)]
    points += [679.9, 680.0, 680.1, 709.7, 2.0**30, 2.0**30 + 1, 2.0**40, 2.0**100, 2.0**192]
    points += [math.ldexp(rng.uniform(0.5, 1), rng.randint(-60, 60)) for _ in range(400)]
    return sorted({*points, *(-point for point in points)})


def _arguments(name: str) -> list[tuple[float, float]]:
    points = _hard_points()
    rng = random.Random(name)
    reals = [(point, 0.0) for point in points]
    mixed = [(rng.choice(points), rng.choice(points)) for _ in range(600)]
    near_cuts = [(x, sign * 2.0**-k) for x in (-2.0, -1.0, 1.0, 3.0, -0.5)
                 for sign in (1, -1) for k in (1, 10, 52, 200, 900)]  # fmt: skip
    on_axis = [(0.0, point) for point in points[::3]]
    return reals + mixed + near_cuts + on_axis


def _exact(value: float) -> Any:
    ratio = Fraction(value)
    return flint.arb(flint.fmpq(ratio.numerator, ratio.denominator))


def _part(text: str) -> Any:
    total = flint.arb(0)
    for sign, digits, exponent in _PART.findall(text):
        term = flint.arb(flint.fmpz(int(digits, 16)) * (-1 if sign == "-" else 1))
        total += term * flint.arb(2) ** int(exponent)
    return total


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_hard_points_lie_inside(ball_tool: Path, name: str) -> None:
    arguments = _arguments(name)
    lines = [f"d:{x.hex()},{y.hex()},0x0p+0,{int(y == 0)} {name}" for x, y in arguments]
    output = subprocess.run(
        [str(ball_tool)], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(output) == _TIERS * len(lines)
    checked = [0] * _TIERS
    flint.ctx.prec = _PRECISION
    for index, row in enumerate(output):
        bad, real, rad, re_part, im_part = row.split()
        x, y = arguments[index // _TIERS]
        if bad == "1":
            continue
        value = _FUNCTIONS[name](flint.acb(_exact(x), _exact(y)))
        if not value.is_finite() or value.rel_accuracy_bits() < 1200:
            continue
        distance = abs(value - flint.acb(_part(re_part), _part(im_part)))
        assert not distance > _exact(float.fromhex(rad)), lines[index // _TIERS]
        if real == "1":
            assert value.imag.contains(0), lines[index // _TIERS]
        checked[index % _TIERS] += 1
    assert min(checked) > 400
