"""`pyverify doctor --openrlhf` held against OpenRLHF's own parser."""

from __future__ import annotations

import importlib.util

import pytest

from pyverify.integrations.doctor import Level, check_openrlhf
from pyverify.integrations.doctor.check_openrlhf import OLD, real_parser

if importlib.util.find_spec("openrlhf") is None:
    pytest.skip("OpenRLHF is not installed", allow_module_level=True)


def test_the_real_parser_is_had_without_its_imports() -> None:
    parser = real_parser()
    assert parser is not None
    settings = parser.parse_args([])
    assert vars(settings)["algo.kl.init_coef"] == 0.01
    assert vars(settings)["algo.advantage.estimator"] == "gae"


def test_the_table_names_what_is_there_and_nothing_that_is() -> None:
    parser = real_parser()
    assert parser is not None
    known = {name for one in parser._actions for name in one.option_strings}
    assert not OLD.keys() & known
    assert set(OLD.values()) <= known


def test_an_unknown_option_has_the_nearest() -> None:
    words = ["--algo.kl.init_coef", "0", "--algo.advantage.estimater", "group_norm"]
    (one,) = [one for one in check_openrlhf(words).findings if one.level is Level.ERROR]
    assert one.instead.startswith("--algo.advantage.estimator")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--algo.advantage.estimator", "grpo"], "invalid choice: 'grpo'"),
        (["--rollout.n_samples_per_prompt", "eight"], "invalid int value: 'eight'"),
        (["--ds.packing_samples", "true"], "doesn't take true"),
        (["--train.batch_size"], "expected one argument"),
    ],
)
def test_a_value_that_the_parser_refuses(words: list[str], what: str) -> None:
    parser = real_parser()
    assert parser is not None
    with pytest.raises(SystemExit):
        parser.parse_args(words)
    (one,) = [one for one in check_openrlhf(words).findings if one.level is Level.ERROR]
    assert one.key == words[0]
    assert what in one.what


def test_a_known_command_is_left_alone() -> None:
    words = [
        *("--algo.advantage.estimator", "group_norm", "--algo.kl.init_coef", "0"),
        *("--rollout.n_samples_per_prompt", "8", "--actor.eps_clip_low_high", "0.2", "0.28"),
        "--algo.dynamic_filtering_enable",
        *("--reward.remote_url", "http://localhost:5000/get_reward"),
    ]
    examined = check_openrlhf(words)
    assert examined.findings == []
    assert examined.against == "the parser of OpenRLHF 0.11.2"
