"""Who votes on what: what must be said, what is refused, and on what a text is judged.

Tests `sim.domain.package`.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.deal import Stage
from sim.domain.package import tabulate
from sim.domain.ratifier import Voting
from sim.io.config import load_scenario
from sim.model.plan import plan_for
from tests.disputes import pie, q


def voter(**voting: Any) -> dict[str, Any]:
    item = {"kind": "referendum", "label": "a vote", "quota": q(0.5), "noise": q(0)}
    return {"claimant.ratifiers": {"vote": {**item, **voting}}}


def test_on_what_a_ratifier_votes_has_a_source_or_is_assumed() -> None:
    with pytest.raises(ValidationError, match="expected 'source: \\[ids\\]' or 'assumption: why'"):
        Voting(texts=({"closed": True},))
    assert Voting(texts=(), assumption="never asked").texts == ()


@pytest.mark.parametrize(
    ("condition", "key"),
    [
        ({"closd": True}, "claimant.ratifiers.vote.votes_on.texts.0.closd"),
        ({"wording": ["explicitly"]}, "claimant.ratifiers.vote.votes_on.texts.0.wording"),
    ],
)
def test_unknown_facts_and_levels_are_refused(condition: dict[str, Any], key: str) -> None:
    scenario = pie(voter(votes_on={"texts": [condition], "assumption": "test"}))
    assert [fault.key for fault in faults_of(scenario)] == [key]


def test_unknown_sources_and_lags_are_refused() -> None:
    voting = {"texts": [{"closed": True}], "source": ["hearsay"]}
    lags = {"soon": q(1, "probability")}
    scenario = pie({**voter(votes_on=voting), "protocol.effect_years": lags})
    keys = [fault.key for fault in faults_of(scenario)]
    assert keys == ["protocol.effect_years.soon", "claimant.ratifiers.vote.votes_on.source"]


def test_a_text_is_judged_by_itself_and_not_by_what_was_signed_before() -> None:
    dispute = pie().dispute
    treaty = Stage(label="a treaty", fixed={"form": "treaty", "title": "shared"})
    words = Stage(label="words", negotiable={"wording": "all"})
    before = tabulate(dispute, treaty, "one").states[0]
    table = tabulate(dispute, words, "two", before)
    asked = ({"frame": ("treaty",)}, {"closed": True}, {"territorial": True})
    assert [table.where((one,)).all() for one in asked] == [True] * 3
    assert [table.where((one,), alone=True).any() for one in asked] == [False] * 3
    assert table.where(({"wording": "explicit"},), alone=True).tolist() == [False, True]


def test_which_shipped_texts_take_effect_without_a_vote() -> None:
    scenario = load_scenario("singapore_2018")
    votes = {name: plan_for(scenario, scenario.deals[name]) for name in scenario.deals}
    for name in ("two_islands_first", "renounce", "treaty_first", "untethered_delimitation"):
        assert all(voted.all() for voted in votes[name].voted)
    ladder = votes["functional_ladder"]
    assert not ladder.voted[0].any()  # fishing, visits and a little money
    for node, voted in zip(ladder.nodes, ladder.voted, strict=True):
        if node.stage == 1:
            special = node.table.facts["projects"] == "special_regime"
            large = node.table.facts["economy"] == "large"
            assert voted.tolist() == (special | large).tolist()
        if node.stage == 2:
            assert voted.all()
