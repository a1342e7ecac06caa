"""Measure packages by what each side cares about.

The features of a package are the difference between the state it would create and the state
before it, so a stage that comes later is charged only for what it adds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.clause import ClauseKind, Frame
from sim.domain.dispute import Dispute
from sim.domain.interest import STANDING_DELIMITATION, STANDING_TREATY, Role, features
from sim.domain.package import PackageTable
from sim.domain.side import Side
from sim.domain.state import State
from sim.equations.utility import saturating, stepped
from sim.quantities import Floats, Ints

_PROFILE_WEIGHT = {"front": 0.0, "even": 0.5, "back": 1.0}


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
    flow : ndarray, shape (packages,)
        Change of `economy` by money received: what stops after a walk-back.
    profile : ndarray of int, shape (packages,)
        When money flows: -1 up front, 0 evenly, 1 at the end.
    sunk : ndarray, shape (packages, features)
        Features of what stays done after a walk-back: money paid up front.
    """

    names: tuple[str, ...]
    values: Floats
    concession: Floats
    gained: Floats
    given: Floats
    flow: Floats
    profile: Ints
    sunk: Floats

    def column(self, name: str) -> Floats:
        """Return one feature of all packages."""
        return np.asarray(self.values[:, self.names.index(name)])


@dataclass(frozen=True)
class _Lens:
    """Everything that turns states into one side's features."""

    dispute: Dispute
    role: Role
    start: State
    values: Floats
    military: Floats
    step: float
    economy_scale: float
    discount: float


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
    lens = _lens(table, dispute, role, side)
    names = features(tuple(dispute.interests))
    before = _raw(table.before, lens, 0.0)
    rows = [
        _raw(state, lens, years) for state, years in zip(table.states, table.years, strict=True)
    ]
    frames = [state.frame(dispute) for state in table.states]
    values = np.array(
        [_difference(names, row, before, frame) for row, frame in zip(rows, frames, strict=True)]
    ).reshape(len(rows), len(names))
    paid = np.array([row["up_front"] for row in rows]) - before["up_front"]
    received = np.array([row["kept"] for row in rows]) - before["kept"]
    sunk = np.zeros_like(values)
    sunk[:, names.index("payment")] = -paid
    sunk[:, names.index("economy")] = received
    given = np.array([row["given"] for row in rows])
    return Features(
        names=names,
        values=values,
        concession=np.array([_concession(row, before, lens) for row in rows]),
        gained=np.clip(np.array([row["gained"] for row in rows]) - before["gained"], 0.0, 1.0),
        given=np.clip(given - before["given"], 0.0, 1.0),
        flow=np.array([row["flow"] for row in rows]) - before["flow"],
        profile=np.array([row["profile"] for row in rows], dtype=np.int64),
        sunk=sunk,
    )


def _lens(table: PackageTable, dispute: Dispute, role: Role, side: Side) -> _Lens:
    worth = np.array([item.value.of(role) for item in dispute.objects.values()])
    military = [
        item.military_value.of(role) if item.military_value else 0.0
        for item in dispute.objects.values()
    ]
    return _Lens(
        dispute=dispute,
        role=role,
        start=table.start,
        values=worth / worth.sum() if worth.sum() > 0 else worth,
        military=np.array(military),
        step=side.preferences.standing_step.point,
        economy_scale=side.preferences.economy_scale.point,
        discount=side.leader.discount_factor.point,
    )


def _difference(
    names: tuple[str, ...], row: dict[str, float], before: dict[str, float], frame: Frame
) -> list[float]:
    standing = row["standing"] - before["standing"]
    delimited = frame is Frame.DELIMITATION
    split = {
        STANDING_DELIMITATION: standing if delimited else 0.0,
        STANDING_TREATY: 0.0 if delimited else standing,
    }
    return [split[n] if n in split else row.get(n, 0.0) - before.get(n, 0.0) for n in names]


def _raw(state: State, lens: _Lens, years: float) -> dict[str, float]:
    own, other = lens.role.position, lens.role.other.position
    delay = lens.discount**years
    moved = state.administration[:, own] - lens.start.administration[:, own]
    gained, given = _shares_moved(state, lens)
    recognition = state.level(lens.dispute, ClauseKind.RECOGNITION)
    relief = recognition.relief if recognition else 0.0
    step = lens.step
    standing = stepped(np.array(gained), step) - (1 - relief) * stepped(np.array(given), step)
    framed = state.frame(lens.dispute) is Frame.TREATY
    fixed = state.title.sum(axis=1) > 1 - 1e-9
    row = {
        "territory": delay * float(lens.values @ moved),
        "title": float(lens.values @ (state.title[:, own] - state.title[:, other])),
        "closure": float(lens.values @ fixed),
        "standing": float(standing),
        "peace": float(framed),
        "legacy": float(framed),
        "security": delay * float(lens.military @ moved),
        "precedent": -given,
        "gained": gained,
        "given": given,
        "renounced": _renounced(state, lens),
    }
    return _add_effects(row | _money(state, lens, years), state, lens)


def _shares_moved(state: State, lens: _Lens) -> tuple[float, float]:
    own, other = lens.role.position, lens.role.other.position
    had = lens.start.administration[:, own]
    moved = state.administration[:, own] - had
    titled = np.where(had < 1, state.title[:, own] - lens.start.title[:, own], 0.0)
    ceded = np.where(had > 0, state.title[:, other] - lens.start.title[:, other], 0.0)
    gained = lens.values @ np.maximum(np.maximum(moved, titled), 0.0)
    given = lens.values @ np.maximum(np.maximum(-moved, ceded), 0.0)
    return float(gained), float(given)


def _renounced(state: State, lens: _Lens) -> float:
    other = lens.role.other.position
    had = lens.start.administration[:, lens.role.position]
    lost = np.where(had > 0, 0.0, state.title[:, other] - lens.start.title[:, other])
    return float(lens.values @ np.maximum(lost, 0.0))


def _money(state: State, lens: _Lens, years: float) -> dict[str, float]:
    row = {"economy": 0.0, "payment": 0.0, "flow": 0.0, "up_front": 0.0, "kept": 0.0}
    row["profile"] = 0.0
    for name, clause in lens.dispute.clauses_of(ClauseKind.ECONOMY).items():
        level = clause.levels[state.levels[name]] if name in state.levels else None
        if level is None or level.flow is None:
            continue
        amount = level.flow.point * lens.discount ** (years * _PROFILE_WEIGHT[level.profile])
        gain = float(saturating(np.array(amount), lens.economy_scale))
        front = level.profile == "front"
        row["profile"] = 2.0 * _PROFILE_WEIGHT[level.profile] - 1.0
        if level.payer is lens.role:
            row["payment"] -= amount
            row["up_front"] += amount if front else 0.0
        else:
            row["economy"] += gain
            row["flow"] += gain
            row["kept"] += gain if front else 0.0
    return row


def _add_effects(row: dict[str, float], state: State, lens: _Lens) -> dict[str, float]:
    for clause, level in state.levels.items():
        for interest, amount in (
            lens.dispute.clauses[clause].levels[level].effects.of(lens.role).items()
        ):
            row[interest] = row.get(interest, 0.0) + amount
    return row


def _concession(row: dict[str, float], before: dict[str, float], lens: _Lens) -> float:
    given = max(row["given"] - before["given"], 0.0)
    renounced = max(row["renounced"] - before["renounced"], 0.0)
    wording = before.get("recognition", 0.0) - row.get("recognition", 0.0)
    land = float(stepped(np.array(given), lens.step))
    return float(np.clip(max(land, renounced, wording), 0.0, 1.0))
