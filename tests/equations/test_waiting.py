import numpy as np
import pytest

from sim.equations.waiting import entrenchment, fading_urgency, reservation_value, urgency


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


def test_urgency_fades_from_its_peak_with_its_half_life() -> None:
    terms = [np.array(value) for value in (1.0, 0.5, 4.0, 2.0)]
    values = [float(fading_urgency(*terms, years)) for years in (0.0, 3.0, 4.0, 6.0, 8.0)]
    assert values == pytest.approx([1.0, 2.5, 3.0, 1.5, 0.75])


def test_urgency_without_a_peak_grows_in_a_line() -> None:
    never = np.array(np.inf)
    terms = np.array(0.5), np.array(0.25)
    assert fading_urgency(*terms, never, never, 40.0) == urgency(*terms, 40.0)
    assert fading_urgency(*terms, np.array(8.0), never, 40.0) == 2.5
