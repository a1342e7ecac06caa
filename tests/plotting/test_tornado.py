"""A tornado shows single changes, the largest first, with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import ScenarioError
from sim.experiments.result import EnsembleResult
from sim.experiments.unlock.unlocking import Unlocking
from sim.plotting import tornado
from tests.disputes import pie


def test_bars_are_paired_changes_sorted_by_size(
    played: EnsembleResult, stances_changed: pd.DataFrame
) -> None:
    ax = tornado(played, deal="strait", by="settled", changes=stances_changed)
    table = stances_changed.query("deal == 'strait' and measure == 'settled' and change != 0")
    bars = [patch.get_width() for patch in ax.patches]
    assert len(bars) == len(table) > 1
    np.testing.assert_allclose(np.sort(bars), np.sort(100 * table["change"]))
    sizes = np.abs(bars)
    assert (np.diff(sizes) >= 0).all()  # from below
    segments = ax.collections[0].get_segments()
    spans = [segment[1, 0] - segment[0, 0] for segment in segments]
    np.testing.assert_allclose(np.sort(spans), np.sort(2 * 1.959964 * 100 * table["error"]))
    assert "95 % intervals" in " ".join(" ".join(text.get_text() for text in ax.texts).split())


def test_a_run_is_played_again_where_no_changes_are_given(played: EnsembleResult) -> None:
    ax = tornado(played, deal="projects_only", by="zopa_margin", worlds=8)
    assert "points" in ax.get_xlabel()
    assert ax.patches


def test_of_a_search_it_shows_where_each_number_leads(found: Unlocking) -> None:
    ax = tornado(found)
    np.testing.assert_allclose([patch.get_width() for patch in ax.patches], [-10, 25])
    labels = [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]
    assert labels == [
        "East: a leader: deadline rounds = none",
        "a public: opposition = 0.25 share",
    ]
    points = tornado(found, by="zopa_margin")
    np.testing.assert_allclose([patch.get_width() for patch in points.patches], [-2, 3])
    assert "no intervals" in points.texts[0].get_text()


def test_what_moves_nothing_is_refused(
    played: EnsembleResult, stances_changed: pd.DataFrame, found: Unlocking
) -> None:
    with pytest.raises(ScenarioError, match="none does"):
        tornado(played, deal="strait", by="reneged", changes=stances_changed)
    with pytest.raises(ScenarioError, match="zopa_margin"):
        tornado(played, deal="strait", by="margin", changes=stances_changed)
    with pytest.raises(ScenarioError, match="of a search"):
        tornado(found, by="interim")
    with pytest.raises(KeyError, match="strait"):
        tornado(played, deal="straits", changes=stances_changed)


def test_a_scenario_without_stances_is_refused() -> None:
    still = sim.run(pie({"worlds": 4, "rounds": 2}), workers=1)
    with pytest.raises(ScenarioError, match="a stance to switch off, got one without"):
        tornado(still, worlds=4)
