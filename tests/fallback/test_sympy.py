"""The last tier: what it settles, what it refuses, and that nothing runs away with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyverify
from pyverify import Options, Reason, Result, Verdict, equivalent
from pyverify.fallback import SympyFallback
from pyverify.fallback.jobs import make_job
from pyverify.fallback.process import Zygote

pytest.importorskip("sympy", reason="the last tier needs sympy")


@pytest.fixture(scope="module")
def fallback() -> Iterator[SympyFallback]:
    # A generous deadline: what is tested here is the answer, not the speed of the machine.
    with SympyFallback(deadline=30.0) as tier:
        yield tier


def undecided(answer: str, gold: str) -> Result:
    """A verdict as the engine leaves it, whatever the engine has learnt since."""
    result = equivalent(answer, gold=gold)
    return Result(
        verdict=Verdict.UNDECIDED,
        reason=Reason.UNDECIDED,
        score=0.0,
        answer=answer,
        gold=gold,
        span=(0, len(answer)),
        kind=result.kind,
        unevaluated=False,
        work=result.work,
    )


EQUAL = [
    (r"\int^1_0 x^2\,dx", r"\frac13"),
    (r"\int_0^1 x^2\,dx", r"\frac13"),
    (r"\int_0^1 \frac{dx}{1+x^2}", r"\frac{\pi}{4}"),
    (r"\int_0^\infty e^{-x^2} dx", r"\frac{\sqrt\pi}{2}"),
    (r"\sum_{k=1}^{\infty} \frac{1}{k^2}", r"\frac{\pi^2}{6}"),
    (r"\lim_{x\to 0}\frac{\sin 3x}{x}", "3"),
    (r"\frac{d}{dx} x^3", "3x^2"),
    (r"\sum_{k=1}^{n} k^3", r"\frac{n^2(n+1)^2}{4}"),
    (r"\begin{vmatrix} a & 2 \\ 3 & b \end{vmatrix}", "ab-6"),
    (r"x=\int_0^2 t\,dt", "x=2"),
    (r"\left(\int_0^1 x\,dx, 2\right)", r"\left(\frac12, 2\right)"),
]
NOT_EQUAL = [
    (r"\int_0^1 x^2\,dx", r"\frac14"),
    (r"\sum_{k=1}^{\infty} \frac{1}{k^2}", r"\frac{\pi^2}{7}"),
    (r"\lim_{x\to 0}\frac{\sin 3x}{x}", "4"),
    (r"\sum_{k=1}^{n} k^3", r"\frac{n^2(n+1)^2}{2}"),
    (r"\left(\int_0^1 x\,dx, 2\right)", r"\left(\frac12, 3\right)"),
]
# Nothing may be said about these.
OPEN = [
    (r"\int x\,dx", r"\frac{x^2}{2}"),
    (r"\lim_{x\to 0}\frac{|x|}{x}", "1"),  # the limits of both sides differ
    ("6", r"\int_0^1 12x\,dx"),  # the question copied
    (r"\int_0^1 x\,dx \text{ cm}", r"\frac12"),
    (r"\sum_{k=1}^{\infty} \frac{1}{k}", "5"),
    (r"f(3)\int_0^1 x\,dx", r"\frac{f(3)}{2}"),
    (r"y=\int_0^1 x\,dx", r"x=\frac12"),
]


@pytest.mark.parametrize(("gold", "answer"), EQUAL)
def test_equal(fallback: SympyFallback, gold: str, answer: str) -> None:
    result = fallback.resolve(undecided(answer, gold))
    assert (result.verdict, result.reason) == (Verdict.EQUAL, Reason.SYMPY)
    assert (result.score, result.tier) == (1.0, "sympy")


@pytest.mark.parametrize(("gold", "answer"), NOT_EQUAL)
def test_not_equal(fallback: SympyFallback, gold: str, answer: str) -> None:
    result = fallback.resolve(undecided(answer, gold))
    assert (result.verdict, result.reason) == (Verdict.NOT_EQUAL, Reason.SYMPY)
    assert result.score == 0.0


@pytest.mark.parametrize(("gold", "answer"), OPEN)
def test_left_open(fallback: SympyFallback, gold: str, answer: str) -> None:
    before = undecided(answer, gold)
    assert fallback.resolve(before).score == 0.0


def test_other_verdicts_pass_through(fallback: SympyFallback) -> None:
    asked = fallback.counts.asked
    for answer, gold in [("1/2", "0.5"), ("1/3", "0.5"), ("12 +", "12"), ("0.3...", r"\frac13")]:
        result = equivalent(answer, gold=gold)
        assert fallback.resolve(result) is result
        assert result.tier == "engine"
    assert fallback.counts.asked == asked


def test_alternatives(fallback: SympyFallback) -> None:
    gold = '{"any_of": ["7", "\\\\int_0^1 x\\\\,dx"]}'
    assert fallback.resolve(undecided(r"\frac12", gold)).verdict is Verdict.EQUAL


def test_batches_keep_their_order() -> None:
    with SympyFallback(deadline=30.0, workers=2) as tier:
        pairs = [*EQUAL[:3], *NOT_EQUAL[:3]]
        results = tier.resolve_batch([undecided(answer, gold) for gold, answer in pairs])
    assert [result.score for result in results] == [1.0] * 3 + [0.0] * 3
    assert (tier.counts.equal, tier.counts.not_equal) == (3, 3)


HOSTILE = [
    "9^{9^{9^{9}}}",
    "99999999!",
    r"\binom{10^9}{10^8}",
    r"\binom{3000}{1500}^{3000}",
    "10^{10^{10}}",
    "(x+1)^{1000}-(x+1)^{999}",
    r"\sum_{k=1}^{10^{12}} \sin(k^k)",
    r"\prod_{k=1}^{10^9} (k^2+1)",
    r"\int_0^1 \sin(\cos(\tan(e^{x^x})))\,dx",
    r"\lim_{x\to 0} \frac{\sin(\tan x)-\tan(\sin x)}{x^7}",
    "2^{1/999}" * 100,
    "__import__('os').system('true')",
    r"\mathrm{eval}(1)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_inputs_end_in_time(text: str) -> None:
    with SympyFallback(deadline=0.3) as tier:
        tier.start()
        begin = time.monotonic()
        for gold, answer in ((text, "3"), ("3", text), (rf"\int_0^1 x\,dx+{text}", text)):
            assert tier.resolve(undecided(answer, gold)).verdict is not Verdict.EQUAL
        assert time.monotonic() - begin < 20.0


def test_no_text_is_ever_evaluated() -> None:
    """What leaves this process is kinds from the engine's list, digits, letters and hashes."""
    gold = r"\int_0^1 \mathrm{os}_{system}\,dx + \text{exit} + f'(x) + x_{\text{import}}"
    job = make_job(gold, gold, Options())
    for text in (gold, "x_{abc}+y'", r"\alpha+\hat\beta"):
        job = make_job(text, text, Options())
        if job is None:
            continue
        nodes = job["gold"]
        assert isinstance(nodes, list)
        for kind, held, _ in nodes:
            assert kind.replace("_", "").isalpha()
            assert kind != "symbol" or len(held) == 1 or (held[0] == "#" and len(held) == 17)
    source = Path(pyverify.__file__).parent / "fallback"
    for path in source.glob("*.py"):
        code = path.read_text(encoding="utf-8")
        for word in ("sympify(", "parse_expr(", "eval(", "exec(", "lambdify(", "parse_latex("):
            assert word not in code.replace("evalf(", ""), path.name


