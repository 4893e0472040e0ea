"""Rows of bounded length: all sequences once, groups together, as few tokens as can be."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_model import Toy, prefixes

from pyverify.rlpr import Spliced
from pyverify.rlpr.packing import in_order, packed_log_probs, packs

ids = st.lists(st.integers(0, 2), max_size=5)
sequences = st.lists(
    st.builds(Spliced, st.lists(st.integers(0, 2), min_size=1, max_size=3), ids, ids), max_size=7
)


def length(sequence: Spliced) -> int:
    return len(prefixes([sequence]))


@given(sequences, st.integers(1, 30), st.booleans())
def test_rows_hold_all_within_their_length(given: list[Spliced], most: int, sharing: bool) -> None:
    found = packs(given, most, sharing=sharing)
    assert sorted(index for one in found for index in one.indices) == list(range(len(given)))
    for one in found:
        own = [given[index] for index in one.indices]
        assert len(one.packed) <= most or len(one.packed) == max(map(length, own))
    assert [one.indices for one in packs(given, most, sharing=sharing)] == [
        one.indices for one in found
    ]


@settings(max_examples=60)
@given(sequences, st.integers(4, 20), st.sampled_from([None, 1, 1000]))
def test_no_other_cut_costs_less(given: list[Spliced], most: int, width: int | None) -> None:
    def cost(size: int) -> float:
        return size if width is None else size * (1 + size / (6 * width)) + 256

    ordered = sorted(given, key=lambda one: [*one.context, *one.reference][:-1])
    ordered = [one for one in ordered if one.reference]
    sizes = []
    for count in range(len(ordered)):
        for cuts in combinations(range(1, len(ordered)), count):
            edges = [0, *cuts, len(ordered)]
            rows = [ordered[a:b] for a, b in pairwise(edges)]
            total = [len(prefixes(row)) for row in rows]
            if all(
                size <= most or size == max(map(length, row))
                for size, row in zip(total, rows, strict=True)
            ):
                sizes.append(sum(map(cost, total)))
    ordered_packs = packs(ordered, most, hidden_size=width)
    found = sum(cost(len(one.packed)) for one in ordered_packs)
    assert found == pytest.approx(min(sizes, default=0))


def test_a_group_is_not_torn() -> None:
    prompts = [[1] * 10, [2] * 10, [3] * 10]
    given = [Spliced(prompt, [4 + i], [5]) for i in range(3) for prompt in prompts]
    # A group has 13 tokens: filled to the brim, a row would take some of the next.
    found = packs(given, 25)
    assert [one.indices for one in found] == [(0, 3, 6), (1, 4, 7), (2, 5, 8)]
    assert [one.indices for one in packs(given, 26)] == [(0, 3, 6), (1, 2, 4, 5, 7, 8)]
    assert [one.indices for one in packs(given, 26, sharing=False)] == [
        (0,), (1, 2), (3, 4), (5, 6), (7, 8)
    ]  # fmt: skip


def test_rows_are_shorter_where_attention_is_dear() -> None:
    prompt = list(range(1, 201))
    given = [Spliced(prompt, [300 + i] * 300, [5] * 11) for i in range(8)]
    # One row of 200 + 8 * 310 tokens, or two of 200 + 4 * 310: at a width of 576 the second costs
    # 200 tokens and a forward more, and 900 less of attention.
    assert [len(one.packed) for one in packs(given, 8192)] == [2680]
    assert [len(one.packed) for one in packs(given, 8192, hidden_size=576)] == [1440, 1440]
    assert [len(one.packed) for one in packs(given, 8192, hidden_size=3584)] == [2680]


def test_the_same_twice_costs_once_however_long() -> None:
    given = [Spliced([1] * 50, [], [2]), Spliced([1] * 20, [], [1]), Spliced([1] * 50, [], [2])]
    assert [one.indices for one in packs(given, 4)] == [(0, 1, 2)]


@settings(max_examples=40)
@given(sequences, st.integers(1, 20), st.booleans())
def test_answers_come_in_order(given: list[Spliced], most: int, sharing: bool) -> None:
    toy, rows, values = Toy(), packs(given, most, sharing=sharing), []
    for one in rows:
        packed = one.packed
        logits = toy.logits(packed.input_ids[0], packed.position_ids[0], packed.mask()[0, 0])
        values.append(packed_log_probs(packed, logits=logits).log_probs)
    found = in_order(rows, values)
    expected = torch.cat([torch.zeros(0, dtype=torch.float64), *map(toy.alone, given)])
    assert found.cu_seqlens.diff().tolist() == [len(one.reference) for one in given]
    assert found.log_probs.dtype == torch.float32
    torch.testing.assert_close(found.log_probs.double(), expected, atol=1e-6, rtol=0)


def test_bad_arguments() -> None:
    one = Spliced([1], [], [2])
    with pytest.raises(ValueError, match="max_tokens must be at least 1, got 0"):
        packs([one], 0)
    with pytest.raises(ValueError, match="a reference needs a token before it"):
        packs([Spliced([], [], [2])], 8)
    with pytest.raises(ValueError, match="a row of 1 targets must have as many"):
        in_order(packs([one], 8), [torch.zeros(2)])
