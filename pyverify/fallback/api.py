"""`SympyFallback`: a second opinion on what the engine leaves undecided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from pyverify.fallback.jobs import Job, leaves_arithmetic, make_job
from pyverify.fallback.process import Zygote
from pyverify.golds import gold_spec
from pyverify.options import Options
from pyverify.types import Gold, Reason, Result, Verdict
from pyverify.verify import equivalent, verify


@dataclass(slots=True)
class FallbackCounts:
    """How often the tier was wanted and what came of it.

    Attributes:
        seen: Results that were offered.
        wanted: Those that were undecided.
        asked: Those that the worker was asked about; the others hold something it is not told of.
        equal: Found equal.
        not_equal: Found different.
        late: Killed at the deadline.
        failed: Lost to memory or a fault of the worker.
    """

    seen: int = 0
    wanted: int = 0
    asked: int = 0
    equal: int = 0
    not_equal: int = 0
    late: int = 0
    failed: int = 0

    def __str__(self) -> str:
        """One line for a report."""
        share = 100 * self.wanted / self.seen if self.seen else 0.0
        return (
            f"sympy wanted for {self.wanted:,} of {self.seen:,} ({share:.3f}%), asked about "
            f"{self.asked:,}: {self.equal:,} equal, {self.not_equal:,} not equal, "
            f"{self.late:,} late, {self.failed:,} failed"
        )


class SympyFallback:
    """Asks sympy, in a process of its own, about verdicts that are ``undecided``.

    Any other verdict is returned as it is. What is settled here has ``reason`` ``sympy`` and
    ``tier`` ``"sympy"``. The object holds a process: close it, or use it in a ``with`` statement.
    It may be shared by threads and survives a fork.

    Args:
        options: The grading options that `verify` and `equivalent` use.
        deadline: Seconds for one question, by the clock on the wall.
        memory: Bytes of address space for one question.
        workers: Questions at the same time.

    Raises:
        ValueError: A number is out of range.
    """

    def __init__(
        self,
        *,
        options: Options | None = None,
        deadline: float = 0.5,
        memory: int = 1 << 30,
        workers: int = 1,
    ) -> None:
        if not 0.01 <= deadline <= 60.0:
            raise ValueError(f"deadline must be between 0.01 and 60 seconds, not {deadline}")
        if not 64 << 20 <= memory <= 1 << 40:
            raise ValueError(f"memory must be between 64 MiB and 1 TiB, not {memory}")
        if not 1 <= workers <= 256:
            raise ValueError(f"workers must be between 1 and 256, not {workers}")
        self._options = Options() if options is None else options
        self._zygote = Zygote(deadline=deadline, memory=memory, workers=workers)
        self.counts = FallbackCounts()

    def start(self) -> SympyFallback:
        """Starts the process now rather than at the first question.

        Raises:
            FallbackError: There is no sympy, or this system cannot fork.
        """
        self._zygote.start()
        return self

    @property
    def name(self) -> str:
        """What to call it in reports; with the version of sympy once it is known."""
        version = self._zygote.version
        return f"sympy-{version}" if version else "sympy"

    def verify(self, completion: str, *, gold: Gold) -> Result:
        """As `pyverify.verify`, with this tier behind it."""
        return self.resolve(verify(completion, gold=gold, options=self._options))

    def equivalent(self, answer: str, *, gold: Gold) -> Result:
        """As `pyverify.equivalent`, with this tier behind it."""
        return self.resolve(equivalent(answer, gold=gold, options=self._options))

    def resolve(self, result: Result, *, options: Options | None = None) -> Result:
        """Settles one result if it can.

        Args:
            result: A verdict of the engine.
            options: The options it was given under, where they are not those of this object.

        Returns:
            The result itself, or one with the reason ``sympy``.

        Raises:
            FallbackError: There is no sympy, or this system cannot fork.
        """
        return self.resolve_batch([result], options=options)[0]

    def resolve_batch(
        self, results: Iterable[Result], *, options: Options | None = None
    ) -> list[Result]:
        """Settles what it can of many results, in order; see `resolve`.

        Raises:
            FallbackError: There is no sympy, or this system cannot fork.
        """
        out = list(results)
        chosen = self._options if options is None else options
        self.counts.seen += len(out)
        questions: list[tuple[int, list[Job | None]]] = []
        for i, result in enumerate(out):
            if result.verdict is Verdict.UNDECIDED and result.reason is Reason.UNDECIDED:
                self.counts.wanted += 1
                jobs = _jobs(result, chosen)
                if any(job is not None for job in jobs):
                    questions.append((i, jobs))
        asked = [job for _, jobs in questions for job in jobs if job is not None]
        self.counts.asked += len(questions)
        answers = iter(self._zygote.ask(asked))
        for i, jobs in questions:
            outcomes = [next(answers) if job is not None else "undecided" for job in jobs]
            out[i] = self._settle(out[i], outcomes, chosen)
        return out

    def _settle(self, result: Result, outcomes: Sequence[str], options: Options) -> Result:
        if "equal" in outcomes:
            self.counts.equal += 1
            gold = _golds(result.gold)[outcomes.index("equal")]
            undone = leaves_arithmetic(gold, result.answer or "", options)
            if undone and options.require_evaluated:
                return replace(result, verdict=Verdict.NOT_EQUAL, reason=Reason.NOT_EVALUATED)
            return replace(
                result,
                verdict=Verdict.EQUAL,
                reason=Reason.SYMPY,
                score=1.0,
                unevaluated=undone,
            )
        if all(outcome == "not_equal" for outcome in outcomes):
            self.counts.not_equal += 1
            return replace(result, verdict=Verdict.NOT_EQUAL, reason=Reason.SYMPY)
        self.counts.late += "late" in outcomes
        self.counts.failed += "failed" in outcomes
        return result

    def close(self) -> None:
        """Ends the process; it starts again if it is needed."""
        self._zygote.close()

    def __enter__(self) -> SympyFallback:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the process."""
        self.close()


def _jobs(result: Result, options: Options) -> list[Job | None]:
    """One job per alternative of the gold."""
    if result.answer is None:
        return []
    return [make_job(gold, result.answer, options) for gold in _golds(result.gold)]


def _golds(text: str) -> list[str]:
    return [", ".join(parts) for parts in gold_spec(text)]
