import numpy as np
import pytest

from sim.equations.waiting import entrenchment, reservation_value, urgency


def test_entrenchment_starts_at_its_initial_value_and_saturates() -> None:
    values = [float(entrenchment(*map(np.array, (0.5, 2.0, 0.25)), years)) for years in (0, 4, 999)]
    assert values == pytest.approx([0.5, 0.5 + 2 * (1 - np.exp(-1)), 2.5])


def test_without_speed_nothing_is_gained() -> None:
    assert entrenchment(*map(np.array, (0.5, 2.0, 0.0)), 10.0) == 0.5


def test_urgency_grows_in_a_line_and_lowers_the_value_of_never_signing() -> None:
    urgent = urgency(np.array(0.5), np.array(0.25), 4.0)
    assert urgent == 1.5
    value = reservation_value(np.array(0.75), np.array(1.0), urgent, np.array([1.0, 0.0]))
    assert value.tolist() == [0.25, -0.5]
