"""Conditions of settlement of every structure: distance, least coalitions, probability, map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.domain.scenario import Scenario
from sim.experiments.blocks import for_each_deal
from sim.experiments.conditions.coalitions import Coalitions, coalitions
from sim.experiments.conditions.distance import REACHED, Distance, distance, rank_intervals
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import RareEvent, rare
from sim.experiments.conditions.settlement_map import (
    MapAxis,
    SettlementMap,
    default_axes,
    map_axis,
    settlement_maps,
)
from sim.experiments.conditions.trials import EVENTS, Event, PairedTrials
from sim.quantities import BLOCK_WORLDS

__all__ = ["Conditions", "Effort", "StructureConditions", "conditions"]


@dataclass(frozen=True)
class Effort:
    """How many worlds each part is played in; all but `rare` divide 1,024.

    Parameters
    ----------
    distance, coalitions, rare, map_ : int
        Of each place on the path, of each set, of each level, of each cell; 0 leaves the part out.
    """

    distance: int = 256
    coalitions: int = 128
    rare: int = 384
    map_: int = 64

    def times(self, factor: float) -> Effort:
        """Return so many times the worlds, at most a block of them."""
        own = asdict(self).items()
        return Effort(**{name: min(int(size * factor), BLOCK_WORLDS) for name, size in own})


@dataclass(frozen=True)
class StructureConditions:
    """What it would take for one structure.

    Parameters
    ----------
    deal : str
    distance : Distance
    goal : str or None
        The event which its other parts are about: the one that was asked for, or else the most
        that it can bring about. None where that comes about nowhere on the path.
    coalitions : Coalitions, optional
    rare : RareEvent, optional
    map_ : SettlementMap, optional
        Of the event that was asked for, or else of the most that comes about anywhere on it;
        absent where nothing does.
    """

    deal: str
    distance: Distance
    goal: str | None
    coalitions: Coalitions | None = None
    rare: RareEvent | None = None
    map_: SettlementMap | None = None


@dataclass(frozen=True)
class Conditions:
    """What it would take for the structures of a scenario.

    Parameters
    ----------
    scenario : Scenario
    to : float
        Share of worlds wanted of coalitions.
    structures : mapping of name to StructureConditions
        In the scenario's order.
    unsigned : tuple of str
        Uncertain numbers that no part of the path moves.
    event : str, optional
        The event that was asked for; absent, the most that each structure can bring about.
    """

    scenario: Scenario
    to: float
    structures: dict[str, StructureConditions]
    unsigned: tuple[str, ...]
    event: str | None = None

    @property
    def ranked_by(self) -> str:
        """Return the event by which structures are ranked: the one asked for, or all closed."""
        return self.event or EVENTS[-1]

    def distances(self) -> pd.DataFrame:
        """Return a row per structure, event and share: the place on the path, and its rank.

        Returns
        -------
        DataFrame
            `deal`, `event`, `share`; `t` with `t_low` and `t_high` (infinity where it may not be
            reached at all); `rank` with `rank_low` and `rank_high`; `lapsed`.
        """
        return pd.DataFrame(list(self._distances()))

    def _distances(self) -> Iterator[dict[str, object]]:
        for event in EVENTS:
            of_worlds = [one.distance.of_worlds[event] for one in self.structures.values()]
            for share in REACHED:
                ranks = rank_intervals(of_worlds, share, self.scenario.seed)
                for rank, (deal, one) in zip(ranks, self.structures.items(), strict=True):
                    found = one.distance.at(event, share)
                    yield {
                        "deal": deal,
                        "event": event,
                        "share": share,
                        "t": found.size if np.isfinite(found.size) else np.inf,
                        "t_low": found.low,
                        "t_high": found.high,
                        **dict(zip(("rank", "rank_low", "rank_high"), rank, strict=True)),
                        "lapsed": one.distance.lapsed[event],
                    }

    def coalitions(self) -> pd.DataFrame:
        """Return a row per structure and least coalition, the smallest first.

        Returns
        -------
        DataFrame
            `deal`, `event`, `groups` (names, with a comma between them); `share` of fresh worlds
            with `share_low` and `share_high` (absent where a set, not among the smallest eight, was
            not tried again); `complete`, whether no other minimal set exists as
            judged in the worlds of the search; `necessary`, the groups that are in every set.
        """
        rows = [
            {
                "deal": one.deal,
                "event": sought.event,
                "groups": ",".join(found.groups),
                "share": found.share,
                "share_low": found.low,
                "share_high": found.high,
                "complete": sought.complete,
                "necessary": ",".join(sought.necessary),
            }
            for one in self.structures.values()
            if (sought := one.coalitions) is not None
            for found in sought.found
        ]
        return pd.DataFrame(rows)

    def probabilities(self) -> pd.DataFrame:
        """Return a row per structure and method: how probable its event is as numbers are drawn.

        Returns
        -------
        DataFrame
            `deal`, `event`, `method`, `probability` with `low` and `high`, `effective` sample size
            and `worlds` played.
        """
        rows = [
            {"deal": one.deal, "event": one.rare.event, **asdict(estimate)}
            for one in self.structures.values()
            if one.rare is not None
            for estimate in one.rare.estimates
        ]
        return pd.DataFrame(rows)

    def worlds(self) -> pd.DataFrame:
        """Return the worlds that the search for each event found, and others, with their weights.

        Returns
        -------
        DataFrame
            `deal`, `event`, `happens` and `weight`; a column per uncertain number, and per
            precondition whether it is absolute. Structures of which no world was found are left
            out.
        """
        parts = [
            one.rare.worlds.assign(deal=one.deal, event=one.rare.event)
            for one in self.structures.values()
            if one.rare is not None and one.rare.worlds is not None
        ]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def ordered(self) -> list[str]:
        """Return the structures, the nearest first: to what was asked for, or else to the most.

        Ties are told apart by what is next: half of the worlds, then all closed, land moved, first
        step.
        """
        table = self.distances().set_index(["deal", "event", "share"])["t"]
        events = dict.fromkeys([self.ranked_by, *reversed(EVENTS)])
        keys = [(event, share) for event in events for share in REACHED]
        return sorted(
            self.structures, key=lambda deal: [float(table[(deal, *key)]) for key in keys]
        )


def conditions(
    scenario: Scenario,
    to: float = 0.2,
    axes: Sequence[str] = (),
    *,
    event: Event | None = None,
    effort: Effort | None = None,
    workers: int | None = None,
) -> Conditions:
    """Return what it would take for each structure of a scenario to come about.

    Parameters
    ----------
    scenario : Scenario
    to : float
        Share of worlds that a coalition of changes must bring about, in (0, 1].
    axes : sequence of str
        Three dotted keys (or patterns with ``*``) of the settlement map; absent, a public's
        opposition, what money is worth to the holder, and the firmness of its preconditions.
    event : {"first_stage", "transferred", "closed"}, optional
        What is to come about; absent, the most that each structure can bring about.
    effort : Effort, optional
        Absent, as many worlds as answer for a dozen structures within minutes.
    workers : int, optional
        Processes; absent, one for each processor. No result depends on it.

    Raises
    ------
    ValueError
        If `to` lies outside (0, 1], there is no such event, or an axis names no number with two
        ends.
    """
    if event not in (None, *EVENTS):
        raise ValueError(f"event must be one of {', '.join(EVENTS)}, got {event!r}")
    if not 0 < to <= 1:
        raise ValueError(f"to must lie in (0, 1], got {to:g}")
    chosen = tuple(axes) or default_axes(scenario)
    if axes and len(axes) != 3:
        raise ValueError(f"expected three axes, got {len(axes)}")
    for axis in chosen:
        map_axis(scenario, axis)
    wanted = EVENTS[::-1] if event is None else (event,)
    ask = partial(_asked, to=to, axes=chosen, wanted=wanted, effort=effort or Effort())
    found = dict(for_each_deal(scenario, ask, workers))
    return Conditions(scenario, to, found, DeclaredPath(scenario).unsigned, event)


def _asked(
    scenario: Scenario,
    deal: str,
    to: float,
    axes: tuple[str, ...],
    wanted: tuple[Event, ...],
    effort: Effort,
) -> StructureConditions:
    """Return what it would take for the first of the wanted events that comes about at all."""
    path = DeclaredPath(scenario)
    far = distance(PairedTrials(scenario, deal, effort.distance, path))
    goal = next((event for event in wanted if far.shares[event][-1] > 0), None)
    result = StructureConditions(deal, far, goal)
    if goal is None:
        return result
    three = [map_axis(scenario, axis) for axis in axes]
    return StructureConditions(
        deal=deal,
        distance=far,
        goal=goal,
        coalitions=coalitions(PairedTrials(scenario, deal, effort.coalitions, path), goal, to)
        if effort.coalitions
        else None,
        rare=rare(scenario, deal, goal, effort.rare) if effort.rare else None,
        map_=_mapped(
            PairedTrials(scenario, deal, effort.map_, path), wanted[wanted.index(goal) :], three
        )
        if effort.map_ and len(three) == 3
        else None,
    )


def _mapped(
    trials: PairedTrials, events: Sequence[str], axes: Sequence[MapAxis]
) -> SettlementMap | None:
    """Return the map of the first event that comes about anywhere on it; None where none does."""
    found = settlement_maps(trials, axes, events)
    return next((one for one in found.values() if one.shares.any()), None)
