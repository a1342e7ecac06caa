"""Valuation of packages by one side: state rows, features as differences, and weights.

The features of a package are the difference between the state it would create and the state
before it, so a stage that comes later is charged only for what it adds: what was given no longer
has to be bought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.domain.clause import Clause, ClauseKind, Frame, Level
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import (
    DELIMITED,
    STANDING_DELIMITATION,
    STANDING_TREATY,
    STEP_DELIMITATION,
    STEP_TREATY,
    STEPS,
    Role,
    features,
    interest_of,
)
from sim.domain.package import PackageTable, State, fixed, framed, in_force
from sim.domain.quantity import Quantity
from sim.domain.side import BelievedWeights, Side
from sim.equations.commitment import perpetuity
from sim.equations.utility import additive_utility, saturating, step_slope, stepped
from sim.memo import memoize_by_identity, memoize_by_value
from sim.quantities import Bools, Floats, Ints, Rows, weighted_sum


def alike(looks: np.ndarray) -> Ints:
    """Return which distinct look each package has.

    Parameters
    ----------
    looks : ndarray, shape (packages, columns)

    Returns
    -------
    ndarray of int, shape (packages,)
        Places among the distinct rows, which are in sorted order.

    Examples
    --------
    >>> alike(np.array([[2, 0], [1, 5], [2, 0]])).tolist()
    [1, 0, 1]
    """
    return np.asarray(np.unique(looks, axis=0, return_inverse=True)[1].reshape(-1))


lasting_alike = memoize_by_identity(alike)
"""`alike` of looks that do not change, worked out once for all blocks and cells that share them."""


def firsts(column: Ints) -> Ints:
    """Return the first package of each distinct look.

    Parameters
    ----------
    column : ndarray of int, shape (packages,)
        What `alike` says.

    Examples
    --------
    >>> firsts(np.array([1, 0, 1])).tolist()
    [1, 0]
    """
    return np.asarray(np.unique(column, return_index=True)[1])


LATE = {"front": 0.0, "even": 0.5, "back": 1.0}
"""Share of the carrying out after which a profile's money flows, on average."""

Row = dict[str, float]
"""Value of each feature, and of some auxiliary columns."""


@dataclass(frozen=True)
class Lens:
    """Everything that turns states into one side's features.

    Parameters
    ----------
    dispute : Dispute
    role : Role
        Which side looks.
    start : State
        The status quo at the very start.
    values, military : ndarray, shape (objects,)
        What each object is worth to the side (adds to 1), and to its defence.
    money : mapping of interest to {"received", "paid"}
        Interests that measure flows of money.
    step, economy_scale, discount : float
        See `sim.domain.side.Preferences`; discount factor per year.
    recognition, forms, economy : mapping of clause to Clause
        The dispute's clauses of these kinds, which every state is asked for.
    direct : mapping of clause and level to Row
        What levels bring by themselves, filled as they are met.
    held : mapping of administration and title to Row
        What they bring, filled as they are met.
    """

    dispute: Dispute
    role: Role
    start: State
    values: Floats
    military: Floats
    money: Mapping[str, str]
    step: float
    economy_scale: float
    discount: float
    recognition: Mapping[str, Clause]
    forms: Mapping[str, Clause]
    economy: Mapping[str, Clause]
    direct: dict[tuple[str, str], Row] = field(default_factory=dict)
    held: dict[tuple[bytes, bytes], Row] = field(default_factory=dict)


def money_interests(dispute: Dispute) -> dict[str, str]:
    """Return the interests that measure flows of money, each with the flows that it measures."""
    kinds = {name: dispute.interest(name).money for name in dispute.interest_names}
    return {name: kind for name, kind in kinds.items() if kind is not None}


