"""Win-sets: the packages of a structure by their support in both publics."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.domain.interest import ROLES
from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import Tabletop, nearest_to_passing, tabletop
from sim.plotting.canvas import heading, legend_inside, open_axes, share_scatter, tidy
from sim.plotting.style import ROLE_COLOURS, deal_label, ink, known, package_label, wrapped
from sim.quantities import BLOCK_WORLDS

__all__ = ["win_sets"]


def win_sets(
    result: EnsembleResult, *, deal: str | None = None, worlds: int = 256, ax: Axes | None = None
) -> Axes:
    """Draw every package of the first stage by its support in both publics at the start.

    Parameters
    ----------
    result : EnsembleResult
    deal : str, optional
        A structure; absent, the first of the scenario.
    worlds : int
        In how many worlds the publics are asked, at most 1,024.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    """
    deal = known(result.scenario, deal or next(iter(result.scenario.structures)))
    worlds = min(worlds, BLOCK_WORLDS)
    top = tabletop(result.scenario, deal, worlds=worlds)
    ax = open_axes(ax, 5.4)
    _needed(ax, result, top)
    _packages(ax, top)
    tidy(ax)
    ax.set(xlim=(-2, 102), ylim=(-2, 102))
    names = [result.scenario.side(role).public.label for role in ROLES]
    ax.set_xlabel(f"support in {wrapped(names[0], 60, 1)} (%), median world")
    ax.set_ylabel(f"support in {wrapped(names[1], 60, 1)} (%), median world")
    legend_inside(ax)
    where = (
        f"stage: {top.node.label}; {len(top.node.table)} packages, {worlds:,} worlds, at the start"
    )
    title = f"Who would pass what: {deal_label(result.scenario, deal, 56)}"
    note = f"{wrapped(where, 104, 1)}\n{_nearest(ax, result, top)}"
    heading(ax, title, note, result.scenario.overrides)
    return ax


def _packages(ax: Axes, top: Tabletop) -> None:
    support = [100 * np.median(top.talk.support(side), axis=0) for side in (0, 1)]
    passing = 100 * top.talk.ratifiable.mean(axis=0)
    order = np.argsort(passing, kind="stable")
    points = support[0][order], support[1][order]
    label = "worlds in which both sides' ratifiers would pass it (%)"
    share_scatter(ax, points, passing[order], label, size=26)


def _needed(ax: Axes, result: EnsembleResult, top: Tabletop) -> None:
    """Draw what ratifiers ask of each public: the median world, and 80 % of worlds."""
    for role in ROLES:
        side, colour = role.position, ROLE_COLOURS[role]
        asked = np.quantile(np.clip(100 * top.talk.required(side), 0, 100), [0.1, 0.5, 0.9])
        span, line = (ax.axvspan, ax.axvline) if side == 0 else (ax.axhspan, ax.axhline)
        span(asked[0], asked[2], color=colour, alpha=0.15, linewidth=0)
        name = wrapped(result.scenario.side(role).label, 30, 1)
        dashes = "-" if side == 0 else "--"
        line(
            asked[1],
            color=colour,
            linestyle=dashes,
            label=f"asked in {name}: median, 80 % of worlds",
        )


def _nearest(ax: Axes, result: EnsembleResult, top: Tabletop) -> str:
    """Ring the package that passes most often, and return what it is."""
    best = nearest_to_passing(top)
    at = [100 * float(np.median(top.talk.support(side)[:, best])) for side in (0, 1)]
    ax.plot(
        *at, "o", markersize=13, color="none", markeredgecolor=ink(), markeredgewidth=1.5, zorder=4
    )
    table = top.node.table
    clauses = result.scenario.dispute.clauses
    text = package_label(clauses, table.states[best].levels, table.before.levels)
    return wrapped(f"ringed, nearest to passing: {text}", 104, 3)
