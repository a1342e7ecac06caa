"""Agenda of a block: the table at which each world talks, and what becomes of its structures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.agenda import parent_of
from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.outcome import Answer, Milestone, Phase
from sim.domain.results import AgendaColumns
from sim.domain.scenario import Scenario
from sim.equations.solutions import nash_choice
from sim.model.foresight import expected_surplus
from sim.model.plan import Plan
from sim.model.view import RoundContext, RoundView
from sim.model.worlds import NOBODY, WorldStates
from sim.quantities import Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel

__all__ = ["AgendaStates"]

_NOTHING = -1
"""Code of no structure."""
_OVERDUE = np.iinfo(np.int64).max // 2
"""Rounds without an offer that no patience outlasts, and to which one more may be added."""


class AgendaStates:
    """Which structure each world of a block talks about, and a log of what became of each.

    Talks begin at the table drawn by the weights of `on_the_table` (by equal ones, where none of
    the structures has any). After a failed ratification or a walk-back, and where for longer than
    there is patience the side whose turn it is has had nothing to offer, it looks at all tables and
    moves to the one from which it expects most, as `sim.model.foresight` has it; the present one is
    kept where none promises more. A structure of which a text is in force is not left.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan
    draws : Draws
    states : WorldStates
        Its worlds are put at their first tables.
    """

    def __init__(self, scenario: Scenario, plan: Plan, draws: Draws, states: WorldStates) -> None:
        self._structures, self._structure_of = plan.structures, plan.structure_of
        self._kept, self._states = scenario.agenda != "single", states
        if self._kept:
            parents = [parent_of(name, scenario.deals) for name in plan.structures]
            self._parents = np.unique(parents, return_inverse=True)[1]
        self.roots = plan.roots
        self.tables, self._roots = tuple(plan.roots), np.array(list(plan.roots.values()))
        self._idle = np.zeros((states.worlds, len(ROLES)), dtype=np.int64)
        self._displaced = np.full(states.worlds, _NOTHING)
        self._log: list[tuple[Milestone, int, Ints, Ints, Ints, Ints]] = []
        patience = scenario.protocol.patience
        if len(self._roots) > 1 and patience is not None:
            self._patience = draws.of(patience)
            first = _first(scenario, plan, draws)
            states.node[:] = self._roots[first]
            everyone = np.arange(states.worlds)
            self._note(Milestone.tabled, 0, everyone, first, np.full_like(first, NOBODY))

    def resume(self, earlier: AgendaStates) -> None:
        """Go on from the agenda of the same worlds in another model."""
        self._idle, self._displaced = earlier._idle.copy(), earlier._displaced.copy()
        self._log = [*earlier._log]

    def put(self, structure: str, round_: int, side: int = NOBODY) -> Ints:
        """Put a structure on the table where talks may still turn to another.

        Parameters
        ----------
        structure : str
            One of those that make a table of their own.
        round_ : int
        side : int
            Who tables it; -1 for nobody.

        Returns
        -------
        ndarray of int
            The worlds in which it is on the table now.
        """
        place = self.tables.index(structure)
        free = self._states.in_phase(Phase.TALKS) & np.isin(self._states.node, self._roots)
        worlds = np.flatnonzero(free)
        self._states.node[worlds] = self._roots[place]
        self._idle[worlds] = 0
        table = np.full_like(worlds, place)
        self._note(Milestone.tabled, round_, worlds, table, np.full_like(worlds, side))
        return worlds

    def note(
        self, what: Milestone, round_: int, worlds: Ints, node: int, side: Ints | int = NOBODY
    ) -> None:
        """Remember what became of the packages of a node that some worlds have in hand.

        Parameters
        ----------
        what : Milestone
        round_ : int
        worlds : ndarray of int, shape (n,)
        node : int
        side : int or ndarray of int, shape (n,)
            Who tabled it, stopped it or walked back; -1 for nobody.
        """
        if what in (Milestone.rejected, Milestone.walked_back):
            self._idle[worlds] = _OVERDUE
        if self._kept and len(worlds):
            structures = self._structure_of[node][self._states.signed_package[worlds]]
            instead = self._displaced[worlds] if what is Milestone.signed else None
            sides = np.broadcast_to(side, worlds.shape)
            self._note(what, round_, worlds, structures, sides, instead)

    def agreed(self, context: RoundContext, node: int, worlds: Ints, packages: Ints) -> None:
        """Remember which structure would have been signed, had that of an agreed text been away.

        With a structure its lesser texts would be away, and with a lesser text all of its kin. Of
        what is left at this table, both would rather sign some texts than never sign, no absolute
        precondition forbids them, and all ratifiers would pass them today. The best of these by
        the product of both sides' surpluses over never signing is what is displaced.

        Parameters
        ----------
        context : RoundContext
        node : int
        worlds, packages : ndarray of int, shape (n,)
            Where a text has been agreed, and which.

        References
        ----------
        J. F. Nash (1950). The bargaining problem. https://doi.org/10.2307/1907266
        """
        structures = self._structure_of[node]
        self._displaced[worlds] = _NOTHING
        if not self._kept or (structures == structures[0]).all():
            return
        view, parents = RoundView(context, node, worlds), self._parents[structures]
        rivals = parents != parents[packages][:, None]
        surplus = [view.value(side) - view.reservation(side)[:, None] for side in (0, 1)]
        best = nash_choice(surplus[0], surplus[1], rivals & view.signable & view.ratifiable)
        self._displaced[worlds] = np.where(best >= 0, structures[best], _NOTHING)

    def offered(self, worlds: Ints, package: Ints, mover: int) -> None:
        """Count, for each side, the rounds since it last offered anything at this table."""
        self._idle[worlds] += 1
        self._idle[worlds[package >= 0], mover] = 0

    def move(self, model: TalksModel, context: RoundContext) -> None:
        """Let sides whose turn it is change the table, where it is time.

        Parameters
        ----------
        model : TalksModel
        context : RoundContext
            Both sides as the environment makes them now.
        """
        if model.record is not None and model.round == 0:
            for world, node in enumerate(self._states.node):
                place = int(np.searchsorted(self._roots, node))
                model.note(world, Answer.tabled, structure=self._structures[place])
        movers = model.protocol.movers(model.round)
        due = self._due(model, movers)
        for mover in (0, 1):
            worlds = due[movers[due] == mover]
            if len(worlds):
                self._look_around(model, context, worlds, mover)

    def _look_around(
        self, model: TalksModel, context: RoundContext, worlds: Ints, mover: int
    ) -> None:
        """Let a side table what it expects most from, where that is another structure."""
        hoped = self._hopes(context, worlds, mover, model.draws)
        rows = np.arange(len(worlds))
        here = np.searchsorted(self._roots, self._states.node[worlds])
        best = hoped.argmax(axis=1)
        better = hoped[rows, best] > hoped[rows, here]
        moved, table = worlds[better], best[better]
        if model.player is not None and model.player.side == mover:
            model.player.hopes_of([self.tables[place] for place in table])
            return
        self._states.node[moved] = self._roots[table]
        self._idle[moved] = 0
        self._note(Milestone.tabled, model.round, moved, table, np.full_like(table, mover))
        for world, place in zip(moved, table, strict=True) if model.record is not None else ():
            facts = {"side": ROLES[mover], "structure": self._structures[place]}
            model.note(int(world), Answer.tabled, **facts)

    def columns(self, first_world: int) -> AgendaColumns | None:
        """Return the log, world by world and in the order of events, where there is an agenda."""
        if not self._kept:
            return None
        empty = np.zeros(0, dtype=np.int64)
        parts = [
            (worlds, np.full_like(worlds, round_), np.full_like(worlds, what), *columns)
            for what, round_, worlds, *columns in self._log
        ]
        joined = [np.concatenate([empty, *column]) for column in zip(*parts, strict=True)]
        worlds, rounds, events, structures, sides, displaced = joined or [empty] * 6
        order = np.argsort(worlds, kind="stable")
        columns = {
            "world": first_world + worlds,
            "round": rounds,
            "event": events,
            "structure": structures,
            "side": sides,
            "displaced": displaced,
        }
        return AgendaColumns(
            self._structures, {name: column[order] for name, column in columns.items()}
        )

    def _due(self, model: TalksModel, movers: Ints) -> Ints:
        states, now = self._states, model.round
        free = states.in_phase(Phase.TALKS) & (states.resume_at <= now)
        free &= model.environment.talking(now) & np.isin(states.node, self._roots)
        idle = self._idle[np.arange(states.worlds), movers]
        return np.flatnonzero(free & (idle >= self._patience))

    def _hopes(self, context: RoundContext, worlds: Ints, mover: int, draws: Draws) -> Floats:
        """Return what a side expects of each table over never signing, shape (rows, tables)."""
        government = context.parties[mover].government
        views = (RoundView(context, int(root), worlds) for root in self._roots)
        hopes = [expected_surplus([government], view, draws)[0] for view in views]
        return np.stack(hopes, axis=1)

    def _note(
        self,
        what: Milestone,
        round_: int,
        worlds: Ints,
        structures: Ints,
        sides: Ints,
        displaced: Ints | None = None,
    ) -> None:
        if self._kept:
            instead = np.full_like(worlds, _NOTHING) if displaced is None else displaced
            self._log.append((what, round_, worlds, structures, sides, instead))


def _first(scenario: Scenario, plan: Plan, draws: Draws) -> Ints:
    """Return the place of the first table of each world."""
    weights = np.array([scenario.on_the_table.get(name, 0.0) for name in plan.roots])
    weights = weights if weights.sum() > 0 else np.ones(len(weights))
    luck = draws.streams.uniforms("agenda/first")[:, 0]
    place = np.searchsorted(np.cumsum(weights / weights.sum()), luck, side="right")
    return place.clip(0, np.flatnonzero(weights)[-1]).astype(np.int64)
