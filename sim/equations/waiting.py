r"""Value of never signing.

.. math:: r(t) = dialogue \cdot a + c(t) - u(t)

with entrenchment :math:`c(t) = c_0 + \kappa (1 - e^{-\eta t})` (the status quo hardens by
construction and settlement, Powell 2006 on shifting power) and urgency
:math:`u(t) = u_0 + g t` (those affected grow old), which may saturate and fade
(`fading_urgency`). All are assumptions of form.
"""

from __future__ import annotations

import numpy as np

from sim.equations.public_support import half_life_factor
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


def urgency(initial: Floats, growth: Floats, years: Floats | float) -> Floats:
    """Return what waiting costs after some years, in points.

    Parameters
    ----------
    initial : ndarray
        Points.
    growth : ndarray
        Points a year.
    years : float or ndarray
        Years since the start.
    """
    return initial + growth * years


def fading_urgency(
    initial: Floats, growth: Floats, peak_years: Floats, half_life_years: Floats, years: float
) -> Floats:
    r"""Return what waiting costs where urgency saturates and then fades, in points.

    .. math:: u(t) = (u_0 + g \min(t, T))\, 2^{-\max(t - T, 0) / H}

    It grows as long as those affected grow old, and fades as they die.

    Parameters
    ----------
    initial, growth : ndarray
        Points, and points a year.
    peak_years : ndarray
        T, years from the start; infinity for no end of growth.
    half_life_years : ndarray
        H, years; infinity where nothing fades, 0 where all goes at once.
    years : float
        Years since the start.

    Examples
    --------
    >>> one = np.array(1.0)
    >>> [float(fading_urgency(0 * one, one, 4 * one, 2 * one, t)) for t in (2.0, 4.0, 6.0)]
    [2.0, 4.0, 2.0]
    """
    after = np.maximum(years - peak_years, 0.0)
    left = np.where(after > 0, half_life_factor(half_life_years, after), 1.0)
    return np.asarray(urgency(initial, growth, np.minimum(years, peak_years)) * left)


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
