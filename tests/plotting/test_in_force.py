"""What is in force: bars are the shares of the table, in the order of the funnel."""

import dataclasses

import numpy as np

from sim.experiments.result import EnsembleResult
from sim.plotting import in_force

STEPS = ("first_stage", "transferred", "title_some", "closed")


def test_bars_are_the_shares_with_their_intervals(played: EnsembleResult) -> None:
    shares = {"first_stage": 0.5, "transferred": 0.25, "title_some": 0.125, "closed": 0.0}
    some = dataclasses.replace(played, outcomes=played.outcomes.assign(**shares))
    bars = [each for each in in_force(some).containers if hasattr(each, "errorbar")]
    assert len(bars) == len(STEPS)
    for drawn, name in zip(bars, STEPS, strict=True):
        widths = [bar.get_width() for bar in drawn]
        np.testing.assert_allclose(widths, 100 * shares[name])
        assert drawn.errorbar is not None
        (ends,) = drawn.errorbar.lines[2]
        for segment in ends.get_segments():
            assert segment[0, 0] <= 100 * shares[name] < segment[1, 0]


def test_structures_stand_in_the_order_of_the_funnel(played: EnsembleResult) -> None:
    ax = in_force(played)
    labels = [text.get_text().split()[0] for text in ax.get_yticklabels()]
    known = [played.scenario.deals[str(name)].label.split()[0] for name in played.ordered().index]
    assert labels == known
    places = [float(tick) for tick in ax.get_yticks()]
    assert places == sorted(places, reverse=True)
