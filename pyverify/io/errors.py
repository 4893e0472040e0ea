"""What can be wrong with an input as a whole."""

from __future__ import annotations


class SourceError(Exception):
    """An input that cannot be read; the message says what to do about it."""


class DamagedError(SourceError):
    """An input that gives out half-way, such as a gzip file that was cut short."""
