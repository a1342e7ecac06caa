import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.alternating_offers import (
    discount_until_turn,
    rubinstein_share,
    worth_waiting_for,
)

PATIENCE = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("own", "other", "share"),
    [(0.9, 0.8, 0.714286), (0.8, 0.9, 0.357143), (0.99, 0.95, 0.840336), (0.95, 0.99, 0.168067)],
)
def test_rubinstein_shares_tell_the_players_apart(own: float, other: float, share: float) -> None:
    assert rubinstein_share(np.array(own), np.array(other)) == pytest.approx(share, abs=5e-7)


@given(PATIENCE, PATIENCE)
def test_each_proposer_leaves_the_other_exactly_what_waiting_is_worth(
    one: float, two: float
) -> None:
    """The two equations of the stationary equilibrium: 1 - x = d2 y and 1 - y = d1 x."""
    d1, d2 = np.array(one), np.array(two)
    x, y = rubinstein_share(d1, d2), rubinstein_share(d2, d1)
    assert 1 - x == pytest.approx(two * y)
    assert 1 - y == pytest.approx(one * x)


@given(PATIENCE, PATIENCE, PATIENCE)
def test_patience_pays(own: float, more: float, other: float) -> None:
    less, much = sorted((own, more))
    shares = rubinstein_share(np.array([less, much]), np.array(other))
    assert shares[1] >= shares[0]


def test_limits() -> None:
    """Ultimatum, a responder without patience, equal and infinite patience."""
    own, other = np.array([0.0, 0.5, 0.999999, 1.0, 0.5]), np.array([0.5, 0.0, 0.999999, 1.0, 1.0])
    expected = [0.5, 1.0, 0.5, 0.5, 0.0]
    np.testing.assert_allclose(rubinstein_share(own, other), expected, atol=1e-6)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 1))
def test_waiting_is_worth_at_least_never_signing_and_at_most_the_next_offer(
    reservation: float, future: float, patience: float
) -> None:
    r, v = np.array(reservation), np.array(future)
    worth = float(worth_waiting_for(r, v, np.array(patience)))
    assert reservation - 1e-12 <= worth <= max(reservation, future) + 1e-12


def test_only_the_surplus_is_discounted() -> None:
    worth = worth_waiting_for(np.array(-2.0), np.array(2.0), np.array(0.75))
    assert float(worth) == 1.0


@given(PATIENCE, st.floats(0.05, 1.0))
def test_until_the_next_turn_is_the_sum_over_when_it_may_come(patience: float, p: float) -> None:
    rounds = np.arange(1, 4_000)
    expected = (patience**rounds * p * (1 - p) ** (rounds - 1)).sum()
    assert discount_until_turn(np.array(patience), np.array(p)) == pytest.approx(expected)


def test_a_side_that_always_proposes_waits_a_round_and_one_that_never_does_for_ever() -> None:
    until = discount_until_turn(np.array([0.9, 0.9, 1.0, 1.0]), np.array([1.0, 0.0, 0.5, 0.0]))
    assert until.tolist() == [0.9, 0.0, 1.0, 0.0]


@given(PATIENCE, PATIENCE, st.floats(0.05, 0.95))
def test_a_drawn_proposer_leaves_the_other_exactly_what_waiting_is_worth(
    one: float, two: float, p: float
) -> None:
    """The equations of the stationary equilibrium: a = d (p x + (1 - p) a), and x + a' = 1."""
    d1, d2 = (discount_until_turn(np.array(d), np.array(q)) for d, q in ((one, p), (two, 1 - p)))
    x, y = rubinstein_share(d1, d2), rubinstein_share(d2, d1)
    assert 1 - y == pytest.approx(one * (p * x + (1 - p) * (1 - y)))
    assert 1 - x == pytest.approx(two * ((1 - p) * y + p * (1 - x)))
