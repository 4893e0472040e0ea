"""Values made to look equal: multiples of primes, tiny summands, truncations, coincidences."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from .constants import Random
from .oracle import Domain, enclosure
from .tree import (
    PI,
    E,
    Node,
    Path,
    add,
    div,
    fn,
    integer,
    mul,
    neg,
    power,
    replace,
    root,
    sub,
    walk,
)

# The primes of the engine's two finite fields, and others of their kind.
MODULI = ((1 << 61) - 2373, (1 << 61) - 3153)
_OTHERS = ((1 << 61) - 7245, (1 << 61) - 1, (1 << 31) - 1, (1 << 64) - 59)


def truncated_pi(rng: Random) -> Fraction:
    """Pi, cut off after many digits."""
    digits = rng.randint(8, 40)
    ctx.prec = 200
    scaled = (arb.pi() * arb(10) ** digits).floor().unique_fmpz()
    return Fraction(int(scaled or 0), 10**digits)


def truncation(node: Node, rng: Random) -> Node | None:
    """A real constant, cut off after 12 to 40 digits."""
    digits = rng.randint(12, 40)
    value = enclosure(node, Domain.CONSTANT, 0, 400)
    if not value.is_finite() or not abs(value) < 10**12:
        return None
    scaled = (abs(value) * arb(10) ** digits).floor().unique_fmpz()
    if scaled is None or not scaled:
        return None
    cut = Node("dec", (), Fraction(int(scaled), 10**digits))
    return neg(cut) if value < 0 else cut


def _spelled_modulus(modulus: int, rng: Random) -> Node:
    match rng.randrange(6):
        case 0:
            return sub(power(integer(2), 61), integer((1 << 61) - modulus))
        case 1:
            return sub(mul(integer(2), power(integer(8), 20)), integer((1 << 61) - modulus))
        case 2:
            return sub(power(root(integer(2)), 122), integer((1 << 61) - modulus))
        case 3:
            return sub(
                mul(power(integer(2), 21), power(integer(4), 20)), integer((1 << 61) - modulus)
            )
        case _:
            return integer(modulus)


def vanishing(rng: Random) -> Node:
    """A number that is 0 in both fields of the engine, and far from 0."""
    moduli = MODULI if rng.random() < 0.8 else (rng.choice(MODULI), rng.choice(_OTHERS))
    kind = rng.randrange(4)
    if kind == 0:
        product = moduli[0] * moduli[1] * rng.choice((1, 1, rng.randint(2, 10**6)))
        return integer(product)
    factors = [_spelled_modulus(modulus, rng) for modulus in moduli]
    if kind == 1:
        factors.append(integer(rng.randint(2, 10**9)))
    return mul(*factors)


def _scale(node: Node, rng: Random) -> Node:
    """Makes it small, so that doubles miss it."""
    match rng.randrange(6):
        case 0:
            return node
        case 1:
            return div(node, power(integer(10), rng.randint(30, 300)))
        case 2:
            return mul(node, power(integer(2), neg(integer(rng.randint(60, 900)))))
        case 3:
            return div(node, integer(10 ** rng.randint(20, 120)))
        case 4:
            return mul(node, power(E, neg(integer(rng.randint(50, 400)))))
        case _:
            return div(node, integer(rng.randrange(1, 10**38)))


def add_vanishing(node: Node, rng: Random) -> Node:
    """Adds such a number, or multiplies by 1 plus it, somewhere in the tree."""
    places: list[tuple[Path, Node]] = [(path, at) for path, at in walk(node) if at.op != "deg"]
    path, chosen = places[0] if rng.random() < 0.4 else rng.choice(places)
    extra = _scale(vanishing(rng), rng)
    if rng.random() < 0.7:
        return replace(node, path, add(chosen, extra) if rng.random() < 0.7 else sub(chosen, extra))
    return replace(node, path, mul(chosen, add(integer(1), extra)))


def add_tiny(node: Node, rng: Random) -> Node:
    """Adds something far below a double's last bit."""
    exponent = rng.randint(8, 60) if rng.random() < 0.7 else rng.randint(60, 400)
    match rng.randrange(5):
        case 0:
            tiny: Node = Node("dec", (), Fraction(rng.randint(1, 9), 10**exponent))
        case 1:
            tiny = power(integer(10), neg(integer(exponent)))
        case 2:
            tiny = div(integer(rng.randint(1, 9)), integer(10**exponent))
        case 3:
            tiny = power(E, neg(integer(2 * exponent)))
        case _:
            tiny = sub(
                root(add(power(integer(10), 2 * exponent), integer(1))),
                power(integer(10), exponent),
            )
    if rng.random() < 0.7:
        return add(node, tiny) if rng.random() < 0.5 else sub(node, tiny)
    return mul(node, add(integer(1), tiny))


