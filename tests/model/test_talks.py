"""The talks as a Mesa model: rounds, deadlines, ratification, staging, and being one of many."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.agents.public import Public
from sim.domain.outcome import OUTCOMES, Answer, Outcome, Phase
from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.environment import EnvironmentState
from sim.model.talks import playing
from tests.disputes import pie, q

AROUND = EnvironmentState.__name__


def outcomes(scenario: Scenario, deal: str = "divide", worlds: int = 8) -> set[str]:
    result = TalksModel(scenario, deal, worlds=worlds).run()
    return {OUTCOMES[code].name for code in result.columns["outcome"]}


def test_two_sides_divide_a_pie_and_settle() -> None:
    model = TalksModel(pie({"claimant.leader.deadline_rounds": 10.0}), "divide", worlds=4)
    result = model.run()
    assert {OUTCOMES[code] for code in result.columns["outcome"]} == {Outcome.settled}
    assert (result.columns["value_claimant"] >= result.columns["reservation_claimant"]).all()
    assert (result.columns["round_end"] == result.columns["round_signed"] + 1).all()


def test_at_its_deadline_a_side_demands_its_reservation_value_exactly() -> None:
    scenario = pie(
        {
            "claimant.leader.deadline_rounds": 5.0,
            "claimant.reservation.dialogue": 0.37,
            "holder.reservation.dialogue": 0.9,
            "rounds": 12,
        }
    )
    model = TalksModel(scenario, "divide", worlds=1, record=True)
    model.run()
    assert model.record is not None
    late = [row for row in model.record if row["round"] >= 5]
    assert late
    assert all(row["aspiration_claimant"] == row["reservation_claimant"] for row in late)


def test_without_a_deadline_nobody_concedes_by_the_clock() -> None:
    scenario = pie({"rounds": 30, "claimant.leader.discount_factor": 0.5})
    model = TalksModel(scenario, "divide", worlds=1, record=True)
    model.run()
    assert model.record is not None
    demands = {row["aspiration_holder"] for row in model.record if "aspiration_holder" in row}
    assert len(demands) == 1


def test_an_empty_zopa_never_settles() -> None:
    changes = {"claimant.reservation.dialogue": 0.6, "holder.reservation.dialogue": 0.5}
    assert outcomes(pie(changes)) == {"no_bargain"}


def test_the_end_of_the_window_is_nobodys_deadline() -> None:
    short = TalksModel(
        pie({"rounds": 6, "claimant.leader.deadline_rounds": 30.0}), "divide", worlds=1
    )
    result = short.run()
    assert OUTCOMES[result.columns["outcome"][0]] is Outcome.not_reached


def test_an_absolute_precondition_blocks_and_is_booked() -> None:
    stance = {
        "label": "no division",
        "blocks": [{"claimant_area": {"at_least": 0.0}}],
        "firmness": q(1.0, "probability"),
        "penalty": q(0.0),
    }
    changes = {"holder.preconditions": {"none": stance}}
    assert outcomes(pie(changes)) == {"preconditions"}
    dated = {"holder.preconditions": {"none": {**stance, "from_round": 1}}}
    changes = {"claimant.leader.deadline_rounds": 0.0, "holder.leader.discount_factor": 0.2}
    assert outcomes(pie({**dated, **changes})) == {"settled"}


def test_a_public_that_refuses_everything_blocks_and_misjudgement_is_a_rejection() -> None:
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0.5), "noise": q(0.0)}
    changes = {
        "holder.ratifiers": {"vote": vote},
        "holder.public.segments.all.threshold": 5.0,
        "claimant.leader.deadline_rounds": 3.0,
    }
    assert outcomes(pie(changes)) == {"publics"}
    blind = {"holder.beliefs.own_support_error": 1e6, "claimant.beliefs.other_support_error": 1e6}
    found = outcomes(pie({**changes, **blind}), worlds=64)
    assert "rejected" in found
    assert found <= {"rejected", "publics"}


def test_a_finished_stage_hands_over_to_the_next_and_only_once() -> None:
    stages = {
        "one": {"label": "half", "fixed": {"administration": "0.5000", "title": "open"}},
        "two": {"label": "title", "fixed": {"title": "shared"}},
    }
    deal = {"name": "steps", "label": "in two steps", "stages": stages, "assumption": "test"}
    changes = {
        "deals": {"steps": deal},
        "claimant.leader.deadline_rounds": 0.0,
        "holder.leader.deadline_rounds": 0.0,
    }
    model = TalksModel(pie(changes), "steps", worlds=2, record=True)
    result = model.run()
    assert {OUTCOMES[code] for code in result.columns["outcome"]} == {Outcome.settled}
    assert (result.columns["stage"] == 2).all()
    assert model.record is not None
    answers = [row["answer"] for row in model.record if row["world"] == 0]
    assert answers.count(Answer.carried_out) == 2
    assert answers.count(Answer.accepted) == 2


def batch(model: type[mesa.Model], **parameters: Any) -> pd.DataFrame:
    """Return what Mesa's own batch run reports of a short dispute."""
    case = pie({"claimant.leader.deadline_rounds": 10.0})
    rows = mesa.batch_run(
        model,
        {"case": [case], "deal": "divide", **parameters},
        number_processes=1,
        iterations=1,
        max_steps=40,
        display_progress=False,
    )
    return pd.DataFrame(rows)


