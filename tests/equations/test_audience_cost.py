import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.audience_cost import retreat, value_after_audience

POINTS = st.floats(-5, 5)


@given(POINTS, POINTS, st.floats(0, 2), st.floats(0, 2))
def test_a_retreat_never_pays_and_keeping_ones_word_costs_nothing(
    value: float, position: float, cost: float, weight: float
) -> None:
    price, exchange = np.array(cost), np.array(weight)
    net = value_after_audience(np.array(value), np.array(position), price, exchange)
    assert net <= value
    if value >= position:
        assert net == value


def test_the_charge_is_points_of_approval_at_their_exchange_weight() -> None:
    """2 points short, 3 points of approval a point, half a point of utility each: 3 points."""
    net = value_after_audience(np.array(1.0), np.array(3.0), np.array(3.0), np.array(0.5))
    assert net == -2


def test_who_has_demanded_nothing_cannot_retreat() -> None:
    assert retreat(np.array(-np.inf), np.array(-9.0)) == 0