@memoize_by_identity
def lens_of(dispute: Dispute, role: Role, side: Side, start: State) -> Lens:
    """Return the lens through which a side looks at states of a dispute."""
    worth = np.array([item.value.of(role) for item in dispute.objects.values()])
    military = [
        item.military_value.of(role) if item.military_value else 0.0
        for item in dispute.objects.values()
    ]
    return Lens(
        dispute=dispute,
        role=role,
        start=start,
        values=worth / worth.sum() if worth.sum() > 0 else worth,
        military=np.array(military),
        money=money_interests(dispute),
        step=side.preferences.standing_step.point,
        economy_scale=side.preferences.economy_scale.point,
        discount=side.leader.discount_factor.point,
        recognition=dispute.clauses_of(ClauseKind.RECOGNITION),
        forms=dispute.clauses_of(ClauseKind.LEGAL_FORM),
        economy=dispute.clauses_of(ClauseKind.ECONOMY),
    )


def row_of(state: State, lens: Lens, years: float) -> Row:
    """Return the columns of a state that is handed over after some years."""
    delay = lens.discount**years
    held = (state.administration.tobytes(), state.title.tobytes())
    if held not in lens.held:
        lens.held[held] = _of_objects(state, lens)
    row = dict(lens.held[held])
    recognition = in_force(lens.recognition, state.levels)
    relief = recognition.relief if recognition else 0.0
    row["territory"] *= delay
    row["security"] *= delay
    row["standing"] -= (1 - relief) * row.pop("lost standing")
    row["standing step"] -= (1 - relief) * row.pop("lost step")
    row["peace"] = row["legacy"] = float(framed(lens.forms, state.levels) is Frame.TREATY)
    return _add_levels(row | _money(state, lens, years), state, lens)


def _of_objects(state: State, lens: Lens) -> Row:
    """Return the columns that hang on who administers and owns what, as if handed over now."""
    own, other = lens.role.position, lens.role.other.position
    moved = state.administration[:, own] - lens.start.administration[:, own]
    gained, given = _shares_moved(state, lens)
    return {
        "territory": float(weighted_sum(lens.values, moved)),
        "title": float(weighted_sum(lens.values, state.title[:, own] - state.title[:, other])),
        "closure": float(weighted_sum(lens.values, fixed(state.title))),
        "standing": float(stepped(np.array(gained), lens.step)),
        "lost standing": float(stepped(np.array(given), lens.step)),
        "standing step": float(step_slope(np.array(gained))),
        "lost step": float(step_slope(np.array(given))),
        "security": float(weighted_sum(lens.military, moved)),
        "precedent": -given,
        "gained": gained,
        "given": given,
        "renounced": _renounced(state, lens),
    }


def _shares_moved(state: State, lens: Lens) -> tuple[float, float]:
    own, other = lens.role.position, lens.role.other.position
    had = lens.start.administration[:, own]
    moved = state.administration[:, own] - had
    titled = np.where(had < 1, state.title[:, own] - lens.start.title[:, own], 0.0)
    ceded = np.where(had > 0, state.title[:, other] - lens.start.title[:, other], 0.0)
    gained = weighted_sum(lens.values, np.maximum(np.maximum(moved, titled), 0.0))
    given = weighted_sum(lens.values, np.maximum(np.maximum(-moved, ceded), 0.0))
    return float(gained), float(given)


def _renounced(state: State, lens: Lens) -> float:
    other = lens.role.other.position
    had = lens.start.administration[:, lens.role.position]
    lost = np.where(had > 0, 0.0, state.title[:, other] - lens.start.title[:, other])
    return float(weighted_sum(lens.values, np.maximum(lost, 0.0)))


def _money(state: State, lens: Lens, years: float) -> Row:
    row = {"received": 0.0, "paid": 0.0, "late": 0.0}
    for name, clause in lens.economy.items():
        level = clause.levels[state.levels[name]] if name in state.levels else None
        if level is None or level.flow is None:
            continue
        late = row["late"] = LATE[level.profile]
        amount = level.flow.point * lens.discount ** (years * late)
        if level.payer is lens.role:
            row["paid"] -= amount
        else:
            row["received"] += float(saturating(np.array(amount), lens.economy_scale))
    return row | {name: row[kind] for name, kind in lens.money.items()}


