"""Pictures of what it would take: distance ladder, matrix of coalitions, settlement map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from sim.domain.interest import ROLES
from sim.domain.narration import percent
from sim.domain.scenario import Scenario
from sim.experiments.conditions.conditions import Conditions, StructureConditions
from sim.experiments.conditions.distance import REACHED
from sim.experiments.conditions.path import FRIENDLY, GONE, DeclaredPath
from sim.experiments.conditions.settlement_map import ALONG, STEPS, SettlementMap
from sim.experiments.conditions.trials import EVENT_LABELS, EVENTS
from sim.plotting.canvas import SMALL, WIDTH, changed, heading, image, legend_below, open_axes, tidy
from sim.plotting.style import (
    DONE_COLOURS,
    DONE_MARKS,
    SHARE_COLOURS,
    deal_label,
    deal_labels,
    ground,
    ink,
    key_label,
    known,
    tint,
    wrapped,
)

__all__ = [
    "TAKES",
    "coalition_matrix",
    "condition_pictures",
    "distance_ladder",
    "has_matrix",
    "settlement_map",
]

_ROW, _REST = 0.42, 2.2
"""Inches of a row, and of what is above and below all rows."""
_REST_TOLD = "all else: at 0 as drawn, at 1 at its friendly end, at 0.5 half way there"
_APART = 0.24
"""Between the events of a structure, as a part of its row."""


def condition_pictures(
    found: Conditions,
    kind: str = "png",
    names: Sequence[str] = (),
    deal: str | None = None,
) -> dict[str, bytes]:
    """Return the pictures of what it would take, by file name.

    Parameters
    ----------
    found : Conditions
    kind : {"png", "svg", "pdf"}
    names : sequence of str, optional
        Of `TAKES`; absent, all.
    deal : str, optional
        Whose matrix and map; absent, those of every structure that has one.

    Returns
    -------
    dict of name to bytes
        The ladder; for each structure that has one, a matrix and a map.
    """
    files: dict[str, bytes] = {}
    if not names or "ladder" in names:
        files[f"ladder.{kind}"] = image(distance_ladder(found), kind)
    for name, one in found.structures.items():
        if deal not in (None, name):
            continue
        if has_matrix(one) and (not names or "matrix" in names):
            files[f"matrix_{name}.{kind}"] = image(coalition_matrix(found, name), kind)
        if one.map_ is not None and (not names or "map" in names):
            files[f"map_{name}.{kind}"] = image(settlement_map(found, name), kind)
    return files


def has_matrix(one: StructureConditions) -> bool:
    """Tell whether there is a set of changes to draw."""
    return one.coalitions is not None and any(least.groups for least in one.coalitions.found)


def distance_ladder(found: Conditions, *, ax: Axes | None = None) -> Axes:
    """Draw how far along the way each structure brings each event about.

    The mark stands where a tenth of worlds get there, with its 95 % interval; the thin line ends
    where half of them do, or at the edge where these never do.

    Parameters
    ----------
    found : Conditions
    ax : Axes, optional
        Where to draw; absent, on a new figure.

    Returns
    -------
    Axes
    """
    order = found.ordered()
    ax = open_axes(ax, _REST + _ROW * len(order))
    rows = np.arange(len(order))[::-1]
    for turn, event in enumerate(EVENTS):
        for row, deal in zip(rows, order, strict=True):
            _rung(ax, found, deal, event, row + _APART * (1 - turn))
    for t in (FRIENDLY, GONE):
        ax.axvline(t, color=tint(0.4), linewidth=0.8, zorder=0)
    handles = [
        Line2D(
            [], [], color=DONE_COLOURS[event], marker=DONE_MARKS[event], label=EVENT_LABELS[event]
        )
        for event in EVENTS
    ]
    ax.set_yticks(rows, deal_labels(found.scenario, order))
    ax.set_ylim(-0.6, len(order) - 0.4)
    ax.set_xlim(-0.04, GONE + 0.04)
    ax.set_xticks(
        [0, 0.5, FRIENDLY, 1.5, GONE],
        ["0\nas drawn", "0.5", "1\nfriendly ends", "1.5", "2\nnothing refused"],
    )
    note = "mark: a tenth of worlds get there, with 95 % interval; end of the line: half of them do"
    heading(
        ax, f"{found.scenario.title}: how far each structure is", note, found.scenario.overrides
    )
    tidy(ax)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    legend_below(ax, handles, inches=0.5, columns=3, flush="right")
    return ax


def _rung(ax: Axes, found: Conditions, deal: str, event: str, height: float) -> None:
    few, half = (found.structures[deal].distance.at(event, share) for share in REACHED)
    if not np.isfinite(few.size):
        return
    colour = DONE_COLOURS[event]
    end = half.size if np.isfinite(half.size) else GONE
    ax.plot([few.size, end], [height] * 2, color=colour, linewidth=1.0, solid_capstyle="butt")
    if np.isfinite(half.size):
        ax.plot([end], [height], color=colour, marker="|", markersize=6)
    high = few.high if np.isfinite(few.high) else GONE
    reach = [[max(few.size - few.low, 0.0)], [max(high - few.size, 0.0)]]
    style: dict[str, Any] = {"ecolor": tint(0.75), "elinewidth": 2.2, "markersize": 4.5}
    ax.errorbar([few.size], [height], xerr=reach, fmt=DONE_MARKS[event], color=colour, **style)


def coalition_matrix(
    found: Conditions, deal: str | None = None, *, most: int = 12, ax: Axes | None = None
) -> Axes:
    """Draw the least coalitions of a structure as a matrix: a column is a set, a row a change.

    Parameters
    ----------
    found : Conditions
    deal : str, optional
        Absent, the nearest structure that has a coalition.
    most : int
        How many sets, the smallest first.
    ax : Axes, optional

    Returns
    -------
    Axes

    References
    ----------
    A. Lex, N. Gehlenborg, H. Strobelt, R. Vuillemot, H. Pfister (2014). UpSet: visualization of
    intersecting sets. https://doi.org/10.1109/TVCG.2014.2346248
    """
    deal = known(found.scenario, deal or _nearest(found))
    sought = found.structures[deal].coalitions
    if sought is None or not has_matrix(found.structures[deal]):
        raise ValueError(f"no set of changes is known for {deal}")
    sets = sought.found[:most]
    words = {name: group.label for name, group in DeclaredPath(found.scenario).groups.items()}
    counts = {name: sum(name in one.groups for one in sets) for name in words}
    names = sorted((name for name in words if counts[name]), key=lambda name: counts[name])
    ax = open_axes(ax, 1.7 + 0.3 * len(names))
    for column, one in enumerate(sets):
        rows = [names.index(name) for name in one.groups]
        ax.plot([column] * 2, [min(rows), max(rows)], color=ink(), linewidth=1.4, zorder=2)
        off = [row for row in range(len(names)) if row not in rows]
        ax.scatter([column] * len(off), off, s=26, color=tint(0.18), zorder=2)
        ax.scatter([column] * len(rows), rows, s=48, color=ink(), zorder=3)
    for row, name in enumerate(names):
        if name in sought.necessary:
            ax.axhspan(row - 0.5, row + 0.5, color=tint(0.25, "#E69F00"), linewidth=0, zorder=0)
    untold = any(np.isnan(one.share) for one in sets)
    shares = ["?" if np.isnan(one.share) else f"{percent(one.share)} %" for one in sets]
    ax.set_xticks(range(len(sets)), shares)
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(names)), [words[name] for name in names])
    ax.set_xlim(-0.6, len(sets) - 0.4)
    ax.set_ylim(-0.6, len(names) - 0.4)
    tidy(ax)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0, labelsize=SMALL)
    many = f"{'all' if sought.complete else 'at least'} {len(sought.found)}"
    goal = f"“{EVENT_LABELS[sought.event]}” in {100 * sought.to:g} % of worlds"
    note = f"least sets of changes for {goal} ({many}, {len(sets)} shown); above each, its share"
    title = f"{deal_label(found.scenario, deal, 60)}: what must give"
    ax.set_title(title, loc="left", fontsize=11, color=ink(), x=0.0)
    lines = [
        note,
        f"in other worlds{' (?: not tried there)' if untold else ''}; a shaded row is in every set",
        changed(found.scenario.overrides),
    ]
    ax.set_xlabel("\n".join(filter(None, lines)), fontsize=SMALL, x=0.35)
    return ax


def _nearest(found: Conditions) -> str:
    able = [deal for deal in found.ordered() if has_matrix(found.structures[deal])]
    return able[0] if able else found.ordered()[0]


def settlement_map(found: Conditions, deal: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the share of worlds over three numbers, with everything else at 0, 1/2 and 1 of the way.

    Parameters
    ----------
    found : Conditions
    deal : str, optional
        Absent, the nearest structure that has a map.
    ax : Axes, optional

    Returns
    -------
    Axes
        The frame around nine panels.
    """
    mapped = [name for name in found.ordered() if found.structures[name].map_ is not None]
    deal = known(found.scenario, deal or (mapped or [""])[0])
    shown = found.structures[deal].map_
    if shown is None:
        raise ValueError(f"no map is known for {deal}")
    ax = open_axes(ax, 0.92 * WIDTH)
    ax.set_axis_off()
    drawn = _panels(ax, shown, found.scenario)
    goal = EVENT_LABELS[shown.event]
    title = f"{deal_label(found.scenario, deal, 60)}: “{goal}”"
    heading(ax, title, _REST_TOLD, found.scenario.overrides)
    bar = ax.figure.colorbar(drawn, ax=ax, pad=0.02, fraction=0.04)
    bar.set_label(f"“{goal}”, % of {shown.worlds} worlds in each cell", fontsize=9)
    return ax


