"""Red lines believed and learnt: Bayes, degrees, and what is left out of what a side asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from sim.agents.preconditions import FRAMES
from sim.agents.red_lines import DEGREES, RedLineBeliefs
from sim.domain.interest import Role
from sim.domain.outcome import Answer
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.quantities import Floats
from tests.disputes import ENGINES, pie, q, uniform
from tests.laws.play import same, table

WORLDS = 64
FIRMNESS, BLUFF, SLIP = 0.6, 0.1, 0.2
ON = {"environment.red_lines.enabled": True}


def learner(**more: Any) -> dict[str, Any]:
    shares = {"bluff": q(BLUFF), "slip": q(SLIP), "barred_tolerance": q(0.9), "error": q(0.0)}
    return shares | more


def much(least: float, firmness: Any = None, **more: Any) -> dict[str, Any]:
    """Return a position of the holder's against a claimant's share of the pie."""
    blocks = [{"claimant_area": {"at_least": least}}]
    firm = q(FIRMNESS, "share") if firmness is None else firmness
    stance = {"label": "not so much", "blocks": blocks, "firmness": firm, "penalty": q(0.0)}
    return {"holder.preconditions": {"much": stance | more}}


def talks(changes: dict[str, Any] | None = None, **how: Any) -> TalksModel:
    """Return a pie about whose holder the claimant learns."""
    plain = {**ON, "claimant.beliefs.red_lines": learner(), **much(0.3)}
    return TalksModel(pie({**plain, **(changes or {})}), "divide", worlds=WORLDS, **how)


def beliefs(model: TalksModel) -> RedLineBeliefs:
    found = model.parties[0].government.red_lines
    assert found is not None
    return found


def believed(model: TalksModel, frame: str = "none", step: int = DEGREES - 1) -> Floats:
    return np.asarray(expit(beliefs(model).log_odds["much"][:, FRAMES.index(frame), step]))


def shares_of(model: TalksModel) -> Floats:
    """Return the claimant's share of the pie in each package."""
    return np.array([state.administration[0, 0] for state in model.nodes[0].table.states])


def test_a_belief_begins_at_what_is_declared() -> None:
    model = talks(much(0.3, survives={"delimitation": q(0.5, "share")}))
    np.testing.assert_allclose(believed(model), FIRMNESS)
    np.testing.assert_allclose(believed(model, "delimitation"), FIRMNESS / 2)
    np.testing.assert_allclose(believed(model, step=1), FIRMNESS / 2)  # half a breach


def test_its_error_is_one_of_log_odds_and_lasts() -> None:
    model = talks({"claimant.beliefs.red_lines": learner(error=q(0.7))})
    error = logit(believed(model)) - logit(FIRMNESS)
    assert error.std() == pytest.approx(0.7, rel=4 / np.sqrt(2 * WORLDS))
    np.testing.assert_allclose(logit(believed(model, step=0)) - logit(FIRMNESS / 4), error)