def _add_levels(row: Row, state: State, lens: Lens) -> Row:
    for said in state.levels.items():
        if said not in lens.direct:
            clause, level = said
            lens.direct[said] = _direct(lens.dispute.clauses[clause].levels[level], lens)
        for interest, amount in lens.direct[said].items():
            row[interest] = row.get(interest, 0.0) + amount
    return row


def _direct(item: Level, lens: Lens) -> Row:
    amounts = dict(item.effects.of(lens.role))
    yearly = item.yearly.of(lens.role)
    worth = perpetuity(lens.discount) if yearly else 0.0
    for interest, amount in yearly.items():
        amounts[interest] = amounts.get(interest, 0.0) + worth * amount
    return amounts


@dataclass(frozen=True)
class Features:
    """What one side sees in the packages of a table.

    Parameters
    ----------
    names : tuple of str
        The feature columns.
    values : ndarray, shape (packages, features)
        Differences from the state before.
    concession : ndarray, shape (packages,)
        How much of a concession by this side the package is, in [0, 1].
    gained, given : ndarray, shape (packages,)
        Share of value gained and given, in [0, 1].
    money : ndarray, shape (packages, features)
        The part of `values` that is money received and paid while a text is carried out.
    late : ndarray, shape (packages,)
        When that money flows: 0 up front, 0.5 evenly, 1 at the end.
    framed : float
        How much of `dialogue` texts in force already frame, in [0, 1]; that part is in the value
        of those texts and is not drawn from talks about the next stage a second time.
    votes : ndarray of bool, shape (ratifiers, packages)
        Which of the side's ratifiers vote on which texts.
    untied : ndarray, shape (packages,)
        How many groups of clauses are left out that the side had tied to the rest.
    ends_urgency : ndarray, shape (packages,)
        1 where a package ends what waiting costs the side, 0 where it does not or that is over;
        0 also where any text ends it, which is then in the value of never signing.
    """

    names: tuple[str, ...]
    values: Floats
    concession: Floats
    gained: Floats
    given: Floats
    money: Floats
    late: Floats
    framed: float
    votes: Bools
    untied: Floats
    ends_urgency: Floats

    def column(self, name: str) -> Floats:
        """Return one feature, or one interest over all its features, of all packages."""
        measuring = [None if each in STEPS else interest_of(each) for each in self.names]
        here = [c for c, pair in enumerate(zip(self.names, measuring, strict=True)) if name in pair]
        return np.asarray(self.values[:, here].sum(axis=1))

    @cached_property
    def sunk(self) -> Floats:
        """Return what stays done after a walk-back at an unknown time, on average.

        Returns
        -------
        ndarray, shape (packages, features)
        """
        return _sunk(self.late, self.money)


@memoize_by_value
def _sunk(late: Floats, money: Floats) -> Floats:
    """Return the part of money that has flowed on average, one array for all states alike."""
    return (1.0 - late)[:, None] * money


def measure(table: PackageTable, dispute: Dispute, role: Role, side: Side) -> Features:
    """Return the features of a table's packages for one side.

    Parameters
    ----------
    table : PackageTable
    dispute : Dispute
    role : Role
        Which side looks.
    side : Side
        Its preferences; curvature and discounting are the same in all worlds.
    """
    lens = lens_of(dispute, role, side, table.start)
    names = features(tuple(dispute.interests))
    rows = [
        row_of(state, lens, years) for state, years in zip(table.states, table.years, strict=True)
    ]
    # What was there before is seen at the same distance, so that it cancels out.
    bases = {years: row_of(table.before, lens, years) for years in np.unique(table.years)}
    pairs = [(row, bases[years]) for row, years in zip(rows, table.years, strict=True)]
    limits = table.facts["frame"] == Frame.DELIMITATION.value
    values = [_difference(names, *pair, limit) for pair, limit in zip(pairs, limits, strict=True)]
    money = np.zeros((len(rows), len(names)))
    for interest, kind in lens.money.items():
        money[:, names.index(interest)] = _change(pairs, kind)
    return Features(
        names=names,
        values=np.array(values).reshape(money.shape),
        concession=_concession(pairs, lens),
        gained=np.clip(_change(pairs, "gained"), 0.0, 1.0),
        given=np.clip(_change(pairs, "given"), 0.0, 1.0),
        money=money,
        late=np.array([row["late"] for row in rows]),
        framed=_framed(table, lens),
        votes=_votes(table, side),
        untied=np.zeros(len(rows)),
        ends_urgency=np.zeros(len(rows)),
    )


