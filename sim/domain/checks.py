"""Checks of a scenario beyond the types of its values, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import prod

from sim.domain.agenda import AGENDA, MOST_GROUPS, lesser_texts
from sim.domain.clause import Clause, ClauseKind, Frame, Level
from sim.domain.condition import DERIVED_FACTS, Condition, levels_named
from sim.domain.deal import Deal, Stage
from sim.domain.dispute import Dispute
from sim.domain.environment import Event, Jump, Process, Spell
from sim.domain.frozen import is_date
from sim.domain.interest import ROLES, Role
from sim.domain.narration import condition as condition_words
from sim.domain.package import PackageTable, State, choices, shares, tabulate
from sim.domain.public import Approval, Choice, Public
from sim.domain.quantity import OVERRIDE
from sim.domain.ratifier import Ally, Parliament
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.errors import Fault, nearest

__all__ = [
    "LEAST_YEARS",
    "MOST_PACKAGES",
    "MOST_STAGES",
    "MOST_YEARS",
    "check_condition",
    "check_deal",
    "check_dispute",
    "check_levels",
    "check_names",
    "check_side",
    "faults_of",
    "unknown",
]


def unknown(key: str, what: str, got: str, known: Iterable[str]) -> Fault:
    """Return the fault of an unknown name, with the nearest known one.

    Parameters
    ----------
    key : str
        Dotted key at fault.
    what : str
        What the name should be, with its article.
    got : str
        The name found.
    known : iterable of str
        Admissible names.
    """
    names = list(known)
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return Fault(key, f"{what} ({listed})", f"{got!r}", nearest(got, names))


def check_names(key: str, what: str, got: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each name that is not known."""
    names = list(known)
    for name in got:
        if name not in names:
            yield unknown(f"{key}.{name}" if key else name, what, name, names)


