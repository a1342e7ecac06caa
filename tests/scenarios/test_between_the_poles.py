"""Structures between the poles: moderate in size, refused where they contradict themselves."""

from __future__ import annotations

import pytest

from sim.domain.checks import faults_of
from sim.domain.scenario import Scenario
from sim.domain.tree import lay_out
from sim.io.config import load_scenario

MOST = 600
"""Packages of a structure in all states of its stages."""


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load_scenario("between_the_poles")


def test_they_are_of_a_moderate_size(case: Scenario) -> None:
    sizes = {
        name: sum(len(node.table) for node in lay_out(case, deal))
        for name, deal in case.deals.items()
    }
    assert {name for name, size in sizes.items() if size > MOST} == set(), sizes


def test_nobody_holds_on_lease_what_is_its_own(case: Scenario) -> None:
    lease = case.deals["lease"]
    stage = lease.stages["lease"]
    titles = {**stage.negotiable, "title": ("two_rest_holder",)}
    own = stage.model_copy(update={"negotiable": titles})
    changed = lease.model_copy(update={"stages": {"lease": own}})
    (fault,) = faults_of(case.model_copy(update={"deals": {"lease": changed}}))[:1]
    assert "packages that do not contradict 'two_leased'" in str(fault)


@pytest.mark.parametrize("name", ["lease", "condominium", "two_now_title_open", "maritime_first"])
def test_each_offers_a_wording_between_the_poles(case: Scenario, name: str) -> None:
    tabled = {
        (clause, level)
        for node in lay_out(case, case.deals[name])
        for state in node.table.states
        for clause, level in state.levels.items()
    }
    levels = [case.dispute.clauses[clause].levels[level] for clause, level in tabled]
    assert any(level.meets for level in levels)
    assert any(level.ambiguity for level in levels)