def changed(table: PackageTable, dispute: Dispute, role: Role, side: Side) -> tuple[bool, Bools]:
    """Return whether a side sees things as they were not at the very start: before, and after each.

    Parameters
    ----------
    table : PackageTable
    dispute : Dispute
    role : Role
        Which side looks.
    side : Side

    Returns
    -------
    pair of bool and ndarray of bool, shape (packages,)
    """
    lens = lens_of(dispute, role, side, table.start)
    start, before, *after = (
        row_of(state, lens, 0.0) for state in (table.start, table.before, *table.states)
    )
    return before != start, np.array([row != start for row in after], dtype=bool)


def _votes(table: PackageTable, side: Side) -> Bools:
    votes = np.ones((len(side.ratifiers), len(table)), dtype=bool)
    for place, ratifier in enumerate(side.ratifiers.values()):
        if ratifier.votes_on is not None:
            votes[place] = table.where(ratifier.votes_on.texts, alone=True)
    return votes


def _framed(table: PackageTable, lens: Lens) -> float:
    now = row_of(table.before, lens, 0.0).get("dialogue", 0.0)
    start = row_of(table.start, lens, 0.0).get("dialogue", 0.0)
    return float(np.clip(now - start, 0.0, 1.0))


def _change(pairs: list[tuple[Row, Row]], name: str) -> Floats:
    return np.array([row[name] - before[name] for row, before in pairs])


def _difference(names: tuple[str, ...], row: Row, before: Row, delimited: bool) -> list[float]:
    standing = row["standing"] - before["standing"]
    step = row["standing step"] - before["standing step"]
    split = {
        STANDING_DELIMITATION: standing if delimited else 0.0,
        STANDING_TREATY: 0.0 if delimited else standing,
        STEP_DELIMITATION: step if delimited else 0.0,
        STEP_TREATY: 0.0 if delimited else step,
    }
    return [split[n] if n in split else row.get(n, 0.0) - before.get(n, 0.0) for n in names]


def _concession(pairs: list[tuple[Row, Row]], lens: Lens) -> Floats:
    land = stepped(np.maximum(_change(pairs, "given"), 0.0), lens.step)
    wording = [
        before.get("recognition", 0.0) - row.get("recognition", 0.0) for row, before in pairs
    ]
    most = np.maximum(np.maximum(land, _change(pairs, "renounced")), wording)
    return np.asarray(np.clip(most, 0.0, 1.0))


@dataclass(frozen=True)
class WeightMultipliers:
    """What multiplies a side's moving weights in one round.

    Parameters
    ----------
    factors : mapping of interest to ndarray, shape (worlds,)
        Factors of the environment's processes; 1 on the weights of interests not named.
    leader_sits : ndarray of bool, shape (worlds,)
        Whether the first leader is in office.
    leader_in_time : ndarray of bool, shape (worlds,)
        Whether a leader for whom that counts is in office, and that leader's deadline is still to
        come: the first, with successions any.
    urgency : ndarray, shape (worlds,), optional
        What waiting costs, in points, which packages that end it bring; absent, where any text
        ends it.
    """

    factors: Mapping[str, Floats]
    leader_sits: Bools
    leader_in_time: Bools
    urgency: Floats | None = None

    def rows(self, worlds: Rows) -> WeightMultipliers:
        """Return the multipliers in some worlds."""
        factors = {interest: values[worlds] for interest, values in self.factors.items()}
        urgency = None if self.urgency is None else self.urgency[worlds]
        sits, in_time = self.leader_sits[worlds], self.leader_in_time[worlds]
        return WeightMultipliers(factors, sits, in_time, urgency)


