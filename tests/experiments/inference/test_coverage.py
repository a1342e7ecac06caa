"""The check of an inference passes where it is right, and fails where it is made wrong."""

from dataclasses import replace

import numpy as np
import pytest

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.inference.coverage import check_coverage
from sim.experiments.inference.posterior import Posterior, infer
from sim.experiments.inference.reference import Kept, ReferenceTable
from tests.experiments.inference.conftest import READINGS

THRESHOLD = "claimant.public.segments.all.threshold"


@pytest.fixture(scope="module")
def found(few: Scenario) -> Posterior:
    poll = {"poll": READINGS["poll"].model_copy(update={"tolerance": 0.1})}
    scenario = few.model_copy(update={"worlds": 1_024, "seed": 1})
    return infer(scenario, poll, [THRESHOLD], keep=40, workers=1)


def test_a_right_inference_is_sound(found: Posterior) -> None:
    coverage = check_coverage(found, 300)
    [row] = coverage.table.to_dict("records")
    assert row["low_90"] <= row["in_90"] <= row["high_90"]
    assert row["low_50"] <= row["in_50"] <= row["high_50"]
    assert row["p"] > 0.01
    assert coverage.is_sound
    assert 0 < coverage.exact <= 300
    assert coverage.histogram(THRESHOLD).sum() == 300
    ranks = coverage.ranks[THRESHOLD]
    assert ((ranks >= 0) & (ranks <= 1)).all()


def test_errors_that_are_forgotten_are_seen(found: Posterior) -> None:
    """The same readings taken for exact: intervals are too narrow."""
    table = replace(found.reference, tolerance=np.zeros(1), keep=20)
    coverage = check_coverage(replace(found, reference=table), 300)
    assert not coverage.is_sound
    assert coverage.table["in_90"].item() < 0.8


class _Leaning(ReferenceTable):
    """A table whose posteriors are all a little too high."""

    def values(self, kept: Kept) -> np.ndarray:
        return super().values(kept) + 0.05


def test_a_posterior_that_leans_is_seen(found: Posterior) -> None:
    own = found.reference
    table = _Leaning(own.prior, own.events, own.numbers, own.tolerance, own.keep)
    coverage = check_coverage(replace(found, reference=table), 300)
    assert not coverage.is_sound
    assert coverage.histogram(THRESHOLD)[0] > 45


@pytest.mark.parametrize("planted", [19, 1_024])
def test_too_few_and_too_many_are_refused(found: Posterior, planted: int) -> None:
    with pytest.raises(ScenarioError, match="check: expected 20 to 1023"):
        check_coverage(found, planted)


@pytest.mark.nightly
@pytest.mark.parametrize("keep", [40, 200])
def test_intervals_hold_at_their_stated_rate_with_all_kinds_of_readings(
    isles: Scenario, keep: int
) -> None:
    scenario = isles.model_copy(update={"worlds": 4_096, "engine": "array"})
    found = infer(scenario, READINGS, deal="two_steps", keep=keep)
    coverage = check_coverage(found, 1_500)
    assert coverage.is_sound
    assert coverage.exact < 1_500
    assert coverage.table["in_90"].mean() == pytest.approx(0.9, abs=0.02)
    assert coverage.table["in_50"].mean() == pytest.approx(0.5, abs=0.02)
    assert coverage.table.loc[coverage.table["key"] == THRESHOLD, "sound"].item()