def coincidence(rng: Random) -> tuple[Node, Node]:
    """Two constants that agree to many digits."""
    n = integer
    pairs: list[tuple[Node, Node]] = [
        (power(E, mul(PI, root(n(163)))), add(power(n(640320), 3), n(744))),
        (power(E, mul(PI, root(n(163)))), n(262537412640768744)),
        (power(E, mul(PI, root(n(67)))), add(power(n(5280), 3), n(744))),
        (power(E, mul(PI, root(n(43)))), n(884736744)),
        (power(E, mul(PI, root(n(652)))), n(68925893036109279891085639286943768)),
        (sub(power(E, PI), PI), n(20)),
        (div(n(355), n(113)), PI),
        (div(n(103993), n(33102)), PI),
        (root(add(div(mul(n(2143)), n(22))), 4), PI),
        (fn("sin", n(11)), neg(n(1))),
        (fn("sin", n(355)), n(0)),
        (fn("cos", n(355)), neg(n(1))),
        (fn("sin", n(103993)), n(0)),
        (mul(fn("ln", n(2)), n(2)), div(n(1386294361119891), power(n(10), 15))),
        (add(root(n(10)), root(n(18))), div(n(74049182), n(10**7))),
        (add(root(n(5)), root(n(6)), root(n(18))), add(root(n(4)), root(n(12)), root(n(12)))),
        (root(n(10**30 + 1)), n(10**15)),
        (sub(root(n(10**24 + 1)), n(10**12)), div(n(1), n(2 * 10**12))),
        (power(add(n(1), power(n(10), neg(n(20)))), n(2)), n(1)),
        (div(fn("ln", n(640320)), n(1)), div(mul(PI, root(n(163))), n(3))),
        (div(fn("ln", n(262537412640768744)), root(n(163))), PI),
        (fn("tanh", n(60)), n(1)),
        (fn("arctan", n(10**22)), div(PI, n(2))),
        (power(n(2), div(n(1), n(10**18))), n(1)),
        (add(power(n(1782), 12), power(n(1841), 12)), power(n(1922), 12)),
        (add(power(n(3987), 12), power(n(4365), 12)), power(n(4472), 12)),
    ]
    if rng.random() < 0.5:
        left, right = rng.choice(pairs)
    else:  # a^2 - d b^2 = 1: a/b is near the root of d
        d = rng.choice((2, 3, 5, 6, 7, 10, 11, 13, 61, 109))
        a, b = _convergent(d, rng.randint(10, 60))
        left, right = root(n(d)), div(n(a), n(b))
    if rng.random() < 0.5:
        left, right = right, left
    scale, shift = n(rng.randint(1, 99)), n(rng.randint(1, 99))
    if rng.random() < 0.3:
        return left, right
    return add(mul(scale, left), shift), add(mul(scale, right), shift)


def _convergent(d: int, steps: int) -> tuple[int, int]:
    """Of the continued fraction of the root of d."""
    whole = int(d**0.5)
    m, denominator, a = 0, 1, whole
    h, k, h_before, k_before = whole, 1, 1, 0
    for _ in range(steps):
        m = denominator * a - m
        denominator = (d - m * m) // denominator
        a = (whole + m) // denominator
        h, h_before = a * h + h_before, h
        k, k_before = a * k + k_before, k
    return h, k
