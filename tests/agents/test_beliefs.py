"""What governments believe: of ratifiers (Iida 1993), and of what the other side wants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.special import ndtr

from sim.agents.ratifiers import Expectation, required
from sim.domain.checks import faults_of
from sim.domain.draws import Draws
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.experiments.play import play
from sim.model import TalksModel
from sim.quantities import EVERYONE
from sim.randomness import Streams
from tests.agents.publics import segment
from tests.agents.test_ratifiers import near, ratifiers_of, rule
from tests.disputes import ENGINES, pie, q, uniform

WORLDS = 1024
ON = {"environment.ratifier_errors": {"enabled": True}}
ERROR, SHORT = 0.02, 0.03
HALVES = {"yes": segment(0.5, -1.0, 0.0), "no": segment("rest", 1.0, 0.0)}
"""Half of a public is in favour of anything."""


def asking(error: float | None, quota: float = 0.5 + SHORT) -> dict[str, Any]:
    """Return a claimant whose only ratifier asks for more than the half that is in favour."""
    vote = rule("leader", quota=quota, noise=0.0)
    vote |= {} if error is None else {"error": q(error, "share")}
    return {
        "claimant.public.segments": HALVES,
        "claimant.ratifiers": {"it": vote},
        "deals.divide.stages.pie.negotiable": {"administration": ["0.5000"]},
        "rounds": 8,
    }


def played(changes: dict[str, Any], engine: str = "array") -> BlockResult:
    return TalksModel(pie({**changes, "engine": engine}), "divide", worlds=WORLDS).run()


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_are_signed_and_lost_where_governments_misjudge_the_vote(engine: str) -> None:
    columns = played({**asking(ERROR), **ON}, engine).columns
    signed = columns["round_signed"] >= 0
    assert signed.mean() == near(float(ndtr(-SHORT / ERROR)))  # both err alike
    assert signed.any()
    outcomes = {OUTCOMES[code] for code in columns["outcome"][signed]}
    assert outcomes == {Outcome.rejected}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_lost_vote_is_a_lesson(engine: str) -> None:
    """The text would be signed again as soon as talks resume, and never is."""
    columns = played({**asking(ERROR), **ON}, engine).columns
    assert set(columns["round_signed"].tolist()) == {-1, 0}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_would_pass_is_not_signed_where_it_is_not_believed(engine: str) -> None:
    columns = played({**asking(ERROR, quota=0.5 - SHORT), **ON}, engine).columns
    assert (columns["round_signed"] >= 0).mean() == near(float(ndtr(SHORT / ERROR)))
    settled = columns["outcome"] == Outcome.settled.code
    np.testing.assert_array_equal(settled, columns["round_signed"] >= 0)


def test_without_the_switch_or_an_error_ratifiers_are_known() -> None:
    for changes in (asking(ERROR), {**asking(None), **ON}):
        assert set(played(changes).columns["round_signed"].tolist()) == {-1}


def test_an_error_plays_a_part_where_it_is_on() -> None:
    key = "claimant.ratifiers.it.error"
    assert key not in dict(pie(asking(ERROR)).quantities())
    assert key in dict(pie({**asking(ERROR), **ON}).quantities())


@pytest.mark.parametrize(
    ("kind", "moved", "numbers"),
    [
        ("leader", "quota", {"quota": 0.5, "noise": 0.1}),
        ("referendum", "quota", {"quota": 0.5, "noise": 0.1}),
        ("region", "quota", {"quota": 0.5, "offset": 0.1, "noise": 0.1}),
        ("parliament", "discipline", {"governing_share": 0.4, "discipline": 0.5}),
    ],
)
def test_an_error_is_about_the_number_that_decides(
    kind: str, moved: str, numbers: dict[str, float]
) -> None:
    """To misjudge it by 0.1 is to expect a ratifier for whom it is 0.1 more."""
    whole = {"seats": 100, "votes_needed": 51} if kind == "parliament" else {}
    chance, error = np.full(1, 0.7), np.full(1, 0.1)
    found = []
    for numbers_of_one, misjudged in ((numbers, error), ({**numbers, moved: 0.6}, None)):
        scenario = pie({"claimant.ratifiers": {"it": rule(kind, **numbers_of_one, **whole)}})
        draws = Draws(scenario, Streams(1, 0, 1))
        found.append(required(scenario.claimant.ratifiers["it"], draws, chance, misjudged))
    assert found[0] == pytest.approx(found[1])


def test_an_ally_is_misjudged_in_its_tolerance_and_shows_what_is_not_enough() -> None:
    ally = rule("ally", interest="recognition", tolerance=0.4, pressure=0.0, noise=0.0)
    ratifiers, calm = ratifiers_of(pie({"claimant.ratifiers": {"it": ally}}), 2), np.zeros(2)
    refused = {"it": np.array([-np.inf, -0.2])}
    expected = Expectation(np.full(2, 0.5), {"it": np.array([0.1, 0.1])}, refused)
    assert ratifiers.least_for("it", EVERYONE, calm).tolist() == [-0.4, -0.4]
    least = ratifiers.least_for("it", EVERYONE, calm, expected)
    assert least[0] == pytest.approx(-0.5)
    assert least[1] > -0.2
    lost = Expectation(np.full(2, 0.5), {"it": np.array([-9.0, -9.0])})
    assert ratifiers.least_for("it", EVERYONE, calm, lost).tolist() == [0.0, 0.0]


def test_both_engines_misjudge_and_learn_alike() -> None:
    bound = {"quota": uniform(0.3, 0.7), "noise": q(0.02), "error": q(0.05, "share")}
    tail = {"governing_share": q(0.5), "discipline": uniform(0.2, 0.8), "error": q(0.1, "share")}
    ally = {"interest": "recognition", "tolerance": q(0.1), "pressure": q(0), "noise": q(0.1)}
    changes = {
        **ON,
        "environment.quotas": {"enabled": True},
        "environment.approval": {"enabled": True},
        "deals.divide.stages.pie.negotiable.wording": ["silent", "explicit"],
        "claimant.leader.deadline_rounds": 12,
        "holder.preferences.weights.recognition": q(0.4),
        "rounds": 24,
    }
    for side in ("claimant", "holder"):
        changes[f"{side}.leader.approval.sd"] = 12.0
        changes[f"{side}.public.segments"] = {"all": segment("rest", 0.3, 0.4, territory=1.0)}
        changes[f"{side}.ratifiers"] = {
            "leader": {"kind": "leader", "label": "x", **bound, "quota_fall": uniform(0, 0.08)},
            "ally": {"kind": "ally", "label": "x", **ally, "error": q(0.2)},
            "house": {"kind": "parliament", "label": "x", "seats": 99, "votes_needed": 50, **tail},
        }
    one, two = (played(changes, engine).columns for engine in ENGINES)
    for name, column in one.items():
        np.testing.assert_array_equal(column, two[name], err_msg=name)
    assert (one["rejected_by"] >= 0).any()
    assert len(np.unique(one["round_signed"])) > 3


WORDED = {
    "deals.divide.stages.pie.negotiable": {
        "administration": ["0.4000", "0.5000"],
        "wording": ["silent", "explicit"],
    },
    "holder.preferences.weights.recognition": q(0.3),
    "holder.reservation.dialogue": 0.55,
    "claimant.reservation.dialogue": 0.45,
    "rounds": 6,
}
"""Half of the pie with the explicit wording, the last package, is the one bargain."""
INDIFFERENT = {"claimant.beliefs.other_weights": {"factors": {"recognition": q(0, "factor")}}}
ALWAYS = {"protocol.kind": "random_proposer", "protocol.proposes": q(1, "share")}


def signed(changes: dict[str, Any], engine: str = "array") -> list[str]:
    """Return what is signed, by its id; nothing where nothing is."""
    result = TalksModel(pie({**WORDED, **changes, "engine": engine}), "divide", worlds=2).run()
    return [result.package_ids[code] for code in result.columns["package"] if code >= 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_takes_the_other_for_indifferent_misses_the_bargain(engine: str) -> None:
    """It never offers the wording; the other, asked in turn, would have, and knows better."""
    assert signed(ALWAYS, engine) == ["divide/0/0003"] * 2
    assert signed({**ALWAYS, **INDIFFERENT}, engine) == []
    assert signed(INDIFFERENT, engine) == ["divide/0/0003"] * 2


def believed(changes: dict[str, Any], *moves: str) -> np.ndarray:
    """Return what the claimant takes packages for to be worth to the other, after some moves."""
    game = play(pie({**WORDED, "engine": "array", **changes}), "divide", side="claimant")
    for move in moves:
        game = game.move(move)
    return game.sight.believed if game.sight else np.zeros(0)


def test_it_believes_what_is_stated_and_learns_from_offers() -> None:
    truth = believed({})
    np.testing.assert_allclose(truth, [0.05, 0.35, -0.05, 0.25])
    np.testing.assert_allclose(believed(INDIFFERENT), [0.05, 0.05, -0.05, -0.05])
    learning = {**INDIFFERENT, "claimant.beliefs.learning": 1.0}
    np.testing.assert_allclose(
        believed(learning, "pass", "refuse", "pass"), (truth + believed(INDIFFERENT)) / 2
    )


@pytest.mark.parametrize("interest", ["recognition", "standing", "territory"])
def test_points_stand_for_the_weight_itself(interest: str) -> None:
    """As if the other had that weight, in every column of an interest, whatever its own is."""
    other = {f"holder.preferences.weights.{interest}": q(0.8)}
    ways = {
        "deals.divide.stages.pie.negotiable.form": ["treaty", "line"],
        "holder.preferences.frame_factor": 0.25,
    }
    stated = {"claimant.beliefs.other_weights": {"points": {interest: q(0.8)}}}
    truth = believed({**ways, **other})
    np.testing.assert_allclose(believed({**ways, **stated}), truth, atol=1e-12)
    assert np.abs(believed(ways) - truth).max() > 0.01


def test_errors_are_about_what_is_stated() -> None:
    """Who takes the other for indifferent is not less so by an error of a part of nothing."""
    unsure = {"claimant.beliefs.interest_error": 0.3, "holder.preferences.weights.territory": q(0)}
    unsure |= {"holder.reservation.dialogue": 0.0}
    assert np.abs(believed({**unsure, **INDIFFERENT})).max() == 0
    assert np.abs(believed(unsure) - believed({**unsure, **INDIFFERENT})).max() > 0.1


def test_beliefs_about_what_nobody_has_heard_of_are_refused() -> None:
    key = "claimant.beliefs.other_weights"
    unheard = pie({key: {"factors": {"glory": q(1)}, "points": {"fame": q(1)}}})
    said = [str(fault) for fault in faults_of(unheard)]
    assert [f"{key}.factors.glory" in said[0], f"{key}.points.fame" in said[1]] == [True, True]
    twice = {"factors": {"title": q(1)}, "points": {"title": q(1)}}
    with pytest.raises(ValidationError, match="expected title under 'factors' or 'points'"):
        pie({key: twice})
