"""Make pictures of a run as files: those every run comes with, and any that fit it."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes

from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import image
from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.survival import survival

__all__ = ["PICTURES", "drawn", "pictures"]

PICTURES: dict[str, Callable[[EnsembleResult], Axes]] = {
    "funnel": funnel,
    "survival": survival,
    "differences": differences,
    "flow": flow,
}
"""The pictures of a run, by name."""


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
    return drawn(result, ("funnel", "survival"))


def drawn(
    result: EnsembleResult, names: tuple[str, ...] | None = None, kind: str = "png"
) -> dict[str, bytes]:
    """Return pictures of a run by file name.

    Parameters
    ----------
    result : EnsembleResult
    names : tuple of str, optional
        Keys of `PICTURES`; absent, all that fit: differences need a second structure.
    kind : {"png", "svg", "pdf"}

    Returns
    -------
    dict of name to bytes
    """
    alone = len(result.scenario.deals) < 2
    fitting = tuple(name for name in PICTURES if not (alone and name == "differences"))
    chosen = fitting if names is None else names
    return {f"{name}.{kind}": image(PICTURES[name](result), kind) for name in chosen}
