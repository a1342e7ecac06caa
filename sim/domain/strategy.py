"""Describe how a government concedes."""

from __future__ import annotations

from typing import Literal

from sim.domain.frozen import Frozen
from sim.domain.quantity import NonNegative, Share


class TimeDependent(Frozen):
    """Concede by the clock of one's own deadline (Faratin, Sierra & Jennings 1998).

    Parameters
    ----------
    concession_exponent : Quantity
        Beta > 0: below 1 boulware (late), 1 linear, above 1 conceder (early).
    initial_concession : Quantity
        Share of the span conceded at once.
    reciprocity : Quantity
        Without a deadline: share of the other's observed concession that is answered in kind.
    """

    kind: Literal["time_dependent"]
    concession_exponent: NonNegative
    initial_concession: Share
    reciprocity: Share


Strategy = TimeDependent
"""Any strategy; `kind` tells which."""
