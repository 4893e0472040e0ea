"""What a reward looks at: the completions of one call, with everything that is read only once.

Columns, not rows: a verdict, a repetition ratio or a shape of tags is found for all completions in
one native call, and components that need the same thing share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pyverify import _core
from pyverify.golds import gold_spec
from pyverify.options import Options, Reasoning
from pyverify.rewards.numbers import count
from pyverify.types import Gold, Kind, Result
from pyverify.verify import native_options, verify_batch
from pyverify.worked import final_gold

if TYPE_CHECKING:
    from pyverify.judge import Judge

__all__ = ["Column", "Samples", "Values", "chunks"]

Values: TypeAlias = "list[float | None]"
"""One number per completion; None is an abstention."""

Column: TypeAlias = Sequence[object]
"""One value per completion, from the caller."""

T = TypeVar("T")

_TOKENS = "token_counts"

# Completions taken at once: texts that were just read are read again while they are in the cache.
_CHUNK_ITEMS = 2048
_CHUNK_CHARS = 8 << 20

_SHORTEST_SOLUTION = 6


@dataclass(slots=True)
class Samples:
    """The completions of one call.

    Attributes:
        texts: What is searched for an answer: a completion, or the assistant's last message.
        spoken: Everything the assistant says, for what is measured over a whole response.
        golds: One gold per completion as the caller gave it, None where it is missing; None if
            there are no golds at all.
        prompts: The text of each prompt, None where it isn't known.
        opened: Whether a prompt ends inside a reasoning block.
        columns: Whatever else the caller gives, by name.
        threads: Native threads.
    """

    texts: tuple[str, ...]
    spoken: tuple[str, ...]
    golds: tuple[Gold | None, ...] | None
    prompts: tuple[str | None, ...]
    opened: tuple[bool, ...]
    columns: Mapping[str, Column]
    threads: int
    _results: dict[tuple[Options, Judge | None], list[Result | None]] = field(default_factory=dict)
    _features: dict[object, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, where: slice) -> Samples:
        """Some neighbouring completions, about which nothing is known yet."""
        return Samples(
            texts=self.texts[where],
            spoken=self.spoken[where],
            golds=None if self.golds is None else self.golds[where],
            prompts=self.prompts[where],
            opened=self.opened[where],
            columns={name: values[where] for name, values in self.columns.items()},
            threads=self.threads,
        )

    def results(self, options: Options, judge: Judge | None = None) -> list[Result | None]:
        """The verdicts under some options; None for a completion without a gold.

        Raises:
            TypeError: There are no golds.
        """
        key = (options, judge)
        known = self._results.get(key)
        if known is not None:
            return known
        found = self._verify(options) if judge is None else self._ask(judge, self.results(options))
        self._results[key] = found
        return found

    def any_results(self) -> list[Result | None] | None:
        """Verdicts that some component asked for, a judge's if there are such; None if none did."""
        found = list(self._results.items())
        judged = [results for (_, judge), results in found if judge is not None]
        return judged[0] if judged else found[0][1] if found else None

    def golds_for(self, wanted_by: str) -> tuple[Gold | None, ...]:
        """The golds.

        Raises:
            TypeError: There are none.
        """
        if self.golds is None:
            raise TypeError(f"{wanted_by} needs golds: pass gold=… or golds=[…]")
        return self.golds

    def answers_for(self, wanted_by: str) -> tuple[Gold | None, ...]:
        """The golds, those that are worked solutions cut down to their answers.

        Raises:
            TypeError: There are none.
        """
        return self._native("golds", lambda: tuple(map(_answer_of, self.golds_for(wanted_by))))

    def _verify(self, options: Options) -> list[Result | None]:
        golds = self.answers_for("a comparison of answers")
        whole = range(len(self))
        if not any(self.opened) or options.reasoning == "prefilled":
            return self._verified(whole, golds, options)
        # A response that begins inside a reasoning block has no answer before it leaves it.
        inside = [i for i in whole if self.opened[i]]
        outside = [i for i in whole if not self.opened[i]]
        found = dict(zip(outside, self._verified(outside, golds, options), strict=True))
        prefilled = replace(options, reasoning="prefilled")
        found |= zip(inside, self._verified(inside, golds, prefilled), strict=True)
        return [found[i] for i in whole]

    def _verified(
        self, rows: Sequence[int], golds: tuple[Gold | None, ...], options: Options
    ) -> list[Result | None]:
        known = [gold for i in rows if (gold := golds[i]) is not None]
        if len(known) == len(rows):
            texts = self.texts if len(rows) == len(self) else [self.texts[i] for i in rows]
            try:
                return list(verify_batch(texts, golds=known, options=options, threads=self.threads))
            except ValueError:
                if options.on_bad_gold != "abstain":
                    raise
        # Rows whose gold is missing or is none abstain; the others are as good as ever.
        usable = [i for i in rows if _usable(golds[i])]
        verdicts = verify_batch(
            [self.texts[i] for i in usable],
            golds=[gold for i in usable if (gold := golds[i]) is not None],
            options=options,
            threads=self.threads,
        )
        found = dict(zip(usable, verdicts, strict=True))
        return [found.get(i) for i in rows]

    def _ask(self, judge: Judge, results: list[Result | None]) -> list[Result | None]:
        there = [i for i, result in enumerate(results) if result is not None]
        settled = judge.resolve_batch(
            [result for result in results if result is not None],
            problems=[self.prompts[i] for i in there],
        )
        found = dict(zip(there, settled, strict=True))
        return [found.get(i) for i in range(len(results))]

    def has_box(self, reasoning: Reasoning) -> list[bool]:
        r"""Whether a complete, non-empty ``\boxed{}`` stands after the reasoning."""
        return self._has(Kind.BOXED, reasoning)

    def has_hashes(self, reasoning: Reasoning) -> list[bool]:
        """Whether a line ``#### value`` stands after the reasoning."""
        return self._has(Kind.HASHES, reasoning)

    def _has(self, kind: Kind, reasoning: Reasoning) -> list[bool]:
        # An answer that was found in a box shows that there is one: only the others are scanned.
        shown = [results for (o, _), results in self._results.items() if o.reasoning == reasoning]
        has = [r is not None and r.kind is kind for r in shown[0]] if shown else [False] * len(self)
        rest = [i for i, found in enumerate(has) if not found]
        opened = [i for i in rest if self.opened[i]] if reasoning == "auto" else []
        ways: tuple[tuple[list[int], Reasoning], ...] = (
            (opened, "prefilled"),
            (sorted({*rest} - {*opened}), reasoning),
        )
        for rows, how in ways:
            if not rows:
                continue
            texts = tuple(self.texts[i] for i in rows)
            options = native_options(Options(reasoning=how))
            find = _core.has_box if kind is Kind.BOXED else _core.has_hashes
            for i, flag in zip(rows, find(texts, options, self.threads), strict=True):
                has[i] = bool(flag)
        return has

    def tag_shapes(self, *, answer: bool) -> bytes:
        """The shape of the think (and answer) tags: 0 wrong, 1 whole, 2 without the first tag."""
        return self._native(
            ("tags", answer), lambda: _core.tag_shape(self.texts, answer, self.threads)
        )

    def repetition(self, n: int) -> list[float]:
        """The share of word n-grams that occurred before."""
        return self._native(
            ("repetition", n), lambda: _core.repetition(self.spoken, n, self.threads)
        )

    def scripts(self) -> list[tuple[int, ...]]:
        """Words and characters by script, in the order of ``_core.SCRIPTS``."""
        return self._native("scripts", lambda: _core.scripts(self.spoken, self.threads))

    def steps(self) -> list[int]:
        """How many marked reasoning steps there are."""
        return self._native("steps", lambda: _core.steps(self.spoken, self.threads))

    def _native(self, key: object, read: Callable[[], T]) -> T:
        known = self._features.get(key)
        if known is None:
            known = self._features[key] = read()
        return known  # type: ignore[return-value]  # stored under its own key

    def column(self, name: str, wanted_by: str) -> Column:
        """A column of the caller's.

        Raises:
            TypeError: It wasn't given.
        """
        if name not in self.columns:
            raise TypeError(f"{wanted_by} needs the column {name!r}: pass {name}=[…]")
        return self.columns[name]

    def token_counts(self, wanted_by: str) -> list[int]:
        """Tokens per completion, from ``token_counts=`` or ``completion_ids=``.

        Raises:
            TypeError: Neither was given, or a count is no number.
        """
        if _TOKENS in self.columns:
            counts = self.columns[_TOKENS]
        elif "completion_ids" in self.columns:
            ids = self.columns["completion_ids"]
            try:
                counts = [len(one) for one in ids]  # type: ignore[arg-type]  # lists, arrays, tensors
            except TypeError:
                raise TypeError("completion_ids must be a list of ids per completion") from None
        else:
            raise TypeError(
                f"{wanted_by} counts tokens: pass token_counts=[…] or completion_ids=[…] "
                "(pyverify.rewards.approximate_tokens(text) where there are none)"
            )
        return [_count(value) for value in counts]


def _count(value: object) -> int:
    whole = isinstance(value, float) and value.is_integer()
    return count(int(value) if whole else value, "token_counts", least=0)  # type: ignore[call-overload]  # a float


def _answer_of(gold: Gold | None) -> Gold | None:
    # Most golds are too short for a solution: to look for its marks would cost as a verdict does.
    return final_gold(gold) if isinstance(gold, str) and len(gold) > _SHORTEST_SOLUTION else gold


def _usable(gold: Gold | None) -> bool:
    if gold is None:
        return False
    try:
        gold_spec(gold)
    except ValueError:
        return False
    return True


def chunks(samples: Samples) -> Iterator[tuple[int, Samples]]:
    """Cuts a long call into pieces, in order, each with where it begins."""
    lengths = list(map(len, samples.texts))
    size = len(lengths)
    begin = 0
    while begin < size:
        end, chars = begin, 0
        most = min(size, begin + _CHUNK_ITEMS)
        while end < most and chars < _CHUNK_CHARS:
            chars += lengths[end]
            end += 1
        if begin == 0 and end == size:
            yield begin, samples
        else:
            yield begin, samples.part(slice(begin, end))
        begin = end
