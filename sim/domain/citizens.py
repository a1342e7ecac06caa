"""Describe how the citizens of a public are linked, and how they talk each other over."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.quantity import FixedShare, NonNegative, Share


class Network(Frozen):
    """Who listens to whom; the same in all worlds.

    Parameters
    ----------
    kind : {"none", "small_world"}
        ``none``: everybody to everybody; ``small_world``: a ring with shortcuts.
    neighbours : int
        Even number of nearest neighbours on the ring, before rewiring.
    rewiring : Quantity, optional
        Probability that a link is moved to a random citizen; needed by ``small_world``.

    References
    ----------
    D. J. Watts, S. H. Strogatz (1998). Collective dynamics of 'small-world' networks.
    https://doi.org/10.1038/30918
    """

    kind: Literal["none", "small_world"] = "none"
    neighbours: Annotated[int, Field(ge=2, le=1000, multiple_of=2)] = 6
    rewiring: FixedShare | None = None

    @model_validator(mode="after")
    def _complete(self) -> Network:
        if self.kind == "small_world" and self.rewiring is None:
            raise ValueError("a small world needs 'rewiring'")
        return self


class Updating(Frozen):
    """How citizens' least acceptable values move towards those of others.

    Parameters
    ----------
    kind : {"none", "degroot", "bounded_confidence"}
        ``degroot``: towards the mean of all others one listens to; ``bounded_confidence``: of
        those among them who are not too far away.
    confidence : Quantity, optional
        Greatest distance at which one is still listened to, in points.
    speed : Quantity, optional
        Share of the way to that mean that is gone in a year.

    References
    ----------
    M. H. DeGroot (1974). Reaching a consensus. https://doi.org/10.1080/01621459.1974.10480137
    R. Hegselmann, U. Krause (2002). Opinion dynamics and bounded confidence.
    https://www.jasss.org/5/3/2.html
    G. Deffuant, D. Neau, F. Amblard, G. Weisbuch (2000). Mixing beliefs among interacting agents.
    https://doi.org/10.1142/S0219525900000078
    """

    kind: Literal["none", "degroot", "bounded_confidence"] = "none"
    confidence: NonNegative | None = None
    speed: Share | None = None

    @model_validator(mode="after")
    def _complete(self) -> Updating:
        if self.kind != "none" and self.speed is None:
            raise ValueError(f"updating by {self.kind} needs 'speed'")
        if self.kind == "bounded_confidence" and self.confidence is None:
            raise ValueError("updating by bounded_confidence needs 'confidence'")
        return self