def everywhere(package: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(WORLDS), np.full(WORLDS, package)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_refusals_and_concessions_move_odds_as_bayes_says(times: int) -> None:
    model = talks(much(0.3, firmness=q(0.999)))
    odds, last = np.exp(beliefs(model).log_odds["much"][0, 0, -1]), len(shares_of(model)) - 1
    for _ in range(times):
        beliefs(model).refused(0, *everywhere(last), 0)
    np.testing.assert_allclose(believed(model), expit(np.log(odds / BLUFF**times)))
    for _ in range(times):
        beliefs(model).conceded(0, *everywhere(last), 0)
    np.testing.assert_allclose(believed(model), expit(np.log(odds * (SLIP / BLUFF) ** times)))


def test_what_touches_nothing_teaches_nothing() -> None:
    model = talks()
    beliefs(model).refused(0, *everywhere(0), 0)
    beliefs(model).conceded(0, *everywhere(0), 0)
    np.testing.assert_allclose(believed(model), FIRMNESS)


def test_a_refusal_tells_of_more_and_a_concession_of_less() -> None:
    stage = {"label": "x", "fixed": {"administration": "all"}, "negotiable": {"wording": ["half"]}}
    whole = {"label": "all", "allocation": {"pie": "claimant"}}
    changes = {
        "dispute.clauses.wording.levels.half": {
            "label": "half",
            "meets": {"holder": {"much": q(0.5)}},
        },
        "dispute.clauses.administration": {
            "label": "who has it",
            "kind": "administration",
            "levels": {"all": whole},
        },
        "deals.divide.stages": {"pie": stage},
    }
    model = talks({**changes, **much(0.3)})
    preconditions = model.parties[1].government.package_values[0].preconditions
    world = int(np.argmax(preconditions.naming(0, *everywhere(0))["much"]))

    def odds() -> Floats:
        return beliefs(model).log_odds["much"][world, 0].copy()

    first = odds()
    beliefs(model).refused(0, *everywhere(0), 0)
    refused = odds()
    np.testing.assert_allclose(refused - first, -np.log(BLUFF) * np.array([0, 1, 1, 1]))
    beliefs(model).conceded(0, *everywhere(0), 0)
    np.testing.assert_allclose(odds() - refused, np.log(SLIP) * np.array([1, 1, 0, 0]))


def test_what_is_believed_barred_is_neither_hoped_for_nor_offered_again() -> None:
    # .6 / .4 / .1 = 15 to 1, which is more than .9: one refusal is enough.
    model = talks(record=True)
    model.run()
    assert model.record is not None
    refused = [line for line in model.record if line["answer"] is Answer.precondition]
    worlds = [line["world"] for line in refused]
    assert 0 < len(worlds) < WORLDS
    assert len(worlds) == len(set(worlds))
    for line in model.record:  # from the next round on
        before = [each["round"] for each in refused if each["world"] == line["world"]]
        if before and line["round"] > before[0] and line.get("proposer") is Role.CLAIMANT:
            assert line["package"] < 30
    for line in refused:
        assert line["package"] >= 30


def test_without_beliefs_a_side_asks_for_ever_for_what_it_will_never_get() -> None:
    model = talks({"environment.red_lines.enabled": False}, record=True)
    model.run()
    assert model.record is not None
    refused = [line["world"] for line in model.record if line["answer"] is Answer.precondition]
    assert len(refused) > 10 * len(set(refused))


def test_aspiration_and_foresight_leave_out_what_is_believed_barred() -> None:
    changes = {"claimant.beliefs.red_lines": learner(barred_tolerance=q(0.5))}
    view, free = table(talks(changes)), table(talks({"environment.red_lines.enabled": False}))
    assert view.position(0).best_acceptable.max() < 0.3
    assert free.position(0).best_acceptable.min() >= 0.3
    assert not view.unbarred(0, np.ones((WORLDS, 101), dtype=bool))[:, 30:].any()


def test_who_tolerates_everything_plays_as_if_there_were_no_beliefs() -> None:
    tolerant = talks({"claimant.beliefs.red_lines": learner(barred_tolerance=q(1.0))})
    same(tolerant.run().columns, talks({"environment.red_lines.enabled": False}).run().columns)


def test_beliefs_about_positions_that_move_go_back_to_what_is_expected() -> None:
    moves = {"hazard_year": q(0.2, "per year"), "lapses": q(0.0, "share")}
    changes = {"environment.positions.enabled": True, **much(0.3, moves=moves)}
    model = talks(changes)
    beliefs(model).refused(0, *everywhere(100), 0)
    start = believed(model).copy()
    assert start.max() > FIRMNESS
    nobody = np.zeros(WORLDS, dtype=bool)
    for round_ in (1, 2, 3):
        beliefs(model).move(round_, nobody)
    np.testing.assert_allclose(
        believed(model), FIRMNESS + np.exp(-0.2 * 3) * (start - FIRMNESS), rtol=1e-9
    )
    new = np.arange(WORLDS) < 5
    beliefs(model).move(3, new)
    np.testing.assert_allclose(believed(model)[new], FIRMNESS)


def red_lines(side: str) -> str:
    shares = {
        "error": uniform(0.3, 1.0),
        "bluff": uniform(0.1, 0.5, "share"),
        "slip": uniform(0.05, 0.3, "share"),
        "barred_tolerance": uniform(0.5, 0.95, "share"),
    }
    inner = [
        f"{name}: {{{', '.join(f'{key}: {value}' for key, value in share.items())}}}"
        for name, share in shares.items()
    ]
    return f"{side}.beliefs.red_lines={{{', '.join(inner)}}}"


@pytest.mark.parametrize("deal", ["two_islands_final", "treaty_first"])
def test_engines_agree_and_worlds_stand_alone_where_red_lines_are_learnt(deal: str) -> None:
    half = "{value: 0.5, unit: a, assumption: test}"
    moves = f"{{hazard_year: {half}, lapses: {half}}}"
    switches = [
        f"environment.{name}.enabled=true" for name in ("successions", "positions", "red_lines")
    ]
    names = ("holder.preconditions.treaty_first", "claimant.preconditions.treaty_needs_territory")
    changes = [
        *map(red_lines, ("claimant", "holder")),
        *(f"{name}.moves={moves}" for name in names),
    ]
    scenario = load_scenario("singapore_2018", [*switches, *changes, "dependence=declared"])
    cases = [scenario.model_copy(update={"engine": engine}) for engine in ENGINES]
    played = [TalksModel(case, deal, worlds=96).run().columns for case in cases]
    for one in played[1:]:
        same(played[0], one)
    alone = TalksModel(scenario, deal, worlds=5, first=40).run().columns
    same({name: values[40:45] for name, values in played[0].items()}, alone)
