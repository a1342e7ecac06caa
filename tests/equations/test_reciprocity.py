import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.reciprocity import gap_closed, matched, raised

SHARE = st.floats(0, 1)


def test_the_gap_is_measured_from_the_first_offer_to_the_best_hope() -> None:
    first, moved, top = np.array([0.25, 0.25, 1.0, np.nan]), np.array([0.25, 2, 0.1, 0]), np.ones(4)
    assert gap_closed(first, moved, top).tolist() == pytest.approx([1 / 3, 1, 0, 0])


@given(SHARE, st.floats(0, 5), SHARE, SHARE)
def test_one_answers_in_kind_and_the_other_with_a_price(
    initial: float, intensity: float, one: float, two: float
) -> None:
    less, more = (np.array(value) for value in sorted((one, two)))
    start, pace = np.array(initial), np.array(intensity)
    assert initial <= matched(start, pace, less) <= matched(start, pace, more) <= 1
    assert initial >= raised(start, pace, less) >= raised(start, pace, more) >= 0


def test_without_intensity_nothing_is_answered() -> None:
    start, none, all_ = np.array(0.3), np.array(0.0), np.array(1.0)
    assert matched(start, none, all_) == raised(start, none, all_) == 0.3
