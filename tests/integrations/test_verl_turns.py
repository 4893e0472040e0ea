"""Responses of several turns, as verl decodes them."""

from __future__ import annotations

import time

import pytest

from pyverify.integrations.verl.turns import said
from pyverify.messages import said as spoken


def test_a_text_without_tools_is_itself() -> None:
    for text in ("", "So 4.", "user\nassistant\n", "</tool_response>"):
        assert said(text) is text
        assert said(text, 9) is text
    assert said(None) == ""
    assert said(7) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Qwen's template: tools speak in a turn of the user's.
        (
            "Call.\nuser\n<tool_response>\n7\n</tool_response>\nassistant\nSo 4.",
            ["Call.", "So 4."],
        ),
        # Two tools at once; a role of their own.
        (
            "Call.\ntool\n<tool_response>7</tool_response>\n<tool_response>8</tool_response>\n"
            "assistant\nSo 4.",
            ["Call.", "So 4."],
        ),
        # No roles left.
        ("Call.<tool_response>7</tool_response>So 4.", ["Call.", "So 4."]),
        # Cut off inside a tool's output, or behind it.
        ("Call.\nuser\n<tool_response>\n7", ["Call."]),
        ("Call.\nuser\n<tool_response>7</tool_response>\nassistant\n", ["Call."]),
        # Words that only look like roles.
        (
            "I am the user<tool_response>7</tool_response>assistant work",
            ["I am the user", "assistant work"],
        ),
        ("<tool_response>7</tool_response>", []),
    ],
)
def test_only_what_the_model_says(text: str, wanted: list[str]) -> None:
    assert spoken(said(text, 4)) == wanted


def test_one_turn_has_no_tools() -> None:
    text = "<tool_response>7</tool_response>"
    assert said(text, 2) is text


@pytest.mark.parametrize(
    "text",
    [
        "<tool_response>" * 20_000,
        "\n" * 300_000 + "<tool_response>",
        "<tool_response></tool_response>" * 10_000,
        "<tool_response>" + " " * 300_000 + "</tool_response",
    ],
)
def test_it_takes_no_longer_for_hostile_texts(text: str) -> None:
    begin = time.process_time()
    said(text)
    assert time.process_time() - begin < 1.0
