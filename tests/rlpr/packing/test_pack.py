"""Packed equals separate, for sequences that share whatever they like."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_model import VOCABULARY, Toy, prefixes

from pyverify.rlpr import Spliced
from pyverify.rlpr.packing import Packed, pack, packed_log_probs

# Few tokens, so that sequences often begin alike.
ids = st.lists(st.integers(0, 2), max_size=6)
sequences = st.lists(
    st.builds(Spliced, st.lists(st.integers(0, 2), min_size=1, max_size=5), ids, ids), max_size=8
)
GROUP = [
    Spliced([1, 2, 3], [4, 5], [6, 7]),
    Spliced([1, 2, 3], [4, 5], [6, 8, 9]),
    Spliced([1, 2, 3], [4, 5], [6, 7]),
    Spliced([1, 2, 3], [], [6]),
    Spliced([1, 2, 3], [], []),
    Spliced([1, 2, 3], [], [4, 5, 6, 7, 10]),
    Spliced([9], [], [1]),
]


def found(toy: Toy, packed: Packed) -> torch.Tensor:
    seen = packed.mask(toy.window)[0, 0]
    logits = toy.logits(packed.input_ids[0], packed.position_ids[0], seen)
    return logits.log_softmax(1)[packed.rows, packed.targets]


def alone(toy: Toy, given: list[Spliced]) -> torch.Tensor:
    return torch.cat([torch.zeros(0, dtype=torch.float64), *map(toy.alone, given)])


@settings(max_examples=60)
@given(sequences, st.booleans(), st.sampled_from([None, 1, 2, 3, 20]))
def test_packed_equals_separate(given: list[Spliced], sharing: bool, window: int | None) -> None:
    toy, packed = Toy(window), pack(given, sharing=sharing)
    assert packed.cu_seqlens.diff().tolist() == [len(one.reference) for one in given]
    assert packed.targets.tolist() == [token for one in given for token in one.reference]
    torch.testing.assert_close(found(toy, packed), alone(toy, given), atol=1e-12, rtol=0)


@given(sequences)
def test_every_shared_prefix_is_there_once(given: list[Spliced]) -> None:
    packed = pack(given)
    assert len(packed) == len(prefixes(given))
    seen = packed.mask()[0, 0]
    row = packed.input_ids[0]
    assert {tuple(row[seen[place]].tolist()) for place in range(len(packed))} == prefixes(given)
    assert packed.position_ids[0].tolist() == (seen.sum(1) - 1).tolist()


@given(sequences)
def test_apart_positions_begin_again(given: list[Spliced]) -> None:
    packed = pack(given, sharing=False)
    asked = [[*one.context, *one.reference][:-1] for one in given if one.reference]
    assert packed.input_ids[0].tolist() == [token for one in asked for token in one]
    assert packed.position_ids[0].tolist() == [at for one in asked for at in range(len(one))]


@settings(max_examples=30)
@given(sequences)
def test_a_mask_in_each_form(given: list[Spliced]) -> None:
    packed = pack(given)
    for window in (None, 2):
        seen = packed.mask(window)
        assert seen.shape == (1, 1, len(packed), len(packed))
        added = packed.additive(torch.bfloat16, window)
        assert added.dtype == torch.bfloat16
        assert torch.equal(added == 0, seen)
        assert torch.equal(added == torch.finfo(torch.bfloat16).min, ~seen)


def test_a_mask_for_flex_attention() -> None:
    packed = pack(GROUP)
    blocks = packed.block_mask(window=3)
    assert blocks.shape == (1, 1, len(packed), len(packed))
    place = torch.arange(len(packed))
    none = torch.zeros((), dtype=torch.int64)
    dense = torch.stack([blocks.mask_mod(none, none, one.expand_as(place), place) for one in place])
    assert torch.equal(dense, packed.mask(3)[0, 0])


def test_a_group_in_one_row() -> None:
    packed = pack(GROUP)
    # 1 2 3, 4 5 of kept and reference alike, 6, 7, 8, and another prompt; no last token.
    assert sorted(packed.input_ids[0].tolist()) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    places, which = packed.answers()
    assert torch.equal(places[which], packed.rows)
    assert places.tolist() == sorted(set(packed.rows.tolist()))


def test_nothing_asked_is_nothing_read() -> None:
    packed = pack([Spliced([1, 2], [], []), Spliced([], [], [])])
    assert (len(packed), packed.cu_seqlens.tolist()) == (0, [0, 0, 0])
    assert len(pack([])) == 0
    assert pack([]).cu_seqlens.tolist() == [0]
    assert pack([]).mask().shape == (1, 1, 0, 0)


def test_bad_sequences() -> None:
    for sharing in (True, False):
        with pytest.raises(ValueError, match="a reference needs a token before it"):
            pack([Spliced([], [], [1, 2])], sharing=sharing)
        with pytest.raises(ValueError, match="must not be negative, got -100"):
            pack([Spliced([1, -100], [], [2])], sharing=sharing)
        with pytest.raises(TypeError, match=r"must be ints: pass \.tolist\(\)"):
            pack([Spliced([1.5], [], [2])], sharing=sharing)  # type: ignore[list-item]
    with pytest.raises(ValueError, match="window must be at least 1, got 0"):
        pack(GROUP).mask(0)


@pytest.mark.parametrize("lead", [(), (1,)])
def test_log_probs_of_logits_or_hidden_states(lead: tuple[int, ...]) -> None:
    toy, packed = Toy(), pack(GROUP)
    expected = alone(toy, GROUP)
    seen = packed.mask()[0, 0]
    hidden = toy.hidden(packed.input_ids[0], packed.position_ids[0], seen)
    places, _ = packed.answers()
    for rows in (slice(None), places):
        for answer in (
            packed_log_probs(
                packed, logits=(4 * hidden[rows] @ toy.head.T).reshape(*lead, -1, VOCABULARY)
            ),
            packed_log_probs(
                packed, hidden=hidden[rows].reshape(*lead, -1, 8), weight=4 * toy.head
            ),
        ):
            assert answer.log_probs.dtype == torch.float32
            assert torch.equal(answer.cu_seqlens, packed.cu_seqlens)
            torch.testing.assert_close(answer.log_probs.double(), expected, atol=1e-6, rtol=0)


def test_log_probs_with_a_temperature_and_a_cap() -> None:
    toy, packed = Toy(), pack(GROUP)
    logits = toy.logits(packed.input_ids[0], packed.position_ids[0], packed.mask()[0, 0])
    capped = 3 * (logits / 3).tanh() / 0.6
    expected = capped.log_softmax(1)[packed.rows, packed.targets]
    given = packed_log_probs(packed, logits=logits, temperature=0.6, softcap=3.0)
    torch.testing.assert_close(given.log_probs.double(), expected, atol=1e-6, rtol=0)


def test_rows_that_fit_no_forward() -> None:
    packed = pack(GROUP)
    with pytest.raises(ValueError, match=r"must have 9 rows, one for each token, or \d, one"):
        packed_log_probs(packed, logits=torch.zeros(3, 11))
    with pytest.raises(ValueError, match=r"must be of one row, .* \[2, 9, 11\]"):
        packed_log_probs(packed, logits=torch.zeros(2, 9, 11))
