"""Make pictures of a run as files: those every run comes with, and any that fit it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature

from matplotlib.axes import Axes

from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import image
from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.opinion import opinion
from sim.plotting.survival import survival
from sim.plotting.talks import talks
from sim.plotting.utility_space import utility_space
from sim.plotting.win_sets import win_sets

__all__ = ["PICTURES", "drawn", "fitting", "pictures", "taken"]

PICTURES: dict[str, Callable[..., Axes]] = {
    "funnel": funnel,
    "survival": survival,
    "differences": differences,
    "flow": flow,
    "talks": talks,
    "utility_space": utility_space,
    "win_sets": win_sets,
    "opinion": opinion,
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
    result: EnsembleResult,
    names: tuple[str, ...] | None = None,
    kind: str = "png",
    options: Mapping[str, object] | None = None,
) -> dict[str, bytes]:
    """Return pictures of a run by file name.

    Parameters
    ----------
    result : EnsembleResult
    names : tuple of str, optional
        Keys of `PICTURES`; absent, all that fit.
    kind : {"png", "svg", "pdf"}
    options : mapping of str, optional
        Arguments such as ``deal`` and ``world``; each picture is given those that it takes.

    Returns
    -------
    dict of name to bytes
    """
    options = options or {}
    files = {}
    for name in fitting(result) if names is None else names:
        asked = {key: options[key] for key in taken(PICTURES[name]) if key in options}
        files[f"{name}.{kind}"] = image(PICTURES[name](result, **asked), kind)
    return files


def fitting(result: EnsembleResult) -> tuple[str, ...]:
    """Return the names of the pictures that fit a run: differences need a second structure."""
    alone = len(result.scenario.deals) < 2
    return tuple(name for name in PICTURES if not (alone and name == "differences"))


def taken(picture: Callable[..., Axes]) -> tuple[str, ...]:
    """Return the options that a picture takes.

    Examples
    --------
    >>> taken(talks)
    ('deal', 'world')
    """
    return tuple(key for key in signature(picture).parameters if key not in ("result", "ax"))
