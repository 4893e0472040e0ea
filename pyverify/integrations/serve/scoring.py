"""Requests that are made at the same time, scored in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyverify.integrations.merge import Merger
from pyverify.integrations.serve.payloads import Rows
from pyverify.integrations.trainer_reward import Scored, TrainerReward

__all__ = ["Scoring"]


class Scoring:
    """Scores requests; those that wait at the same time together.

    Args:
        reward: What gives the numbers.
        seen: Called with all that was scored, from the thread that did it.
    """

    def __init__(self, reward: TrainerReward, seen: Callable[[Scored], None]) -> None:
        self.reward = reward
        self._seen = seen
        self._merged = Merger(self._score)

    async def __call__(self, rows: Rows) -> Scored:
        """The rewards of a request.

        Raises:
            TypeError: A column is missing.
            ValueError: There is one too many.
        """
        strange = sorted(set(rows.columns) - {*self.reward.needs, "completion_ids"})
        if strange:
            needs = ", ".join(self.reward.needs) or "none"
            raise ValueError(f"the reward needs no column {strange[0]!r}, but: {needs}")
        found = await self._merged(rows)
        if isinstance(found, Exception):
            raise found
        return found

    def _score(self, requests: list[Rows]) -> list[Scored | Exception]:
        """The rewards of several requests, or why there are none: faults stay by themselves."""
        alike: dict[object, list[int]] = {}
        for at, rows in enumerate(requests):
            alike.setdefault((rows.data_sources is None, *sorted(rows.columns)), []).append(at)
        found: list[Scored | Exception] = [ValueError("not scored")] * len(requests)
        for places in alike.values():
            for at, one in zip(
                places, self._together([requests[at] for at in places]), strict=True
            ):
                found[at] = one
        return found

    def _together(self, requests: Sequence[Rows]) -> Sequence[Scored | Exception]:
        """The same, for requests that have the same columns."""
        try:
            return parts(self._call(joined(requests)), [len(rows) for rows in requests])
        except Exception as error:
            if len(requests) == 1:
                return [error]
        return [one for rows in requests for one in self._together([rows])]

    def _call(self, rows: Rows) -> Scored:
        scored = self.reward(
            rows.completions,
            rows.golds,
            prompts=rows.prompts,
            data_sources=rows.data_sources,
            **rows.columns,
        )
        self._seen(scored)
        return scored


def joined(requests: Sequence[Rows]) -> Rows:
    """Several requests as one."""
    if len(requests) == 1:
        return requests[0]
    first = requests[0]
    asked = any(rows.prompts is not None for rows in requests)
    return Rows(
        completions=[one for rows in requests for one in rows.completions],
        golds=[one for rows in requests for one in rows.golds],
        prompts=[one for rows in requests for one in rows.prompts or [None] * len(rows)]
        if asked
        else None,
        data_sources=None
        if first.data_sources is None
        else [one for rows in requests for one in rows.data_sources or []],
        columns={
            name: [one for rows in requests for one in rows.columns[name]] for name in first.columns
        },
    )


def parts(scored: Scored, sizes: Sequence[int]) -> list[Scored]:
    """What belongs to each of several requests."""
    if len(sizes) == 1:
        return [scored]
    found = []
    begin = 0
    for size in sizes:
        cut = slice(begin, begin + size)
        columns = {name: values[cut] for name, values in scored.columns.items()}
        found.append(Scored(scored.rewards[cut], columns))
        begin += size
    return found
