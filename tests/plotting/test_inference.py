"""Pictures of posteriors show what the tables say."""

import numpy as np
import pytest

from sim.domain.observation import Observation
from sim.experiments.inference.coverage import check_coverage
from sim.experiments.inference.posterior import Posterior, infer
from sim.experiments.result import EnsembleResult
from sim.plotting.inference import posteriors, rank_histograms
from tests.plotting.reading import words

THRESHOLD = "claimant.public.segments.all.threshold"
POLL = {
    "kind": "poll",
    "side": "claimant",
    "package": {"administration": "near"},
    "at": 0,
    "value": 0.7,
    "tolerance": 0.05,
    "label": "near",
    "assumption": "test",
}


@pytest.fixture(scope="module")
def found(played: EnsembleResult) -> Posterior:
    scenario = played.scenario.model_copy(update={"worlds": 256})
    return infer(scenario, {"poll": Observation.model_validate(POLL)}, keep=20, workers=1)


def test_numbers_are_drawn_before_and_after_with_their_intervals(found: Posterior) -> None:
    ax = posteriors(
        found, [THRESHOLD, "holder.ratifiers.leader.quota", "holder.preferences.frame_factor"]
    )
    panel = ax.child_axes[0]
    assert len(ax.child_axes) == 3
    row = found.table.set_index("key").loc[THRESHOLD]
    spans = [line.get_xdata() for line in panel.lines if len(line.get_xdata()) == 2]
    ends = [[row["prior_low"], row["prior_high"]], [row["low"], row["high"]]]
    np.testing.assert_allclose(spans, ends)
    for patch in panel.patches:
        heights, _, _ = patch.get_data()
        assert heights.sum() == pytest.approx(100.0)
    assert "(points)" in panel.get_xlabel()
    assert f"{len(found.informed)} of 20 numbers moved" in words(ax)


def test_what_moved_is_drawn_where_nothing_is_named(found: Posterior) -> None:
    assert len(posteriors(found).child_axes) == len(found.informed)


def test_ranks_are_those_of_the_check(found: Posterior) -> None:
    coverage = check_coverage(found, 50)
    panel = rank_histograms(found, coverage, [THRESHOLD]).child_axes[0]
    stairs = next(patch for patch in panel.patches if hasattr(patch, "get_data"))
    assert stairs.get_data()[0].tolist() == coverage.histogram(THRESHOLD).tolist()