def _panels(host: Axes, shown: SettlementMap, scenario: Scenario) -> Any:
    """Draw nine panels in the place of some axes, and return what the colours are of."""
    along, across = shown.shares.shape[:2]
    width, height, left, low = 0.26, 0.25, 0.14, 0.08
    words = [_axis_words(scenario, axis.pattern) for axis in shown.axes]
    drawn: Any = None
    for row in range(along):
        for column in range(across):
            place = (left + column * (width + 0.025), low + (along - 1 - row) * (height + 0.045))
            panel = host.inset_axes((*place, width, height))
            shares = shown.shares[row, column]
            drawn = panel.imshow(
                100.0 * shares, origin="lower", cmap=SHARE_COLOURS, vmin=0, vmax=100, aspect="auto"
            )
            _numbers(panel, shares)
            _ends(panel, row == along - 1, column == 0)
            if row == 0:
                end = ("firm", "half way", "friendly")[column]
                panel.set_title(end, fontsize=SMALL, color=ink(), pad=3)
            if column == 0:
                panel.set_ylabel(f"rest at {ALONG[row]:g}", fontsize=SMALL, color=ink())
    style: dict[str, Any] = {"fontsize": SMALL, "color": ink(), "transform": host.transAxes}
    host.text(left + 0.42, 0.0, f"across: {words[0]}", ha="center", va="bottom", **style)
    host.text(0.0, 0.53, f"up: {words[1]}", ha="left", va="center", rotation=90, **style)
    host.text(left + 0.42, 0.985, f"panels: {words[2]}", ha="center", va="top", **style)
    return drawn


