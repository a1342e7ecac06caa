from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.ratification import (
    passing_probability,
    required_by_parliament,
    required_by_quota,
    yes_probability,
)

SHARE = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("seats", "votes", "yes"),
    [(100, 51, "0.6"), (100, 67, "0.6"), (450, 300, "0.7"), (7, 4, "0.3")],
)
def test_binomial_tail_in_exact_arithmetic(seats: int, votes: int, yes: str) -> None:
    p = Fraction(yes)
    exact = sum(comb(seats, k) * p**k * (1 - p) ** (seats - k) for k in range(votes, seats + 1))
    got = passing_probability(np.array(float(p)), seats, votes)
    assert got == pytest.approx(float(exact), rel=1e-12)


def test_no_votes_needed_and_all_votes_needed() -> None:
    assert passing_probability(np.array(0.0), 5, 0) == 1
    assert passing_probability(np.array(0.9), 5, 5) == pytest.approx(0.9**5)


@given(SHARE, SHARE, st.integers(1, 30), st.data())
def test_the_required_support_passes_with_just_that_probability(
    whipped: float, probability: float, seats: int, data: st.DataObject
) -> None:
    votes = data.draw(st.integers(1, seats))
    share, discipline = np.array(whipped), np.array(0.5)
    level = required_by_parliament(seats, votes, share, discipline, np.array(probability))
    yes = yes_probability(np.clip(level, 0, 1), share, discipline)
    got = passing_probability(yes, seats, votes)
    if 0 <= level <= 1:
        assert got == pytest.approx(probability)
    else:
        assert (got < probability) == (level > 1)


def test_a_whipped_house_passes_anything_and_an_impossible_one_nothing() -> None:
    one, half = np.array(1.0), np.array(0.5)
    assert required_by_parliament(10, 5, one, one, half) == -np.inf
    assert required_by_parliament(10, 0, one, one, half) == -np.inf
    assert required_by_parliament(10, 10, np.array(0.0), one, half) == pytest.approx(0.5**0.1)


@given(SHARE, st.floats(0, 0.3), SHARE, SHARE)
def test_more_certainty_needs_more_support(quota: float, noise: float, p: float, r: float) -> None:
    wanted = np.array(sorted((p, r)))
    levels = required_by_quota(np.array(quota), np.array(noise), wanted)
    assert levels[1] >= levels[0]
    assert required_by_quota(np.array(quota), np.array(noise), np.array(0.5)) == pytest.approx(
        quota
    )