def test_a_late_job_is_killed_and_the_next_one_runs() -> None:
    with SympyFallback(deadline=0.05) as tier:
        slow = r"\int_0^1 \sin(\cos(\tan(e^{x^x})))\,dx"
        assert tier.resolve(undecided("3", slow)).verdict is Verdict.UNDECIDED
        assert tier.counts.late == 1
        assert tier.resolve(undecided("3", slow)).verdict is Verdict.UNDECIDED
        assert tier.counts.late == 2
        assert not children(tier)


def test_a_killed_process_is_replaced() -> None:
    with SympyFallback(deadline=30.0) as tier:
        first = tier.start()._zygote.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert tier.resolve(undecided("3", r"\int_0^1 6x\,dx")).verdict is Verdict.EQUAL
        assert tier._zygote.pid != first


def test_killed_while_asked() -> None:
    with SympyFallback(deadline=20.0) as tier:
        tier.start()
        results: list[Result] = []
        slow = undecided("3", r"\int_0^1 \sin(\cos(\tan(e^{x^x})))\,dx")
        thread = threading.Thread(target=lambda: results.append(tier.resolve(slow)))
        thread.start()
        for _ in range(2):  # it is asked once more, then given up
            time.sleep(1.0)
            pid = tier._zygote.pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            time.sleep(3.0)
        thread.join(60.0)
        assert not thread.is_alive()
        assert results[0].verdict is Verdict.UNDECIDED


def test_limits_hold() -> None:
    """In a child of the worker: memory, files and time end, and the worker goes on."""
    code = (
        "import sys; sys.path[:] = sys.argv[1:]\n"
        "from pyverify.fallback import decide, worker\n"
        "def run(job):\n"
        "    if job == 'memory': return 'E' * (1 << 33)\n"
        "    if job == 'file':\n"
        "        with open(sys.argv[-1] + '/written', 'w') as f: f.write('x')\n"
        "    while job == 'time': pass\n"
        "    return 'equal'\n"
        "decide.run = run\n"
        "jobs = ['memory', 'file', 'time', 'none']\n"
        "request = {'jobs': jobs, 'deadline': 1.0, 'memory': 1 << 30, 'workers': 2}\n"
        "print(worker._run_all(request))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code, *filter(None, sys.path), folder],
            capture_output=True,
            text=True,
            check=True,
        )
        written = Path(folder, "written")
        assert not written.exists() or written.read_text() == ""
    assert done.stdout.strip() == "['failed', 'failed', 'late', 'equal']"


def test_a_dead_worker_fails_no_one() -> None:
    zygote = Zygote(deadline=20.0, memory=1 << 30, workers=1)
    assert zygote.ask([]) == []
    assert zygote.pid is None


def test_threads_share_one() -> None:
    with SympyFallback(deadline=30.0) as tier:
        results: list[Result] = []
        threads = [
            threading.Thread(
                target=lambda: results.append(tier.resolve(undecided("3", r"\int_0^1 6x\,dx")))
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [result.score for result in results] == [1.0] * 3


def test_it_ends_with_its_user() -> None:
    code = (
        "from pyverify.fallback import SympyFallback\n"
        "print(SympyFallback().start()._zygote.pid, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=os.sep,
        env=environment,
    )
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the worker outlived its user")


def test_sympy_stays_out_of_this_process() -> None:
    code = (
        "import sys\n"
        "from pyverify.fallback import SympyFallback\n"
        "with SympyFallback() as tier: tier.start()\n"
        "print('sympy' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=os.sep,
        env=environment,
    )
    assert done.stdout.strip() == "False"


def test_settings_are_validated() -> None:
    for wrong in ({"deadline": 0.0}, {"memory": 1}, {"workers": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            SympyFallback(**wrong)  # type: ignore[arg-type]


def children(tier: SympyFallback) -> list[str]:
    pid = tier._zygote.pid
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return path.read_text().split() if path.exists() else []
