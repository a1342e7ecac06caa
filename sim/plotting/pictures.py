"""Make the pictures that every run comes with, as files that can be saved beside its tables."""

from __future__ import annotations

from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import image
from sim.plotting.funnel import funnel
from sim.plotting.survival import survival

__all__ = ["pictures"]


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
    return {"funnel.png": image(funnel(result)), "survival.png": image(survival(result))}
