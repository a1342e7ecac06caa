"""Picture of a comparison: differences between cases in the same worlds, with their intervals."""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes

from sim.experiments.comparison import Comparison
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import DONE_COLOURS, DONE_MARKS, ink, wrapped

__all__ = ["comparison"]

_ROOM = 64
"""Letters of a line over the picture."""
_FILLS: tuple[Literal["full", "none", "left", "top"], ...] = ("full", "none", "left", "top")
"""Marks of one case after another."""


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
    ax = open_axes(ax, 1.9 + max(0.5, 0.16 * len(pairs)) * len(names))
    for turn, (case, what) in enumerate(pairs):
        rows = table[(table["case"] == case) & (table["what"] == what)].set_index("structure")
        rows = rows.loc[names]
        middle = 100.0 * rows["difference"].to_numpy()
        reach = [middle - 100.0 * rows["low"], 100.0 * rows["high"] - middle]
        places = [-at + 0.3 * (0.5 - (turn + 0.5) / len(pairs)) * 2 for at in range(len(names))]
        letter = f"{found.letter(case)}: " if len(found.labels) > 2 else ""
        ax.errorbar(
            middle,
            places,
            xerr=reach,
            fmt=DONE_MARKS[what],
            fillstyle=_FILLS[turn // len(EVENT_LABELS) % len(_FILLS)],
            capsize=2,
            markersize=4.5,
            color=DONE_COLOURS[what],
            label=f"{letter}{EVENT_LABELS[what]}",
        )
    ax.set_ylim(0.5 - len(names), 0.5)
    ax.axvline(0, color=ink(), linewidth=1)
    ax.set_yticks(
        [-at for at in range(len(names))], [wrapped(found.label(n), 30, 2) for n in names]
    )
    ax.set_xlabel("difference in the share of worlds (percentage points)")
    tidy(ax, "x")
    legend_below(ax, columns=3)
    cases = [wrapped(f"{found.letter(label)}: {label}", _ROOM, 2) for label in found.labels]
    told = f"the line at 0; the same {found.worlds:,} worlds, paired, with 95 % intervals"
    others = ", ".join(found.letter(label) for label in found.labels[1:])
    title = f"{others} compared with {found.letter(found.labels[0])}"
    heading(ax, title, "\n".join([*cases, told]), _shared(found))
    return ax


def _shared(found: Comparison) -> list[str]:
    """Return the overrides of all cases that the label of the first does not say."""
    first, *others = (result.scenario.overrides for result in found.results)
    shared = [word for word in first if all(word in each for each in others)]
    return [word for word in shared if word not in found.labels[0]]
