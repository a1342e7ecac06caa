"""Figures, axes and legends, and their bytes; nothing here touches global state."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sim.plotting.style import SHARE_COLOURS, ink, literal, tint, wrapped
from sim.quantities import Floats

__all__ = [
    "AXIS_TITLE",
    "FORMATS",
    "SMALL",
    "WIDTH",
    "changed",
    "colour_bar",
    "heading",
    "image",
    "legend_aside",
    "legend_below",
    "legend_inside",
    "open_axes",
    "panels",
    "share_scatter",
    "tidy",
]

WIDTH = 7.2
"""Inches: a page or a notebook cell."""
SMALL = 8.5
"""Points of the small print."""
AXIS_TITLE = {"x": (56, 3), "y": (44, 3)}
"""Letters of a line, and lines, that a title has room for at an axis beside a scale of colours."""
_TITLE = 58
"""Letters of a line of a title."""
FORMATS = ("png", "svg", "pdf")


def open_axes(ax: Axes | None, height: float, width: float = WIDTH) -> Axes:
    """Return the axes to draw in: those given, or those of a new figure.

    Parameters
    ----------
    ax : Axes or None
    height, width : float
        Size of a new figure in inches.
    """
    if ax is not None:
        return ax
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    setattr(ax, "_repr_png_", partial(image, ax))  # noqa: B010 - a notebook that gets it, shows it
    return ax


def panels(host: Axes, heights: Sequence[float], gap: float = 0.16) -> list[Axes]:
    """Return panels one below the other in the place of some axes, sharing their x axis.

    Parameters
    ----------
    host : Axes
        Becomes an empty frame.
    heights : sequence of float
        Relative heights, from the top.
    gap : float
        Between panels, as a part of the mean height.
    """
    host.set_axis_off()
    unit = 1.0 / (sum(heights) + gap * (len(heights) - 1) * sum(heights) / len(heights))
    space = gap * unit * sum(heights) / len(heights)
    found: list[Axes] = []
    top = 1.0
    for height in heights:
        first = found[0] if found else None
        found.append(host.inset_axes((0, top - height * unit, 1, height * unit), sharex=first))
        top -= height * unit + space
    for panel in found[:-1]:
        panel.tick_params(labelbottom=False)
    return found


def heading(ax: Axes, title: str, below: str = "", overrides: Sequence[str] = ()) -> None:
    """Write a title at the left edge, and under it what to know when reading the picture.

    Parameters
    ----------
    ax : Axes
    title : str
        Broken where it is too long for the narrowest axes.
    below : str
        Lines are not broken here.
    overrides : sequence of str
        What was changed of the scenario, as ``key=value``: told last.
    """
    below = "\n".join(filter(None, (below, changed(overrides))))
    lines = below.count("\n") + 1 if below else 0
    title = "\n".join(wrapped(line, _TITLE, 3) for line in title.split("\n"))
    ax.set_title(title, loc="left", fontsize=11, color=ink(), pad=6 + 11.5 * lines)
    if below:
        note = ax.annotate(
            below,
            (0, 1),
            (0, 5),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=SMALL,
            color=tint(0.77),
            va="bottom",
            linespacing=1.2,
        )
        note.set_in_layout(False)  # the title has made room above; a long line takes none beside


def changed(overrides: Sequence[str], width: int = 62) -> str:
    r"""Return overrides in at most two lines; how many are left out is said.

    Examples
    --------
    >>> changed(["rounds=9"])
    'with rounds=9'
    >>> changed([f"side.number_{n}=0.{n}" for n in range(9)], 58)
    'with side.number_0=0.0, side.number_1=0.1,\nside.number_2=0.2, side.number_3=0.3, and 5 more'
    """
    for left in range(len(overrides)):
        more = [f"and {left} more"] if left else []
        told = ", ".join([*overrides[: len(overrides) - left], *more])
        lines = textwrap.wrap(f"with {told}", width, break_on_hyphens=False)
        if len(lines) <= 2:
            return literal("\n".join(lines))
    return f"with {len(overrides)} overrides" if overrides else ""


def _legend(ax: Axes, handles: Sequence[Artist] | None, **place: Any) -> None:
    """Write a legend in small print; absent handles, of everything that has a label."""
    found = ax.get_legend_handles_labels()[0] if handles is None else handles
    ax.legend(handles=found, fontsize=SMALL, labelcolor=ink(), **{"frameon": False, **place})


def legend_inside(ax: Axes) -> None:
    """Write the legend where it hides least of the data."""
    _legend(ax, None, loc="best", frameon=True, framealpha=0.9)


def legend_aside(ax: Axes, handles: Sequence[Artist] | None = None) -> None:
    """Write the legend to the right of the axes, half way up.

    Parameters
    ----------
    ax : Axes
    handles : sequence of Artist, optional
        Absent, everything that has a label.
    """
    _legend(ax, handles, loc="center left", bbox_to_anchor=(1.0, 0.5), labelspacing=0.7)


def legend_below(
    ax: Axes,
    handles: Sequence[Artist] | None = None,
    inches: float = 0.5,
    columns: int = 1,
    flush: Literal["left", "right"] = "left",
) -> None:
    """Write the legend under the axes and their words.

    Parameters
    ----------
    ax : Axes
    handles : sequence of Artist, optional
        Absent, everything that has a label.
    inches : float
        Between the axes and the legend: room for what stands at the axis.
    columns : int
    flush : {"left", "right"}
        With which end of the axes it ends, on the left a little outside.
    """
    x, across = (0.0, -0.5) if flush == "left" else (1.0, 0.0)
    figure = ax.get_figure(root=True)
    below = offset_copy(ax.transAxes, figure, across, -inches, units="inches")
    place = {"loc": f"upper {flush}", "bbox_to_anchor": (x, 0.0), "bbox_transform": below}
    _legend(ax, handles, ncols=columns, **place)


def colour_bar(ax: Axes, drawn: ScalarMappable, label: str) -> None:
    """Write what the colours of something drawn stand for, beside the axes."""
    ax.figure.colorbar(drawn, ax=ax, pad=0.02).set_label(label, fontsize=9)


def share_scatter(
    ax: Axes, points: tuple[Floats, Floats], percent: Floats, label: str, size: float
) -> None:
    """Draw points coloured by a share, and the scale of their colours.

    Parameters
    ----------
    ax : Axes
    points : pair of ndarray
        Where they lie, across and up.
    percent : ndarray
        Their shares, from 0 to 100.
    label : str
        What the share is of.
    size : float
        Area of a point, in square points of print.
    """
    most = max(10.0, float(percent.max()))
    dots = ax.scatter(*points, s=size, c=percent, cmap=SHARE_COLOURS, vmin=0, vmax=most, zorder=3)
    dots.set(edgecolors=ink(), linewidths=0.4)
    colour_bar(ax, dots, label)


def tidy(ax: Axes, grid: str = "") -> None:
    """Take the frame's upper and right line away and draw a faint grid along an axis.

    Parameters
    ----------
    ax : Axes
    grid : {"", "x", "y", "both"}
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=9)
    if grid:
        for axis in ("x", "y") if grid == "both" else (grid,):
            (ax.xaxis if axis == "x" else ax.yaxis).grid(True, color=tint(0.3), linewidth=0.5)


def image(ax: Axes, kind: str = "png", dpi: int = 150) -> bytes:
    """Return the whole figure of some axes as the bytes of a file.

    Parameters
    ----------
    ax : Axes
    kind : {"png", "svg", "pdf"}
    dpi : int
        Dots per inch, where that matters.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("expected axes of a figure, got axes that were removed from theirs")
    sink = io.BytesIO()
    undated = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    figure.savefig(sink, format=kind, dpi=dpi, metadata=undated)
    return sink.getvalue()
