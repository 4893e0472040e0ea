"""A reward over the rows of a file: what it gives each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyverify import Options, Result, verify_batch
from pyverify.evaluate.reward_columns import TOKEN_COUNTS
from pyverify.evaluate.reward_tally import RowReward
from pyverify.io import Gold, Row, SourceError
from pyverify.rewards import Reward, approximate_tokens
from pyverify.rewards.arguments import read_samples


@dataclass(frozen=True, slots=True)
class RewardSettings:
    """The reward of a run.

    Attributes:
        name: What reports call it.
        reward: The reward.
        options: The judgement calls of the run.
        replaces: Whether they hold instead of the reward's own.
    """

    name: str
    reward: Reward
    options: Options
    replaces: bool = False

    def score(
        self,
        rows: Sequence[Row],
        golds: Sequence[Gold],
        columns: Sequence[dict[str, object] | None],
        options: Options,
        threads: int | None,
    ) -> tuple[list[Result], list[RowReward | None]]:
        """Verdicts and rewards of responses that are judged alike.

        Args:
            rows: The responses.
            golds: Their golds.
            columns: What else the reward needs, by name; None for a row that cannot have a reward.
            options: The judgement calls of these rows: those of the run, or what a row says beside.
            threads: Native threads; None for one per core.

        Raises:
            SourceError: A function of the user's fails.
        """
        rewarded = [i for i, values in enumerate(columns) if values is not None]
        given = [values for values in columns if values is not None]
        samples, _ = read_samples(
            [rows[i].conversation or rows[i].completion for i in rewarded],
            gold=None,
            golds=[golds[i] for i in rewarded],
            prompts=[values.get("prompts") for values in given],
            columns=self._columns([rows[i] for i in rewarded], given),
            threads=threads,
        )
        reward = self.reward
        own = replace(options, on_bad_gold=self.options.on_bad_gold) == self.options
        if self.replaces or not own:
            # Golds that cannot be used get no reward rather than 0.
            reward = reward.with_options(replace(options, on_bad_gold="abstain"))
        try:
            batch = reward.of(samples)
        except Exception as error:
            if not any(leaf.whole for leaf in reward.leaves()):
                raise
            # A function of the user's: what it raises is the user's to mend.
            raise SourceError(f"the reward failed: {type(error).__name__}: {error}") from error
        verdicts = {
            i: _of_completion(result, len(samples.texts[n]) - len(rows[i].completion))
            for n, (i, result) in enumerate(zip(rewarded, batch.results, strict=True))
            if result is not None
        }
        rest = [i for i in range(len(rows)) if i not in verdicts]
        judged = verify_batch(
            [rows[i].completion for i in rest],
            golds=[golds[i] for i in rest],
            options=options,
            threads=threads,
        )
        verdicts.update(zip(rest, judged, strict=True))
        names = list(batch.components)
        parts = zip(batch.rewards, *batch.components.values(), strict=True)
        earned: list[RowReward | None] = [None] * len(rows)
        for i, (value, *components) in zip(rewarded, parts, strict=True):
            earned[i] = RowReward(value, dict(zip(names, components, strict=True)))
        return [verdicts[i] for i in range(len(rows))], earned

    def _columns(
        self, rows: Sequence[Row], given: Sequence[dict[str, object]]
    ) -> dict[str, list[object]]:
        names = [name for name in (given[0] if given else ()) if name != "prompts"]
        found = {name: [values[name] for values in given] for name in names}
        if TOKEN_COUNTS in self.reward.needs:
            counts = found.get(TOKEN_COUNTS)
            found[TOKEN_COUNTS] = _counted([row.completion for row in rows], counts)
        return found


def _of_completion(result: Result, before: int) -> Result:
    """The result of a completion that had its reasoning put back, with the span where it was."""
    if before == 0 or result.span is None:
        return result
    begin, end = result.span
    return replace(result, span=(begin - before, end - before))


def _counted(completions: Sequence[str], counts: Sequence[object] | None) -> list[object]:
    """Token counts, estimated where the file has none."""
    if counts is None:
        return list(approximate_tokens(completions))
    if None not in counts:
        return list(counts)
    estimates = approximate_tokens(completions)
    return [estimates[i] if count is None else count for i, count in enumerate(counts)]
