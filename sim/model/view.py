"""View of one round at one stage: the arrays of both sides, whole or at chosen packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, wraps
from typing import Any

import numpy as np

from sim.agents.government import Government, PackageValues
from sim.agents.public import Opinions, Public
from sim.agents.ratifiers import Expectation, Ratifiers
from sim.agents.strategies import Position
from sim.agents.valuation import WeightMultipliers
from sim.domain.interest import Role
from sim.equations.zopa import margin
from sim.model import round as model
from sim.model.environment import EnvironmentState
from sim.quantities import EVERYONE, Array, Bools, Cells, Floats, Ints


@dataclass(frozen=True)
class Party:
    """Everybody on one side.

    Parameters
    ----------
    role : Role
    government : Government
    public : Public
    ratifiers : Ratifiers
    opinions : list of Opinions
        The public's lasting opinion of each node's packages.
    """

    role: Role
    government: Government
    public: Public
    ratifiers: Ratifiers
    opinions: list[Opinions]

    @property
    def campaign_cost(self) -> Floats | None:
        """Return what a campaign costs the leader in points of utility, if one can be run."""
        cost = self.public.campaign_cost
        return None if cost is None else self.government.approval_weight * cost


@dataclass(frozen=True)
class SideConditions:
    """What one side meets in a round, all worlds of the block.

    Parameters
    ----------
    multipliers : WeightMultipliers
        What multiplies its moving weights.
    approval : ndarray, shape (worlds,)
        Approval of the leader in office, percent.
    pressure : ndarray, shape (worlds,)
        Outside pressure.
    deadline : ndarray, shape (worlds,)
        Deadline of the leader in office, in rounds; infinity for none.
    since : ndarray, shape (worlds,)
        Round in which that leader's clock began to run.
    """

    multipliers: WeightMultipliers
    approval: Floats
    pressure: Floats
    deadline: Floats
    since: Floats


@dataclass(frozen=True)
class RoundContext:
    """Both sides in one round.

    Parameters
    ----------
    parties : pair of Party
    conditions : pair of SideConditions
        What each side meets in this round, all worlds.
    round_ : int
    years : float
        Years since the start, at which reservation values are seen.
    campaigns : pair of bool or None
        Whether a leader campaigns whatever it costs and brings, where somebody says so.
    """

    parties: tuple[Party, Party]
    conditions: tuple[SideConditions, SideConditions]
    round_: int
    years: float
    campaigns: tuple[bool | None, bool | None] = (None, None)

    def seen_from(self, years: float) -> RoundContext:
        """Return the same round with what waiting brings and costs as it is seen at another time.

        Parameters
        ----------
        years : float
            Since the start of the talks.
        """
        conditions = []
        for party, each in zip(self.parties, self.conditions, strict=True):
            urgency = party.government.waiting.fading(years)
            conditions.append(replace(each, multipliers=replace(each.multipliers, urgency=urgency)))
        return RoundContext(self.parties, (conditions[0], conditions[1]), self.round_, years)


def round_context(
    parties: tuple[Party, Party], environment: EnvironmentState, round_: int, years: float
) -> RoundContext:
    """Return both sides as the environment makes them in a round."""
    pressure = environment.pressure
    conditions = [
        _side_conditions(party, environment, pressure, round_, years) for party in parties
    ]
    return RoundContext(parties, (conditions[0], conditions[1]), round_, years)


def _side_conditions(
    party: Party, environment: EnvironmentState, pressure: Floats, round_: int, years: float
) -> SideConditions:
    office = environment.offices[party.role]
    deadline = np.where(office.sits, *party.government.deadlines)
    any_leader = environment.case.environment.successions.enabled
    in_time = round_ <= deadline
    multipliers = WeightMultipliers(
        factors=environment.weight_factors(party.role),
        leader_sits=office.sits,
        leader_in_time=in_time if any_leader else office.sits & in_time,
        urgency=party.government.waiting.fading(years),
    )
    return SideConditions(multipliers, office.approval, pressure, deadline, office.since)


def _once(work_out: Callable[[RoundView, int], Array]) -> Callable[[RoundView, int], Array]:
    """Let a view work out an array once for each side, and a part of it pick what is known."""
    name = work_out.__name__

    @wraps(work_out)
    def recall(view: RoundView, side: int) -> Array:
        known = view.known
        if (name, side) not in known:
            whole = view.whole.known.get((name, side)) if view.whole else None
            known[name, side] = work_out(view, side) if whole is None else view.pick(whole)
        result: Array = known[name, side]
        return result

    return recall


@dataclass(frozen=True)
class RoundView:
    """One round at one node, seen from above; what is costly is worked out when first asked for.

    Methods that take a side (0 for the claimant, 1 for the holder) return its array, of shape
    (rows, packages). The view `at` chosen packages has the same methods and shape (rows,).

    Parameters
    ----------
    context : RoundContext
    node : int
        Which node of the structure is being negotiated.
    worlds : ndarray of int, shape (rows,)
        Which worlds of the block the rows are.
    packages : ndarray of int, shape (rows,), optional
        One package in each row, instead of all.
    whole, rows : RoundView and ndarray of int, optional
        The view of which this one is a part, and the place of its rows there.
    """

    context: RoundContext
    node: int
    worlds: Ints
    packages: Ints | None = None
    whole: RoundView | None = None
    rows: Ints | None = None
    known: dict[tuple[str, int], Any] = field(default_factory=dict, repr=False)

    def at(self, rows: Ints, packages: Ints) -> RoundView:
        """Return the view of one package in each of some rows.

        Parameters
        ----------
        rows, packages : ndarray of int, shape (chosen,)
        """
        return RoundView(self.context, self.node, self.worlds[rows], packages, self, rows)

    def pick(self, whole: Array) -> Array:
        """Return the part that this view shows of an array of the whole."""
        return whole[self.rows] if whole.ndim == 1 else whole[self.rows, self.packages]

    @cached_property
    def cells(self) -> Cells:
        """Return where arrays over worlds and packages are looked up.

        Where everybody talks, nothing need be copied.
        """
        block = len(self.context.conditions[0].approval)
        if self.packages is None and np.array_equal(self.worlds, np.arange(block)):
            return Cells(EVERYONE)
        return Cells(self.worlds, self.packages)

    @property
    def round_(self) -> int:
        """Return the round of the simulated window."""
        return self.context.round_

    def _values(self, side: int) -> PackageValues:
        """Return a side's lasting view of the packages, with positions as they are now."""
        if self.whole is not None:
            return self.whole._values(side)
        if ("values", side) not in self.known:
            government = self.context.parties[side].government
            self.known["values", side] = government.values_at(self.node, self.worlds, self.round_)
        values: PackageValues = self.known["values", side]
        return values

    # -- values ----------------------------------------------------------------------------

    @_once
    def open_value(self, side: int) -> Floats:
        """Return the value of signing before preconditions, in points."""
        if self.whole is not None:
            return self.pick(self.whole.open_value(side))
        government = self.context.parties[side].government
        multipliers = self.context.conditions[side].multipliers.rows(self.cells.worlds)
        return model.value(government, self.node, self.cells.worlds, multipliers)

    @_once
    def value(self, side: int) -> Floats:
        """Return the value of signing, prices of preconditions included, in points."""
        values = self._values(side)
        return self.open_value(side) - self.cells.of_looks(values.penalty, values.precondition_look)

    @_once
    def forbidden(self, side: int) -> Bools:
        """Return what absolute preconditions of a side forbid in this round."""
        values = self._values(side)
        return self.cells.of_looks(values.forbidden, values.precondition_look)

    @_once
    def reservation(self, side: int) -> Floats:
        """Return the value of never signing, in points, shape (rows,)."""
        government = self.context.parties[side].government
        return model.reservation(government, self.node, self.cells.worlds, self.context.years)

    def net_value(self, side: int) -> Floats:
        """Return the value of signing net of the audience's charge for retreat, in points."""
        government = self.context.parties[side].government
        return model.net_value(government, self.value(side), self.cells)

    def foreseen_value(self, side: int) -> Floats:
        """Return the value of future offers, in points: net where its audience is foreseen."""
        foreseen = self.context.parties[side].government.foresees_audience
        return self.net_value(side) if foreseen else self.value(side)

    # -- ratification ----------------------------------------------------------------------

    def campaigns(self, side: int) -> Bools | None:
        """Return for which packages a side's leader would campaign; None where none ever does."""
        party = self.context.parties[side]
        cost = party.campaign_cost
        if cost is None:
            return None
        least = self.cells.spread(self.reservation(side))
        would = model.campaigns(self.value(side), least, self.cells.of_worlds(cost))
        said = self.context.campaigns[side]
        return would if said is None else np.full_like(would, said)

    @_once
    def support(self, side: int) -> Floats:
        """Return present support in a public, in shares."""
        public, opinions = self.context.parties[side].public, self.context.parties[side].opinions
        approval, campaigns = self.context.conditions[side].approval, self.campaigns(side)
        return model.support(public, opinions[self.node], self.cells, approval, campaigns)

    @_once
    def required(self, side: int) -> Floats:
        """Return the support at which all of a side who vote on a package pass it today.

        Minus infinity where nobody's vote hangs on it.
        """
        party = self.context.parties[side]
        features = party.government.package_values[self.node].features
        approval = self.context.conditions[side].approval
        return party.ratifiers.required_support(features).at(self.cells, approval)

    def consent(self, side: int, expectation: Expectation | None = None) -> Bools:
        """Return what no ally of a side would veto; see `Ratifiers.consent`."""
        party = self.context.parties[side]
        features = party.government.package_values[self.node].features
        pressure = self.context.conditions[side].pressure
        return party.ratifiers.consent(features, self.cells, pressure, expectation)

    @_once
    def win_set(self, side: int) -> Bools:
        """Return what all ratifiers of a side would pass today."""
        return model.win_set(self.support(side), self.required(side), self.consent(side))

    # -- what both make of it --------------------------------------------------------------

    @cached_property
    def zopa(self) -> Bools:
        """Return what is worth signing to both before preconditions."""
        return self._worth(self.open_value)

    @cached_property
    def signable(self) -> Bools:
        """Return what is worth signing to both and against no absolute precondition."""
        return self._worth(self.value) & ~self.forbidden(0) & ~self.forbidden(1)

    @cached_property
    def ratifiable(self) -> Bools:
        """Return what would pass on both second levels today."""
        return np.asarray(self.win_set(0) & self.win_set(1))

    @property
    def depth(self) -> Ints:
        """Return how deep talks reach, shape (rows,); see `sim.model.round.depth`."""
        return model.depth(self.zopa, self.signable, self.ratifiable)

    @property
    def margin(self) -> Floats:
        """Return the best smaller surplus before preconditions, in points, shape (rows,)."""
        surplus = [self.open_value(side) - self.reservation(side)[:, None] for side in (0, 1)]
        return margin(surplus[0], surplus[1])

    @property
    def nearest(self) -> Ints:
        """Return the package with the best smaller surplus before preconditions, shape (rows,)."""
        surplus = [self.open_value(side) - self.reservation(side)[:, None] for side in (0, 1)]
        return np.asarray(np.minimum(surplus[0], surplus[1]).argmax(axis=1))

    def _worth(self, value: Callable[[int], Floats]) -> Bools:
        least = [self.cells.spread(self.reservation(side)) for side in (0, 1)]
        return model.zopa((value(0), value(1)), (least[0], least[1]))

    # -- what one side believes ------------------------------------------------------------

    @_once
    def believed_value(self, own: int) -> Floats:
        """Return what a side takes the other's values for, in points."""
        beliefs = self.context.parties[own].government.beliefs
        shrinkage = self.cells.spread(beliefs.shrinkage(self.worlds))
        error = self.cells.of(beliefs.value_error(self.node))
        return model.believed_value(self.value(1 - own), shrinkage, error)

    @_once
    def believed_reservation(self, own: int) -> Floats:
        """Return what a side takes the other's reservation value for, in points, shape (rows,)."""
        beliefs = self.context.parties[own].government.beliefs
        shrinkage, error = beliefs.shrinkage(self.worlds), beliefs.reservation_error[self.worlds]
        return model.believed_value(self.reservation(1 - own), shrinkage, error)

    def acceptable_value(self, own: int) -> Floats:
        """Return what a side takes the other's values for: minus infinity where it may not sign."""
        barred, believed = self._barred(own), self.believed_value(own)
        return believed if barred is None else np.where(barred, -np.inf, believed)

    def unbarred(self, own: int, packages: Bools) -> Bools:
        """Return which of some packages a side does not believe barred by the other's red lines.

        Parameters
        ----------
        own : int
        packages : ndarray of bool, shape (rows, packages)
        """
        barred = self._barred(own)
        return packages if barred is None else packages & ~barred

    def _barred(self, own: int) -> Bools | None:
        self._values(own)  # brings beliefs up to date
        barred = self.context.parties[own].government.barred(self.node)
        return None if barred is None else self.cells.of(barred)

    def believed_support(self, side: int, own: int) -> Floats:
        """Return what a side takes present support in a public for, in shares.

        Parameters
        ----------
        side : int
            Whose public.
        own : int
            Whose beliefs: errors about one's own public are smaller.
        """
        beliefs = self.context.parties[own].government.beliefs
        error = beliefs.support_error(self.round_, self.worlds, home=side == own)
        return self.support(side) + self.cells.spread(error)

    def believed_win_set(self, side: int, own: int) -> Bools:
        """Return what a side's ratifiers are believed likely enough to pass.

        Parameters
        ----------
        side : int
            Whose ratifiers.
        own : int
            Whose beliefs.
        """
        beliefs = self.context.parties[own].government.beliefs
        believed = self.believed_support(side, own)
        approval = self.context.conditions[side].approval
        required = beliefs.required(self.node, side).at(self.cells, approval)
        return model.win_set(believed, required, self.consent(side, beliefs.expectations[side]))

    def believed_lawful(self, own: int, forbidden: Bools) -> Bools:
        """Return what is not forbidden and believed by a side to pass on both second levels."""
        passes = self.believed_win_set(own, own) & self.believed_win_set(1 - own, own)
        return np.asarray(~forbidden & passes)

    def position(self, own: int, ahead: int = 0) -> Position:
        """Return where a government stands.

        Parameters
        ----------
        own : int
        ahead : int
            0 for an offer made now, 1 for the one it would make next round.
        """
        government = self.context.parties[own].government
        reservation, memory = self.reservation(own), government.memory
        best = model.best_acceptable(
            self.value(own), self.acceptable_value(own), self.believed_reservation(own)
        )
        best = np.maximum(best, reservation)
        other = self.context.parties[1 - own].government
        return Position(
            own=own,
            ahead=ahead,
            round_=self.round_ + ahead,
            worlds=self.worlds,
            values=(self.foreseen_value(0), self.foreseen_value(1)),
            reservations=(self.reservation(0), self.reservation(1)),
            feasible=partial(_feasible, self, own),
            best_acceptable=best,
            deadline=self.context.conditions[own].deadline[self.worlds],
            since=self.context.conditions[own].since[self.worlds],
            own_discount=government.discount[self.worlds],
            other_discount=other.discount[self.worlds],
            own_until_turn=government.discount_until_turn[self.worlds],
            other_until_turn=other.discount_until_turn[self.worlds],
            other_concession=model.conceded(best, reservation, memory.conceded_to_me(self.worlds)),
            first_heard=memory.first_heard[self.worlds],
        )


def _feasible(view: RoundView, own: int) -> Bools:
    return view.believed_lawful(own, view.forbidden(0) | view.forbidden(1))
