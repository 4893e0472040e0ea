"""Figures as people read them."""

from __future__ import annotations

import math

__all__ = ["figure", "number", "share"]


def figure(value: float) -> str:
    """A figure in four significant digits at most, without a needless exponent.

    Example:
        >>> figure(0.08901), figure(1267.024), figure(3.0)
        ('0.089', '1267', '3')
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e7:
        digits = max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.3g}"


def share(value: float) -> str:
    """A share of 1 in per cent.

    Example:
        >>> share(0.026), share(0.25)
        ('2.6 %', '25 %')
    """
    return f"{figure(100 * value)} %"


def number(value: float) -> float | None:
    """The value for JSON, which knows neither NaN nor infinities."""
    return value if math.isfinite(value) else None
