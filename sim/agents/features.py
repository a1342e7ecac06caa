"""Measure packages by what each side cares about.

The features of a package are the difference between the state it would create and the state
before it, so a stage that comes later is charged only for what it adds: what was given no longer
has to be bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.agents.state_rows import Lens, Row, lens_of, row_of
from sim.domain.clause import Frame
from sim.domain.dispute import Dispute
from sim.domain.interest import STANDING_DELIMITATION, STANDING_TREATY, Role, features, interest_of
from sim.domain.package import PackageTable
from sim.domain.side import Side
from sim.equations.utility import stepped
from sim.quantities import Bools, Floats


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

    def column(self, name: str) -> Floats:
        """Return one feature, or one interest over all its features, of all packages."""
        here = [c for c, each in enumerate(self.names) if name in (each, interest_of(each))]
        return np.asarray(self.values[:, here].sum(axis=1))

    @cached_property
    def sunk(self) -> Floats:
        """Return what stays done after a walk-back at an unknown time, on average.

        Returns
        -------
        ndarray, shape (packages, features)
        """
        return (1.0 - self.late)[:, None] * self.money


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
    frames = [state.frame(dispute) for state in table.states]
    values = [_difference(names, *pair, frame) for pair, frame in zip(pairs, frames, strict=True)]
    money = np.zeros((len(rows), len(names)))
    money[:, names.index("economy")] = _change(pairs, "received")
    money[:, names.index("payment")] = _change(pairs, "paid")
    return Features(
        names=names,
        values=np.array(values).reshape(money.shape),
        concession=np.array([_concession(row, before, lens) for row, before in pairs]),
        gained=np.clip(_change(pairs, "gained"), 0.0, 1.0),
        given=np.clip(_change(pairs, "given"), 0.0, 1.0),
        money=money,
        late=np.array([row["late"] for row in rows]),
        framed=_framed(table, lens),
        votes=_votes(table, side),
    )


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


def _difference(names: tuple[str, ...], row: Row, before: Row, frame: Frame) -> list[float]:
    standing = row["standing"] - before["standing"]
    delimited = frame is Frame.DELIMITATION
    split = {
        STANDING_DELIMITATION: standing if delimited else 0.0,
        STANDING_TREATY: 0.0 if delimited else standing,
    }
    return [split[n] if n in split else row.get(n, 0.0) - before.get(n, 0.0) for n in names]


def _concession(row: Row, before: Row, lens: Lens) -> float:
    given = max(row["given"] - before["given"], 0.0)
    renounced = max(row["renounced"] - before["renounced"], 0.0)
    wording = before.get("recognition", 0.0) - row.get("recognition", 0.0)
    land = float(stepped(np.array(given), lens.step))
    return float(np.clip(max(land, renounced, wording), 0.0, 1.0))
