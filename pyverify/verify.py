"""Verdicts on one completion or many.

`verify` takes a whole response and finds its final answer; `equivalent` takes a bare answer;
`Verifier` reads a gold once for many completions; `verify_batch` spreads work over threads.
Text from a model never raises: only misuse by the caller does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NoReturn

from pyverify import _core
from pyverify.golds import Spec, gold_spec, gold_text
from pyverify.options import Options
from pyverify.types import (
    BadGoldError,
    Explanation,
    Extraction,
    Gold,
    Reason,
    Result,
    Verdict,
)

__all__ = ["Verifier", "equivalent", "explain", "extract", "verify", "verify_batch"]

_DEFAULT = Options()

# Golds that verify(), equivalent() and explain() keep: a step of training asks about each of its
# prompts several times in a row.
_REMEMBERED_GOLDS = 512


@lru_cache(maxsize=64)
def _converted(options: Options) -> _core.NativeOptions:
    return _core.NativeOptions(options)


_NATIVE_DEFAULT = _core.NativeOptions(_DEFAULT)


def native_options(options: Options) -> _core.NativeOptions:
    return _NATIVE_DEFAULT if options is _DEFAULT else _converted(options)


def _options(options: Options | None) -> Options:
    if options is None:
        return _DEFAULT
    if not isinstance(options, Options):
        raise TypeError(f"options must be pyverify.Options, not {type(options).__name__}")
    return options


def _bad_gold(text: str, reason: Reason, where: str = "gold") -> NoReturn:
    shown = text if len(text) <= 80 else text[:77] + "..."
    raise BadGoldError(f"{where} {shown!r} cannot be used: {reason}", reason)


def _prepare(spec: Spec, options: Options) -> _core.NativeVerifier:
    text = gold_text(spec)
    native = _core.NativeVerifier(spec, text, native_options(options))
    if options.on_bad_gold == "raise" and native.gold_problem is not Reason.NONE:
        _bad_gold(text, native.gold_problem)
    return native


# Keys are texts and nothing else: 1 == 1.0 == True would share an entry.
@lru_cache(maxsize=_REMEMBERED_GOLDS)
def _prepared_text(gold: str, options: Options | None) -> _core.NativeVerifier:
    return _prepare(gold_spec(gold), _DEFAULT if options is None else options)


@lru_cache(maxsize=_REMEMBERED_GOLDS)
def _prepared_spec(spec: Spec, options: Options | None) -> _core.NativeVerifier:
    return _prepare(spec, _DEFAULT if options is None else options)


def _prepared(gold: Gold, options: Options | None) -> _core.NativeVerifier:
    if options is not None:  # None is the key of the defaults: it hashes at no cost
        _options(options)
    if type(gold) is str:
        return _prepared_text(gold, options)
    return _prepared_spec(gold_spec(gold), options)


def verify(completion: str, *, gold: Gold, options: Options | None = None) -> Result:
    r"""Decides whether a completion's final answer is the gold.

    Args:
        completion: A whole response: reasoning, text, ``\boxed{…}``. Lone surrogates and any
            other text are fine; a missing completion (None) is the caller's mistake.
        gold: The reference answer: a str (bare, ``$…$`` or boxed), a number, a list of parts
            which are all wanted, `AnyOf`, `Choice`, or ``{"any_of": […]}`` and
            ``{"choice": …, "texts": …}`` as a dict or JSON text.
        options: The grading options; the defaults are the grading policy.

    Returns:
        The verdict with its reason; true if and only if the answer is right.

    Raises:
        TypeError: `completion` is no str, or `gold` or `options` has the wrong type.
        ValueError: `gold` is a NaN or an empty list; with ``on_bad_gold="raise"`` any unusable
            gold (`BadGoldError`).

    Example:
        >>> verify(r"Half of it: \boxed{0.5}", gold=r"\frac12").answer
        '0.5'
    """
    return _prepared(gold, options).verify(completion)


def equivalent(answer: str, *, gold: Gold, options: Options | None = None) -> Result:
    """Decides whether a bare answer is the gold; nothing is searched for in it.

    Args:
        answer: An answer without the text around it.
        gold: The reference answer, as for `verify`.
        options: The grading options.

    Returns:
        The verdict with its reason.

    Raises:
        TypeError: As `verify`.
        ValueError: As `verify`.

    Example:
        >>> bool(equivalent("50%", gold="1/2"))
        True
    """
    return _prepared(gold, options).equivalent(answer)


def explain(
    completion: str, *, gold: Gold, options: Options | None = None, bare: bool = False
) -> Explanation:
    r"""Shows how a verdict comes about: the candidates, and both sides as they were read.

    Args:
        completion: A whole response, or with `bare` an answer alone.
        gold: The reference answer, as for `verify`.
        options: The grading options.
        bare: Take `completion` as `equivalent` does.

    Returns:
        The verdict and its story; ``str()`` of it is a report.

    Raises:
        TypeError: As `verify`.
        ValueError: As `verify`.

    Example:
        >>> explain(r"\boxed{3}", gold="2").result.verdict.value
        'not_equal'
    """
    return _prepared(gold, options).explain(completion, bare)


def extract(completion: str, *, options: Options | None = None) -> Extraction:
    r"""Finds the final answer of a completion.

    Args:
        completion: A whole response.
        options: The grading options; `reasoning`, `boxes`, `last_line`, `last_number` and
            `limits` matter here.

    Returns:
        The answer with its place, or the reason why there is none.

    Raises:
        TypeError: `completion` is no str or `options` no `Options`.

    Example:
        >>> extract(r"Thus \boxed{42}.").answer
        '42'
    """
    return _core.extract(completion, native_options(_options(options)))


def _read_gold(gold: Gold) -> tuple[Spec, str]:
    spec = gold_spec(gold)
    return spec, gold_text(spec)


def usable_cores() -> int:
    """Cores this process may use; containers and job schedulers set affinities."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _listed(values: Iterable[object], name: str) -> None:
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name} must be a list, not a single {type(values).__name__}")


