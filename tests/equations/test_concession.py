import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.concession import aspiration, time_concession


def conceded(round_: int, deadline: float, exponent: float, initial: float = 0.0) -> float:
    values = (np.array([value]) for value in (deadline, exponent, initial))
    return float(time_concession(round_, *values)[0])


@pytest.mark.parametrize(
    ("exponent", "expected"), [(0.5, 0.0625), (1, 0.25), (2, 0.5), (4, 0.707107)]
)
def test_polynomial_of_faratin_et_al(exponent: float, expected: float) -> None:
    """A quarter of the time: (1/4)^(1/beta)."""
    assert conceded(5, 20, exponent) == pytest.approx(expected, abs=5e-7)


def test_what_is_conceded_at_once_scales_the_rest() -> None:
    assert conceded(0, 20, 1, 0.2) == pytest.approx(0.2)
    assert conceded(5, 20, 1, 0.2) == pytest.approx(0.2 + 0.8 * 0.25)


@pytest.mark.parametrize("round_", [20, 21, 400])
@pytest.mark.parametrize("exponent", [0.0, 0.1, 1, 9])
def test_everything_is_conceded_at_the_deadline_exactly_and_ever_after(
    round_: int, exponent: float
) -> None:
    assert conceded(round_, 20, exponent, 0.3) == 1.0


def test_a_deadline_at_once_and_an_exponent_of_zero() -> None:
    assert conceded(0, 0, 1) == 1.0
    assert conceded(19, 20, 0) == 0.0


@given(st.integers(0, 30), st.floats(1, 30), st.floats(0.05, 20), st.floats(0, 1))
def test_concession_never_falls_in_time(
    round_: int, deadline: float, exponent: float, initial: float
) -> None:
    now = conceded(round_, deadline, exponent, initial)
    assert 0 <= now <= conceded(round_ + 1, deadline, exponent, initial) <= 1


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 1))
def test_aspiration_lies_between_never_signing_and_the_best_hope(
    reservation: float, top: float, concession: float
) -> None:
    values = (np.array([value]) for value in (reservation, top, concession))
    demand = float(aspiration(*values)[0])
    assert reservation <= demand <= max(reservation, top) + 1e-12


def test_a_full_concession_is_the_reservation_value_to_the_bit() -> None:
    least = np.array([0.1, -1 / 3])
    assert (aspiration(least, least + 0.7, np.ones(2)) == least).all()
