"""Say what a state is to one side, column by column, before differences are taken."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.domain.clause import ClauseKind, Frame, Level
from sim.domain.dispute import Dispute
from sim.domain.interest import Role
from sim.domain.package import State, fixed
from sim.domain.side import Side
from sim.equations.commitment import perpetuity
from sim.equations.utility import saturating, stepped
from sim.quantities import Floats

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
    step, economy_scale, discount : float
        See `sim.domain.side.Preferences`; discount factor per year.
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
    step: float
    economy_scale: float
    discount: float
    direct: dict[tuple[str, str], Row] = field(default_factory=dict)
    held: dict[tuple[bytes, bytes], Row] = field(default_factory=dict)


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
        step=side.preferences.standing_step.point,
        economy_scale=side.preferences.economy_scale.point,
        discount=side.leader.discount_factor.point,
    )


def row_of(state: State, lens: Lens, years: float) -> Row:
    """Return the columns of a state that is handed over after some years."""
    delay = lens.discount**years
    held = (state.administration.tobytes(), state.title.tobytes())
    if held not in lens.held:
        lens.held[held] = _of_objects(state, lens)
    row = dict(lens.held[held])
    recognition = state.level(lens.dispute, ClauseKind.RECOGNITION)
    relief = recognition.relief if recognition else 0.0
    row["territory"] *= delay
    row["security"] *= delay
    row["standing"] -= (1 - relief) * row.pop("lost standing")
    row["peace"] = row["legacy"] = float(state.frame(lens.dispute) is Frame.TREATY)
    return _add_levels(row | _money(state, lens, years), state, lens)


def _of_objects(state: State, lens: Lens) -> Row:
    """Return the columns that hang on who administers and owns what, as if handed over now."""
    own, other = lens.role.position, lens.role.other.position
    moved = state.administration[:, own] - lens.start.administration[:, own]
    gained, given = _shares_moved(state, lens)
    return {
        "territory": float(lens.values @ moved),
        "title": float(lens.values @ (state.title[:, own] - state.title[:, other])),
        "closure": float(lens.values @ fixed(state.title)),
        "standing": float(stepped(np.array(gained), lens.step)),
        "lost standing": float(stepped(np.array(given), lens.step)),
        "security": float(lens.military @ moved),
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
    gained = lens.values @ np.maximum(np.maximum(moved, titled), 0.0)
    given = lens.values @ np.maximum(np.maximum(-moved, ceded), 0.0)
    return float(gained), float(given)


def _renounced(state: State, lens: Lens) -> float:
    other = lens.role.other.position
    had = lens.start.administration[:, lens.role.position]
    lost = np.where(had > 0, 0.0, state.title[:, other] - lens.start.title[:, other])
    return float(lens.values @ np.maximum(lost, 0.0))


def _money(state: State, lens: Lens, years: float) -> Row:
    row = {"economy": 0.0, "payment": 0.0, "received": 0.0, "paid": 0.0, "late": 0.0}
    for name, clause in lens.dispute.clauses_of(ClauseKind.ECONOMY).items():
        level = clause.levels[state.levels[name]] if name in state.levels else None
        if level is None or level.flow is None:
            continue
        late = row["late"] = LATE[level.profile]
        amount = level.flow.point * lens.discount ** (years * late)
        if level.payer is lens.role:
            row["payment"] -= amount
            row["paid"] -= amount
        else:
            gain = float(saturating(np.array(amount), lens.economy_scale))
            row["economy"] += gain
            row["received"] += gain
    return row


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
