"""What importing scorers asks for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pyverify.rlpr.scorers


def test_no_engine_and_no_client_is_imported() -> None:
    code = (
        "import sys; from pyverify.rlpr.scorers import VllmScorer, VllmServerScorer;"
        "VllmServerScorer('http://127.0.0.1:1/v1');"
        "print(sorted({'triton', 'transformers', 'vllm', 'openai'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_no_such_scorer() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Scorer'"):
        _ = pyverify.rlpr.scorers.Scorer
