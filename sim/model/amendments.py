"""Amendments: what parliaments make of signed texts that they ratify with a reservation.

References
----------
H. V. Milner, B. P. Rosendorff (1997). Democratic politics and international trade negotiations.
https://doi.org/10.1177/0022002797041001006
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import numpy as np

from sim.domain.package import PackageTable
from sim.domain.ratifier import Amendment, Parliament
from sim.model.view import Party, RoundView
from sim.model.worlds import NOBODY
from sim.quantities import Bools, Ints

__all__ = ["Willing", "amend", "texts_at", "wordings"]

Willing = Callable[[Party, str, Amendment], Bools]
"""Takes a side, the name of a ratifier and how it changes texts, and returns where it does."""


def texts_at(view: RoundView, packages: Ints, rows: Ints | None = None) -> RoundView:
    """Return the view of one package in each row of a view, or in each of some of its rows."""
    worlds = view.worlds if rows is None else view.worlds[rows]
    return RoundView(view.context, view.node, worlds).at(np.arange(len(worlds)), packages)


def wordings(
    table: PackageTable, package: int, clauses: Collection[str], changed: Collection[str]
) -> Ints:
    """Return the packages that differ from one in the level of a single clause, one of some.

    Parameters
    ----------
    table : PackageTable
    package : int
    clauses : collection of str
        All clauses of the dispute.
    changed : collection of str
        Those of which one may differ.

    Returns
    -------
    ndarray of int
    """
    differ = {name: table.facts[name] != table.facts[name][package] for name in clauses}
    once = np.sum([*differ.values()], axis=0) == 1
    return np.flatnonzero(once & np.any([differ[name] for name in changed], axis=0))


def amend(
    view: RoundView, packages: Ints, table: PackageTable, against: Ints, willing: Willing
) -> tuple[Ints, Ints]:
    """Return what parliaments make of texts, and who has changed each.

    A text is changed once, by the first who does, and only if no ratifier has voted it down before
    it comes to that one; the claimant's come first.

    Parameters
    ----------
    view : RoundView
    packages : ndarray of int, shape (rows,)
        The text in each row.
    table : PackageTable
        Of the node.
    against : ndarray of int, shape (rows,)
        The first ratifier to vote a text down, counted over both sides, or `NOBODY`.
    willing : callable
        Of shape (rows,).

    Returns
    -------
    changed, by : ndarray of int, shape (rows,)
        The text as changed or as it was; who has changed it, or `NOBODY`.
    """
    changed, by = packages.copy(), np.full(len(packages), NOBODY)
    for place, party, name, amends in _amenders(view):
        votes = party.government.package_values[view.node].features.votes
        comes = (by == NOBODY) & ((against == NOBODY) | (against >= place))
        asked = votes[party.ratifiers.names.index(name), packages] & comes
        asked &= willing(party, name, amends)
        best = _best_worded(view, packages, table, (party, amends), asked)
        by[best != packages] = place
        changed = np.where(best != packages, best, changed)
    return changed, by


def _amenders(view: RoundView) -> Iterator[tuple[int, Party, str, Amendment]]:
    """Yield who may change texts, each with its place among the ratifiers of both sides."""
    place = 0
    for party in view.context.parties:
        for name, ratifier in party.government.side.ratifiers.items():
            if isinstance(ratifier, Parliament) and ratifier.amends is not None:
                yield place, party, name, ratifier.amends
            place += 1


def _best_worded(
    view: RoundView,
    packages: Ints,
    table: PackageTable,
    who: tuple[Party, Amendment],
    asked: Bools,
) -> Ints:
    """Return, where it is asked for, the wording of each text that a public supports most."""
    party, amends = who
    side, clauses = party.role.position, party.government.clauses
    result, most = packages.copy(), texts_at(view, packages).support(side)
    for package in np.unique(packages[asked]):
        rows = np.flatnonzero(asked & (packages == package))
        for other in wordings(table, int(package), clauses, amends.clauses):
            support = texts_at(view, np.full(len(rows), other), rows).support(side)
            better = support > most[rows]
            result[rows[better]], most[rows[better]] = other, support[better]
    return result
