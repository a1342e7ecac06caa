"""A bargaining domain and two profiles as a scenario: same nouns, protocol and talks as any.

An issue becomes a clause and its values become levels; what a profile gains from a value becomes
the level's effect on the one interest ``worth``. A package is worth the sum of its effects, which
is the profile's own value of the bid. Everything a profile does not say is in
``configs/template/exchange/two_sides.yaml``, and is nothing.

Time: the talks have so many rounds, and the last is both sides' deadline. A profile's discount
factor d is what a unit is worth at the end, so a round costs :math:`d^{1/(n - 1)}` of n rounds. It
is patience, which some strategies use. As in Genius it discounts the value of no agreement alike,
so it changes no comparison of a package with having none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.domain.bargaining import Constant, Domain, Evaluation, Figures, Issue, Line, Profile
from sim.domain.checks import check_side
from sim.domain.frozen import LONGEST_LINE
from sim.domain.interest import ROLES
from sim.domain.narration import printable
from sim.domain.scenario import Scenario
from sim.equations.evaluation import line, over_the_largest, triangle
from sim.equations.zopa import snapped
from sim.errors import Fault, ScenarioError
from sim.io import library, yaml
from sim.io.faults import problems_of, translated
from sim.io.hydra_source import check_defaults
from sim.io.merge import Layered, lay
from sim.io.overrides import apply
from sim.paths import configs_dir
from sim.quantities import Floats

__all__ = [
    "DEAL",
    "MOST_PACKAGES",
    "MOST_VALUES",
    "Terms",
    "contributions",
    "scenario_of",
    "values_of",
]


def values_of(issue: Issue, steps: int) -> tuple[str, ...]:
    """Return the values of an issue in words.

    Parameters
    ----------
    issue : Issue
    steps : int
        Values into which a real issue is cut.

    Examples
    --------
    >>> values_of(Issue(1, "price", "real", low=0.0, high=1.0), 3)
    ('0', '0.5', '1')
    """
    if issue.kind == "discrete":
        return issue.values
    return tuple(f"{number:.10g}" for number in _numbers(issue, steps))


def contributions(profile: Profile, steps: int) -> list[Floats]:
    """Return what each value of each issue adds to a package, in points.

    Parameters
    ----------
    profile : Profile
    steps : int
        Values into which a real issue is cut.

    Returns
    -------
    list of ndarray, shape (values,)
        Weight times evaluation, issue by issue; see `sim.equations.evaluation`.
    """
    issues, weights = profile.domain.issues, profile.weights
    parts = zip(issues, weights, profile.evaluations, strict=True)
    return [weight * _evaluated(issue, form, steps) for issue, weight, form in parts]


def _evaluated(issue: Issue, form: Evaluation, steps: int) -> Floats:
    if isinstance(form, Figures):
        return over_the_largest(np.array(form.figures))
    numbers = _numbers(issue, steps)
    if isinstance(form, Constant):
        return np.full_like(numbers, form.evaluation)
    if isinstance(form, Line):
        return line(numbers - form.start, form.slope, form.offset)
    return triangle(numbers, form.low, form.high, form.top)


def _numbers(issue: Issue, steps: int) -> Floats:
    return np.linspace(issue.low, issue.high, issue.count(steps))


DEAL = "agreement"
"""The one structure of such a scenario."""
MOST_PACKAGES = 400_000
"""Packages of a domain beyond which talks are refused."""
MOST_VALUES = 5_001
"""Values of an issue beyond which talks are refused."""
_FILE = "two_sides.yaml"
_COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Terms:
    """How two profiles negotiate.

    Parameters
    ----------
    rounds : int
        Offers that can be made, at least 2; the last round is both sides' deadline.
    steps : int
        Evenly spaced values into which a real issue is cut, bounds included, at least 2.
    strategies : pair of str
        Names or paths of strategies, the claimant's first.
    settings : sequence of (path, value)
        Keys of the scenario that are set besides, split at their dots.
    """

    rounds: int = 20
    steps: int = 11
    strategies: tuple[str, str] = ("linear", "linear")
    settings: Sequence[tuple[tuple[str, ...], Any]] = ()


def scenario_of(one: Profile, two: Profile, terms: Terms) -> Scenario:
    """Return the scenario in which two profiles of a domain negotiate, in one world.

    Parameters
    ----------
    one, two : Profile
        Of the same domain; the claimant and the holder.
    terms : Terms

    Raises
    ------
    ScenarioError
        If the domain has too many packages, a strategy does not exist, or a setting is at fault.
    """
    _check_size(one.domain, terms.steps)
    values = Layered()
    path = configs_dir() / "template" / "exchange" / _FILE
    lay(values, _filled(yaml.read(path), (one, two), terms), yaml.display(path))
    _choose_strategies(values, terms)
    apply(values, list(terms.settings), Scenario, _COMMAND_LINE)
    if problems := problems_of(Scenario, values):
        raise ScenarioError(translated(problems, Scenario, values))
    scenario = Scenario.model_validate(values)
    sides = ((role.value, scenario.side(role)) for role in ROLES)
    if faults := [fault for side in sides for fault in check_side(*side, scenario.dispute)]:
        raise ScenarioError(fault.located(_COMMAND_LINE) for fault in faults)
    return scenario


def _check_size(domain: Domain, steps: int) -> None:
    for issue in domain.issues:
        if issue.count(steps) > MOST_VALUES:
            key, got = f"issue.{issue.index}", f"{issue.count(steps):,}"
            raise ScenarioError([Fault(key, f"at most {MOST_VALUES:,} values to negotiate", got)])
    count = domain.packages(steps)
    if count > MOST_PACKAGES:
        got = f"{count:,}" if count < 10**15 else "more than 10^15"
        raise ScenarioError([Fault("issue", f"at most {MOST_PACKAGES:,} packages", got)])


def _filled(frame: dict[str, Any], profiles: tuple[Profile, Profile], terms: Terms) -> Any:
    """Return the values of a scenario, but for strategies."""
    domain, side = profiles[0].domain, frame.pop("side")
    names = [f"issue_{issue.index}" for issue in domain.issues]
    clauses = {
        **frame["dispute"]["clauses"],
        **dict(zip(names, _clauses(profiles, terms), strict=True)),
    }
    stage = {"label": _label(domain.name), "fixed": {"signature": "signed"}}
    stage |= {"negotiable": dict.fromkeys(names, "all")}
    deal = {
        "name": DEAL,
        "label": _label(domain.name),
        "assumption": "the domain",
        "stages": {DEAL: stage},
    }
    sides = {
        role.value: _side(side, profile, role.value, terms)
        for role, profile in zip(ROLES, profiles, strict=True)
    }
    return {
        "name": "exchange",
        "title": _label(domain.name),
        "start": "round 0",
        "worlds": 1,
        "rounds": terms.rounds,
        "seed": 1,
        "engine": "array",
        **frame,
        "dispute": {**frame["dispute"], "name": "domain", "clauses": clauses},
        "deals": {DEAL: deal},
        **sides,
    }


def _label(text: str) -> str:
    """Return a stranger's name as a label: printable, and not too long for one."""
    return " ".join(printable(text)[:LONGEST_LINE].split()) or "unnamed"


