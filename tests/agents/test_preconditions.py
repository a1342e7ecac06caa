"""Preconditions by degree: who is blocked in which worlds, and what the rest pay."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.agents.preconditions import Preconditions
from sim.domain.interest import Role
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.quantities import Bools
from tests.disputes import ENGINES, pie, q, uniform
from tests.laws.play import same, table

WORLDS = 1024
PENALTY = 8.0
LEVELS = "dispute.clauses.wording.levels"
LINE = {
    "label": "a line",
    "kind": "administration",
    "levels": {
        "none": {"label": "none", "allocation": {"pie": "holder"}},
        "half": {"label": "half", "allocation": {"pie": "joint"}},
        "all": {"label": "all", "allocation": {"pie": "claimant"}},
    },
}
MET = (0.0, 0.25, 0.5, 0.75, 1.0)


def stance(firmness: Any, **more: Any) -> dict[str, Any]:
    return {
        "label": "a stance",
        "blocks": [{"claimant_area": {"at_least": 0.5}, "wording": {"not": ["explicit"]}}],
        "firmness": firmness,
        "penalty": q(PENALTY),
        **more,
    }


def preconditions(
    kind: str = "meets",
    degrees: tuple[Any, ...] = tuple(map(q, MET)),
    firmness: Any = None,
    **more: Any,
) -> Preconditions:
    """Return the holder's view of a pie worded to some degrees, then silent, then explicit."""
    levels = {
        f"{LEVELS}.degree{place}": {"label": "some", kind: {"holder": {"firm": degree}}}
        for place, degree in enumerate(degrees)
    }
    if kind == "breaches":  # a position against what one wording says, not a demand for it
        more["blocks"] = [{"wording": ["explicit"]}]
    names = (*(key.rsplit(".", 1)[1] for key in levels), "silent", "explicit")
    stage = {"label": "x", "fixed": {"administration": "all"}, "negotiable": {"wording": names}}
    changes = {
        **levels,
        "deals.divide.stages": {"pie": stage},
        "dispute.clauses.administration": LINE,
        "holder.preconditions": {"firm": stance(firmness or q(0.8, "share"), **more)},
    }
    model = TalksModel(pie(changes), "divide", worlds=WORLDS)
    return model.parties[1].government.package_values[0].preconditions


def blocked(of: Preconditions) -> Bools:
    return of.absolute(0)["firm"]


def close(found: Any, expected: float) -> bool:
    """Tell whether a share of worlds is within 4 standard errors of a probability."""
    return bool(abs(found - expected) <= 4 * np.sqrt(expected * (1 - expected) / WORLDS))


@pytest.mark.parametrize("firmness", [0.2, 0.5, 0.8])
def test_what_meets_a_demand_blocks_with_firmness_times_what_is_left(firmness: float) -> None:
    shares = blocked(preconditions(firmness=q(firmness, "share"))).mean(axis=0)
    for met, share in zip((*MET, 0.0, 1.0), shares, strict=True):
        assert close(share, firmness * (1 - met)), met


def test_blocked_worlds_are_nested_strictly() -> None:
    worlds = blocked(preconditions()).T
    for less, more in pairwise(worlds[:5]):
        assert (more <= less).all()
        assert more.sum() < less.sum()
    assert not worlds[4].any()  # what is met wholly stops nobody


def test_an_unspoken_degree_is_that_of_an_unmet_demand_and_a_whole_breach() -> None:
    met = blocked(preconditions()).T
    np.testing.assert_array_equal(met[0], met[-2])  # meets: 0 and silent
    breached = blocked(preconditions("breaches", (q(1),))).T
    np.testing.assert_array_equal(breached[0], breached[2])  # breaches: 1 and explicit
    assert not breached[1].any()


@pytest.mark.parametrize("kind", ["meets", "breaches"])
def test_a_penalty_is_scaled_where_nothing_is_blocked(kind: str) -> None:
    found = preconditions(kind)
    absolute, price = blocked(found), found.penalty(0)[:, found.pattern]
    touched = [1 - met if kind == "meets" else met for met in MET]
    for place, degree in enumerate(touched):
        expected = np.where(absolute[:, place], 0.0, PENALTY * degree)
        np.testing.assert_array_equal(price[:, place], expected)
    assert (price[:, -1 if kind == "meets" else -2] == 0).all()
    np.testing.assert_array_equal(found.forbidden(0)[:, found.pattern], absolute)


