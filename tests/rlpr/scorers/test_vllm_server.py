"""A vLLM server asked over a real connection: what is sent, what comes back, what goes wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import pickle
import threading
import time
from collections.abc import Iterator

import pytest
from completions import SEQUENCES, answer, expected, flat, refusing, reply, saying
from judge_server import Action, JudgeServer

from pyverify.rlpr import Spliced, TokenLogProbs
from pyverify.rlpr.scorers import VllmServerScorer

pytest.importorskip("openai", reason="the scorer needs the openai client")


@pytest.fixture
def make(server: JudgeServer) -> Iterator[object]:
    made: list[VllmServerScorer] = []

    def one(model: str | None = "m", **settings: object) -> VllmServerScorer:
        quick: dict[str, object] = {"api_key_env": "", "backoff": 0.01, "timeout": 10.0}
        scorer = VllmServerScorer(server.url, model, **{**quick, **settings})  # type: ignore[arg-type]
        made.append(scorer)
        return scorer

    yield one
    for scorer in made:
        scorer.close()


def check(found: TokenLogProbs) -> None:
    assert found.log_probs.tolist() == flat(SEQUENCES)
    assert found.cu_seqlens.tolist() == [0, 2, 2, 3, 6]


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_what_is_sent_and_read(server: JudgeServer, make: object, batch: int) -> None:
    check(make(batch=batch)(SEQUENCES))
    asked = [ids for seen in server.seen for ids in seen.body["prompt"]]
    wanted = [[*one.context, *one.reference] for one in SEQUENCES if one.reference]
    assert sorted(asked) == sorted(wanted)
    assert server.requests == math.ceil(len(wanted) / batch)
    for seen in server.seen:
        body = {key: value for key, value in seen.body.items() if key != "prompt"}
        assert body == {"model": "m", "max_tokens": 1, "temperature": 1.0, "prompt_logprobs": 0}
        assert seen.path == "/v1/completions"


def test_nothing_to_ask_is_not_asked(server: JudgeServer, make: object) -> None:
    assert make(None)([SEQUENCES[1]] * 2).cu_seqlens.tolist() == [0, 0, 0]
    assert make(None)([]).log_probs.tolist() == []
    assert server.requests == 0


def test_the_only_model_needs_no_name(server: JudgeServer, make: object) -> None:
    server.models = ["policy"]
    scorer = make(None)
    check(scorer(SEQUENCES))
    server.models = ["another"]
    check(scorer(SEQUENCES))
    assert {seen.body["model"] for seen in server.seen} == {"policy"}
    server.models = ["policy", "adapter"]
    with pytest.raises(ValueError, match=r"has 2 models \(policy, adapter\): say which"):
        make(None, batch=3)(SEQUENCES)


def test_the_key_comes_from_the_environment(
    server: JudgeServer, make: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_KEY", "k1")
    scorer = make(api_key_env="POLICY_KEY")
    scorer(SEQUENCES)
    assert server.seen[0].key == "Bearer k1"
    assert "k1" not in repr(scorer)


def test_minus_infinity_comes_back(server: JudgeServer, make: object) -> None:
    """JSON has none: the server writes -9999."""
    text = json.dumps(reply([[5, 7]]))
    server.behaviour = lambda number, body: Action(
        body=text.replace(str(expected(Spliced([5], [], [7]))[0]), "-9999.0").encode()
    )
    assert make()([Spliced([5], [], [7])]).log_probs.tolist() == [-math.inf]


def test_requests_on_their_way_are_bounded(server: JudgeServer, make: object) -> None:
    def slow(number: int, body: dict[str, object]) -> Action:
        action = answer(body)
        action.delay = 0.05
        return action

    server.behaviour = slow
    many = SEQUENCES * 6
    assert make(batch=1, concurrency=3)(many).log_probs.tolist() == flat(many)
    assert server.most_at_once == 3


def test_what_passes_by_itself_is_asked_again(server: JudgeServer, make: object) -> None:
    troubles = [
        Action(status=503),
        Action(reset=True),
        Action(body=b"<html>"),
        Action(body=b"[]", half=True),
        Action(status=429, headers={"retry-after": "0.01"}),
    ]

    def behaviour(number: int, body: dict[str, object]) -> Action:
        return troubles[number] if number < len(troubles) else answer(body)

    server.behaviour = behaviour
    check(make(batch=8)(SEQUENCES))
    assert server.requests == 6


def test_a_server_that_stays_away(
    server: JudgeServer, make: object, caplog: pytest.LogCaptureFixture
) -> None:
    server.then(Action(status=500))
    with pytest.raises(ConnectionError, match=r"doesn't answer \(2 attempts\): status 500"):
        make(attempts=2)(SEQUENCES)
    assert server.requests == 2
    with caplog.at_level(logging.WARNING):
        found = make(attempts=2, on_failure="nan")(SEQUENCES)
    assert found.log_probs.isnan().all()
    assert found.cu_seqlens.tolist() == [0, 2, 2, 3, 6]
    assert "not scored: " in caplog.text


def long(body: dict[str, object]) -> Action:
    """A server with room for five tokens."""
    prompts = body["prompt"]
    assert isinstance(prompts, list)
    return refusing("too many tokens") if any(len(ids) > 5 for ids in prompts) else answer(body)


def test_one_too_long_does_not_spoil_the_others(server: JudgeServer, make: object) -> None:
    server.behaviour = lambda number, body: long(body)
    with pytest.raises(ValueError, match=r"too many tokens.* has 6 tokens.*--max-model-len .* 7"):
        make()(SEQUENCES)
    found = make(on_failure="nan")(SEQUENCES).log_probs.tolist()
    assert all(map(math.isnan, found[:2]))
    assert found[2:] == flat(SEQUENCES[1:])


@pytest.mark.parametrize("on_failure", ["raise", "nan"])
@pytest.mark.parametrize(
    ("status", "words", "wanted"),
    [
        (404, "The model `m` does not exist.", "`m` does not exist.*look at model"),
        (401, "Unauthorized", "Unauthorized.*set the environment variable POLICY_KEY"),
    ],
)
def test_a_wrong_setting_is_an_error_always(
    server: JudgeServer, make: object, on_failure: str, status: int, words: str, wanted: str
) -> None:
    server.then(refusing(words, status))
    with pytest.raises(ValueError, match=wanted):
        make(on_failure=on_failure, api_key_env="POLICY_KEY")(SEQUENCES)
    assert server.requests == 1


@pytest.mark.parametrize(
    "choices",
    [
        [],
        [{"index": 0, "text": "x"}, {"index": 1}, {"index": 2}],
        [{"index": one, "prompt_logprobs": None} for one in range(3)],
        [{"index": {}, "prompt_logprobs": []}, None, 3],
        [{"index": True, "prompt_logprobs": []} for _ in range(3)],
    ],
)
def test_a_server_without_prompt_logprobs(
    server: JudgeServer, make: object, choices: list[object]
) -> None:
    server.then(saying({"choices": choices}))
    with pytest.raises(ValueError, match="prompt_logprobs for 0 of 3 prompts"):
        make(on_failure="nan")(SEQUENCES)
    assert server.requests == 1


def test_numbers_of_other_tokens_are_not_taken(server: JudgeServer, make: object) -> None:
    server.then(saying(reply([[5, 6, 7, 8, 9, 10], [5, 6, 7, 12], [3, 4, 4, 4]])))
    with pytest.raises(ValueError, match="no log-probability of token 11"):
        make()(SEQUENCES)


def test_inside_a_running_loop_and_from_threads(server: JudgeServer, make: object) -> None:
    scorer = make()

    async def main() -> None:
        check(scorer(SEQUENCES))
        for found in await asyncio.gather(*(scorer.ascore(SEQUENCES) for _ in range(4))):
            check(found)

    asyncio.run(main())
    asyncio.run(main())
    found: list[TokenLogProbs] = []
    threads = [threading.Thread(target=lambda: found.append(scorer(SEQUENCES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for one in found:
        check(one)


def test_after_an_error_nothing_is_on_its_way(server: JudgeServer, make: object) -> None:
    def behaviour(number: int, body: dict[str, object]) -> Action:
        action = refusing("no such model", 404)
        action.delay = 0.0 if number == 0 else 0.2
        return action

    server.behaviour = behaviour
    with pytest.raises(ValueError, match="no such model"):
        make(batch=1, concurrency=2)(SEQUENCES * 10)
    time.sleep(0.5)
    assert server.requests <= 4


def test_it_is_a_value(server: JudgeServer, make: object) -> None:
    scorer = make()
    assert pickle.loads(pickle.dumps(scorer)) == scorer
    check(pickle.loads(pickle.dumps(scorer))(SEQUENCES))
    scorer.close()
    check(scorer(SEQUENCES))


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"base_url": "127.0.0.1:8000"}, "base_url must be a URL"),
        ({"batch": 0}, "batch must be above 0, got 0"),
        ({"timeout": math.nan}, "timeout must be above 0"),
        ({"on_failure": "zero"}, 'on_failure must be "raise" or "nan"'),
    ],
)
def test_misuse(settings: dict[str, object], wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        VllmServerScorer(**{"base_url": "http://127.0.0.1:1/v1", **settings})  # type: ignore[arg-type]