def check_levels(key: str, levels: dict[str, str], dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a mapping from clauses to levels."""
    for clause, level in levels.items():
        if clause not in dispute.clauses:
            yield unknown(f"{key}.{clause}", "a clause of the dispute", clause, dispute.clauses)
        elif level not in dispute.clauses[clause].levels:
            known = dispute.clauses[clause].levels
            yield unknown(f"{key}.{clause}", f"a level of {clause}", level, known)


def check_condition(key: str, condition: Condition, dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a condition on packages."""
    facts = [*dispute.clauses, *DERIVED_FACTS]
    for fact, test in condition.items():
        if fact not in facts:
            yield unknown(f"{key}.{fact}", "a clause or a derived fact", fact, facts)
        elif fact in dispute.clauses:
            known = dispute.clauses[fact].levels
            for level in levels_named(test):
                if level not in known:
                    yield unknown(f"{key}.{fact}", f"a level of {fact}", level, known)


_DERIVED = (ClauseKind.LEGAL_FORM, ClauseKind.FINALITY, ClauseKind.SCHEDULE)


def check_dispute(dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a dispute."""
    for name, clause in dispute.clauses.items():
        for level_name, level in clause.levels.items():
            key = f"dispute.clauses.{name}.levels.{level_name}"
            yield from _check_level(key, clause, level, dispute)
            if level_name != clause.baseline and _unvalued(clause, level):
                yield Fault(
                    key,
                    "a level that at least one side values (effects, allocation, flow or relief)",
                    "a level that changes nothing",
                )


def _unvalued(clause: Clause, level: Level) -> bool:
    moves = level.has_effects or level.allocation or level.flow or level.relief or level.ladder
    speaks = level.meets or level.breaches
    return not (moves or speaks) and clause.kind not in _DERIVED


def _check_level(key: str, clause: Clause, level: Level, dispute: Dispute) -> Iterator[Fault]:
    known = dispute.interest_names
    for side in ("claimant", "holder"):
        for kind in ("effects", "yearly"):
            moved = getattr(getattr(level, kind), side)
            yield from check_names(f"{key}.{kind}.{side}", "an interest", moved, known)
    yield from check_names(
        f"{key}.allocation", "an object in dispute", level.allocation, dispute.objects
    )
    if level.allocation and not clause.kind.allocates:
        yield Fault(f"{key}.allocation", "no allocation", f"one in a clause of kind {clause.kind}")
    for number, condition in enumerate(level.contradicts):
        yield from check_condition(f"{key}.contradicts.{number}", condition, dispute)
    yield from _check_divisible(key, level, dispute)
    if clause.kind is ClauseKind.ADMINISTRATION:
        yield from _check_nesting(key, level, dispute)


def _check_divisible(key: str, level: Level, dispute: Dispute) -> Iterator[Fault]:
    for name, allocation in level.allocation.items():
        if name not in dispute.objects or dispute.objects[name].divisible:
            continue
        if not isinstance(allocation, str) and allocation not in (0.0, 1.0):
            yield Fault(
                f"{key}.allocation.{name}", "0 or 1: the object is not divisible", f"{allocation}"
            )


def _check_nesting(key: str, level: Level, dispute: Dispute) -> Iterator[Fault]:
    given = [
        (name, shares(level.allocation[name])[0])
        for name in dispute.nesting
        if name in level.allocation
    ]
    for (near, first), (far, second) in pairwise(given):
        both_joint = level.allocation[near] == level.allocation[far] == "joint"
        if second > 0 and first < 1 and not both_joint:
            yield Fault(
                f"{key}.allocation.{far}",
                f"nothing beyond the line while {near} is not wholly on the claimant's side",
                f"{second:g}",
            )


MOST_PACKAGES = 6_000
"""Packages of a stage beyond which a structure is refused: a block of it takes some 1.6 GB."""

MOST_STAGES = 20
"""Stages of a structure beyond which it is refused."""


def check_deal(name: str, deal: Deal, dispute: Dispute, *, sound: bool) -> Iterator[Fault]:
    """Yield the faults of a deal structure; what its packages do, only in a sound dispute."""
    if deal.name != name:
        yield Fault(f"deals.{name}.name", f"{name!r}, as it is listed", f"{deal.name!r}")
    if len(deal.stages) > MOST_STAGES:
        got = f"{len(deal.stages)}"
        yield Fault(f"deals.{name}.stages", f"at most {MOST_STAGES} stages", got)
        return
    before: State | None = None
    for stage_name, stage in deal.stages.items():
        key = f"deals.{name}.stages.{stage_name}"
        faults = [*_check_stage(key, stage, dispute)]
        yield from faults
        if faults:
            return
        if not sound:
            continue
        table = tabulate(dispute, stage, name, before)
        if not len(table):
            yield Fault(f"{key}.exclude", "at least one package left", "none")
            return
        yield from _check_finality(key, table, stage, dispute)
        yield from _check_contradictions(key, table, stage, dispute)
        before = table.states[0]


def _check_stage(key: str, stage: Stage, dispute: Dispute) -> Iterator[Fault]:
    yield from check_levels(f"{key}.fixed", stage.fixed, dispute)
    sizes = []
    for clause, levels in stage.negotiable.items():
        if clause not in dispute.clauses:
            known = dispute.clauses
            yield unknown(f"{key}.negotiable.{clause}", "a clause of the dispute", clause, known)
            continue
        known_levels = dispute.clauses[clause].levels
        listed = tuple(known_levels) if levels == "all" else levels
        sizes.append(len(listed))
        for level in listed:
            if level not in known_levels:
                place = f"{key}.negotiable.{clause}"
                yield unknown(place, f"a level of {clause}", level, known_levels)
    if prod(sizes) > MOST_PACKAGES:
        yield Fault(f"{key}.negotiable", f"at most {MOST_PACKAGES} packages", f"{prod(sizes)}")
    for number, condition in enumerate(stage.exclude):
        yield from check_condition(f"{key}.exclude.{number}", condition, dispute)
    yield from _check_allocated_once(key, stage, dispute)


def _check_allocated_once(key: str, stage: Stage, dispute: Dispute) -> Iterator[Fault]:
    for kind in (ClauseKind.ADMINISTRATION, ClauseKind.TITLE):
        taken: dict[str, str] = {}
        for clause_name, clause in dispute.clauses_of(kind).items():
            if clause_name not in stage.fixed and clause_name not in stage.negotiable:
                continue
            for item in sorted(clause.objects):
                if item in taken:
                    yield Fault(
                        f"{key}.{clause_name}",
                        f"{kind.value} of {item} allocated once",
                        f"twice: by {taken[item]} and {clause_name}",
                    )
                taken[item] = clause_name


def _check_finality(
    key: str, table: PackageTable, stage: Stage, dispute: Dispute
) -> Iterator[Fault]:
    for name, clause in dispute.clauses_of(ClauseKind.FINALITY).items():
        if name not in stage.fixed and name not in stage.negotiable:
            continue
        for state in table.states:
            level = state.levels[name]
            closes = clause.levels[level].closes
            if closes is not None and closes != state.closed:
                really = "fixes title to everything" if state.closed else "leaves title open"
                yield Fault(
                    f"{key}.{name}",
                    "a finality that agrees with the titles",
                    f"{level!r} in a package that {really}",
                )
                return


def _check_contradictions(
    key: str, table: PackageTable, stage: Stage, dispute: Dispute
) -> Iterator[Fault]:
    for name in (*stage.fixed, *stage.negotiable):
        for level in sorted(set(table.facts[name].tolist())):
            for contradicted in dispute.clauses[name].levels[level].contradicts:
                if (table.where((contradicted,)) & (table.facts[name] == level)).any():
                    said = condition_words(contradicted)
                    wanted = f"packages that do not contradict {level!r} (see 'exclude')"
                    yield Fault(f"{key}.{name}", wanted, f"{level!r} in one where {said}")


def check_side(key: str, side: Side, dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a side."""
    interests = dispute.interest_names
    weights = side.preferences.weights
    yield from check_names(f"{key}.preferences.weights", "an interest", weights, interests)
    successor = side.leader.successor.weights
    yield from check_names(f"{key}.leader.successor.weights", "an interest", successor, interests)
    believed = side.beliefs.other_weights
    for kind in ("factors", "points") if believed else ():
        place = f"{key}.beliefs.other_weights.{kind}"
        yield from check_names(place, "an interest", getattr(believed, kind), interests)
    for name, ratifier in side.ratifiers.items():
        for number, condition in enumerate(ratifier.votes_on.texts if ratifier.votes_on else ()):
            place = f"{key}.ratifiers.{name}.votes_on.texts.{number}"
            yield from check_condition(place, condition, dispute)
        if isinstance(ratifier, Ally) and ratifier.interest not in interests:
            place = f"{key}.ratifiers.{name}.interest"
            yield unknown(place, "an interest", ratifier.interest, interests)
        if isinstance(ratifier, Parliament) and ratifier.amends:
            place = f"{key}.ratifiers.{name}.amends.clauses"
            wanted = ratifier.amends.clauses
            yield from check_names(place, "a clause of the dispute", wanted, dispute.clauses)
    for name, stance in side.preconditions.items():
        place = f"{key}.preconditions.{name}"
        for number, condition in enumerate(stance.blocks):
            yield from check_condition(f"{place}.blocks.{number}", condition, dispute)
        for kind in ("blocks", "states") if stance.lifted_by else ():
            for number, condition in enumerate(getattr(stance.lifted_by, kind)):
                yield from check_condition(f"{place}.lifted_by.{kind}.{number}", condition, dispute)
        frames = [frame.value for frame in Frame]
        yield from check_names(f"{place}.survives", "a legal form", stance.survives, frames)
    ending = side.reservation.urgency.ended_by
    for number, condition in enumerate(ending.states if ending else ()):
        place = f"{key}.reservation.urgency.ended_by.states.{number}"
        yield from check_condition(place, condition, dispute)
    yield from _check_public(f"{key}.public", side.public, dispute)


def _check_public(key: str, public: Public, dispute: Dispute) -> Iterator[Fault]:
    for name, segment in public.segments.items():
        place = f"{key}.segments.{name}.weights"
        yield from check_names(place, "an interest", segment.weights, dispute.interest_names)
    for name, poll in public.polls.items():
        place = f"{key}.polls.{name}"
        if isinstance(poll, Choice):
            yield from check_names(f"{place}.answers", "a segment", poll.answers, public.segments)
            for answer, package in poll.answers.items():
                yield from check_levels(f"{place}.answers.{answer}", package, dispute)
        elif poll.package:
            yield from check_levels(f"{place}.package", poll.package, dispute)
        else:
            yield Fault(f"{place}.package", "at least one clause and its level", "none")
    if public.calibration is not None:
        approvals = [n for n, poll in public.polls.items() if isinstance(poll, Approval)]
        if public.calibration not in approvals:
            yield unknown(f"{key}.calibration", "an approval poll", public.calibration, approvals)


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
    found += _check_degrees(scenario)
    found += _check_start(scenario)
    found += _check_processes(scenario)
    found += _check_streams(scenario)
    found += _check_lags(scenario)
    found += _check_resolve(scenario)
    found += _check_patience(scenario)
    found += _check_agenda(scenario) if sound else ()
    for name, statement in scenario.observed.items():
        found += check_levels(f"observed.{name}.package", statement.package, scenario.dispute)
    same = like is not None and like.dispute is scenario.dispute
    for name, deal in scenario.deals.items():
        if not (same and like and like.deals.get(name) is deal):
            found += check_deal(name, deal, scenario.dispute, sound=sound)
    found += _check_sources(scenario)
    return found


def _check_agenda(scenario: Scenario) -> Iterator[Fault]:
    if scenario.agenda == "single":
        return
    if AGENDA in scenario.deals:
        got = f"a structure named {AGENDA!r}"
        yield Fault("deals", "another name, as this stands for all of an agenda", got)
    if scenario.agenda == "tabled" and scenario.protocol.patience is None:
        wanted = "rounds without an offer, as 'agenda' is tabled"
        yield Fault("protocol.patience", wanted, "nothing")
    yield from _check_lesser(scenario)
    first = [next(iter(deal.stages.values())) for deal in scenario.texts.values()]
    known = [stage for stage in first if {*stage.negotiable} <= {*scenario.dispute.clauses}]
    size = sum(prod(map(len, choices(scenario.dispute, stage).values())) for stage in known)
    if scenario.agenda == "open" and size > MOST_PACKAGES:
        wanted = f"at most {MOST_PACKAGES:,} packages on an open agenda"
        yield Fault("deals", wanted, f"{size:,}")


def _check_lesser(scenario: Scenario) -> Iterator[Fault]:
    for name, deal in scenario.deals.items():
        groups = {group for stage in deal.stages.values() for group in stage.separable}
        if len(groups) > MOST_GROUPS:
            wanted = f"at most {MOST_GROUPS} separable groups"
            yield Fault(f"deals.{name}.stages", wanted, f"{len(groups)}")
            return
    for name, deal in lesser_texts(scenario.deals).items():
        if name in scenario.deals:
            yield Fault("deals", "another name, as a lesser text has it", f"{name!r}")
        yield from check_deal(name, deal, scenario.dispute, sound=True)


def _check_degrees(scenario: Scenario) -> Iterator[Fault]:
    known = {
        role: [*scenario.side(role).preconditions, *scenario.dispute.positions.of(role)]
        for role in ROLES
    }
    for clause_name, clause in scenario.dispute.clauses.items():
        for level_name, level in clause.levels.items():
            for kind in ("meets", "breaches"):
                for role in ROLES:
                    key = f"dispute.clauses.{clause_name}.levels.{level_name}.{kind}.{role.value}"
                    named = getattr(level, kind).of(role)
                    yield from check_names(key, f"a position of the {role}", named, known[role])


def _check_start(scenario: Scenario) -> Iterator[Fault]:
    """Yield a fault where nobody can tell how long before or after the start a poll was taken."""
    polled = any(scenario.side(role).public.polls for role in ROLES)
    if polled and not is_date(scenario.start):
        yield Fault("start", "a date such as 2018-11, as polls have dates", repr(scenario.start))


def _check_processes(scenario: Scenario) -> Iterator[Fault]:
    processes, interests = scenario.environment.processes, scenario.dispute.interest_names
    asked: dict[Role, set[str]] = {role: set() for role in ROLES}
    for name, process in processes.items():
        place = f"environment.processes.{name}.multiplies"
        yield from check_names(place, "an interest", process.multiplies, interests)
        for interest, multiplier in process.multiplies.items():
            for role in multiplier.sides:
                asked[role].update(filter(None, [process.sensitivity_to(name, interest)]))
    for role in ROLES:
        for name, stance in scenario.side(role).preconditions.items():
            named = [stance.lifted_by.process] if stance.lifted_by else []
            place, what = f"{role.value}.preconditions.{name}.lifted_by", "a process"
            yield from check_names(place, what, filter(None, named), processes)
        place, what = f"{role.value}.preferences.sensitivities", "one that a process asks for"
        own = scenario.side(role).preferences.sensitivities
        yield from check_names(place, what, own, sorted(asked[role]))
    for name, event in scenario.environment.events.items():
        yield from _check_steps(f"environment.events.{name}.steps", event, processes)


def _check_steps(key: str, event: Event, processes: dict[str, Process]) -> Iterator[Fault]:
    able = [name for name, item in processes.items() if not isinstance(item, Spell)]
    yield from check_names(key, "a process of kind ar1 or jump", event.steps, able)
    for name in event.steps:
        if name in able and isinstance(processes[name], Jump) != isinstance(event.steps[name], str):
            jumps = isinstance(processes[name], Jump)
            wanted = "imposed or lifted" if jumps else "a quantity, by which its level steps"
            yield Fault(f"{key}.{name}", wanted, "the other")


def _check_streams(scenario: Scenario) -> Iterator[Fault]:
    if scenario.claimant.stream == scenario.holder.stream:
        label = scenario.holder.stream
        yield Fault("holder.stream", "a label other than the claimant's", f"{label!r}")


def _check_resolve(scenario: Scenario) -> Iterator[Fault]:
    if scenario.dependence != "independent" and scenario.resolve is None:
        expected = f"how numbers go with resolve, as 'dependence' is {scenario.dependence}"
        yield Fault("resolve", expected, "nothing")
    for key, quantity in scenario.quantities():
        if quantity.resolve is not None and key.partition(".")[0] not in ("claimant", "holder"):
            yield Fault(f"{key}.resolve", "a number of a side", "one that is of no side")


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
    for name, statement in scenario.observed.items():
        yield f"observed.{name}.source", statement.source
    for role in ROLES:
        for name, ratifier in scenario.side(role).ratifiers.items():
            if ratifier.votes_on:
                yield f"{role.value}.ratifiers.{name}.votes_on.source", ratifier.votes_on.source
        ending = scenario.side(role).reservation.urgency.ended_by
        if ending:
            yield f"{role.value}.reservation.urgency.ended_by.source", ending.source
        for name, poll in scenario.side(role).public.polls.items():
            reported = tuple(getattr(poll, "reported", {}).values())
            yield f"{role.value}.public.polls.{name}.reported", reported


def _check_sources(scenario: Scenario) -> Iterator[Fault]:
    known = [*scenario.evidence]
    for key, sources in _sources(scenario):
        for source in sources:
            if source != OVERRIDE and source not in scenario.evidence:
                yield unknown(key, "the id of a fact in the evidence register", source, known)
