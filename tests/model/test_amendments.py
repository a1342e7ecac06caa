"""Parliaments that ratify with a reservation: the other side accepts it again, or it fails."""

from __future__ import annotations

from typing import Any

import pytest

from sim.domain.checks import faults_of
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.package import tabulate
from sim.domain.results import BlockResult
from sim.model import TalksModel
from sim.model.amendments import wordings
from tests.agents.publics import segment
from tests.agents.test_ratifiers import near
from tests.disputes import ENGINES, pie, q

HOUSE = {
    "kind": "parliament",
    "label": "a house that would pass anything",
    "seats": 9,
    "votes_needed": 0,
    "governing_share": q(0.5, "share"),
    "discipline": q(0.5, "share"),
}
DEAL = "deals.divide.stages.pie"
TEXT = {
    f"{DEAL}.negotiable": {"administration": ["0.5000"], "wording": "all"},
    "holder.preferences.weights.recognition": q(0.2),
    "claimant.public.segments": {"all": segment("rest", 0.0, 1.0, recognition=1.0)},
    "protocol.first_mover": "holder",
    "rounds": 3,
}
"""Half of the pie and words that the holder would have and the claimant's public would not."""


def changing(chance: float = 1.0, clauses: tuple[str, ...] = ("wording",)) -> dict[str, Any]:
    amends = {"clauses": clauses, "probability": q(chance, "probability")}
    return {
        **TEXT,
        "environment.amendments": {"enabled": True},
        "claimant.ratifiers": {"house": {**HOUSE, "amends": amends}},
    }


def played(changes: dict[str, Any], worlds: int = 8, engine: str = "array") -> BlockResult:
    return TalksModel(pie({**changes, "engine": engine}), "divide", worlds=worlds).run()


def levels_in_force(result: BlockResult) -> set[str]:
    scenario = pie(TEXT)
    table = tabulate(scenario.dispute, scenario.deals["divide"].stages["pie"], "divide/0")
    names = {
        table.id_of(place): state.levels["wording"] for place, state in enumerate(table.states)
    }
    return {names[result.package_ids[code]] for code in set(result.columns["package"].tolist())}


def outcomes(result: BlockResult) -> set[Outcome]:
    return {OUTCOMES[code] for code in result.columns["outcome"]}


def test_without_the_switch_the_text_is_what_was_signed() -> None:
    for changes in ({**changing(), "environment.amendments": {}}, {**TEXT}):
        result = played(changes)
        assert outcomes(result) == {Outcome.settled}
        assert levels_in_force(result) == {"explicit"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wording_that_the_public_likes_better_takes_its_place(engine: str) -> None:
    result = played(changing(), engine=engine)
    assert outcomes(result) == {Outcome.settled}
    assert levels_in_force(result) == {"silent"}
    assert set(result.columns["support_claimant"].tolist()) == {0.5}  # of the text as changed


def test_the_text_fails_where_the_other_government_will_not_have_it_so() -> None:
    words = {"holder.reservation.dialogue": q(0.6)}  # half of the pie is not enough without them
    assert outcomes(played({**TEXT, **words})) == {Outcome.settled}
    result = played({**changing(), **words})
    assert outcomes(result) == {Outcome.rejected}
    (by,) = set(result.columns["rejected_by"].tolist())
    assert result.ratifier_names[by] == "claimant.house"


def test_the_text_fails_where_the_others_ratifiers_would_not_pass_it_so() -> None:
    theirs = {**HOUSE, "votes_needed": 9, "governing_share": q(0.0), "discipline": q(0.0)}
    silent = {**theirs, "votes_on": {"texts": [{"wording": ["silent"]}], "assumption": "test"}}
    wary = {
        "holder.ratifiers": {"house": silent},
        "holder.public.segments": {"all": segment("rest", 1.0, 0.0)},
    }
    assert outcomes(played({**TEXT, **wary})) == {Outcome.settled}
    assert outcomes(played({**changing(), **wary})) == {Outcome.rejected}


def test_it_does_so_as_often_as_its_probability_says_and_only_with_its_clauses() -> None:
    result = played({**changing(0.3), "rounds": 2}, worlds=1024)
    silent = result.columns["package"] == result.columns["package"].min()
    assert silent.mean() == near(0.3)
    assert levels_in_force(played(changing(clauses=("form",)))) == {"explicit"}


def test_a_public_that_likes_the_text_best_changes_nothing() -> None:
    content = {"claimant.public.segments": {"all": segment("rest", 0.0, 1.0, recognition=0.0)}}
    assert levels_in_force(played({**changing(), **content})) == {"explicit"}


def test_what_was_voted_down_before_does_not_come_to_it() -> None:
    """A referendum before the house stops what it would have mended; one after it does not."""
    for order in (("vote", "house"), ("house", "vote")):
        changes = changing()
        # misjudged wholly, nearly always as asking for nobody's support or for everybody's
        vote = {"kind": "referendum", "label": "x", "quota": q(0.35), "noise": q(0.0)}
        vote["error"] = q(10.0, "share")
        items = {"vote": vote, "house": changes["claimant.ratifiers"]["house"]}
        changes["claimant.ratifiers"] = {name: items[name] for name in order}
        changes |= {"environment.ratifier_errors": {"enabled": True}, "rounds": 2}
        columns = played(changes, worlds=256).columns
        signed = columns["round_signed"] == 0
        settled = columns["outcome"][signed] == Outcome.settled.code
        assert signed.mean() > 0.1
        assert settled.mean() < 0.1 if order[0] == "vote" else settled.all()


def test_other_wordings_differ_in_one_clause() -> None:
    scenario = pie(
        {f"{DEAL}.negotiable": {"wording": "all", "administration": ["0.5000", "1.0000"]}}
    )
    table = tabulate(scenario.dispute, scenario.deals["divide"].stages["pie"], "divide/0")
    clauses = scenario.dispute.clauses
    assert len(table) == 4
    for package, state in enumerate(table.states):
        (other,) = wordings(table, package, clauses, ("wording", "form"))
        assert table.states[other].levels["wording"] != state.levels["wording"]
        assert table.states[other].levels["administration"] == state.levels["administration"]
        assert len(wordings(table, package, clauses, ("form",))) == 0


def test_unknown_clauses_are_refused_and_probabilities_idle_without_the_switch() -> None:
    faults = [fault.key for fault in faults_of(pie(changing(clauses=("wordng",))))]
    assert faults == ["claimant.ratifiers.house.amends.clauses.wordng"]
    key = "claimant.ratifiers.house.amends.probability"
    assert key in dict(pie(changing()).quantities())
    off = {**changing(), "environment.amendments": {}}
    assert key not in dict(pie(off).quantities())
