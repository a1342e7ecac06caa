"""Files of the page: the funnel, the scenario, the packed results."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from zipfile import ZIP_DEFLATED, ZipFile

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.experiments.contest import agenda_tables
from sim.experiments.provenance import now, provenance
from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import no_ranking
from sim.experiments.tables import outcomes_table, packages_table, words_of, worlds_table
from sim.explorer.pool import PartialResult
from sim.io.dump import dump_scenario
from sim.plotting import funnel, pictures
from sim.plotting.canvas import image

__all__ = ["DRAWING", "funnel_picture", "results_zip", "scenario_yaml"]

_DOTS = 130
"""Per inch: a little more than a page shows, so that letters stay sharp."""
_NARROW = 5.4
"""Inches of a picture that has another beside it."""
DRAWING = Lock()
"""Held by whoever draws: fonts and text layout of matplotlib are shared by its figures."""


def funnel_picture(partial_result: PartialResult, wide: bool = True) -> bytes:
    """Return the settlement funnel of what is on screen as PNG.

    Parameters
    ----------
    partial_result : PartialResult
    wide : bool
        Whether it has the page to itself; else structures stand in the scenario's order, so that
        those of two pictures stand beside each other.
    """
    result = partial_result.in_brief
    with DRAWING:
        if wide:
            return image(funnel(result), dpi=_DOTS)
        figure = Figure(
            figsize=(_NARROW, 2.3 + 0.36 * len(partial_result.pieces)), layout="constrained"
        )
        FigureCanvasAgg(figure)
        ax = funnel(result, as_declared=True, ax=figure.add_subplot())
        ax.set_title("", loc="left")  # it is wider than the picture, and stands on the page
        return image(ax, dpi=_DOTS)


def scenario_yaml(partial_result: PartialResult) -> bytes:
    """Return the scenario behind the numbers on screen, with as many worlds as they rest on."""
    return dump_scenario(partial_result.setting.scenario(partial_result.worlds)).encode()


def results_zip(partial_result: PartialResult) -> bytes:
    """Return the results on screen as a packed folder, like that of ``islands run format=csv``."""
    result = _result(partial_result)
    with DRAWING:
        drawn = pictures(result)
    with TemporaryDirectory() as parent:
        folder = result.save(Path(parent) / "results", also=drawn, format="csv")
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
    return packed.getvalue()


def _result(partial_result: PartialResult) -> EnsembleResult:
    started = now()
    scenario = partial_result.setting.scenario(partial_result.worlds)
    packages = packages_table(scenario)
    words = words_of(scenario, packages)
    played = [part for parts in partial_result.pieces.values() for part in parts]
    table = worlds_table(played, words)
    outcomes = outcomes_table(scenario, table)
    origin = provenance(scenario, started, now()) | {"reversal_draws": 0}
    ranked = no_ranking(scenario.structures)
    more = agenda_tables(scenario, table, played)
    return EnsembleResult(scenario, outcomes, table, packages, ranked, origin, *more)
