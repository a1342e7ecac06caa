"""Random numbers by counter: the same however they are asked for, and uniform."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from sim.randomness import Streams


@given(st.integers(0, 2**64 - 1), st.integers(0, 40), st.integers(1, 20), st.integers(1, 9))
def test_worlds_draw_the_same_whoever_they_are_drawn_with(
    seed: int, first: int, worlds: int, slots: int
) -> None:
    whole = Streams(seed, 0, 64).uniforms("x", round_=3, slots=slots)
    part = Streams(seed, first, worlds).uniforms("x", round_=3, slots=slots)
    np.testing.assert_array_equal(part[: 64 - first], whole[first : first + worlds])


def test_more_slots_leave_the_first_ones_alone() -> None:
    some = Streams(0, 0, 8)
    np.testing.assert_array_equal(some.uniforms("x", slots=9)[:, :3], some.uniforms("x", slots=3))


def test_seed_purpose_world_round_and_slot_all_count() -> None:
    draws = [
        Streams(0, 0, 2).uniforms("x", slots=2).ravel(),
        Streams(1, 0, 2).uniforms("x", slots=2).ravel(),
        Streams(0, 0, 2).uniforms("y", slots=2).ravel(),
        Streams(0, 0, 2).uniforms("x", round_=1, slots=2).ravel(),
    ]
    assert len({*np.concatenate(draws).tolist()}) == 16


@pytest.mark.parametrize("law", ["uniform", "norm"])
def test_numbers_follow_their_law(law: str) -> None:
    some = Streams(0, 0, 4096)
    drawn = some.uniforms("law") if law == "uniform" else some.normals("law")
    assert kstest(drawn.ravel(), law).pvalue > 0.01
    assert not drawn.flags.writeable
