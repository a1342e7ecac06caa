"""Picture of a comparison: differences between cases in the same worlds, with their intervals."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.experiments.comparison import Comparison
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import ink, series, wrapped

__all__ = ["comparison"]

_MARKS = "osD^vP"


def comparison(found: Comparison, *, ax: Axes | None = None) -> Axes:
    """Draw by how much each structure's shares differ from those of the first case.

    Parameters
    ----------
    found : Comparison
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    table = found.table[found.table["what"].isin(EVENT_LABELS)]
    names = list(dict.fromkeys(table["structure"]))
    pairs = [(case, what) for case in found.labels[1:] for what in EVENT_LABELS]
    ax = open_axes(ax, 1.6 + max(0.5, 0.14 * len(pairs)) * len(names))
    for turn, (case, what) in enumerate(pairs):
        rows = table[(table["case"] == case) & (table["what"] == what)].set_index("structure")
        rows = rows.loc[names]
        middle = 100.0 * rows["difference"].to_numpy()
        reach = [middle - 100.0 * rows["low"], 100.0 * rows["high"] - middle]
        places = [-at + 0.3 * (0.5 - (turn + 0.5) / len(pairs)) * 2 for at in range(len(names))]
        label = wrapped(f"{EVENT_LABELS[what]}: {case}", 44, 1)
        ax.errorbar(
            middle,
            places,
            xerr=reach,
            fmt=_MARKS[turn % len(_MARKS)],
            capsize=2,
            markersize=4,
            color=series(turn)[0],
            label=label,
        )
    ax.axvline(0, color=ink(), linewidth=1)
    ax.set_yticks(
        [-at for at in range(len(names))], [wrapped(found.label(n), 30, 2) for n in names]
    )
    ax.set_xlabel("difference in the share of worlds (percentage points)")
    tidy(ax, "x")
    legend_below(ax, columns=2)
    heading(
        ax,
        wrapped(f"Compared with {found.labels[0]}", 52, 1),
        f"the line at 0; the same {found.worlds:,} worlds, paired, with 95 % intervals",
        [word for word in found.results[0].scenario.overrides if word not in found.labels[0]],
    )
    return ax
