"""A judge as a part of a reward."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from judge_server import RIGHT, WRONG, Action, JudgeServer

from pyverify import Verdict, verify
from pyverify.judge import Judge, JudgeModel
from pyverify.rewards import (
    ConfigError,
    Correctness,
    Format,
    Graded,
    from_dict,
    from_json,
    from_toml,
    to_dict,
    to_json,
    to_toml,
)

MakeJudge = Callable[..., Judge]

# Open, open, wrong, right, no answer.
PI = r"\boxed{\frac{\pi^2}{6}}"
PI = r"\boxed{\frac{\pi^2}{6}}"
TEXTS = [r"\boxed{\zeta(2)}", r"\boxed{\zeta(3)}", r"\boxed{2}", PI, "Hm?"]
GOLD = r"\frac{\pi^2}{6}"


@pytest.fixture(autouse=True)
def client() -> None:
    pytest.importorskip("openai", reason="the judge needs the openai client (extra judge)")


def test_the_engine_leaves_the_cases_open() -> None:
    verdicts = [verify(text, gold=GOLD).verdict for text in TEXTS]
    assert verdicts[:2] == [Verdict.UNDECIDED, Verdict.UNDECIDED]
    assert Verdict.UNDECIDED not in verdicts[2:]


def test_a_judge_decides_what_the_engine_cannot(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.behaviour = lambda number, body: Action(
        RIGHT if "zeta(2)" in str(body["messages"]) else WRONG
    )
    reward = 0.1 * Format() + 0.9 * Correctness(judge=make_judge())
    batch = reward.evaluate(TEXTS, gold=GOLD, prompts=["Sum 1/n^2."] * 5)
    assert batch.rewards == [1.0, 0.1, 0.1, 1.0, 0.0]
    assert [r.tier for r in batch.results if r is not None] == ["judge", "judge"] + ["engine"] * 3
    assert server.requests == 2
    assert all("Sum 1/n^2." in one.prompt for one in server.seen)


def test_an_outage_abstains(server: JudgeServer, make_judge: MakeJudge) -> None:
    server.then(Action(status=500))
    judge = make_judge(attempts=2)
    batch = Correctness(judge=judge).evaluate(TEXTS, gold=GOLD)
    assert batch.rewards == [None, None, 0.0, 1.0, 0.0]
    assert batch.summary().abstained == 2
    assert batch.summary().shares["unavailable"] == 0.4
    assert Graded(-1, 0, 1, judge=judge)(TEXTS, gold=GOLD)[:2] == [None, None]


def test_without_a_judge_open_answers_are_not_right() -> None:
    assert Correctness()(TEXTS, gold=GOLD) == [0.0, 0.0, 0.0, 1.0, 0.0]


def test_a_judge_is_a_part_of_the_value() -> None:
    models = (JudgeModel("a", base_url="http://127.0.0.1:1/v1"), JudgeModel("b", api_key_env="K"))
    reward = Correctness(judge=Judge(models, need="majority", attempts=2)) + Format()
    for copy in (
        pickle.loads(pickle.dumps(reward)),
        from_dict(to_dict(reward)),
        from_toml(to_toml(reward)),
        from_json(to_json(reward)),
    ):
        assert copy == reward
        assert hash(copy) == hash(reward)
    written = to_toml(Correctness(judge=Judge(models[:1])))
    assert "[[judge.models]]" in written
    with pytest.raises(ConfigError, match="judge: there is no 'vote'"):
        from_dict({"type": "correctness", "judge": {"models": [], "vote": 3}})
