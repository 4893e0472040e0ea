"""Speed of the Python interface on real cases: `pytest bench`.

Every benchmark asserts that it came to the verdicts of a gold read anew for each case, and on
labelled cases that they are right. Beside pytest-benchmark's own table it prints what one response
costs: CPU and wall time of the fastest pass over all of them, and p50 and p99 over the fastest call
of each.
Nothing here fails for being slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import corpus
import pytest
from corpus import Case
from pytest_benchmark.fixture import BenchmarkFixture

import pyverify
from pyverify import Reason, Result, Verdict, Verifier

# Enough for a stable p99, few enough to run often.
_LIMIT = 3000
_PASSES = 5
# A batch of some hundred is over before a second thread has begun.
_BATCH = 50_000

_CASES = {name: corpus.load([name], limit=_LIMIT) for name in corpus.available()}
_RESPONSES = [name for name, cases in _CASES.items() if not all(case.bare for case in cases)]
_PAIRS = [name for name, cases in _CASES.items() if any(case.bare for case in cases)]

# What anyone who runs this must see: the example file's right answers.
_EXAMPLES_RIGHT = 45


class Table:
    """Measures passes and calls, and keeps a row for the end of the session."""

    def __init__(self, benchmark: BenchmarkFixture, rows: list[tuple[str, ...]]) -> None:
        self._benchmark = benchmark
        self._rows = rows

    def add(
        self,
        name: str,
        cases: Sequence[Case],
        run: Callable[[], list[Verdict]],
        call: Callable[[int], object] | None = None,
        title: str = "",
    ) -> None:
        """Times `run`, all the cases once, and `call`, one of them; asserts the verdicts."""
        spent = []

        def timed() -> list[Verdict]:
            wall, cpu = time.perf_counter(), time.process_time()
            found = run()
            spent.append((time.process_time() - cpu, time.perf_counter() - wall))
            return found

        verdicts: list[Verdict] = self._benchmark.pedantic(  # type: ignore[no-untyped-call]
            timed, rounds=_PASSES, warmup_rounds=1
        )
        false_positives = check(name, cases, verdicts)
        cpu, wall = (min(times) / len(cases) * 1e6 for times in zip(*spent, strict=True))
        half, tail = ("", "") if call is None else quantiles(call, len(cases))
        equal = sum(verdict is Verdict.EQUAL for verdict in verdicts)
        wrong = sum(case.label is False for case in cases)
        title = title or self._benchmark.name.removeprefix("test_").split("[")[0]
        counts = (str(equal), f"{false_positives} of {wrong}")
        self._benchmark.extra_info.update(cpu_us=cpu, wall_us=wall, p50_us=half, p99_us=tail)
        times = (f"{cpu:.2f}", f"{wall:.2f}", half, tail)
        self._rows.append((title, name, str(len(cases)), *times, *counts))


@pytest.fixture
def table(benchmark: BenchmarkFixture, rows: list[tuple[str, ...]]) -> Table:
    return Table(benchmark, rows)


def responses_of(name: str) -> list[Case]:
    """Whole responses of a set, those of one gold together as a group of samples is."""
    return sorted((case for case in _CASES[name] if not case.bare), key=lambda case: case.gold)


def answers_of(name: str) -> list[Case]:
    """Bare answers of a set."""
    return [case for case in _CASES[name] if case.bare]


def verdict_of(case: Case) -> Verdict:
    verifier = Verifier(gold=case.gold)
    return (verifier.equivalent(case.text) if case.bare else verifier(case.text)).verdict


def check(name: str, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> int:
    """Asserts verdicts; gives the number of false positives."""
    assert list(verdicts) == [verdict_of(case) for case in cases]
    equal = [verdict is Verdict.EQUAL for verdict in verdicts]
    if name == "examples":
        assert sum(equal) * len(_CASES["examples"]) == _EXAMPLES_RIGHT * len(cases)
    said = list(zip(equal, (case.label for case in cases), strict=True))
    false_positives = said.count((True, False))
    assert false_positives <= 0.001 * len(cases)
    assert said.count((False, True)) <= 0.03 * len(cases)
    return false_positives


def quantiles(call: Callable[[int], object], count: int) -> tuple[str, str]:
    """P50 and p99 over the cases of the fastest of some calls, in microseconds."""
    best = [1 << 62] * count
    clock = time.perf_counter_ns
    for _ in range(_PASSES):
        for index in range(count):
            start = clock()
            call(index)
            best[index] = min(best[index], clock() - start)
    best.sort()
    return f"{best[count // 2] / 1000:.2f}", f"{best[int(0.99 * (count - 1))] / 1000:.2f}"


@pytest.mark.parametrize("name", _RESPONSES)
def test_extract(table: Table, name: str) -> None:
    """Only where the answer is; afterwards a verifier must come to the same one."""
    cases = responses_of(name)
    verifiers = [Verifier(gold=case.gold) for case in cases]
    reference = [verdict_of(case) for case in cases]

    def call(index: int) -> pyverify.Extraction:
        return pyverify.extract(cases[index].text)

    def run() -> list[Verdict]:
        for case in cases:
            pyverify.extract(case.text)
        return reference

    table.add(name, cases, run, call)
    for index, case in enumerate(cases):
        extraction, result = call(index), verifiers[index](case.text)
        assert extraction.kind is result.kind
        if extraction.reason is not Reason.NONE:
            assert result.reason is extraction.reason
        elif not extraction.parts:  # of several boxes the result spans them all
            assert extraction.span == result.span


@pytest.mark.parametrize("name", _RESPONSES)
def test_verifier_bool(table: Table, name: str) -> None:
    """Only whether it is right, the gold read beforehand: what a reward asks."""
    cases = responses_of(name)
    pairs = [(Verifier(gold=case.gold), case.text) for case in cases]
    reference = [verdict_of(case) for case in cases]
    right = [verdict is Verdict.EQUAL for verdict in reference]

    def call(index: int) -> bool:
        verifier, text = pairs[index]
        return bool(verifier(text))

    def run() -> list[Verdict]:
        assert [bool(verifier(text)) for verifier, text in pairs] == right
        return reference

    table.add(name, cases, run, call)


@pytest.mark.parametrize("name", _RESPONSES)
def test_verifier_result(table: Table, name: str) -> None:
    """The whole result, each field of it looked at."""
    cases = responses_of(name)
    pairs = [(Verifier(gold=case.gold), case.text) for case in cases]

    def look(result: Result) -> Verdict:
        assert result.score == 0.0 or result.answer is not None
        seen = (result.reason, result.span, result.kind, result.unevaluated, result.work)
        assert seen[3] is False or result.score == 1.0
        return result.verdict

    def call(index: int) -> Verdict:
        verifier, text = pairs[index]
        return look(verifier(text))

    table.add(name, cases, lambda: [look(verifier(text)) for verifier, text in pairs], call)


@pytest.mark.parametrize("name", _RESPONSES)
def test_verify(table: Table, name: str) -> None:
    """`verify()` with the gold as text each time."""
    cases = responses_of(name)

    def call(index: int) -> Verdict:
        return pyverify.verify(cases[index].text, gold=cases[index].gold).verdict

    def run() -> list[Verdict]:
        return [pyverify.verify(case.text, gold=case.gold).verdict for case in cases]

    table.add(name, cases, run, call)


@pytest.mark.parametrize("name", _PAIRS)
def test_equivalent(table: Table, name: str) -> None:
    """`equivalent()`: bare answers, the gold as text each time."""
    cases = answers_of(name)

    def call(index: int) -> Verdict:
        return pyverify.equivalent(cases[index].text, gold=cases[index].gold).verdict

    def run() -> list[Verdict]:
        return [pyverify.equivalent(case.text, gold=case.gold).verdict for case in cases]

    table.add(name, cases, run, call)


@pytest.mark.parametrize("name", _PAIRS)
def test_verifier_equivalent(table: Table, name: str) -> None:
    """Bare answers, the gold read beforehand."""
    cases = answers_of(name)
    pairs = [(Verifier(gold=case.gold), case.text) for case in cases]

    def call(index: int) -> Verdict:
        verifier, text = pairs[index]
        return verifier.equivalent(text).verdict

    def run() -> list[Verdict]:
        return [verifier.equivalent(text).verdict for verifier, text in pairs]

    table.add(name, cases, run, call)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", _RESPONSES)
def test_batch(table: Table, name: str, threads: int) -> None:
    """Whole responses on native threads; each gold has a group of samples."""
    cases = [case for case in responses_of(name) for _ in range(8)]
    cases *= max(1, _BATCH // len(cases))
    texts = [case.text for case in cases]
    golds = [case.gold for case in cases]

    def run() -> list[Verdict]:
        results = pyverify.verify_batch(texts, golds=golds, threads=threads)
        return [result.verdict for result in results]

    table.add(name, cases, run, title=f"batch, threads={threads}")


def test_one_call(benchmark: BenchmarkFixture) -> None:
    """A short response, the gold read beforehand."""
    verifier = Verifier(gold=r"\frac{3}{8}")
    text = r"Five of the eight are taken, so the answer is $\boxed{\frac38}$."
    result = benchmark(verifier, text)
    assert result.verdict is Verdict.EQUAL
    assert result.answer == r"\frac38"


def test_one_call_bool(benchmark: BenchmarkFixture) -> None:
    """The least that one can ask."""
    verifier = Verifier(gold=r"\frac{3}{8}")
    answer = r"\boxed{\frac38}"
    assert benchmark(lambda: bool(verifier(answer))) is True