def test_a_half_breach_blocks_half_as_often_where_conditions_alone_would_not() -> None:
    half = {"label": "half", "breaches": {"holder": {"firm": q(0.5)}}}
    stage = {
        "label": "x",
        "fixed": {"administration": "none"},
        "negotiable": {"wording": ("half",)},
    }
    changes = {
        f"{LEVELS}.half": half,
        "deals.divide.stages": {"pie": stage},
        "dispute.clauses.administration": LINE,
        "holder.preconditions": {"firm": stance(q(0.8, "share"))},
    }
    model = TalksModel(pie(changes), "divide", worlds=WORLDS)
    assert close(blocked(model.parties[1].government.package_values[0].preconditions).mean(), 0.4)


def test_half_an_answer_to_a_demand_is_half_a_breach_of_it() -> None:
    """The stance asks for any wording but silence; without its own level there would be silence."""
    half = {"label": "half", "breaches": {"holder": {"firm": q(0.5)}}}
    stage = {"label": "x", "fixed": {"administration": "all"}}
    stage["negotiable"] = {"wording": ("silent", "half", "explicit")}
    changes = {
        f"{LEVELS}.half": half,
        "deals.divide.stages": {"pie": stage},
        "dispute.clauses.administration": LINE,
        "holder.preconditions": {
            "firm": {**stance(q(0.8, "share")), "blocks": [{"wording": ["silent"]}]}
        },
    }
    model = TalksModel(pie(changes), "divide", worlds=WORLDS)
    found = blocked(model.parties[1].government.package_values[0].preconditions).mean(axis=0)
    assert [close(*each) for each in zip(found, (0.8, 0.4, 0.0), strict=True)] == [True] * 3


def test_a_degree_is_drawn_once_a_world_in_a_stream_of_its_own() -> None:
    """E[firmness x (1 - m)] with m ~ U(0, 1) is half the firmness, and not by a common cut."""
    first, second = (preconditions(degrees=(uniform(0, 1, "share"), q(0.5, "share"))) for _ in "ab")
    drawn, fixed = blocked(first)[:, 0], blocked(first)[:, 1]
    np.testing.assert_array_equal(drawn, blocked(second)[:, 0])
    assert close(drawn.mean(), 0.4)
    assert (drawn & ~fixed).any()
    assert (fixed & ~drawn).any()


def test_a_met_demand_still_lapses_under_its_legal_form() -> None:
    found = preconditions(survives={"none": q(0.5, "share")})
    assert close(blocked(found)[:, 2].mean(), 0.8 * 0.5 * 0.5)


def test_what_an_earlier_text_says_still_meets_a_later_demand() -> None:
    """Two first texts that nothing else tells apart lead to two different second stages."""
    some = {"label": "some", "meets": {"holder": {"firm": q(1)}}}
    visits = {"none": {"label": "none"}, "some": some}
    stages = {
        "first": {"label": "first", "negotiable": {"visits": ("none", "some")}},
        "second": {"label": "second", "fixed": {"administration": "all", "title": "shared"}},
    }
    changes = {
        "dispute.clauses.administration": LINE,
        "dispute.clauses.visits": {"label": "visits", "baseline": "none", "levels": visits},
        "deals.divide.stages": stages,
        "holder.preconditions": {"firm": stance(q(1))},
    }
    model = TalksModel(pie(changes), "divide", worlds=2)
    plain, met = model.nodes[0].next_nodes
    stopped = [
        model.parties[1].government.package_values[node].forbidden.all() for node in (plain, met)
    ]
    assert stopped == [True, False]


# -- positions that move ---------------------------------------------------------------------------

MOVING = {"environment.positions.enabled": True, "protocol.round_years": 0.5}
HAZARD, LAPSES = 0.3, 0.25


def moving(worlds: int = WORLDS, **more: Any) -> TalksModel:
    """Return a pie whose holder has one position that moves and one bar that does not."""
    moves = {"hazard_year": q(HAZARD, "per year"), "lapses": q(LAPSES, "share")}
    bar = stance(q(0.6, "share"))
    changes = {
        **MOVING,
        "dispute.clauses.administration": LINE,
        "holder.preconditions": {"firm": {**bar, "moves": moves}, "bar": bar},
    }
    return TalksModel(pie({**changes, **more}), "divide", worlds=worlds)


def states(model: TalksModel) -> tuple[Bools, Bools]:
    """Return where the position is absolute, and where it costs nothing."""
    values = model.parties[1].government.values_at(0, np.arange(WORLDS), model.round)
    touched = values.preconditions.absolute(model.round)["firm"].any(axis=1)
    bar = values.preconditions.absolute(model.round)["bar"].any(axis=1)
    price = values.penalty.max(axis=1)
    return touched, price == np.where(bar, 0.0, PENALTY)


