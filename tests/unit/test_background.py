"""The thread that talks to servers, when it cannot be had."""

from __future__ import annotations

import threading

import pytest

from pyverify.servers import background


async def _five() -> int:
    return 5


def test_a_thread_that_does_not_start_is_started_by_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "_thread", background._Thread())

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            background.submit(_five())
    assert background.submit(_five()).result(timeout=10) == 5
