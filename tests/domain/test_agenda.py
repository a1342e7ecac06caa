"""Agenda: what is played, and the lesser texts that come of leaving clauses out."""

from typing import Any

import numpy as np
import pytest

from sim.domain.agenda import AGENDA, LesserStage, lesser_texts
from sim.domain.checks import faults_of
from sim.domain.deal import Deal, Stage
from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.plan import plan_for
from tests.disputes import pie, q


def deal(name: str, **stages: dict[str, Any]) -> Deal:
    return Deal.model_validate({"name": name, "label": name, "stages": stages})


def group(*clauses: str, by: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"label": f"the {clauses[0]}", "clauses": clauses, "tied_by": by}


LARGE = {
    "label": "all",
    "fixed": {"a": "1", "b": "2"},
    "negotiable": {"c": ["x", "y"]},
    "exclude": [{"b": ["2"], "c": ["x"]}, {"c": ["y"], "a": ["0"]}],
    "separable": {"bee": group("b", by=("holder",)), "sea": group("a", "c", by=("claimant",))},
}


def test_lesser_texts_can_be_switched_off() -> None:
    case = load_scenario("singapore_2018", ["agenda=open"])
    off = load_scenario("singapore_2018", ["agenda=open", "lesser_texts=false"])
    assert {*off.texts} == {*off.deals} == {*case.deals} < {*case.texts}
    linked = [key for key, _ in case.quantities() if "linkage_cost" in key]
    assert linked
    assert {*linked}.isdisjoint(key for key, _ in off.quantities())
    deals = {name: case.deals[name] for name in ("treaty_first", "functional_ladder")}
    plans = [
        plan_for(each, each.structures[AGENDA])
        for each in (
            case.model_copy(update={"deals": deals, "lesser_texts": lesser})
            for lesser in (True, False)
        )
    ]
    assert len(plans[1].structures) == 2 < len(plans[0].structures)


def test_every_set_of_groups_makes_a_lesser_text() -> None:
    found = lesser_texts({"large": deal("large", one=LARGE)})
    assert list(found) == ["large_without_bee", "large_without_sea"]  # without both: nothing
    stage = found["large_without_bee"].stages["one"]
    assert isinstance(stage, LesserStage)
    assert (stage.fixed, stage.negotiable) == ({"a": "1"}, {"c": ("x", "y")})
    assert [set(said) for said in stage.exclude] == [{"c", "a"}]
    assert stage.untied == {"claimant": 0, "holder": 1}
    assert found["large_without_sea"].label == "large, without the a"


def test_a_stage_of_which_nothing_is_left_is_no_stage() -> None:
    rest = {"label": "rest", "fixed": {"d": "1"}, "separable": {"rest": group("d")}}
    found = lesser_texts({"two": deal("two", one=LARGE, rest=rest)})
    assert list(found["two_without_rest"].stages) == ["one"]
    assert list(found["two_without_bee_and_sea"].stages) == ["rest"]


def test_what_says_the_same_is_kept_once() -> None:
    small = deal("small", only={"label": "b alone", "fixed": {"b": "2"}})
    found = lesser_texts({"large": deal("large", one=LARGE), "small": small})
    assert list(found) == ["large_without_bee"]


def test_only_clauses_of_the_stage_may_be_left_out() -> None:
    with pytest.raises(ValueError, match=r"'separable.x' not in it: z"):
        Stage.model_validate({"label": "s", "fixed": {"a": "1"}, "separable": {"x": group("z")}})


def divided(agenda: str, cost: float, by: tuple[str, ...]) -> Scenario:
    """Return a pie whose text may leave out who administers."""
    stage = {
        "label": "all",
        "fixed": {"title": "shared"},
        "negotiable": {"administration": "all"},
        "separable": {"title": group("title", by=by)},
    }
    changes = {
        "deals": {"whole": {"name": "whole", "label": "whole", "stages": {"one": stage}}},
        "agenda": agenda,
        "claimant.commitment.linkage_cost": q(cost),
        "holder.commitment.linkage_cost": q(cost),
    }
    return pie(changes)


def test_who_had_tied_it_pays() -> None:
    models = [
        TalksModel(divided("open", cost, ("claimant",)), AGENDA, worlds=2) for cost in (0.0, 3.0)
    ]
    plan = plan_for(models[0].case, models[0].deal)
    lesser = plan.structures.index("whole_without_title")
    paid = 3.0 * (plan.structure_of[0] == lesser)
    assert set(paid) == {0.0, 3.0}
    for side, expected in ((0, paid), (1, 0.0 * paid)):
        values = [each.parties[side].government.package_values[0].static_value for each in models]
        np.testing.assert_allclose(values[0] - values[1], np.tile(expected, (2, 1)), atol=1e-12)


def test_linkage_and_patience_play_no_part_where_they_cannot() -> None:
    keys = {
        agenda: {key for key, _ in divided(agenda, 1.0, ()).quantities()}
        for agenda in ("single", "open")
    }
    assert keys["open"] - keys["single"] == {
        "claimant.commitment.linkage_cost",
        "holder.commitment.linkage_cost",
    }
    assert not any("patience" in key for key in keys["open"])


def test_a_tabled_agenda_needs_patience_and_no_structure_of_its_own_name() -> None:
    case = divided("tabled", 1.0, ())
    assert [fault.key for fault in faults_of(case)] == ["protocol.patience"]
    named = case.deals["whole"].model_copy(update={"name": AGENDA})
    named_so = case.model_copy(update={"agenda": "open", "deals": {AGENDA: named}})
    assert [fault.key for fault in faults_of(named_so)] == ["deals"]


@pytest.mark.parametrize("name", ["singapore_2018", "canada_denmark_2018"])
@pytest.mark.parametrize("agenda", ["open", "tabled"])
def test_shipped_lesser_texts_are_sound(name: str, agenda: str) -> None:
    case = load_scenario(name).model_copy(update={"agenda": agenda})
    assert faults_of(case) == []
    assert set(case.texts) > set(case.deals)