def test_positions_change_at_their_hazard_keep_their_firmness_and_lapse() -> None:
    model = moving()
    before, unpriced = states(model)
    assert not (unpriced & ~before).any()  # at the start nothing has lapsed
    model.step()
    model.open_round()
    after, _ = states(model)
    drawn = 1 - np.exp(-HAZARD * 0.5)
    assert close((before & ~after).sum() / WORLDS, 0.6 * drawn * 0.4)
    for _ in range(38):  # six expectations later
        model.step()
    firm, unpriced = states(model)
    assert close(firm.mean(), 0.6)
    assert close((unpriced & ~firm).mean(), 0.4 * LAPSES)


def test_a_bar_stands_whatever_moves() -> None:
    model = moving()
    values = model.parties[1].government.package_values[0]
    before = values.preconditions.absolute(0)["bar"].copy()
    for _ in range(20):
        model.step()
    np.testing.assert_array_equal(values.preconditions.absolute(20)["bar"], before)


def test_positions_move_as_their_side_says_unless_they_have_a_date_or_say_never() -> None:
    whole = {"hazard_year": q(HAZARD, "per year"), "lapses": q(LAPSES, "share")}
    own = {**whole, "lapses": q(1.0, "share")}
    kinds = {
        "plain": {},
        "own": {"moves": own},
        "never": {"moves": "never"},
        "late": {"from_round": 2},
        "dated": {"until_round": 9},
        "late_own": {"from_round": 2, "moves": own},
    }
    stances = {name: stance(q(0.6, "share"), **more) for name, more in kinds.items()}
    changes = {"holder.preconditions": stances, "holder.movement": whole}
    side = pie({"dispute.clauses.administration": LINE, **changes}).holder
    found = {name: side.movement_of(name) for name in kinds}
    assert {name for name, movement in found.items() if movement} == {"plain", "own", "late_own"}
    assert found["plain"] == side.movement
    assert found["own"] == found["late_own"] != side.movement


def test_what_governments_go_by_is_what_positions_are() -> None:
    model = moving()
    for _ in range(12):
        model.step()
    values = model.parties[1].government.values_at(0, np.arange(WORLDS), 11)
    np.testing.assert_array_equal(values.forbidden, values.preconditions.forbidden(11))
    np.testing.assert_array_equal(values.penalty, values.preconditions.penalty(11))


def test_a_succession_draws_positions_anew_with_the_new_resolve() -> None:
    leaves = {
        "environment.turnover.enabled": True,
        "environment.successions.enabled": True,
        "holder.leader.turnover.term_ends_round": 1,
        "holder.leader.successor.resolve_persistence": q(0.0, "share"),
        "dependence": "strong",
        "resolve": {"loading": q(0.9, "share"), "kappa": q(0.0, "share")},
    }
    model = moving(**leaves)
    before, _ = states(model)
    model.step()
    model.open_round()
    after, _ = states(model)
    assert close(after.mean(), 0.6)
    old, new = (model.draws._resolve(model.case.holder, number) for number in (0, 1))
    for resolve, firm in ((old, before), (new, after)):
        assert resolve[firm].mean() - resolve[~firm].mean() > 0.9
    assert abs(new[before].mean() - new[~before].mean()) < 4 * np.sqrt(2 / (WORLDS * 0.4))


def test_what_is_seen_of_a_round_does_not_change_with_the_next() -> None:
    model = moving()
    view = table(model)
    forbidden, copy = view.forbidden(1), view.forbidden(1).copy()
    for _ in range(5):
        model.step()
    np.testing.assert_array_equal(forbidden, copy)


def test_engines_agree_where_positions_move() -> None:
    half = "{value: 0.5, unit: a, assumption: test}"
    moves = f"{{hazard_year: {half}, lapses: {half}}}"
    plain = load_scenario("singapore_2018")
    changes = [
        f"{role.value}.preconditions.{name}.moves={moves}"
        for role in Role
        for name in plain.side(role).preconditions
    ]
    on = ["environment.positions.enabled=true", "environment.successions.enabled=true"]
    scenario = load_scenario("singapore_2018", [*on, "dependence=declared", *changes])
    for deal in ("two_islands_final", "treaty_first"):
        cases = [scenario.model_copy(update={"engine": engine}) for engine in ENGINES]
        played = [TalksModel(case, deal, worlds=96).run().columns for case in cases]
        for one in played[1:]:
            same(played[0], one)
        alone = TalksModel(scenario, deal, worlds=5, first=40).run().columns
        same({name: values[40:45] for name, values in played[0].items()}, alone)