def _clauses(profiles: tuple[Profile, Profile], terms: Terms) -> list[dict[str, Any]]:
    worths = [contributions(profile, terms.steps) for profile in profiles]
    clauses = []
    for place, issue in enumerate(profiles[0].domain.issues):
        levels = {}
        for number, label in enumerate(values_of(issue, terms.steps)):
            moved = {
                role.value: {"worth": float(worth[place][number])}
                for role, worth in zip(ROLES, worths, strict=True)
            }
            levels[f"value_{number}"] = {
                "label": _label(label),
                "effects": moved,
                "assumption": "profiles",
            }
        clauses.append({"label": _label(issue.name), "kind": "other", "levels": levels})
    return clauses


def _side(frame: dict[str, Any], profile: Profile, role: str, terms: Terms) -> dict[str, Any]:
    def said(value: float, unit: str) -> dict[str, Any]:
        return {"value": value, "unit": unit, "assumption": "profile"}

    reservation = frame["reservation"]
    initial = said(float(snapped(np.array(profile.reservation_value))), "points")
    patience = profile.discount_factor ** (1.0 / (terms.rounds - 1))
    return {
        **frame,
        "name": role,
        "label": _label(profile.name),
        "stream": role,
        "leader": {
            **frame["leader"],
            "deadline_rounds": said(terms.rounds - 1, "rounds"),
            "discount_factor": said(patience, "per round"),
        },
        "reservation": {
            **reservation,
            "entrenchment": {**reservation["entrenchment"], "initial": initial},
        },
    }


def _choose_strategies(values: Layered, terms: Terms) -> None:
    faults = []
    for role, name in zip(ROLES, terms.strategies, strict=True):
        path = library.find("strategy", name)
        if path is None:
            key = f"{role.value}.strategy"
            faults.append(library.absent("strategy", name, key=key, file=_COMMAND_LINE))
        else:
            check_defaults(path)
    if faults:
        raise ScenarioError(faults)
    for role, name in zip(ROLES, terms.strategies, strict=True):
        lay_strategy(values[role.value], name)


def lay_strategy(side: Layered, name: str) -> None:
    """Lay a strategy under a side, after those that it builds on."""
    path = library.find("strategy", name)
    if path is None:
        raise ScenarioError([library.absent("strategy", name, key="strategy")])
    own = yaml.read(path)
    for base in own.pop("defaults", []):
        if base != "_self_":
            lay_strategy(side, base)
    lay(side, {"strategy": own}, yaml.display(path))
