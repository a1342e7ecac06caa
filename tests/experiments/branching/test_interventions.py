"""What may be set from a round on, as it is written."""

from __future__ import annotations

from math import inf

import pytest

from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.branching.interventions import intervention, words_of


def test_each_word_sets_what_it_says(isles: Scenario) -> None:
    found = intervention(
        isles,
        "holder.leader=successor, claimant.leader.approval=31, "
        "holder.preconditions.title_first=withdrawn, environment.processes.sanctions=lifted, "
        "claimant.leader.deadline_rounds=none",
    )
    assert found.leaves == (Role.HOLDER,)
    assert found.approval == {Role.CLAIMANT: 31.0}
    assert found.processes == {"sanctions": 0.0}
    assert found.numbers == {
        "holder.preconditions.title_first.firmness": 0.0,
        "holder.preconditions.title_first.penalty": 0.0,
        "claimant.leader.deadline_rounds": inf,
    }


def test_a_mapping_says_the_same(isles: Scenario) -> None:
    asked = {"holder.leader": "successor", "claimant.leader.approval": 31}
    text = "holder.leader=successor,claimant.leader.approval=31"
    assert intervention(isles, asked) == intervention(isles, text)
    assert words_of("") == words_of([]) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("holder.lader=successor", "did you mean 'holder.leader'"),
        ("holder.lader=successor", "set: expected SIDE.leader=successor, SIDE.leader.approval"),
        ("holder.leader=me", "holder.leader: expected successor, got 'me'"),
        ("holder.leader.approval=101", "expected a number from 0 to 100, got 101"),
        ("holder.leader.approval.start=3", "expected holder.leader.approval=NUMBER"),
        ("holder.preconditions.titel_first=withdrawn", "did you mean 'title_first'"),
        ("holder.preconditions.title_first=gone", "expected withdrawn, got 'gone'"),
        ("environment.processes.sanction=lifted", "did you mean 'sanctions'"),
        ("environment.processes.sanctions=0.5", "expected one of imposed, lifted, got 0.5"),
        ("holder.offer=3", "holder.offer: expected the id of one package, got 3"),
        ("on_the_table=strait", "expected agenda=tabled"),
        ("holder.leader.audience_cost=-1", "expected a value in [0, inf], got -1"),
        ("holder.preferences.economy_scale=3", "expected a number that talks look at"),
        ("strategy@holder.strategy=tit_for_tat", "got 'strategy@holder.strategy'"),
        ("holder.leader=successor, holder.leader=successor", "expected holder.leader once"),
        ("~holder.leader", "expected successor, got nothing"),
        ("holder.leader.approval=range(1,2)", "approval: expected one value, got 'range(1,2)'"),
        ("holder.leader.approval=[1", "holder.leader.approval: expected one value, got '[1'"),
        ("holder.leader.approval=1e308", "expected a number from 0 to 100, got 1"),
        ("holder.leader.audience_cost=nan", "expected a number that is finite, got nan"),
        ("holder.leader.audience_cost=1e309", "audience_cost: expected a number that is finite"),
        ("holder.leader.discount_factor=7", "leader.discount_factor: expected"),
        ("holder.leader", "expected key=value"),
        ("holder.leader={a: 1}", "expected successor, got a mapping"),
        ("\x1b[2J=1", "command line:"),
    ],
)
def test_what_may_not_be_set_is_refused_in_words(isles: Scenario, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        intervention(isles, text)
    assert said in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_all_faults_are_told_at_once(isles: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        intervention(isles, "holder.leader=me, claimant.leader.approval=x")
    assert len(refused.value.faults) == 2
