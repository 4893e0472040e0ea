"""How the public interface looks to a type checker: mypy reads this, nobody runs it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from typing_extensions import assert_type

import pyverify
from pyverify import (
    PRESETS,
    AnyOf,
    Choice,
    Extraction,
    Kind,
    Options,
    Preset,
    Reason,
    Result,
    Verdict,
    Verifier,
)

result = pyverify.verify("text", gold="1")
assert_type(result, Result)
assert_type(result.verdict, Verdict)
assert_type(result.reason, Reason)
assert_type(result.score, float)
assert_type(result.answer, str | None)
assert_type(result.gold, str)
assert_type(result.span, tuple[int, int] | None)
assert_type(result.kind, Kind)
assert_type(bool(result), bool)

assert_type(pyverify.equivalent("1", gold=1), Result)
assert_type(pyverify.extract("text"), Extraction)
assert_type(pyverify.explain("text", gold="1").result, Result)
assert_type(pyverify.verify_batch(["a"], golds=["1"], threads=2), list[Result])
assert_type(pyverify.verify_batch(("a", "b"), golds=[1, ["2", "3"]]), list[Result])
assert_type(Verifier(gold="1")("text"), Result)

# every form of a gold
pyverify.verify("text", gold=1)
pyverify.verify("text", gold=0.5)
pyverify.verify("text", gold=Fraction(1, 2))
pyverify.verify("text", gold=Decimal("0.5"))
pyverify.verify("text", gold=["1", 2])
pyverify.verify("text", gold=("1", 2.5))
pyverify.verify("text", gold=AnyOf(["1", ["2", 3]]))
pyverify.verify("text", gold={"any_of": ["1", ["2", "3"]]})
pyverify.verify("text", gold=Choice("B", texts={"A": "3", "B": 42}))
pyverify.verify("text", gold=Choice("B", texts=["3", "42"]))
pyverify.verify("text", gold={"choice": "B", "texts": {"A": "3", "B": "42"}})

assert_type(pyverify.preset("gsm8k"), Options)
assert_type(PRESETS["gsm8k"], Preset)
assert_type(PRESETS["gsm8k"].row_options({"error": "0.1"}), Options)

# mistakes that a checker sees
pyverify.verify("text", "1")  # type: ignore[call-arg]
pyverify.verify("text")  # type: ignore[call-arg]
pyverify.verify(None, gold="1")  # type: ignore[arg-type]
pyverify.verify("text", gold=None)  # type: ignore[arg-type]
Options(reasoning="maybe")  # type: ignore[arg-type]
Options(last_numbers=True)  # type: ignore[call-arg]
result.score = 1.0  # type: ignore[misc]