lasting_utility = memoize_by_identity(additive_utility)
"""`additive_utility` of weights and features that do not change, worked out once for all blocks
and cells that share them."""


def weights_on(
    names: tuple[str, ...],
    quantities: Mapping[str, Quantity],
    phi: Floats,
    step: Quantity,
    draws: Draws,
) -> Floats:
    """Return weights on features, from quantities named by interest.

    Parameters
    ----------
    names : tuple of str
        The features.
    quantities : mapping of interest to Quantity
        Interests that are left out have no weight.
    phi : ndarray, shape (worlds,)
        Frame factor on standing under a delimitation.
    step : Quantity
        The side's `standing_step`; features are measured at its median.
    draws : Draws

    Returns
    -------
    ndarray, shape (worlds, features)
        Points; the same array for the same draws, so nobody may change it in place.
    """
    asked = [(c, quantities.get(interest_of(name))) for c, name in enumerate(names)]
    found = [(c, draws.of(quantity)) for c, quantity in asked if quantity is not None]
    framed = tuple((name in DELIMITED, name in STEPS) for name in names)
    beyond = _less(draws.of(step), (step.point,))
    return _table(framed, tuple(c for c, _ in found), phi, beyond, *(drawn for _, drawn in found))


@memoize_by_identity
def _less(values: Floats, median: tuple[float]) -> Floats:
    return values - median[0]


@memoize_by_identity
def _table(
    framed: tuple[tuple[bool, bool], ...],
    columns: tuple[int, ...],
    phi: Floats,
    beyond: Floats,
    *drawn: Floats,
) -> Floats:
    values = np.zeros((len(phi), len(framed)))
    for column, weight in zip(columns, drawn, strict=True):
        delimited, by_step = framed[column]
        values[:, column] = weight * (phi if delimited else 1.0) * (beyond if by_step else 1.0)
    return values


@memoize_by_identity
def _without(values: Floats, columns: tuple[int, ...]) -> Floats:
    still = values.copy()
    still[:, list(columns)] = 0.0
    return still


@memoize_by_identity
def _beside(columns: tuple[int, ...], values: Floats, *others: Floats) -> Floats:
    return np.column_stack([values[:, list(columns)], *others])


