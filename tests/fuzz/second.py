"""Two small islands with every process of the second edition switched on, as a seed."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from yaml import safe_load

from sim.domain.scenario import Scenario
from tests.disputes import q, uniform

_SWITCHES = (
    *("successions", "positions", "red_lines", "ratings", "cues", "quotas", "ratifier_errors"),
    *("amendments", "accumulation", "fading"),
)
_TEXT = {"administration": "near", "title": "near"}
_SEPARABLE = {
    "past": {"label": "the past", "clauses": ["recognition"], "tied_by": ["holder"]},
    "work": {"label": "joint projects", "clauses": ["projects"], "assumption": "test"},
}
_OBSERVED = {
    "said": {"kind": "offered", "side": "holder", "tolerance": 3.0},
    "asked": {"kind": "poll", "side": "claimant", "favour": 0.5, "tolerance": 0.5},
    "failed": {"kind": "did_not_come", "tolerance": 5.0},
}
_TOP = {
    "agenda": "tabled",
    "on_the_table": {"strait": 2.0, "two_steps": 1.0},
    "ladder": "in_force",
    "conditioned": True,
    "dependence": "declared",
    "resolve": {
        "loading": uniform(0.2, 0.8, "correlation"),
        "loadings": {"public": q(0.5, "correlation")},
        "kappa": uniform(-0.5, 0.5, "correlation"),
    },
    "observed": {
        name: {"label": name, "package": _TEXT, "assumption": "test", **said}
        for name, said in _OBSERVED.items()
    },
}
_PROTOCOL = {
    "drafting": {
        "enabled": True,
        "territorial_years": uniform(0.2, 1.0, "years"),
        "functional_years": q(0.1, "years"),
        "spread": q(0.4, "log"),
    },
    "effect_years": {"0": q(1, "probability")},
    "audience_cost": "net",
    "patience": q(1, "rounds"),
}
_SIDE: dict[str, Any] = {
    "leader.successor.discount_factor": uniform(0.5, 1.0, "per year"),
    "leader.successor.audience_cost": q(0.5, "approval points per point"),
    "leader.successor.resolve_persistence": q(0.5, "share"),
    "leader.successor.weights": {"economy": q(0.8, "factor")},
    "reservation.urgency.peak_years": q(4, "years"),
    "reservation.urgency.half_life_years": q(2, "years"),
    "commitment.leverage": q(0.1),
    "commitment.linkage_cost": q(0.05),
    "beliefs.expected_share": q(0.5, "share"),
    "beliefs.red_lines": {
        "error": q(1, "log odds"),
        "bluff": q(0.2, "probability"),
        "slip": q(0.1, "probability"),
        "barred_tolerance": uniform(0.5, 0.9, "probability"),
    },
    "public.cues": {
        "advocacy": q(0.1, "spreads"),
        "campaign": {
            "effect": uniform(0, 0.5, "spreads"),
            "cost": q(2, "approval points"),
            "half_life_years": q(1, "years"),
        },
    },
    "movement": {"hazard_year": uniform(0, 0.5, "per year"), "lapses": q(0.5, "share")},
}
_FIRST = {
    "label": "nothing first",
    "blocks": [{"claimant_gains": True}],
    "firmness": {**uniform(0.1, 0.6, "probability"), "resolve": "firmer"},
    "penalty": q(0.1),
    "survives": {"treaty": q(0.5, "probability")},
    "lifted_by": {
        "states": [{"projects": "some"}],
        "process": "pressure",
        "at_least": q(1, "sd"),
        "years": q(0.5, "years"),
    },
    "moves": {"hazard_year": q(0.2, "per year"), "lapses": q(0.3, "share")},
}
_AMENDS = {"clauses": ["recognition"], "probability": q(0.5, "probability")}
_VOTES = {"texts": [{"claimant_gains": True}, {"projects": "some"}], "assumption": "test"}


def switched_on() -> Scenario:
    """Return the two islands with all keys that the second edition added."""
    data = _isles()
    _lay(data, _TOP)
    data["protocol"] |= copy.deepcopy(_PROTOCOL)
    data["environment"] |= {name: {"enabled": True} for name in _SWITCHES}
    data["dispute"]["positions"] = {"claimant": {"no_recognition": "as told"}, "holder": {}}
    recognition = data["dispute"]["clauses"]["recognition"]["levels"]["explicit"]
    recognition["meets"] = {"holder": {"title_first": q(0.5, "share")}}
    recognition["ambiguity"] = uniform(0, 0.2, "probability a year")
    data["deals"]["strait"]["stages"]["treaty"]["separable"] = copy.deepcopy(_SEPARABLE)
    for role in ("claimant", "holder"):
        side = data[role]
        for key, value in _SIDE.items():
            *path, last = key.split(".")
            place = side
            for name in path:
                place = place[name]
            place[last] = copy.deepcopy(value)
        side["preconditions"]["nothing_first"] = copy.deepcopy(_FIRST)
    house = data["claimant"]["ratifiers"]["parliament"]
    house |= {"amends": _AMENDS, "votes_on": _VOTES, "error": q(0.1, "share")}
    data["holder"]["ratifiers"]["leader"]["quota_fall"] = q(0.02, "share")
    return Scenario.model_validate(data)


@cache
def _text() -> str:
    return (Path(__file__).parents[1] / "experiments" / "isles.yaml").read_text(encoding="utf-8")


def _isles() -> dict[str, Any]:
    """Return the two islands as plain data of which no part is another."""
    found: dict[str, Any] = json.loads(json.dumps(safe_load(_text())))
    return found


def _lay(data: dict[str, Any], values: dict[str, Any]) -> None:
    data |= copy.deepcopy(values)
