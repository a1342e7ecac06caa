"""Catalogue of pictures of runs, sweeps and conditions, and those that fit a result as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from inspect import signature

from matplotlib.axes import Axes

from sim.domain.outcome import OUTCOMES
from sim.errors import ScenarioError
from sim.experiments.analysis.indices import of_sweep
from sim.experiments.branching.branch import BranchTree
from sim.experiments.branching.pairs import BranchedWorlds
from sim.experiments.conditions.conditions import Conditions
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.result import SweepResult
from sim.plotting.boxes import boxes
from sim.plotting.branching import branched_worlds, courses, whole_tree
from sim.plotting.canvas import image
from sim.plotting.conditions import TAKES, condition_pictures, has_matrix
from sim.plotting.contest import contest, tables
from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.gates import gates
from sim.plotting.grid import heatmap, line
from sim.plotting.in_force import in_force
from sim.plotting.influence import influence
from sim.plotting.opinion import opinion
from sim.plotting.survival import survival
from sim.plotting.talks import talks
from sim.plotting.tornado import tornado
from sim.plotting.utility_space import utility_space
from sim.plotting.win_sets import win_sets

__all__ = ["PICTURES", "SWEPT", "catalogue", "drawn", "fitting", "leading", "pictures", "taken"]

Catalogue = Mapping[str, Callable[..., Axes]]
Drawable = EnsembleResult | SweepResult | Conditions | BranchTree | BranchedWorlds

PICTURES: Catalogue = {
    "funnel": funnel,
    "in_force": in_force,
    "gates": gates,
    "survival": survival,
    "differences": differences,
    "flow": flow,
    "talks": talks,
    "utility_space": utility_space,
    "win_sets": win_sets,
    "opinion": opinion,
    "tornado": tornado,
    "boxes": boxes,
    "contest": contest,
    "tables": tables,
}
"""The pictures of a run, by name."""

SWEPT: Catalogue = {"line": line, "heatmap": heatmap, "influence": influence, "boxes": boxes}
"""The pictures of a sweep, by name."""

_OF_TREES: Catalogue = {"branch": courses, "tree": whole_tree}
_OF_BRANCHES: Catalogue = {"branch": branched_worlds}
"""The pictures of branches of one world, and of one of all worlds, by name."""
_SLOW = ("tornado",)
"""Plays the structure once for each stance, and so is drawn only when it is named."""
_OF_AGENDAS = {"single": (), "open": ("contest",), "tabled": ("contest", "tables")}
"""Pictures of agendas of several structures."""
_LEARNING = ("sklearn", "ema_workbench")
_FALLS = 0.05
"""Share of worlds that must settle under some structure for its curve to be more than a line."""
_FEW = 20
"""Cells of which half can find the limits of a box."""


def pictures(result: EnsembleResult) -> dict[str, bytes]:
    """Return the pictures of a run by file name, for `EnsembleResult.save(…, also=…)`.

    Parameters
    ----------
    result : EnsembleResult

    Returns
    -------
    dict of name to bytes
        PNG files.
    """
    return drawn(result, (*leading(result), *_OF_AGENDAS[result.scenario.agenda]))


def leading(result: EnsembleResult) -> tuple[str, str]:
    """Return the two pictures to begin with: how worlds end, and how long disputes stay open.

    Where hardly any world settles the second would be empty, and is what is in force at the end.
    """
    return "funnel", "survival" if _falls(result) else "in_force"


def _falls(result: EnsembleResult) -> bool:
    return float(result.outcomes["settled"].max()) >= _FALLS


def drawn(
    result: Drawable,
    names: tuple[str, ...] | None = None,
    kind: str = "png",
    options: Mapping[str, object] | None = None,
) -> dict[str, bytes]:
    """Return pictures of a result by file name.

    Parameters
    ----------
    result : EnsembleResult, SweepResult, Conditions, BranchTree or BranchedWorlds
    names : tuple of str, optional
        Keys of its `catalogue`; absent, all that fit and have something to show.
    kind : {"png", "svg", "pdf"}
    options : mapping of str, optional
        Arguments such as ``deal`` and ``world``; each picture is given those that it takes.

    Returns
    -------
    dict of name to bytes
    """
    options, known = options or {}, catalogue(result)
    if isinstance(result, Conditions):
        deal = str(options["deal"]) if "deal" in options else None
        return condition_pictures(result, kind, names or (), deal)
    files = {}
    for name in fitting(result) if names is None else names:
        asked = {key: options[key] for key in taken(known[name]) if key in options}
        with suppress(*(() if names else (ScenarioError,))):
            files[f"{name}.{kind}"] = image(known[name](result, **asked), kind)
    return files


def catalogue(result: Drawable) -> Catalogue:
    """Return the pictures there are of a run, a sweep, conditions or branches."""
    if isinstance(result, Conditions):
        return TAKES
    if isinstance(result, BranchTree | BranchedWorlds):
        return _OF_TREES if isinstance(result, BranchTree) else _OF_BRANCHES
    return SWEPT if isinstance(result, SweepResult) else PICTURES


def fitting(result: Drawable) -> tuple[str, ...]:
    """Return the names of the pictures that fit a result, without those that take long.

    Survival needs a structure under which some settle, differences a second structure, lines a
    grid, heatmaps one of two axes, influence the designs of `islands sensitivity`, and boxes the
    extra ``discover`` and something that happens here and not there.
    """
    if isinstance(result, Conditions):
        own = result.structures.values()
        least, mapped = any(map(has_matrix, own)), any(one.map_ for one in own)
        return ("ladder", *(["matrix"] if least else []), *(["map"] if mapped else []))
    if isinstance(result, SweepResult):
        return tuple(name for name in SWEPT if _fits_sweep(result, name))
    if isinstance(result, BranchTree):
        return ("branch", "tree") if len(result.courses) > 2 else ("branch",)
    if isinstance(result, BranchedWorlds):
        return ("branch",)
    alone = len(result.scenario.structures) < 2
    unfit = {*_SLOW, *(["differences"] if alone else []), *([] if _divided(result) else ["boxes"])}
    unfit |= set() if _falls(result) else {"survival"}
    unfit |= {*_OF_AGENDAS["tabled"]} - {*_OF_AGENDAS[result.scenario.agenda]}
    return tuple(name for name in PICTURES if name not in unfit)


def _fits_sweep(result: SweepResult, name: str) -> bool:
    design = result.settings["design"]
    if name in ("line", "heatmap"):
        return design == "grid" and len(result.axes) > (name == "heatmap")
    if name == "influence":
        fits = design in ("sobol", "morris") and find_spec("SALib") is not None
        return fits and not of_sweep(result).empty
    return len(result.design) >= _FEW and _divided(result)


def _divided(result: EnsembleResult | SweepResult) -> bool:
    """Tell whether an outcome happens here and not there, by numbers that differ."""
    if not all(find_spec(name) for name in _LEARNING):
        return False
    if isinstance(result, SweepResult):
        table = result.cells
    elif any(number.is_uncertain for _, number in result.scenario.quantities()):
        table = result.outcomes
    else:
        return False
    shares = table[[item.name for item in OUTCOMES]]
    return bool(((shares > 0) & (shares < 1)).any(axis=None))


def taken(picture: Callable[..., Axes]) -> tuple[str, ...]:
    """Return the options that a picture takes.

    Examples
    --------
    >>> taken(talks)
    ('deal', 'world')
    """
    _, *options = signature(picture).parameters
    return tuple(key for key in options if key not in ("ax", "most"))
