"""Values that are sums of products, compared as the fractions that they stand for."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.equations.pareto import dominating, frontier
from sim.equations.solutions import nash_choice
from sim.equations.zopa import margin, may_gain, snapped, surplus, zopa

_TENTHS = st.fractions(0, 1, max_denominator=10)
_ROWS = st.lists(st.tuples(_TENTHS, _TENTHS, _TENTHS), min_size=1, max_size=6)
Exact = list[Fraction]


def summed(weights: Exact, rows: list[tuple[Fraction, ...]]) -> tuple[Exact, np.ndarray]:
    """Return weighted sums in fractions, and as floating point adds them up."""
    exact = [sum((w * x for w, x in zip(weights, row, strict=True)), Fraction(0)) for row in rows]
    rounded = [sum(float(w) * float(x) for w, x in zip(weights, row, strict=True)) for row in rows]
    return exact, np.array(rounded)


@settings(max_examples=40)
@given(
    rows=_ROWS,
    weights=st.tuples(*[st.lists(_TENTHS, min_size=3, max_size=3)] * 2),
    least=st.tuples(*[st.tuples(_TENTHS, _TENTHS)] * 2),
)
def test_what_is_worth_signing_is_so_in_fractions(
    rows: list[tuple[Fraction, ...]],
    weights: tuple[Exact, Exact],
    least: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]],
) -> None:
    (one, value_one), (two, value_two) = (summed(weight, rows) for weight in weights)
    gains = [
        surplus(value, np.array(float(a) + float(b)))
        for value, (a, b) in zip((value_one, value_two), least, strict=True)
    ]
    exact = [[x - a - b for x in side] for side, (a, b) in zip((one, two), least, strict=True)]
    for got, wanted in zip(gains, exact, strict=True):
        assert np.sign(got).tolist() == [(x > 0) - (x < 0) for x in wanted]
    both = [a >= 0 and b >= 0 for a, b in zip(*exact, strict=True)]
    assert zopa(*gains).tolist() == both
    assert (margin(*gains) >= 0) == any(both)
    chosen = int(nash_choice(*gains, np.ones(len(rows), dtype=bool)))
    products = [a * b for a, b in zip(*exact, strict=True)]
    best = max((p for p, there in zip(products, both, strict=True) if there), default=None)
    assert (chosen == -1) == (best is None)
    assert best is None or products[chosen] == best

    def beats(a: int, b: int) -> bool:
        return one[a] >= one[b] and two[a] >= two[b] and (one[a], two[a]) != (one[b], two[b])

    every = range(len(rows))
    values = snapped(value_one), snapped(value_two)
    assert frontier(*values).tolist() == [not any(beats(a, b) for a in every) for b in every]
    assert dominating(*values, np.array(0)).tolist() == [beats(a, 0) for a in every]


@given(
    least=st.floats(-1e6, 1e6),
    apart=st.floats(-1e-5, 1e-5) | st.floats(-4e-12, 4e-12),
)
def test_whatever_gains_may_gain(least: float, apart: float) -> None:
    value = np.array([least + apart, least * (1.0 + apart), least])
    gains, may = surplus(value, np.array(least)) >= 0, may_gain(value, np.array(least))
    assert np.all(may | ~gains)
    assert not may_gain(np.array([least - 1e-11 * abs(least) - 1e-11]), np.array(least))[0]
