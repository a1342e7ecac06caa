"""What would have been read in each world is what its talks and its public say."""

import numpy as np
import pytest

from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.inference.readings import Observed, faults_of_readings, read_worlds
from sim.experiments.trace import trace
from sim.model.talks import playing
from tests.experiments.inference.conftest import NEAR, READINGS, reading

DEAL = "two_steps"


def test_each_reading_is_that_of_the_world_alone(few: Scenario) -> None:
    scenario = few.model_copy(update={"worlds": 24})
    of_level = {
        level: reading(
            kind="offers", side="holder", at=6, value=0, package={"administration": level}
        )
        for level in ("near", "both")
    }
    found = read_worlds(scenario, DEAL, Observed((), {**READINGS, **of_level}), workers=1)
    for world in (0, 7, 23):
        line = found.iloc[world]
        told = trace(scenario, DEAL, world).query("round < 6 and proposer == 'holder'")
        made = told[told["package"].fillna("") != ""]
        assert line["offers"] == len(made)
        assert line["near"] == made["offer"].str.contains("near island passes").sum()
        with playing(scenario, DEAL, first=world, worlds=1) as model:
            poll = model.parties[0].public.poll(NEAR)
            while model.running and model.round < 6:
                model.step()
            signed = model.result().columns["round_signed"][0] >= 0
            approval = model.environment.offices[Role.CLAIMANT].approval[0]
            assert line["poll"] == poll[0]
            assert line["signed"] == signed
            assert line["approval"] == approval or not model.running
    assert found["offers"].sum() > found["both"].sum() == 0


def test_what_came_about_by_the_end_is_that_of_the_run(few: Scenario) -> None:
    scenario = few.model_copy(update={"worlds": 64, "deals": {DEAL: few.deals[DEAL]}})
    kinds = ("signed", "first_stage", "transferred", "closed")
    asked = {kind: reading(kind=kind, at=scenario.rounds, value=True) for kind in kinds}
    found = read_worlds(scenario, DEAL, Observed((), asked), workers=1)
    worlds = run(scenario, workers=1, reversal_draws=0).worlds
    for kind in kinds[1:]:
        assert found[kind].tolist() == worlds[kind].astype(float).tolist()
    assert found["signed"].tolist() == worlds["round_signed"].notna().astype(float).tolist()
    assert 0 < found["first_stage"].mean() < 1


def test_no_reading_depends_on_the_worlds_beside(few: Scenario) -> None:
    """Approval moves on after all talks of a block are over, as where some go on."""
    asked = Observed(
        (), {**READINGS, "late": reading(kind="approval", side="holder", at=12, value=1)}
    )
    whole = read_worlds(few, DEAL, asked, workers=1)
    for worlds in (1, 5):
        part = read_worlds(few.model_copy(update={"worlds": worlds}), DEAL, asked, workers=1)
        np.testing.assert_array_equal(part, whole[:worlds])


@pytest.mark.nightly
def test_workers_change_nothing(isles: Scenario) -> None:
    scenario = isles.model_copy(update={"worlds": 1030})
    asked = Observed((), {name: READINGS[name] for name in ("poll", "approval")})
    one, two = (read_worlds(scenario, DEAL, asked, workers=workers) for workers in (1, 2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "signed", "at": 13, "value": True}, "expected a round from 0 to 12"),
        ({"kind": "poll", "package": {"form": "tretay"}}, "did you mean 'treaty'"),
        ({"kind": "poll", "package": {"from": "treaty"}}, "did you mean 'form'"),
        ({"kind": "signed", "at": 1, "value": True, "source": ["hearsay"]}, "evidence register"),
    ],
)
def test_what_does_not_fit_the_scenario_is_refused(
    few: Scenario, said: dict[str, object], told: str
) -> None:
    poll = {"side": "holder", "at": 0, "value": 0.3} if said["kind"] == "poll" else {}
    [fault] = faults_of_readings(few, {"one": reading(**poll, **said)})
    assert told in str(fault)
