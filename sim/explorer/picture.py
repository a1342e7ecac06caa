"""Draw the funnel of what is on screen."""

from __future__ import annotations

from threading import Lock

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import no_ranking
from sim.explorer.growth import Grown
from sim.plotting import funnel
from sim.plotting.canvas import image

__all__ = ["DRAWING", "funnel_picture"]

_DOTS = 130
"""Per inch: a little more than a page shows, so that letters stay sharp."""
_NARROW = 5.4
"""Inches of a picture that has another beside it."""
DRAWING = Lock()
"""Held by whoever draws: fonts and text layout of matplotlib are shared by its figures."""


def funnel_picture(grown: Grown, wide: bool = True) -> bytes:
    """Return the settlement funnel of what is on screen as PNG.

    Parameters
    ----------
    grown : Grown
    wide : bool
        Whether it has the page to itself.
    """
    result = _in_short(grown)
    with DRAWING:
        if wide:
            return image(funnel(result), dpi=_DOTS)
        figure = Figure(figsize=(_NARROW, 2.3 + 0.36 * len(grown.pieces)), layout="constrained")
        FigureCanvasAgg(figure)
        ax = funnel(result, ax=figure.add_subplot())
        ax.set_title("", loc="left")  # it is wider than the picture, and stands on the page
        return image(ax, dpi=_DOTS)


def _in_short(grown: Grown) -> EnsembleResult:
    """Return as much of a result as the funnel looks at."""
    scenario = grown.setting.scenario(grown.worlds)
    outcomes = pd.DataFrame([{"deal": deal, **row} for deal, row in grown.rows.items()])
    margins = {
        deal: np.concatenate([part.columns["zopa_margin"] for part in parts])
        for deal, parts in grown.pieces.items()
    }
    worlds = pd.DataFrame(
        {
            "deal": np.repeat(list(margins), grown.worlds),
            "zopa_margin": np.concatenate(list(margins.values())),
        }
    )
    ranked = no_ranking(scenario.deals)
    return EnsembleResult(scenario, outcomes, worlds, pd.DataFrame(), ranked, {})
