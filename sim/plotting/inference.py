"""Pictures of posteriors: numbers before and after, and ranks of planted numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from scipy.stats import binom

from sim.experiments.inference.coverage import Coverage
from sim.experiments.inference.posterior import Posterior
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import ink, key_label, series, tint, wrapped
from sim.quantities import Floats

__all__ = ["posteriors", "rank_histograms"]

_MOST, _BINS = 8, 24


def posteriors(
    found: Posterior, keys: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw each number before and after what was observed, with the central 90 % of both.

    Parameters
    ----------
    found : Posterior
    keys : sequence of str, optional
        Absent, the numbers that moved, or where none did the first asked about; at most 8.
    ax : Axes, optional
        Its place is divided among panels, its `child_axes`.

    Returns
    -------
    Axes
    """
    names = _chosen(found, keys)
    ax = open_axes(ax, 1.2 + 1.7 * ((len(names) + 1) // 2))
    panels = _grid(ax, len(names))
    for name, panel in zip(names, panels, strict=True):
        _before_and_after(panel, found, name)
    legend_below(panels[-1], panels[0].get_legend_handles_labels()[0], columns=2)
    moved, asked = len(found.informed), len(found.targets)
    worth = f"worth {found.kept.effective:,.0f} equal draws"
    below = f"{moved} of {asked} numbers moved; bars: central 90 %, dots: medians; {worth}"
    title = wrapped(f"{found.scenario.title}: before and after what was observed", 70, 2)
    heading(ax, title, below, found.scenario.overrides)
    return ax


def _chosen(found: Posterior, keys: Sequence[str] | None) -> list[str]:
    first = found.informed or [str(key) for key in found.table["key"].head(2)]
    return [*(first if keys is None else keys)][:_MOST]


def _grid(host: Axes, many: int) -> list[Axes]:
    """Return panels in two columns in the place of some axes."""
    host.set_axis_off()
    rows, columns = (many + 1) // 2, min(many, 2)
    wide, high = 1.0 / columns, 1.0 / rows
    return [
        host.inset_axes(
            (
                place % 2 * wide + 0.02,
                1.0 - (place // 2 + 1) * high + 0.3 * high,
                0.9 * wide,
                0.62 * high,
            )
        )
        for place in range(many)
    ]


def _before_and_after(panel: Axes, found: Posterior, key: str) -> None:
    before = found.reference.prior[:, [*found.targets].index(key)]
    after, weight = found.values[key].to_numpy(), found.kept.weight
    edges = np.linspace(before.min(), before.max(), _BINS + 1)
    row = found.table.set_index("key").loc[key]
    even = np.full(len(before), 1.0 / len(before))
    colour = series(1)[0]
    for values, shares, fill in ((before, even, tint(0.3)), (after, weight, colour)):
        heights = np.histogram(values, bins=edges, weights=shares)[0]
        label = "after" if fill == colour else "before"
        alpha = 0.55 if fill == colour else 1.0
        panel.stairs(100.0 * heights, edges, fill=True, color=fill, alpha=alpha, label=label)
    top = panel.get_ylim()[1]
    for turn, (prefix, line) in enumerate((("prior_", ink()), ("", colour))):
        at = top * (1.06 + 0.1 * turn)
        panel.plot([row[f"{prefix}low"], row[f"{prefix}high"]], [at, at], color=line, linewidth=1.5)
        panel.plot(row[f"{prefix}median"], at, "o", color=line, markersize=3.5)
    panel.set_ylim(0, top * 1.25)
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    name = wrapped(key_label(found.scenario, key), 46, 2)
    panel.set_xlabel(f"{name}\n({wrapped(str(row['unit']), 46, 1)})", fontsize=8)
    tidy(panel)


def rank_histograms(
    found: Posterior,
    coverage: Coverage,
    keys: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw ranks of planted numbers by tenths of their posteriors; level if the inference is right.

    Parameters
    ----------
    found : Posterior
    coverage : Coverage
    keys : sequence of str, optional
        As in `posteriors`.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    names = _chosen(found, keys)
    ax = open_axes(ax, 1.2 + 1.7 * ((len(names) + 1) // 2))
    many = len(coverage.ranks)
    band = binom.interval(0.99, many, 0.1)
    panels = _grid(ax, len(names))
    for name, panel in zip(names, panels, strict=True):
        counts: Floats = coverage.histogram(name).astype(np.float64)
        panel.axhspan(*band, color=tint(0.15), zorder=0)
        panel.stairs(counts, np.linspace(0, 1, len(counts) + 1), fill=True, color=series(0)[0])
        panel.axhline(many / len(counts), color=ink(), linewidth=0.8, linestyle="--")
        panel.set(xlim=(0, 1), ylim=(0, max(counts.max(), band[1]) * 1.1))
        panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        panel.set_xlabel(wrapped(key_label(found.scenario, name), 46, 2), fontsize=8)
        tidy(panel, "y")
    panels[0].set_ylabel("planted worlds", fontsize=8)
    below = (
        "across: share of the posterior below the planted number, by tenths; level if it is right\n"
        f"{many:,} planted worlds; band: 99 % of what a right inference brings, dashed: its mean"
    )
    heading(ax, "Ranks of planted numbers in their posteriors", below, found.scenario.overrides)
    return ax