def _blame_gold(golds: Sequence[Gold]) -> None:
    """Raises for the first gold that is none, with its place; returns if all are fine."""
    for index, gold in enumerate(golds):
        try:
            gold_spec(gold)
        except (TypeError, ValueError) as error:
            raise type(error)(f"golds[{index}]: {error}") from None


def verify_batch(
    completions: Iterable[str],
    *,
    golds: Iterable[Gold],
    options: Options | None = None,
    threads: int | None = None,
) -> list[Result]:
    r"""Verifies many completions on native threads, without the GIL.

    The results are the same for any number of threads and the same as those of `verify`. Keep
    the completions of one gold together: neighbours share the reading of it.

    Args:
        completions: Whole responses.
        golds: One gold for each completion.
        options: The grading options, for all of them.
        threads: Native threads; None for as many as the process may use cores.

    Returns:
        One result per completion, in order.

    Raises:
        TypeError: As `verify`; or a str where a list belongs.
        ValueError: The lengths differ, `threads` is below 1, or as `verify`.

    Example:
        >>> [r.score for r in verify_batch([r"\boxed{1}", r"\boxed{2}"], golds=["1", "3"])]
        [1.0, 0.0]
    """
    _listed(completions, "completions")
    _listed(golds, "golds")
    texts = tuple(completions)
    references = tuple(golds)
    if len(texts) != len(references):
        raise ValueError(f"{len(texts)} completions but {len(references)} golds: give one each")
    if threads is None:
        threads = usable_cores()
    elif type(threads) is not int:
        raise TypeError(f"threads must be an int, not {type(threads).__name__}")
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    chosen = _options(options)
    try:
        results = _core.verify_batch(
            texts, references, _read_gold, native_options(chosen), min(threads, 1024), False
        )
    except (TypeError, ValueError):
        _blame_gold(references)
        raise
    if chosen.on_bad_gold == "raise":
        for index, result in enumerate(results):
            if result.verdict is Verdict.BAD_GOLD:
                _bad_gold(result.gold, result.reason, f"golds[{index}]")
    return results


class Verifier:
    r"""A gold read once, for many completions. Immutable, thread-safe, picklable.

    Args:
        gold: The reference answer, as for `verify`.
        options: The grading options.

    Raises:
        TypeError: As `verify`.
        ValueError: As `verify`.

    Example:
        >>> verifier = Verifier(gold="1/2")
        >>> bool(verifier(r"\boxed{0.5}")), bool(verifier.equivalent("0.6"))
        (True, False)
    """

    __slots__ = ("__weakref__", "_native", "_options", "_spec")

    def __init__(self, *, gold: Gold, options: Options | None = None) -> None:
        self._set(gold_spec(gold), _options(options))

    def _set(self, spec: Spec, options: Options) -> None:
        self._spec = spec
        self._options = options
        self._native = _prepare(spec, options)

    @property
    def gold(self) -> str:
        """The gold as text, as in `Result.gold`."""
        return gold_text(self._spec)

    @property
    def gold_problem(self) -> Reason:
        """Why the gold cannot be used, `Reason.NONE` when it can."""
        return self._native.gold_problem

    @property
    def options(self) -> Options:
        """The grading options."""
        return self._options

    def __call__(self, completion: str) -> Result:
        """Verifies a whole response, as `verify`."""
        return self._native.verify(completion)

    def equivalent(self, answer: str) -> Result:
        """Compares a bare answer, as `equivalent`."""
        return self._native.equivalent(answer)

    def explain(self, completion: str, *, bare: bool = False) -> Explanation:
        """Shows how a verdict comes about, as `explain`."""
        return self._native.explain(completion, bare)

    def __repr__(self) -> str:
        options = "" if self._options == _DEFAULT else f", options={self._options!r}"
        return f"Verifier(gold={self.gold!r}{options})"

    # A pickle carries the gold's text and the options, never what the engine made of them.
    def __getstate__(self) -> tuple[Spec, Options]:
        return self._spec, self._options

    def __setstate__(self, state: tuple[Spec, Options]) -> None:
        self._set(*state)
