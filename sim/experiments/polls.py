"""Readings of polls that a public must reproduce, and what it answers as it is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import mesa
import numpy as np

from sim.agents.public import Public as Asked
from sim.agents.public import approvals
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.public import Approval, Choice, Public
from sim.domain.scenario import Scenario
from sim.model.build import forget
from sim.quantities import BLOCK_WORLDS, MONTHS_PER_YEAR, Floats
from sim.randomness import Streams

__all__ = ["Reading", "implied_opposition", "opposed", "readings", "years_between"]


@dataclass(frozen=True)
class Reading:
    """One figure of a poll.

    Parameters
    ----------
    label : str
        What was answered, in words.
    date : str
    years : float
        When, in years since the start of the run.
    shares : pair of float
        Ends of the interval in which the share lies, in [0, 1]; twice the same for an exact one.
    package : mapping of clause to level, optional
        What was asked for or against; absent of the best of several answers, which says less of
        how many would bear a text.
    """

    label: str
    date: str
    years: float
    shares: tuple[float, float]
    package: Mapping[str, str] | None = None


def readings(scenario: Scenario, role: Role) -> Iterator[Reading]:
    """Yield the figures of the polls of a side's public that are known."""
    public = scenario.side(role).public
    for name, poll in public.polls.items():
        years = years_between(scenario.start, poll.date)
        if isinstance(poll, Choice):
            for label, shares in _choices(scenario, public, poll):
                yield Reading(label, poll.date, years, shares)
        elif name == public.calibration and public.opposition is not None:
            label, shares = "in favour of " + _asked(poll), _in_favour(public)
            yield Reading(label, poll.date, years, shares, poll.package)


def opposed(scenario: Scenario, role: Role, worlds: int = BLOCK_WORLDS) -> Floats:
    """Return the share opposed at a public's calibration question at the start, in each world.

    Those are opposed to whom the text asked about is worth less than they would accept, of those
    who have an opinion; nobody advocates it yet.

    Parameters
    ----------
    scenario : Scenario
    role : Role
        Whose public; its `calibration` must name a poll.
    worlds : int
        At most 1,024.
    """
    side = scenario.side(role)
    poll = side.public.polls[side.public.calibration or ""]
    if not isinstance(poll, Approval):
        raise TypeError(f"expected a poll for or against one package, got {poll.question}")
    model, draws = mesa.Model(rng=0), Draws(scenario, Streams(scenario.seed, 0, worlds))
    public = Asked(model, role, side, scenario.dispute, draws, scenario.protocol.round_years)
    forget(model)
    return approvals(public, side.public, poll, draws).of("oppose")


def implied_opposition(scenario: Scenario, role: Role) -> tuple[float, float, float] | None:
    """Return how many are opposed where nothing sets it: mean, and ends of the middle 95 %.

    Over a block of worlds at the start; None where it is set, or no poll asks.

    Parameters
    ----------
    scenario : Scenario
    role : Role
    """
    public = scenario.side(role).public
    if public.opposition is not None or public.calibration not in public.polls:
        return None
    shares = opposed(scenario, role)
    low, high = np.quantile(shares, [0.025, 0.975]).tolist()
    return float(shares.mean()), low, high


def years_between(start: str, date: str) -> float:
    """Return the years from one date to another, to the month.

    Parameters
    ----------
    start, date : str
        As "2018-11", or longer, or a year alone, which is read as its January; of a span as
        "1990/1991" the middle counts.

    Examples
    --------
    >>> years_between("2018-11", "2019-02-14")
    0.25
    >>> years_between("1990", "1990/1991")
    0.5
    """
    months = [_months(text) for text in (start, date)]
    return (months[1] - months[0]) / MONTHS_PER_YEAR


def _months(date: str) -> float:
    ends = [day.partition("-") for day in date.split("/")]
    return sum(12 * int(year) + int(rest[:2] or 1) for year, _, rest in ends) / len(ends)


def _choices(
    scenario: Scenario, public: Public, poll: Choice
) -> Iterator[tuple[str, tuple[float, float]]]:
    for segment, fact in poll.reported.items():
        figure = scenario.evidence[fact].figure if fact in scenario.evidence else None
        if figure is not None:
            ends = figure if isinstance(figure, tuple) else (figure, figure)
            yield public.segments[segment].label, (ends[0] / 100, ends[1] / 100)


def _asked(poll: Approval) -> str:
    return f"“{poll.question}”"


def _in_favour(public: Public) -> tuple[float, float]:
    low, high = public.opposition.bounds if public.opposition else (0.0, 1.0)
    undecided = public.undecided.bounds if public.undecided else (0.0, 0.0)
    return max(0.0, 1 - high - undecided[1]), max(0.0, 1 - low - undecided[0])
