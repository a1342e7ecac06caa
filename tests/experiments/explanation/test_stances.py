"""Stances switched off one at a time, and the facts they rest on."""

import numpy as np
import pytest

from sim.domain.outcome import OUTCOMES
from sim.domain.quantity import Quantity
from sim.domain.ratifier import Referendum, Voting
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.ensemble import run
from sim.experiments.explanation.stances import ALL, COLUMNS, drivers, paired_changes, stances


def test_facts_and_numbers_point_at_each_other(isles: Scenario) -> None:
    found = drivers(isles)
    assert found.by_fact["a_poll"] == ("holder.public.opposition", "holder.public.undecided")
    assert found.by_key["holder.public.opposition"] == ("a_poll",)
    assert "dispute.clauses.recognition.levels.explicit" in found.by_fact["a_stance"]
    assert "deals.all_at_once" in found.by_fact["a_view"]
    pairs = {(f, key) for f, keys in found.by_fact.items() for key in keys}
    assert pairs == {(f, key) for key, facts in found.by_key.items() for f in facts}


def test_facts_that_drive_nothing_are_context(isles: Scenario) -> None:
    fact = isles.evidence["a_view"].model_copy(update={"says": "It rained."})
    more = isles.model_copy(update={"evidence": {**isles.evidence, "rain": fact}})
    assert drivers(more).context == ("rain",)
    assert drivers(isles).context == ()


def test_stances_are_sourced_and_can_be_switched_off(isles: Scenario) -> None:
    known = stances(isles)
    assert list(known) == [
        "dispute.clauses.recognition.levels.explicit",
        "claimant.leader.deadline_rounds",
        "claimant.preconditions.no_recognition.firmness",
        "holder.leader.deadline_rounds",
        "holder.public.opposition",
        "holder.preconditions.title_first.firmness",
        "holder.preconditions.title_first.penalty",
        "environment.events.objection",
    ]
    without = known["holder.preconditions.title_first.firmness"].without(isles)
    assert without.holder.preconditions["title_first"].firmness.point == 0
    level = known["dispute.clauses.recognition.levels.explicit"].without(isles)
    assert not level.dispute.clauses["recognition"].levels["explicit"].has_effects
    assert not known["environment.events.objection"].without(isles).environment.events
    assert isles.environment.events  # the scenario itself stays


def test_who_votes_on_what_is_a_stance_and_without_it_every_text_is_voted_on(
    isles: Scenario,
) -> None:
    voting = Voting(texts=(), source=("a_view",))
    certain = Quantity(value=1, unit="share", assumption="test")
    vote = Referendum(
        kind="referendum", label="a vote", quota=certain, noise=certain, votes_on=voting
    )
    side = isles.holder.model_copy(update={"ratifiers": {"vote": vote}})
    case = isles.model_copy(update={"holder": side})
    stance = stances(case)["holder.ratifiers.vote.votes_on"]
    assert stance.facts == ("a_view",)
    assert stance.without(case).holder.ratifiers["vote"].votes_on is None
    assert case.holder.ratifiers["vote"].votes_on == voting


def test_changes_are_those_between_two_runs_in_the_same_worlds(isles: Scenario) -> None:
    key = "holder.preconditions.title_first.firmness"
    changes = paired_changes(isles, worlds=200, keys=[key], workers=1)
    assert list(changes) == list(COLUMNS)
    assert set(changes["deal"]) == {*isles.deals, ALL}
    before = run(isles, worlds=200, workers=1)
    after = run(stances(isles)[key].without(isles), worlds=200, workers=1)
    for deal in isles.deals:
        one, two = (r.worlds[r.worlds["deal"] == deal] for r in (before, after))
        rows = changes[changes["deal"] == deal].set_index("measure")
        settled = [(table["outcome"] == "settled").to_numpy(dtype=float) for table in (one, two)]
        assert rows.loc["settled", "change"] == pytest.approx(settled[1].mean() - settled[0].mean())
        error = (settled[1] - settled[0]).std(ddof=1) / np.sqrt(200)
        assert rows.loc["settled", "error"] == pytest.approx(error)
        margins = [table["zopa_margin"].to_numpy() for table in (one, two)]
        known = ~np.isnan(margins[0] + margins[1])
        assert rows.loc["zopa_margin", "with"] == pytest.approx(np.median(margins[0][known]))
        assert rows.loc[[o.name for o in OUTCOMES], "change"].sum() == pytest.approx(0, abs=1e-12)


def test_the_mean_over_structures_stands_last(isles: Scenario) -> None:
    key = "claimant.preconditions.no_recognition.firmness"
    changes = paired_changes(isles, worlds=200, keys=[key], workers=1)
    mean = changes[changes["deal"] == ALL].set_index("measure")
    each = changes[changes["deal"] != ALL]
    for name, part in each.groupby("measure"):
        assert mean.loc[name, "change"] == pytest.approx(part["change"].mean())
    assert mean.loc["settled", "change"] > 2 * mean.loc["settled", "error"] > 0


def test_what_changes_nothing_changes_exactly_nothing(isles: Scenario) -> None:
    off = isles.holder.public.opposition.model_copy(update={"off": 0.6})
    same = isles.with_values({"holder.public.opposition": off})
    changes = paired_changes(same, worlds=50, keys=["holder.public.opposition"])
    assert (changes[["change", "error"]].to_numpy() == 0).all()


def test_unknown_stances_are_refused_with_the_nearest(isles: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"did you mean 'holder\.public\.opposition'"):
        paired_changes(isles, worlds=10, keys=["holder.public.oposition"])
    with pytest.raises(ScenarioError, match="at least 2"):
        paired_changes(isles, worlds=1)
