"""Differences are paired, with the interval that pairing leaves, in the order of all pictures."""

import numpy as np
import pytest

from sim.experiments.result import EnsembleResult
from sim.plotting import differences
from sim.plotting.style import deal_labels


def test_differences_are_paired_and_carry_an_interval(stepped: EnsembleResult) -> None:
    ax = differences(stepped, than="steps", by="settled")
    shares = stepped.outcomes.set_index("deal")["settled"]
    drawn_at = float(np.ravel(ax.lines[0].get_xdata())[0])
    assert drawn_at == pytest.approx(100 * (shares["whole"] - shares["steps"]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["at once"]
    assert "percentage points" in ax.get_xlabel()
    assert ax.collections  # the interval


def test_differences_refuse_an_unknown_structure(stepped: EnsembleResult) -> None:
    with pytest.raises(KeyError, match="steps"):
        differences(stepped, than="stepps")


def test_structures_stand_in_the_order_of_all_pictures(played: EnsembleResult) -> None:
    ax = differences(played, than="two_steps", by="interim")
    order = [str(deal) for deal in played.ordered().index if deal != "two_steps"]
    drawn = [label.get_text() for label in ax.get_yticklabels()]
    assert drawn[::-1] == deal_labels(played.scenario, order)
