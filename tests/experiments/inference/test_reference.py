"""Tables of worlds, weighted: exact where enough agree, the nearest where not."""

import numpy as np

from sim.experiments.inference.reference import ReferenceTable

DRAWN = np.linspace(0.0, 10.0, 1_001)[:, None]


def table(tolerance: float, keep: int) -> ReferenceTable:
    events = (DRAWN[:, 0] > 2.0)[:, None]
    return ReferenceTable(DRAWN, events, 3.0 * DRAWN, np.array([tolerance]), keep)


def test_worlds_within_the_tolerance_are_the_posterior() -> None:
    reference = table(1.5, 50)
    kept = reference.given(np.array([15.0]), reference.matching(np.array([True])))
    assert kept.is_exact
    assert DRAWN[kept.rows, 0].min() == 4.5
    assert DRAWN[kept.rows, 0].max() == 5.5
    assert np.ptp(kept.weight) == 0
    np.testing.assert_array_equal(reference.values(kept), DRAWN[kept.rows])


def test_the_nearest_stand_in_and_are_moved_within_the_range() -> None:
    reference = table(0.003, 100)
    kept = reference.given(np.array([29.7]), np.arange(len(DRAWN)))
    assert not kept.is_exact
    assert len(kept.rows) == 100
    values = reference.values(kept)[:, 0]
    assert abs(values @ kept.weight - 9.9) < 0.02
    assert values.min() >= 0.0
    assert values.max() <= 10.0


def test_worlds_in_which_an_event_came_out_otherwise_never_count() -> None:
    reference = table(1.5, 50)
    kept = reference.given(np.array([3.0]), reference.matching(np.array([True])))
    assert DRAWN[kept.rows, 0].min() > 2.0


def test_one_world_is_all_there_is() -> None:
    kept = table(1.5, 50).given(np.array([3.0]), np.array([7]))
    assert kept.rows.tolist() == [7]
    assert kept.weight.tolist() == [1.0]
