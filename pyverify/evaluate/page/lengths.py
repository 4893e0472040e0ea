"""Lengths of all responses against their scores, in memory that doesn't grow."""

from __future__ import annotations

from dataclasses import dataclass, field

_TENTHS = 10
# A bucket is told by the first five bits of a length: lengths in one differ by a sixteenth at most.
_BITS = 5


@dataclass(frozen=True, slots=True)
class Band:
    """Responses of about one length.

    Attributes:
        low: Characters of the shortest ones, rounded down to their bucket's.
        high: Characters of the longest ones, rounded up.
        count: How many there are.
        right: Sum of their scores.
    """

    low: int
    high: int
    count: int
    right: float

    @property
    def accuracy(self) -> float:
        """Mean score."""
        return self.right / self.count


@dataclass(slots=True)
class Lengths:
    """Counts of responses by length, exact below 32 characters and to a sixteenth above."""

    _buckets: dict[int, list[float]] = field(default_factory=dict)

    def add(self, length: int, score: float) -> None:
        """Counts one response."""
        known = self._buckets.get(bucket := _bucket(length))
        if known is None:
            self._buckets[bucket] = [1, score]
        else:
            known[0] += 1
            known[1] += score

    def bands(self) -> list[Band]:
        """About ten parts of equal size, from the shortest responses to the longest.

        Responses of one bucket stay together, so there may be fewer parts, of uneven sizes.
        """
        total = sum(int(count) for count, _ in self._buckets.values())
        parts: dict[int, list[int]] = {}
        before = 0
        for bucket in sorted(self._buckets):
            count = int(self._buckets[bucket][0])
            middle = (2 * before + count) * _TENTHS // (2 * total)
            parts.setdefault(middle, []).append(bucket)
            before += count
        return [self._band(buckets) for buckets in parts.values()]

    def median(self, *, right: bool) -> int | None:
        """The length in the middle of the right responses, or of all others; None of none."""
        counts = {
            bucket: score if right else count - score
            for bucket, (count, score) in self._buckets.items()
        }
        half, seen = sum(counts.values()) / 2, 0.0
        for bucket in sorted(counts):
            seen += counts[bucket]
            if half > 0 and seen >= half:
                return (_lowest(bucket) + _lowest(bucket + 1) - 1) // 2
        return None

    def _band(self, buckets: list[int]) -> Band:
        return Band(
            _lowest(buckets[0]),
            _lowest(buckets[-1] + 1) - 1,
            sum(int(self._buckets[bucket][0]) for bucket in buckets),
            sum(self._buckets[bucket][1] for bucket in buckets),
        )


def _bucket(length: int) -> int:
    shift = max(length.bit_length() - _BITS, 0)
    return (shift << (_BITS - 1)) + (length >> shift)


def _lowest(bucket: int) -> int:
    """The smallest length of a bucket."""
    half = 1 << (_BITS - 1)
    if bucket < 2 * half:
        return bucket
    shift = bucket // half - 1
    return (half + bucket % half) << shift
