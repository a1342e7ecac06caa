"""Posteriors: closed forms, planted numbers, what is refused, and the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.domain.observation import Observation
from sim.domain.scenario import Scenario
from sim.errors import RunError, ScenarioError, UsageError
from sim.experiments.inference import posterior as module
from sim.experiments.inference.posterior import infer
from tests.disputes import pie, uniform
from tests.experiments.inference.conftest import NEAR, READINGS, reading

THRESHOLD = "claimant.public.segments.all.threshold"
INITIAL = "holder.reservation.entrenchment.initial"
UNCERTAIN = (INITIAL, "holder.reservation.dialogue")
HALF = {"administration": "0.5000", "title": "shared"}
OFFERED = {"label": "half", "package": HALF, "tolerance": 0, "assumption": "test"}
HELD: dict[str, Any] = {
    INITIAL: uniform(0.0, 1.0),
    "holder.reservation.dialogue": uniform(0.0, 0.001),
    "observed": {"half": {**OFFERED, "kind": "offered", "side": "holder"}},
    "worlds": 512,
    "rounds": 3,
}


@pytest.mark.parametrize("conditioned", [True, False])
def test_what_a_side_has_offered_cuts_its_reservation_off(*, conditioned: bool) -> None:
    """Half of the pie was offered, so never signing is worth no more than half to it."""
    scenario = pie({**HELD, "conditioned": conditioned})
    found = infer(scenario, workers=1)
    assert not found.scenario.conditioned
    assert found.kept.is_exact
    drawn, dialogue = (found.reference.prior[:, [*found.targets].index(key)] for key in UNCERTAIN)
    np.testing.assert_array_equal(found.values[INITIAL], drawn[drawn + dialogue <= 0.5])
    assert found.within == len(found.kept.rows)
    row = found.table.iloc[0]
    assert row["key"] == INITIAL
    assert (row["low"], row["median"], row["high"]) == pytest.approx((0.025, 0.25, 0.475), abs=0.03)
    assert row["departure"] == pytest.approx(0.5, abs=0.1)
    assert found.informed == [INITIAL]
    quantity = found.fitted()[INITIAL]
    assert quantity.distribution == "uniform"
    assert quantity.bounds == pytest.approx((0.0, 0.5), abs=0.01)
    assert quantity.assumption == "posterior given half (islands infer, seed 1, 512 worlds)"


def test_a_planted_number_is_found_again(few: Scenario) -> None:
    prior = infer(few, READINGS, deal="two_steps", keep=40, workers=1)
    order = np.argsort(prior.reference.prior[:, [*prior.targets].index(THRESHOLD)])
    before = prior.table.set_index("key").loc[THRESHOLD]
    for world in order[[25, 128, 230]]:
        planted = prior.reference.prior[world, [*prior.targets].index(THRESHOLD)]
        read = float(prior.reference.numbers[world, 0])
        poll = {"poll": reading(**{**POLL, "value": read, "tolerance": 0.01})}
        found = infer(few, poll, [THRESHOLD], keep=40, workers=1)
        row = found.table.iloc[0]
        assert row["low"] <= planted <= row["high"]
        assert row["informed"]
        assert row["width"] < 0.3
        assert row["prior_low"] == before["prior_low"]


POLL = {"kind": "poll", "side": "claimant", "package": NEAR, "at": 0}


def test_readings_are_told_beside_what_worlds_say(few: Scenario) -> None:
    found = infer(few, READINGS, [THRESHOLD], "two_steps", keep=40, workers=1)
    told = found.readings_table.set_index("reading")
    assert told.loc["signed", "after"] == 0.0
    assert told.loc["signed", "within"] == pytest.approx((~found.reference.events).mean())
    near = np.abs(found.reference.numbers[:, 0] - 0.7) <= 0.05
    assert told.loc["poll", "within"] == pytest.approx(near.mean())
    assert told.loc["poll", "after"] == pytest.approx(0.7, abs=0.05)
    assert found.within <= len(found.matched) < 256
    assert repr(found).startswith("<Posterior isles: ")


def test_what_goes_together_is_told() -> None:
    """Two parts of what never signing is worth: their sum is at most half of the pie."""
    both = pie({**HELD, **{key: uniform(0.0, 1.0) for key in UNCERTAIN}})
    found = infer(both, workers=1)
    assert set(found.informed) == set(UNCERTAIN)
    one, other, together = found.strongest_pair() or ("", "", 0.0)
    assert {one, other} == set(UNCERTAIN)
    assert together == pytest.approx(-0.5, abs=0.2)
    assert infer(both, targets=[INITIAL], workers=1).strongest_pair() is None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"targets": ["claimant.public.segments.all.treshold"]}, f"did you mean '{THRESHOLD}'"),
        ({"targets": ["claimant.leader.audience_cost"]}, "expected a number with a declared range"),
        ({"targets": []}, "expected keys of numbers"),
        ({"observed": None}, "expected a file of readings, or a scenario that lists"),
        ({"keep": 19}, "keep: expected at least 20"),
        ({"deal": "nowhere"}, "deal: expected one of strait, two_steps"),
        ({"observed": {"late": READINGS["signed"]}}, "deal: expected one of strait"),
        ({"observed": "nowhere.yaml"}, "nowhere.yaml"),
        (
            {"observed": {"poll": reading(**{**POLL, "at": 99, "value": 0.3})}},
            "a round from 0 to 12",
        ),
    ],
)
def test_what_is_at_fault_is_refused(few: Scenario, asked: dict[str, Any], told: str) -> None:
    given = {"observed": {"poll": READINGS["poll"]}, "workers": 1, **asked}
    with pytest.raises(ScenarioError) as refused:
        infer(few, given.pop("observed"), **given)
    assert told in str(refused.value)


def test_a_scenario_without_ranges_has_nothing_to_learn() -> None:
    poll = {"poll": Observation.model_validate({**POLL_ON_PIE, "value": 0.5})}
    with pytest.raises(ScenarioError, match="a number that has a declared range"):
        infer(pie(), poll, workers=1)


POLL_ON_PIE = {
    "kind": "poll",
    "side": "holder",
    "package": HALF,
    "at": 0,
    "label": "half",
    "assumption": "test",
}


def test_what_no_world_reproduces_is_named() -> None:
    never = {**OFFERED, "kind": "offered", "side": "claimant"}
    hopeless = {**HELD, "claimant.reservation.dialogue": 9.0}
    hopeless["observed"] = {**HELD["observed"], "never": never}
    with pytest.raises(RunError, match=r"none of 512 worlds .* the rarest is never, in 0 %"):
        infer(pie(hopeless), workers=1)


def test_without_arviz_it_is_said_what_to_install(
    few: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = infer(few, {"poll": READINGS["poll"]}, [THRESHOLD], workers=1)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"needs ArviZ: pip install .*\[infer\]"):
        found.to_netcdf()


def test_the_file_for_arviz_holds_it_all_and_the_same_bytes(few: Scenario, tmp_path: Path) -> None:
    pytest.importorskip("arviz_base", reason="needs the extra infer")
    xarray = pytest.importorskip("xarray", reason="needs the extra infer")
    found = infer(few, READINGS, deal="two_steps", keep=40, workers=1)
    path = tmp_path / "posterior.nc"
    path.write_bytes(found.to_netcdf())
    again = infer(few, READINGS, deal="two_steps", keep=40, workers=1)
    assert again.to_netcdf() == path.read_bytes()
    with xarray.open_datatree(path, engine="h5netcdf") as tree:
        groups = {"posterior", "prior", "posterior_predictive", "prior_predictive"}
        assert set(tree.children) == groups | {"observed_data", "sample_stats"}
        assert tree["posterior"][THRESHOLD].dims == ("chain", "draw")
        assert tree["posterior"][THRESHOLD].attrs["units"] == "points"
        drawn = tree["posterior"][THRESHOLD].to_numpy()[0]
        weighted = found.values[THRESHOLD].to_numpy() @ found.kept.weight
        assert drawn.mean() == pytest.approx(weighted, abs=0.2 * drawn.std())
        np.testing.assert_array_equal(
            tree["prior"][THRESHOLD].to_numpy()[0],
            found.reference.prior[:, [*found.targets].index(THRESHOLD)],
        )
        assert float(tree["observed_data"]["poll"]) == 0.7
        assert float(tree["observed_data"]["signed"]) == 0.0
        worlds = tree["sample_stats"]["world"].to_numpy()[0]
        np.testing.assert_array_equal(
            tree["posterior_predictive"]["offers"].to_numpy()[0],
            found.reference.numbers[worlds, 1],
        )
