"""A user's paths in a script: the constants change, nothing else."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyverify.integrations.recipes import fill

SCRIPT = '''"""Ein Skript für MODEL = "x"."""

MODEL = "a"  # MODEL = "b"
TRAIN = ["é", "c"]
OUTPUT = (
    "runs/"
    "x"
)
SETTINGS = {"MODEL": MODEL}
'''


def values(text: str) -> dict[str, object]:
    scope: dict[str, object] = {}
    exec(text, scope)
    return scope


def test_only_what_is_named_changes() -> None:
    found = fill(SCRIPT, {"TRAIN": ["x.parquet"], "MODEL": "/models/it's"})
    assert found == SCRIPT.replace('["é", "c"]', '["x.parquet"]').replace(
        'MODEL = "a"', 'MODEL = "/models/it\'s"'
    )
    assert fill(SCRIPT, {}) == SCRIPT


@given(model=st.text(), train=st.lists(st.text()), output=st.text())
def test_any_text_is_what_the_script_then_has(model: str, train: list[str], output: str) -> None:
    filled = fill(SCRIPT, {"MODEL": model, "TRAIN": train, "OUTPUT": output})
    found = values(filled)
    assert (found["MODEL"], found["TRAIN"], found["OUTPUT"]) == (model, train, output)
    assert found["SETTINGS"] == {"MODEL": model}
    # The rest: what is no constant of those three.
    others = [ast.dump(node) for node in ast.parse(filled).body]
    before = [ast.dump(node) for node in ast.parse(SCRIPT).body]
    assert (others[0], others[-1]) == (before[0], before[-1])


def test_one_text_for_a_list_and_a_list_of_one_for_a_text() -> None:
    found = values(fill(SCRIPT, {"TRAIN": "x", "MODEL": ["y"]}))
    assert (found["TRAIN"], found["MODEL"]) == (["x"], "y")


def test_what_the_script_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="the script has no CRITIC"):
        fill(SCRIPT, {"CRITIC": "x"})
    with pytest.raises(ValueError, match="MODEL is one text, not 2"):
        fill(SCRIPT, {"MODEL": ["x", "y"]})
