"""Say what waiting brings a side, and what it costs."""

from __future__ import annotations

from sim.domain.draws import Draws
from sim.domain.side import Side
from sim.equations.waiting import entrenchment, urgency
from sim.memo import kept
from sim.quantities import Floats


class Waiting:
    """A side's terms of waiting in every world of a block.

    Parameters
    ----------
    side : Side
    draws : Draws
    """

    def __init__(self, side: Side, draws: Draws) -> None:
        hardening, ageing, draw = side.reservation.entrenchment, side.reservation.urgency, draws.of
        self._hardening = draw(hardening.initial), draw(hardening.gain), draw(hardening.speed)
        self._ageing = draw(ageing.initial), draw(ageing.growth)
        self._known: tuple[float, Floats, Floats] | None = None

    def seen_from(self, years: float) -> tuple[Floats, Floats]:
        """Return what waiting has brought and what it costs, in points, seen from a time.

        Parameters
        ----------
        years : float
            Since the start of the talks.

        Returns
        -------
        pair of ndarray, shape (worlds,)
        """
        if self._known is None or self._known[0] != years:
            urgent = urgency(*self._ageing, years)
            self._known = (years, _entrenched(*self._hardening, (years,)), urgent)
        return self._known[1:]


@kept
def _entrenched(initial: Floats, gain: Floats, speed: Floats, at: tuple[float]) -> Floats:
    """Return `entrenchment`, which all structures of a block share."""
    return entrenchment(initial, gain, speed, at[0])
