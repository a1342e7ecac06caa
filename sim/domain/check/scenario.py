"""Check a whole scenario: everything above, and that every number has a source that exists."""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain.check.deal import check_deal
from sim.domain.check.dispute import check_dispute
from sim.domain.check.names import unknown
from sim.domain.check.side import check_side
from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.errors import Fault

OVERRIDE = "override"
"""What stands as the source of a number that a user set from outside."""
MOST_YEARS = 1_000
"""Longest time in years from a signature to a vote."""
LEAST_YEARS = 1e-4
"""Shortest round in years."""


def faults_of(scenario: Scenario, like: Scenario | None = None) -> list[Fault]:
    """Return every fault of a scenario that its schema cannot see; empty where it is sound.

    Parameters
    ----------
    scenario : Scenario
    like : Scenario, optional
        One that was checked before: structures that are the very same, about the very same
        dispute, are not checked again.
    """
    found = [*check_dispute(scenario.dispute)]
    sound = not found
    for role in ROLES:
        found += check_side(role.value, scenario.side(role), scenario.dispute)
    found += _check_streams(scenario)
    found += _check_lags(scenario)
    found += _check_patience(scenario)
    same = like is not None and like.dispute is scenario.dispute
    for name, deal in scenario.deals.items():
        if not (same and like and like.deals.get(name) is deal):
            found += check_deal(name, deal, scenario.dispute, sound=sound)
    found += _check_sources(scenario)
    return found


def _check_streams(scenario: Scenario) -> Iterator[Fault]:
    if scenario.claimant.stream == scenario.holder.stream:
        label = scenario.holder.stream
        yield Fault("holder.stream", "a label other than the claimant's", f"{label!r}")


def _check_patience(scenario: Scenario) -> Iterator[Fault]:
    levels = [
        level for clause in scenario.dispute.clauses.values() for level in clause.levels.values()
    ]
    for role in ROLES:
        lasting = any(level.yearly.of(role) for level in levels)
        if lasting and scenario.side(role).leader.discount_factor.point >= 1:
            key = f"{role.value}.leader.discount_factor"
            yield Fault(key, "below 1, since a level brings something every year", "1")


def _check_lags(scenario: Scenario) -> Iterator[Fault]:
    if scenario.protocol.round_years < LEAST_YEARS:
        got = f"{scenario.protocol.round_years:g}"
        yield Fault("protocol.round_years", f"at least {LEAST_YEARS:g}, about an hour", got)
    for key in ("ratification_years", "effect_years"):
        lags = getattr(scenario.protocol, key) or {}
        for name in lags:
            try:
                years = float(name)
            except ValueError:
                years = -1.0
            if not 0 <= years <= MOST_YEARS:
                wanted = f"a number of years, at most {MOST_YEARS:,}"
                yield Fault(f"protocol.{key}.{name}", wanted, f"{name!r}")
        if lags and sum(quantity.point for quantity in lags.values()) <= 0:
            yield Fault(f"protocol.{key}", "probabilities above 0 in sum", "0")


def _sources(scenario: Scenario) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, quantity in scenario.quantities():
        yield f"{key}.source", quantity.source
    for clause_name, clause in scenario.dispute.clauses.items():
        for level_name, level in clause.levels.items():
            yield f"dispute.clauses.{clause_name}.levels.{level_name}.source", level.source
    for name, deal in scenario.deals.items():
        yield f"deals.{name}.source", deal.source
    for name, event in scenario.environment.events.items():
        yield f"environment.events.{name}.source", event.source
    for role in ROLES:
        for name, ratifier in scenario.side(role).ratifiers.items():
            if ratifier.votes_on:
                yield f"{role.value}.ratifiers.{name}.votes_on.source", ratifier.votes_on.source
        for name, poll in scenario.side(role).public.polls.items():
            reported = tuple(getattr(poll, "reported", {}).values())
            yield f"{role.value}.public.polls.{name}.reported", reported


def _check_sources(scenario: Scenario) -> Iterator[Fault]:
    known = [*scenario.evidence]
    for key, sources in _sources(scenario):
        for source in sources:
            if source != OVERRIDE and source not in scenario.evidence:
                yield unknown(key, "the id of a fact in the evidence register", source, known)