def _axis_words(scenario: Scenario, pattern: str) -> str:
    """Return the numbers that a pattern names in words."""
    if "*" not in pattern:
        return wrapped(key_label(scenario, pattern), 58, 1)
    first, *rest = pattern.split(".")
    sides = {role.value: scenario.side(role).label for role in ROLES} | {"*": "both sides"}
    words = [sides.get(first, first), *("all" if part == "*" else part for part in rest)]
    return wrapped(": ".join(words).replace("_", " "), 58, 1)


def _numbers(panel: Axes, shares: np.ndarray) -> None:
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 6.5}
    for (row, column), share in np.ndenumerate(shares):
        colour = "black" if share > 0.55 else "white"
        panel.text(column, row, percent(float(share)), color=colour, **style)


def _ends(panel: Axes, lowest: bool, leftmost: bool) -> None:
    ends = [0, len(STEPS) - 1]
    for axis, told in ((panel.xaxis, lowest), (panel.yaxis, leftmost)):
        axis.set_major_locator(FixedLocator(ends))
        axis.set_ticklabels(["firm", "friendly"] if told else ["", ""], fontsize=7)
    panel.tick_params(length=0, pad=2)
    for spine in panel.spines.values():
        spine.set_edgecolor(ground())


TAKES: Mapping[str, Callable[..., Axes]] = {
    "ladder": distance_ladder,
    "matrix": coalition_matrix,
    "map": settlement_map,
}
"""The pictures of what it would take, by name."""