BATCH = pytest.mark.filterwarnings("ignore:The `iterations`:DeprecationWarning")


@BATCH
def test_a_batch_run_says_how_worlds_end() -> None:
    rows = batch(TalksModel, worlds=[4, 8])
    assert sorted(rows["done"]) == [4, 8]
    assert (rows["settled"] == 1.0).all()
    assert (rows[[item.name for item in Outcome]].sum(axis=1) == 1.0).all()
    settled = TalksModel(pie({"claimant.leader.deadline_rounds": 10.0}), "divide", worlds=8).run()
    margin = np.median(settled.columns["zopa_margin"])
    assert rows["zopa_margin"].to_numpy() == pytest.approx([margin, margin])


class Watched(TalksModel):
    """Talks of which Mesa collects something of every agent."""

    def __init__(self, case: Scenario, deal: str, rng: Any = None) -> None:
        super().__init__(case, deal, worlds=2, rng=rng)
        self.datacollector = mesa.DataCollector(
            {"settled": lambda model: float(np.mean(model.outcome == Outcome.settled.code))},
            agent_reporters={"kind": lambda agent: type(agent).__name__},
            agenttype_reporters={Public: {"backlash": lambda agent: float(agent.backlash.mean())}},
        )


@BATCH
def test_reporters_of_agents_are_asked_as_in_any_mesa_model() -> None:
    rows = batch(Watched)
    kinds = rows["kind"].dropna()  # Mesa 3.5 adds rows of agents' types
    assert sorted(kinds) == sorted([*2 * ("Government", "Public", "Ratifiers"), AROUND])
    assert (rows["settled"] == 1.0).all()
    model = Watched(pie(), "divide")
    model.step()
    publics = model.datacollector.get_agenttype_vars_dataframe(Public)
    assert len(publics) == 2


def test_a_model_is_stepped_and_looked_at_as_any_mesa_model() -> None:
    model = TalksModel(pie({"claimant.leader.deadline_rounds": 10.0}), "divide", worlds=4)
    model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["talks"].tolist() == [4]
    assert frame["not_reached"].tolist() == [1.0]
    assert len(model.agents) == 7
    model.run_model()
    assert len(model.agents) == 7
    assert {OUTCOMES[code] for code in model.outcome} == {Outcome.settled}


def alive() -> int:
    """Count the models that Python holds."""
    gc.collect()
    return sum(issubclass(type(item), TalksModel) for item in gc.get_objects())


@pytest.mark.parametrize("rounds", [0, 99])
def test_models_that_are_dropped_are_gone_however_far_they_came(rounds: int) -> None:
    before = alive()
    for _ in range(5):
        model = TalksModel(pie(), "divide", worlds=2)
        while model.running and model.round < rounds:
            model.step()
        del model
    assert alive() == before


@pytest.mark.parametrize("play", [TalksModel.run_model, TalksModel.run])
def test_a_model_played_to_the_end_is_gone_when_dropped_without_the_collector(play: Any) -> None:
    gc.disable()
    try:
        model = TalksModel(pie(), "divide", worlds=2)
        play(model)
        watched = weakref.ref(model)
        del model
        assert watched() is None
    finally:
        gc.enable()


def test_a_model_that_has_run_lets_go_of_everybody_without_the_collector() -> None:
    model = TalksModel(pie({"claimant.leader.deadline_rounds": 10.0}), "divide", worlds=2)
    watched = [weakref.ref(party.government) for party in model.parties]
    gc.disable()
    try:
        result = model.run()
        assert [item() for item in watched] == [None, None]
    finally:
        gc.enable()
    again = model.result().columns
    assert all(np.array_equal(again[name], column) for name, column in result.columns.items())
    assert not model.running


def test_a_model_played_step_by_step_lets_go_at_the_end_even_of_an_error() -> None:
    watched = []

    def stop() -> None:
        with playing(pie(), "divide", worlds=2) as model:
            model.step()
            watched.extend(weakref.ref(party.government) for party in model.parties)
            raise InterruptedError

    gc.disable()
    try:
        with pytest.raises(InterruptedError):
            stop()
        assert [item() for item in watched] == [None, None]
    finally:
        gc.enable()


def test_first_worlds_of_a_longer_run_are_the_same() -> None:
    scenario = load_scenario("singapore_2018")
    deal = "joint_economy_only"
    second = TalksModel(scenario, deal, block=1, worlds=16).run()
    again = TalksModel(scenario, deal, block=1, worlds=16).run()
    first = TalksModel(scenario, deal, block=0, worlds=16).run()
    assert (second.columns["world"] == 1024 + np.arange(16)).all()
    assert second.columns["zopa_margin"].tobytes() == again.columns["zopa_margin"].tobytes()
    assert (second.columns["zopa_margin"] != first.columns["zopa_margin"]).all()


def test_refuses_what_is_not_there() -> None:
    with pytest.raises(KeyError, match="known are divide"):
        TalksModel(pie(), "devide")
    with pytest.raises(ValueError, match="1 to 4096"):
        TalksModel(pie(), "divide", worlds=4097)


def test_phases_account_for_every_world() -> None:
    model = TalksModel(pie({"claimant.leader.deadline_rounds": 10.0}), "divide", worlds=8)
    model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    phases = [phase.name.lower() for phase in Phase]
    assert (frame[phases].sum(axis=1) == 8).all()