class Weights:
    """A government's weights on features.

    Parameters
    ----------
    side : Side
    dispute : Dispute
    draws : Draws
    """

    def __init__(self, side: Side, dispute: Dispute, draws: Draws) -> None:
        self.names = features(tuple(dispute.interests))
        phi = draws.of(side.preferences.frame_factor)
        self.values = weights_on(
            self.names, side.preferences.weights, phi, side.preferences.standing_step, draws
        )
        self._interests = tuple(interest_of(name) for name in self.names)
        successor = side.leader.successor.weights
        self._successor = {
            column: draws.of(successor[interest])
            for column, interest in enumerate(self._interests)
            if interest in successor
        }
        self._only_in_office = self._columns(lambda name: dispute.interest(name).only_in_office)
        self._draws, self._factors = draws, successor
        self._phi, self._step = phi, side.preferences.standing_step
        if draws.scenario.environment.successions.enabled:
            for column in self._only_in_office:
                self._successor.setdefault(column, np.zeros(len(phi)))
        self._money = self._columns(money_interests(dispute).__contains__)
        multiplied = self._columns(draws.scenario.environment.multiplied.__contains__)
        self.moving = tuple(sorted({*self._successor, *self._only_in_office, *multiplied}))
        self._urgency_ends = draws.scenario.environment.fading.enabled
        self._moving_values = np.ascontiguousarray(self.values[:, list(self.moving)].T)
        self._still_values = _without(self.values, self.moving)

    def succeed(self, new: Bools, number: Ints) -> None:
        """Let successors who take office weigh interests their own way.

        Parameters
        ----------
        new : ndarray of bool, shape (worlds,)
            Where one does.
        number : ndarray of int, shape (worlds,)
            Which one it is; 0 elsewhere.
        """
        for column, before in self._successor.items():
            factor = self._factors.get(self._interests[column])
            if factor is not None:
                drawn = self._draws.of_successors(factor, number)
                self._successor[column] = np.where(new, drawn, before)

    def resume(self, earlier: Weights, followed: Bools) -> None:
        """Weigh as successors do who have taken office in some worlds of another model."""
        for column, own in self._successor.items():
            self._successor[column] = np.where(followed, earlier._successor[column], own)

    def taken_for(self, stated: BelievedWeights | None) -> Floats:
        """Return what the other side takes the weights for, before its errors.

        Parameters
        ----------
        stated : BelievedWeights, optional
            What is said of its beliefs; the weights are those of the first leader, before the
            environment moves any.

        Returns
        -------
        ndarray, shape (worlds, features)
            Points; the very array of the weights where nothing is stated.
        """
        if stated is None:
            return self.values
        values, draws = self.values.copy(), self._draws
        points = weights_on(self.names, stated.points, self._phi, self._step, draws)
        for column, interest in enumerate(self._interests):
            if interest in stated.points:
                values[:, column] = points[:, column]
            elif interest in stated.factors:
                values[:, column] *= draws.of(stated.factors[interest])
        return values

    def still(self, item: Features) -> Floats:
        """Return the part of utility that does not move during talks.

        Returns
        -------
        ndarray, shape (worlds, packages)
        """
        return lasting_utility(self._still_values, item.values)

    def moving_features(self, item: Features) -> Floats:
        """Return the features whose weights move, and last what ends an urgency that may.

        Returns
        -------
        ndarray, shape (packages, moving features)
        """
        ends = [item.ends_urgency] if self._urgency_ends else []
        return _beside(self.moving, item.values, *ends)

    def moved(self, multipliers: WeightMultipliers, worlds: Rows) -> Floats:
        """Return the weights of the moving features in some worlds, as they are now.

        Parameters
        ----------
        multipliers : WeightMultipliers
            Of the same worlds, row by row.
        worlds : ndarray of int, or slice
            Which worlds.

        Returns
        -------
        ndarray, shape (moving features, worlds)
        """
        lines: Floats = np.array(self._moving_values[:, worlds], order="C")
        for line, column in zip(lines, self.moving, strict=True):
            if column in self._successor:
                line *= np.where(multipliers.leader_sits, 1.0, self._successor[column][worlds])
            if self._interests[column] in multipliers.factors:
                line *= multipliers.factors[self._interests[column]]
            if column in self._only_in_office:
                line *= multipliers.leader_in_time
        return lines if multipliers.urgency is None else np.vstack([lines, multipliers.urgency])

    def money_value(
        self, item: Features, multipliers: WeightMultipliers, worlds: Ints, packages: Ints
    ) -> Floats:
        """Return what all the money of some packages is worth, in points.

        Parameters
        ----------
        item : Features
        multipliers : WeightMultipliers
            Of all worlds.
        worlds, packages : ndarray of int, shape (n,)
            Which world and which package.

        Returns
        -------
        ndarray, shape (n,)
        """
        worth = np.zeros(len(worlds))
        for column in self._money:
            price = self.values[worlds, column]
            factor = multipliers.factors.get(self._interests[column])
            price = price if factor is None else price * factor[worlds]
            worth = worth + price * item.money[packages, column]
        return worth

    def _columns(self, belongs: Callable[[str], bool]) -> tuple[int, ...]:
        """Return the columns of the interests to which something applies."""
        return tuple(c for c, interest in enumerate(self._interests) if belongs(interest))
