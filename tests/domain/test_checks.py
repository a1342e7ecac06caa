"""Every way in which a value of the domain can contradict itself is refused in our words.

Tests `sim.domain.clause`, `sim.domain.condition`, `sim.domain.deal`, `sim.domain.dispute`,
`sim.domain.narration`, `sim.domain.public`, `sim.domain.quantity`, `sim.domain.scenario` and
`sim.domain.side`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.narration import amount, condition
from sim.domain.quantity import Quantity
from sim.model.protocol import AlternatingOffers
from tests.disputes import pie, q, uniform

SEGMENT = {"label": "some", "weights": {}, "threshold": q(0), "spread": q(1)}
LEVEL = {"label": "a level"}
NOTHING = {"type": "approval", "question": "What?", "date": "2000", "package": {}}
STAGE = {"label": "x", "fixed": {"title": "shared"}}
SEGMENTS = "claimant.public.segments"


def said(shape: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Quantity.model_validate({"unit": "points", "assumption": "test", **shape})
    return str(caught.value)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({}, "expected exactly one of 'value' and 'distribution'"),
        ({"value": 1, "distribution": "uniform"}, "exactly one of 'value' and 'distribution'"),
        ({"value": 1, "low": 0, "sd": 1}, "a point value takes no low, sd"),
        ({"distribution": "uniform", "low": 0}, "uniform takes high, low, got low"),
        ({"distribution": "beta", "alpha": 1, "beta": 1, "mean": 2}, "beta takes alpha, beta, got"),
        ({"distribution": "uniform", "low": 1, "high": 0}, "low must not exceed high, got 1.0 and"),
        (
            {"distribution": "triangular", "low": 0, "mode": 2, "high": 1},
            "mode must lie between low and high, got 2.0",
        ),
        (
            {"distribution": "lognormal", "median": 1, "sigma": 1, "low": -1},
            "lognormal takes low from 0 on and high above 0, got -1.0 and None",
        ),
        (
            {"distribution": "lognormal", "median": 1, "sigma": 1, "high": 0},
            "lognormal takes low from 0 on and high above 0, got None and 0.0",
        ),
        ({"value": 1, "assumption": None}, "expected 'source: [ids]' or 'assumption: why'"),
    ],
)
def test_quantities_that_contradict_themselves(shape: dict[str, Any], words: str) -> None:
    assert words in said(shape)


def test_none_has_no_quantiles() -> None:
    none = Quantity(value="none", unit="rounds", assumption="test")
    with pytest.raises(ValueError, match="a quantity that says 'none' has no quantiles"):
        none.quantile(np.array([0.5]))


@pytest.mark.parametrize(
    ("shape", "low", "middle", "high"),
    [
        ({"distribution": "normal", "mean": 2, "sd": 1}, -6, 2, 10),
        ({"distribution": "normal", "mean": 2, "sd": 1, "low": 2, "high": 3}, 2, 2.441, 3),
        ({"distribution": "beta", "alpha": 2, "beta": 2}, 0, 0.5, 1),
        ({"distribution": "beta", "alpha": 2, "beta": 2, "low": 4, "high": 8}, 4, 6, 8),
        ({"distribution": "lognormal", "median": 2, "sigma": 0.1, "low": 1, "high": 4}, 1, 2, 4),
    ],
)
def test_quantiles(shape: dict[str, Any], low: float, middle: float, high: float) -> None:
    quantity = Quantity.model_validate({"unit": "points", "assumption": "test", **shape})
    found = quantity.quantile(np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(found, [low, middle, high], atol=1e-2)
    assert quantity.bounds == (found[0], found[2])


def test_words_of_numbers_and_conditions() -> None:
    shape = {"distribution": "triangular", "low": 0, "mode": 1, "high": 3}
    quantity = Quantity.model_validate({"unit": "points", "assumption": "test", **shape})
    assert "0 to 3, most likely 1" in amount(quantity)
    scenario = pie({"deals.divide.stages.pie.exclude": [{"claimant_area": {"at_least": 0.5}}]})
    (test,) = scenario.deals["divide"].stages["pie"].exclude
    assert "claimant area is at least 0.5" in condition(test)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"deals.divide.stages.pie": {"label": "x"}}, "at least one clause in 'fixed' or"),
        (
            {"deals.divide.stages.pie": {**STAGE, "negotiable": {"title": "all"}}},
            "clauses both fixed and negotiable: title",
        ),
        ({"dispute.objects": {}}, "expected at least one object in dispute, got none"),
        ({"dispute.nesting": ["rock"]}, "nesting names unknown objects: rock"),
        ({"dispute.interests": {"peace": "x"}}, "interests already built in: peace"),
        ({f"{SEGMENTS}.more": {**SEGMENT, "share": "rest"}}, "at most one segment takes the rest"),
        ({f"{SEGMENTS}.all.share": q(0.5)}, "shares of segments must add to 1, got 0.5 to 0.5"),
        (
            {
                f"{SEGMENTS}.more": {**SEGMENT, "share": q(1)},
                f"{SEGMENTS}.less": {**SEGMENT, "share": q(0.5)},
            },
            "shares of segments must not add to more than 1, got 1.5",
        ),
        (
            {"claimant.public.updating": {"kind": "degroot", "speed": q(0.5)}},
            "a network and updating are for 'citizens'",
        ),
        ({"claimant.public.updating": {"kind": "degroot"}}, "updating by degroot needs 'speed'"),
        (
            {"claimant.public.updating": {"kind": "bounded_confidence", "speed": q(0.5)}},
            "updating by bounded_confidence needs 'confidence'",
        ),
        ({"claimant.public.network": {"kind": "small_world"}}, "a small world needs 'rewiring'"),
        (
            {"claimant.public.opposition": q(0.5)},
            "'opposition' answers the approval poll that 'calibration' names, and there is none",
        ),
        (
            {"dispute.clauses.wording.levels.loud": {**LEVEL, "relief": 0.5}},
            "effects need 'source: [ids]' or 'assumption: why', got neither",
        ),
        (
            {"dispute.clauses.wording.levels.loud": {**LEVEL, "flow": q(1)}},
            "expected 'flow' and 'payer' together",
        ),
        ({"dispute.clauses.empty": {"label": "x"}}, "expected at least one level, got none"),
        ({"dispute.clauses.wording.baseline": "loud"}, "baseline must be one of silent, explicit"),
        ({"dispute.clauses.form.levels.bare": LEVEL}, "every level of a legal form needs 'frame'"),
        ({"dispute.objects.pie.area": uniform(0, 1)}, "expected a point value (the same in all"),
        ({"claimant.leader.discount_factor": "none"}, "'none' is not possible here"),
    ],
)
def test_parts_that_contradict_themselves(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        pie(changes)
    assert words in str(caught.value)


PROCESSES = "environment.processes"


def step(steps: dict[str, Any]) -> dict[str, Any]:
    return {"environment.events": {"it": {**EVENT, "steps": steps}}}


HOLDERS = {"rule": "exponential", "sides": ["holder"]}
EVENT = {"label": "x", "round": 1, "assumption": "test"}
ALLY = {
    "kind": "ally",
    "label": "x",
    "interest": "tea",
    "tolerance": q(0),
    "pressure": q(0),
    "noise": q(0),
}
TWO = {
    "label": "x",
    "kind": "administration",
    "levels": {"far": {**LEVEL, "allocation": {"reef": "claimant", "pie": "holder"}}},
}
REEF = {
    "label": "a reef",
    "area": q(1),
    "controller": "holder",
    "value": {"claimant": q(1), "holder": q(1)},
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {f"{PROCESSES}.oil.multiplies": {"ecnomy": {"rule": "one_plus"}}},
            "processes.oil.multiplies.ecnomy: expected an interest",
        ),
        (
            {"claimant.preferences.sensitivities.oill": q(1)},
            "sensitivities.oill: expected one that a process asks for (oil, sanctions)",
        ),
        (
            {f"{PROCESSES}.oil.multiplies": {"economy": HOLDERS}},
            "claimant.preferences.sensitivities.oil: expected one that a process asks for (sanct",
        ),
        (step({"crises": q(1)}), "it.steps.crises: expected a process of kind ar1 or jump"),
        (step({"oill": q(1)}), "did you mean 'oil'?"),
        (step({"oil": "lifted"}), "it.steps.oil: expected a quantity, by which its level"),
        (step({"sanctions": q(1)}), "it.steps.sanctions: expected imposed or lifted"),
        ({"deals.divide.name": "split"}, "deals.divide.name: expected 'divide', as it is listed"),
        (
            {"deals.divide.stages.pie.exclude": [{"title": ["shared"]}]},
            "stages.pie.exclude: expected at least one package left, got none",
        ),
        (
            {"deals.divide.stages.pie.exclude": [{"titel": ["shared"]}]},
            "exclude.0.titel: expected a clause or a derived fact",
        ),
        (
            {"deals.divide.stages.pie.exclude": [{"title": ["whole"]}]},
            "exclude.0.title: expected a level of title (open, shared), got 'whole'",
        ),
        ({"deals.divide.stages.pie.fixed": {"tilte": "open"}}, "did you mean 'title'?"),
        ({"deals.divide.stages.pie.fixed": {"title": "opne"}}, "did you mean 'open'?"),
        (
            {"deals.divide.stages.pie.negotiable": {"administartion": "all"}},
            "did you mean 'administration'?",
        ),
        (
            {"deals.divide.stages.pie.negotiable": {"wording": ["silnet"]}},
            "did you mean 'silent'?",
        ),
        (
            {
                "dispute.clauses.administration.grid.steps": 5001,
                "deals.divide.stages.pie.negotiable": {"administration": "all", "wording": "all"},
            },
            "stages.pie.negotiable: expected at most 6000 packages, got 10002",
        ),
        (
            {
                "dispute.clauses.end": {
                    "label": "x",
                    "kind": "finality",
                    "levels": {"closed": {**LEVEL, "closes": True}},
                },
                "deals.divide.stages.pie.fixed": {"title": "open", "end": "closed"},
            },
            "'closed' in a package that leaves title open",
        ),
        ({"holder.stream": "one"}, "holder.stream: expected a label other than the claimant's"),
        (
            {"protocol.ratification_years": {"0": q(0, "probability")}},
            "protocol.ratification_years: expected probabilities above 0 in sum, got 0",
        ),
        (
            {"claimant.preferences.weights": {"tea": q(1)}},
            "claimant.preferences.weights.tea: expected an interest",
        ),
        ({"claimant.ratifiers": {"ally": ALLY}}, "ratifiers.ally.interest: expected an interest"),
        (
            {"claimant.public.opposition": q(0.5), "claimant.public.calibration": "poll"},
            "claimant.public.calibration: expected an approval poll",
        ),
        (
            {"claimant.public.polls": {"asked": NOTHING}},
            "claimant.public.polls.asked.package: expected at least one clause and its level",
        ),
        (
            {"dispute.clauses.wording.levels.silent": {**LEVEL, "allocation": {"pie": "joint"}}},
            "allocation: expected no allocation, got one in a clause of kind recognition",
        ),
        (
            {"dispute.objects.pie.divisible": False},
            "allocation.pie: expected 0 or 1: the object is not divisible, got 0.01",
        ),
        (
            {
                "dispute.objects.reef": REEF,
                "dispute.nesting": ["pie", "reef"],
                "dispute.clauses.both": TWO,
            },
            "allocation.reef: expected nothing beyond the line while pie is not wholly on",
        ),
    ],
)
def test_parts_that_do_not_fit_together(changes: dict[str, Any], words: str) -> None:
    assert any(words in str(fault) for fault in faults_of(pie(changes)))


def test_an_offer_that_is_no_package() -> None:
    with pytest.raises(ValueError, match="an offer must be one of 3 packages or none, got 3"):
        AlternatingOffers.admit(np.array([-1, 0, 3]), 3)


def test_a_level_that_gives_an_unknown_object_is_all_that_is_said_of_its_packages() -> None:
    key = "dispute.clauses.title.levels.shared.allocation"
    broken = pie({key: {"cake": "joint"}, "deals.divide.stages.pie.exclude": [{"tilte": "open"}]})
    unknown, misspelt = (str(fault) for fault in faults_of(broken))
    assert unknown == f"{key}.cake: expected an object in dispute (pie), got 'cake'"
    assert "deals.divide.stages.pie.exclude.0.tilte" in misspelt
    assert len(faults_of(pie({key: {"cake": "joint"}}))) == 1


def test_observed_packages_name_levels_of_the_dispute() -> None:
    said = {"label": "x", "tolerance": 0, "assumption": "test"}
    observed = {
        "one": {**said, "kind": "offered", "side": "holder", "package": {"wording": "loud"}},
        "two": {**said, "kind": "did_not_come", "package": {"title": "shared"}, "source": ["x"]},
    }
    found = {fault.key for fault in faults_of(pie({"observed": observed}))}
    assert found == {"observed.one.package.wording", "observed.two.source"}
