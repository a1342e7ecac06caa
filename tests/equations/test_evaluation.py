"""Evaluations of issues: the formulas at their corners, and the bounds that all keep."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.equations.evaluation import line, over_the_largest, triangle

numbers = st.floats(-1e6, 1e6)
values = hnp.arrays(float, st.integers(1, 9), elements=numbers)


@given(hnp.arrays(float, st.integers(1, 9), elements=st.floats(0, 1e300)))
def test_figures_are_shares_of_the_largest(figures: np.ndarray) -> None:
    shares = over_the_largest(figures)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares.max() == (1 if figures.max() > 0 else 0)
    assert shares[figures.argmax()] == shares.max()


@given(values, numbers, numbers)
def test_a_line_is_cut_at_0_and_1(value: np.ndarray, slope: float, offset: float) -> None:
    result = line(value, slope, offset)
    assert ((result >= 0) & (result <= 1)).all()
    inside = (result > 0) & (result < 1)
    assert result[inside] == pytest.approx((slope * value + offset)[inside])


@example(np.array([2.0]), [0.0, 0.0, 1.1e-308])
@example(np.array([2.0]), [-1.1e-308, 0.0, 0.0])
@given(values, st.tuples(numbers, numbers, numbers).map(sorted))
def test_a_triangle_is_1_at_its_top_and_0_outside(value: np.ndarray, ends: list[float]) -> None:
    low, top, high = ends
    result = triangle(value, low, high, top)
    assert ((result >= 0) & (result <= 1)).all()
    assert (result[(value < low) | (value > high)] == 0).all()
    assert triangle(np.array([top]), low, high, top)[0] == 1


@pytest.mark.parametrize(
    ("ends", "shares"),
    [
        ((0.0, 4.0, 1.0), [0, 0, 0.5, 1, 2 / 3, 1 / 3, 0, 0]),
        ((0.0, 4.0, 0.0), [0, 1, 0.875, 0.75, 0.5, 0.25, 0, 0]),
        ((0.0, 4.0, 4.0), [0, 0, 0.125, 0.25, 0.5, 0.75, 1, 0]),
        ((2.0, 2.0, 2.0), [0, 0, 0, 0, 1, 0, 0, 0]),
    ],
)
def test_triangles_by_hand(ends: tuple[float, float, float], shares: list[float]) -> None:
    value = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0])
    assert triangle(value, *ends) == pytest.approx(np.array(shares))
