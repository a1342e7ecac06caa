"""Opinion of both publics on one package over the years of the talks, with the polls."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.polls import Reading, readings
from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import opinions
from sim.plotting.canvas import heading, legend_aside, open_axes, panels, tidy
from sim.plotting.style import (
    GREY,
    ROLE_COLOURS,
    deal_label,
    ground,
    ink,
    known,
    package_label,
    wrapped,
)

__all__ = ["opinion"]

_MARKS = "Dv^<>ph"


def opinion(
    result: EnsembleResult,
    *,
    deal: str | None = None,
    package: int | None = None,
    worlds: int = 256,
    ax: Axes | None = None,
) -> Axes:
    """Draw both publics' support for one package over the years of the talks.

    Parameters
    ----------
    result : EnsembleResult
    deal : str, optional
        A structure; absent, the first of the scenario.
    package : int, optional
        Its place in the table of the first stage; absent, the one nearest to passing.
    worlds : int
        In how many worlds, at most 1,024.
    ax : Axes, optional
        Its place is divided among two panels, its `child_axes`.

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    """
    scenario = result.scenario
    deal = known(scenario, deal or next(iter(scenario.structures)))
    table = opinions(scenario, deal, package=package, worlds=worlds)
    ax = open_axes(ax, 5.4)
    levels = _levels(result, str(table["package"].iloc[0]))
    parts = panels(ax, (1, 1))
    for role, panel in zip(ROLES, parts, strict=True):
        _public(panel, table[table["role"] == role.value], role, scenario)
        for reading, mark in zip(readings(scenario, role), _MARKS, strict=False):
            _poll(panel, reading, mark, levels)
        legend_aside(panel)
    parts[1].set_xlabel(f"years since {wrapped(scenario.start, 40, 1)}")
    clauses = scenario.dispute.clauses
    before = {name: clause.baseline for name, clause in clauses.items() if clause.baseline}
    text = f"support for: {package_label(clauses, levels, before)}"
    title = f"Opinion while the talks go on: {deal_label(scenario, deal, 50)}"
    heading(ax, title, wrapped(text, 105, 3), scenario.overrides)
    return ax


def _public(ax: Axes, rows: pd.DataFrame, role: Role, scenario: Scenario) -> None:
    colour, public = ROLE_COLOURS[role], scenario.side(role).public
    years = rows["years"]
    ax.fill_between(
        years,
        100 * rows["low"],
        100 * rows["high"],
        color=colour,
        alpha=0.25,
        linewidth=0,
        label="80 % of worlds",
    )
    ax.plot(years, 100 * rows["median"], color=colour, label="median world")
    ax.plot(years, 100 * rows["needed"], "--", color=ink(), linewidth=1, label="asked by ratifiers")
    ax.set_ylabel(f"{wrapped(public.label, 24, 2)}\n(%)", fontsize=9)
    ax.set_ylim(-3, 103)
    ax.set_xlim(min(0.0, float(years.min())) - 0.15, float(years.max()) + 0.15)
    tidy(ax, "y")


def _poll(ax: Axes, reading: Reading, mark: str, levels: Mapping[str, str]) -> None:
    """Draw a poll: filled if it asked for this text, grey and said so if for anything else."""
    same = reading.package is not None and reading.package.items() <= levels.items()
    kind = "poll" if same else "asked otherwise,"
    label = wrapped(f"{kind} {reading.date}: {reading.label}", 32, 4)
    colour = ink() if same else GREY
    low, high = (100 * share for share in reading.shares)
    ax.errorbar(
        reading.years,
        (low + high) / 2,
        yerr=(high - low) / 2,
        fmt=mark,
        color=colour,
        markerfacecolor=colour if same else ground(),
        markersize=6,
        capsize=2,
        label=label,
        zorder=4,
        clip_on=False,
    )


def _levels(result: EnsembleResult, package: str) -> dict[str, str]:
    """Return what a package says, clause by clause.

    Raises
    ------
    ScenarioError
        If the result's table has no such package.
    """
    rows = result.packages.set_index("id")
    if package not in rows.index:
        raise ScenarioError([Fault("packages", f"a row for {package}", "none")])
    row = rows.loc[package]
    clauses = result.scenario.dispute.clauses
    return {name: str(row[name]) for name in clauses if isinstance(row[name], str)}
