"""Each ratifier's rule against its formula, how often it passes, and who is named."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import mesa
import numpy as np
import pytest
from scipy.special import ndtr

from sim.agents.ratifiers import Expectation, Ratifiers
from sim.agents.valuation import Features, measure
from sim.domain.deal import Stage
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.package import tabulate
from sim.domain.scenario import Scenario
from sim.equations.ratification import (
    passing_probability,
    required_by_parliament,
    yes_probability,
)
from sim.model import TalksModel
from sim.quantities import Cells
from sim.randomness import Streams
from tests.agents.publics import segment
from tests.disputes import pie, q, uniform

WORLDS = 1024
TEXT = {"title": "shared"}
NEUTRAL = np.full(3, 50.0)


def rule(kind: str, **numbers: Any) -> dict[str, Any]:
    fields = {name: q(x) if isinstance(x, float) else x for name, x in numbers.items()}
    return {"kind": kind, "label": kind, **fields}


def ratifiers_of(scenario: Scenario, worlds: int = WORLDS) -> Ratifiers:
    draws = Draws(scenario, Streams(scenario.seed, 0, worlds))
    return Ratifiers(mesa.Model(rng=1), scenario.claimant, draws)


def one(item: dict[str, Any], **changes: Any) -> Ratifiers:
    return ratifiers_of(pie({"claimant.ratifiers": {"it": item}, **changes}))


def share_passing(item: dict[str, Any], support: float) -> float:
    return float(np.mean(support >= one(item).required["it"]))


def near(expected: float) -> Any:
    error = np.sqrt(expected * (1 - expected) / WORLDS)
    return pytest.approx(expected, abs=4 * error + 1e-12)


# -- rules -------------------------------------------------------------------------------------


def tail(yes: Fraction, seats: int, needed: int) -> Fraction:
    terms = (comb(seats, k) * yes**k * (1 - yes) ** (seats - k) for k in range(needed, seats + 1))
    return sum(terms, Fraction(0))


@pytest.mark.parametrize(("seats", "needed"), [(100, 51), (100, 67), (7, 4), (1, 1), (12, 12)])
@pytest.mark.parametrize("yes", [Fraction(3, 5), Fraction(1, 8), Fraction(1)])
def test_a_parliament_passes_by_the_binomial_tail(seats: int, needed: int, yes: Fraction) -> None:
    got = float(passing_probability(np.array(float(yes)), seats, needed))
    assert got == pytest.approx(float(tail(yes, seats, needed)), rel=1e-9)


@pytest.mark.parametrize("support", [0.3, 0.5, 0.62])
@pytest.mark.parametrize(("governing", "discipline"), [(0.0, 0.0), (0.6, 0.5), (0.3, 0.9)])
def test_the_required_support_is_where_the_tail_reaches_the_probability(
    support: float, governing: float, discipline: float
) -> None:
    whip = np.array(governing), np.array(discipline)
    chance = passing_probability(yes_probability(np.array(support), *whip), 101, 51)
    if 1e-9 < chance < 1 - 1e-9:
        assert float(required_by_parliament(101, 51, *whip, chance)) == pytest.approx(support)


def test_a_whip_that_suffices_needs_no_public_and_a_text_nobody_may_vote_for_has_no_hope() -> None:
    sure = rule("parliament", seats=99, votes_needed=50, governing_share=1.0, discipline=1.0)
    assert np.all(one(sure).required["it"] == -np.inf)
    formal = rule("parliament", seats=99, votes_needed=0, governing_share=0.0, discipline=0.0)
    assert np.all(one(formal).required["it"] == -np.inf)


@pytest.mark.parametrize("kind", ["leader", "referendum"])
@pytest.mark.parametrize("support", [0.45, 0.5, 0.58])
def test_a_noisy_quota_passes_by_the_normal_tail(kind: str, support: float) -> None:
    got = share_passing(rule(kind, quota=0.52, noise=0.05), support)
    assert got == near(float(ndtr((support - 0.52) / 0.05)))


def test_a_sharp_quota_passes_at_equality() -> None:
    sharp = rule("referendum", quota=0.5, noise=0.0)
    assert share_passing(sharp, 0.5) == 1.0
    assert share_passing(sharp, 0.5 - 1e-12) == 0.0


@pytest.mark.parametrize("support", [0.3, 0.4, 0.5])
def test_a_region_votes_on_its_own_support(support: float) -> None:
    got = share_passing(rule("region", quota=0.3, offset=-0.1, noise=0.08), support)
    assert got == near(float(ndtr((support - 0.1 - 0.3) / 0.08)))


@pytest.mark.parametrize("support", [0.45, 0.5, 0.55])
def test_a_parliament_passes_as_often_as_its_tail_says(support: float) -> None:
    item = rule("parliament", seats=101, votes_needed=56, governing_share=0.4, discipline=0.25)
    yes = 0.4 * 0.25 + (1 - 0.4 * 0.25) * support
    assert share_passing(item, support) == near(float(tail(Fraction(yes), 101, 56)))


def seen(scenario: Scenario, package: dict[str, str]) -> Features:
    table = tabulate(scenario.dispute, Stage(label="text", fixed=package), "text")
    return measure(table, scenario.dispute, Role.CLAIMANT, scenario.claimant)


@pytest.mark.parametrize("pressure", [0.0, 1.0, -0.5])
def test_an_ally_weighs_its_interest_against_its_tolerance(pressure: float) -> None:
    ally = rule("ally", interest="recognition", tolerance=0.8, pressure=0.3, noise=0.25)
    scenario = pie({"claimant.ratifiers": {"it": ally}})
    text = seen(scenario, {"wording": "explicit"})  # recognition falls by 1
    agreed = ratifiers_of(scenario).ally_consents(
        "it", text, Cells(np.arange(WORLDS)), np.full(WORLDS, pressure)
    )
    expected = ndtr((-1.0 + 0.8 - 0.3 * pressure) / 0.25)
    assert agreed.shape == (WORLDS, 1)
    assert agreed.mean() == near(float(expected))


def test_a_government_asks_for_the_support_that_passes_with_the_wanted_probability() -> None:
    both = {
        "vote": rule("referendum", quota=0.5, noise=0.1),
        "house": rule(
            "parliament", seats=100, votes_needed=60, governing_share=0.0, discipline=0.0
        ),
    }
    scenario, caution = pie({"claimant.ratifiers": both}), np.array([0.7, 0.543294])
    asked = ratifiers_of(scenario, worlds=2).expected_support(
        seen(scenario, TEXT), Expectation(caution)
    )
    wanted = asked.at(Cells(np.arange(2)), NEUTRAL)[:, 0]
    assert wanted[0] == pytest.approx(max(0.5 + 0.1 * 0.524401, 0.6 + 0.02), abs=0.01)
    assert wanted[1] == pytest.approx(0.6, abs=1e-6)  # the house asks for more than .5109
    nobody = ratifiers_of(pie(), worlds=2).expected_support(seen(pie(), TEXT), Expectation(caution))
    assert np.all(nobody.levels == -np.inf)


def test_what_is_asked_of_a_text_is_asked_by_those_who_vote_on_it() -> None:
    titles = {"texts": [{"closed": True}], "assumption": "test"}
    words = {"texts": [{"wording": ["explicit"]}], "assumption": "test"}
    items = {
        "all": rule("referendum", quota=0.25, noise=0.0),
        "titles": {**rule("referendum", quota=0.75, noise=0.0), "votes_on": titles},
        "words": {**rule("referendum", quota=0.5, noise=0.0), "votes_on": words},
    }
    scenario = pie({"claimant.ratifiers": items})
    ratifiers = ratifiers_of(scenario, worlds=3)
    texts = ({}, {"title": "shared"}, {"wording": "explicit"})
    for text, expected in zip(texts, (0.25, 0.75, 0.5), strict=True):
        item = seen(scenario, {"form": "no_form", **text})
        assert np.all(ratifiers.required_support(item).at(Cells(np.arange(3)), NEUTRAL) == expected)
        assert (
            ratifiers.required_support(item).at(Cells(np.array([2]), np.array([0])), NEUTRAL)
            == expected
        )
    silent = {name: {**one, "votes_on": {**titles, "texts": []}} for name, one in items.items()}
    nobody = pie({"claimant.ratifiers": silent})
    asked = ratifiers_of(nobody, worlds=3).required_support(seen(nobody, TEXT))
    assert np.all(asked.levels == -np.inf)


def test_an_ally_has_no_say_where_it_does_not_vote() -> None:
    strict = {**rule("ally", interest="recognition", tolerance=0.0, pressure=0.0, noise=0.0)}
    for texts, agrees in (([{}], False), ([{"closed": True}], True), ([], True)):
        voting = {"votes_on": {"texts": texts, "assumption": "test"}}
        scenario = pie({"claimant.ratifiers": {"it": {**strict, **voting}}})
        text, ratifiers = seen(scenario, {"wording": "explicit"}), ratifiers_of(scenario)
        everyone, calm = np.arange(WORLDS), np.zeros(WORLDS)
        assert np.all(ratifiers.ally_consents("it", text, Cells(everyone), calm) == agrees)
        first = np.zeros(WORLDS, dtype=np.int64)
        assert np.all(ratifiers.consent(text, Cells(everyone, first), calm) == agrees)


# -- order, names and books --------------------------------------------------------------------


def half_in_favour(side: str) -> dict[str, Any]:
    halves = {"yes": segment(0.5, -1.0, 0.0), "no": segment("rest", 1.0, 0.0)}
    return {
        f"{side}.public.segments": halves,
        f"{side}.beliefs.caution": 0,  # signs whatever may pass at all
        f"{side}.beliefs.own_support_error": 0,
        f"{side}.leader.deadline_rounds": 0,
        "dispute.clauses.administration.grid.steps": 3,
        "rounds": 3,
    }


def vote(quota: float, noise: float = 1e-9) -> dict[str, Any]:
    return rule("referendum", quota=quota, noise=noise)


def coin() -> dict[str, Any]:
    return rule("referendum", quota=0.5, noise=0.01)


@pytest.mark.parametrize(
    ("claimant", "holder", "named"),
    [
        (("pass", "fail", "fail"), ("fail",), "claimant.b"),
        (("fail", "pass", "fail"), ("pass",), "claimant.a"),
        (("pass", "pass", "pass"), ("pass", "fail"), "holder.b"),
        (("pass", "pass"), ("pass",), None),
    ],
)
def test_the_first_against_is_named_claimants_before_holders(
    claimant: tuple[str, ...], holder: tuple[str, ...], named: str | None
) -> None:
    # Half of each public is in favour; "fail" asks for a little more, with noise enough that a
    # government with no caution at all still signs.
    sorts = {"pass": vote(0.4), "fail": vote(0.52, 0.004)}
    changes: dict[str, Any] = {**half_in_favour("claimant"), **half_in_favour("holder")}
    for side, items in (("claimant", claimant), ("holder", holder)):
        changes[f"{side}.ratifiers"] = {
            letter: sorts[item] for letter, item in zip("abc", items, strict=False)
        }
    result = TalksModel(pie(changes), "divide", worlds=16).run()
    outcomes = {OUTCOMES[code] for code in result.columns["outcome"]}
    codes = set(result.columns["rejected_by"].tolist())
    if named is None:
        assert outcomes == {Outcome.settled}
        assert codes == {-1}
    else:
        assert outcomes == {Outcome.rejected}
        assert codes == {result.ratifier_names.index(named)}
    assert set(result.columns["support_claimant"].tolist()) == {0.5}


def test_texts_pass_as_often_as_their_ratifiers_do() -> None:
    changes = {**half_in_favour("claimant"), **half_in_favour("holder")}
    changes["claimant.ratifiers"] = {"a": coin(), "b": coin()}
    result = TalksModel(pie(changes), "divide", worlds=WORLDS).run()
    passed = result.columns["outcome"] == Outcome.settled.code
    assert passed.mean() == near(0.25)
    stopped = [np.mean(result.columns["rejected_by"] == place) for place in (0, 1)]
    assert stopped[0] == near(0.5)
    assert stopped[1] == near(0.25)


def test_who_stopped_a_text_is_forgotten_once_a_text_is_in_force() -> None:
    # Each of the two texts is stopped or passed for good in a world; only the second may pass.
    changes = {**half_in_favour("claimant"), **half_in_favour("holder"), "rounds": 12}
    changes["claimant.ratifiers"] = {"a": rule("referendum", quota=0.5, noise=0.01)}
    columns = TalksModel(pie(changes), "divide", worlds=WORLDS).run().columns
    settled = columns["outcome"] == Outcome.settled.code
    assert np.all(columns["rejected_by"][settled] == -1)
    assert np.all(columns["rejected_by"][~settled] == 0)


def test_a_ratifier_of_uncertain_quota_differs_by_world_and_not_by_round() -> None:
    item = {"kind": "leader", "label": "x", "quota": uniform(0.2, 0.6, "share"), "noise": q(0.0)}
    scenario = pie({"claimant.ratifiers": {"it": item}})
    ratifiers = ratifiers_of(scenario)
    assert ratifiers.required["it"].min() >= 0.2
    assert np.mean(ratifiers.required["it"] <= 0.4) == near(0.5)
    assert np.array_equal(
        ratifiers.required_support(seen(scenario, TEXT)).levels[:, 0], ratifiers.required["it"]
    )


# -- leaders whose quota falls with approval ---------------------------------------------------

BOUND = rule("leader", quota=0.5, noise=0.0, quota_fall=0.04)
FALLING = {"environment.quotas": {"enabled": True}}


def required_at(approval: np.ndarray, **changes: Any) -> np.ndarray:
    items = {"it": BOUND, "vote": rule("referendum", quota=0.45, noise=0.0)}
    scenario = pie({"claimant.ratifiers": items, **changes})
    required = ratifiers_of(scenario, worlds=3).required_support(seen(scenario, TEXT))
    return required.at(Cells(np.arange(3)), approval)[:, 0]


def test_a_popular_leader_asks_for_less_and_others_for_what_they_did() -> None:
    approval = np.array([25.0, 50.0, 75.0])
    assert required_at(approval).tolist() == [0.5, 0.5, 0.5]
    assert required_at(approval, **FALLING) == pytest.approx([0.6, 0.5, 0.45])


def test_a_quota_stays_between_nobody_and_everybody() -> None:
    steep = {"claimant.ratifiers": {"it": {**BOUND, "quota_fall": q(0.5)}}, **FALLING}
    ratifiers = ratifiers_of(pie(steep), worlds=3)
    approval = np.array([0.0, 50.0, 100.0])
    assert ratifiers.required_of("it", np.arange(3), approval).tolist() == [1.0, 0.5, 0.0]


def test_what_is_wanted_with_a_probability_falls_alike() -> None:
    scenario = pie({"claimant.ratifiers": {"it": {**BOUND, "noise": q(0.1)}}, **FALLING})
    ratifiers, text = ratifiers_of(scenario, worlds=3), seen(scenario, TEXT)
    wanted = ratifiers.expected_support(text, Expectation(np.array([0.5, 0.5, 0.8])))
    asked = wanted.at(Cells(np.arange(3)), np.array([50.0, 75.0, 75.0]))[:, 0]
    assert asked == pytest.approx([0.5, 0.4, 0.4 + 0.1 * 0.8416212])


def test_the_fall_of_a_quota_plays_a_part_where_it_is_on() -> None:
    items = {"claimant.ratifiers": {"it": BOUND}}
    key = "claimant.ratifiers.it.quota_fall"
    assert key not in dict(pie(items).quantities())
    assert key in dict(pie({**items, **FALLING}).quantities())
