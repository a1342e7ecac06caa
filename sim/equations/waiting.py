r"""Value of never signing.

.. math:: r(t) = dialogue \cdot a + c(t) - u(t)

with entrenchment :math:`c(t) = c_0 + \kappa (1 - e^{-\eta t})` (the status quo hardens by
construction and settlement, Powell 2006 on shifting power) and urgency
:math:`u(t) = u_0 + g t` (those affected grow old). Both are assumptions of form.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def entrenchment(initial: Floats, gain: Floats, speed: Floats, years: float) -> Floats:
    """Return what waiting has brought after some years, in points.

    Parameters
    ----------
    initial, gain : ndarray
        Points.
    speed : ndarray
        Per year.
    years : float
        Years since the start.

    Examples
    --------
    >>> one = np.array(1.0)
    >>> round(float(entrenchment(one, 2 * one, one, 0.0)), 3)
    1.0
    """
    return initial - gain * np.expm1(-speed * years)


def urgency(initial: Floats, growth: Floats, years: float) -> Floats:
    """Return what waiting costs after some years, in points.

    Parameters
    ----------
    initial : ndarray
        Points.
    growth : ndarray
        Points a year.
    years : float
        Years since the start.
    """
    return initial + growth * years


def reservation_value(
    dialogue: Floats, entrenched: Floats, urgent: Floats, alive: float = 1.0
) -> Floats:
    """Return the value of never signing, in points.

    Parameters
    ----------
    dialogue, entrenched, urgent : ndarray
        The terms of the module's equation.
    alive : float
        Share a of `dialogue` that hangs on these talks: what texts in force already frame does
        not.
    """
    return dialogue * alive + entrenched - urgent
