r"""Hold factors that bend many numbers at once, the same for all sides and all disputes.

Most numbers of a scenario are assumptions with a range. What one would fit to history is not each
of them in each episode, which would explain everything and nothing, but how the assumptions of one
kind are off together: are stances said to be firmer than they are, is a penalty too high? Each such
kind has one factor here. It is drawn once per world and applies to whatever a scenario (or an
override) says, so that "no calibration" and "all factors 1" are the same to the bit.

A magnitude x is scaled, :math:`f x`. A probability or share p keeps within [0, 1], because its odds
are scaled:

.. math:: \frac{p'}{1 - p'} = f \frac{p}{1 - p}
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from sim.domain.frozen import Frozen
from sim.domain.quantity import NonNegative, Quantity, Share
from sim.quantities import Floats

SCALED: dict[str, tuple[str, ...]] = {
    "penalty": ("preconditions.*.penalty",),
    "standing": ("preferences.weights.standing",),
    "title": ("preferences.weights.title",),
    "closure": ("preferences.weights.closure",),
    "legacy": ("preferences.weights.legacy",),
    "dialogue": ("reservation.dialogue",),
    "audience_cost": ("leader.audience_cost",),
    "backlash": ("public.backlash.growth",),
    "misjudgement": ("beliefs.*_error",),
}
"""Factors on magnitudes, and the keys of a side to which each applies."""

ODDS: dict[str, tuple[str, ...]] = {
    "firmness": ("preconditions.*.firmness",),
    "survival": ("preconditions.*.survives.*",),
    "quota": ("ratifiers.*.quota",),
    "discipline": ("ratifiers.*.discipline",),
    "caution": ("beliefs.caution",),
}
"""Factors on the odds of probabilities and shares, and the keys of a side."""


class Calibration(Frozen):
    """Say how far the numbers of a kind are off together; absent factors change nothing.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    firmness, survival : Quantity, optional
        Factors on the odds that a stance is absolute, and that it survives a change of form.
    penalty : Quantity, optional
        Factor on what it costs to sign against a stance that is not absolute.
    standing, title, closure, legacy : Quantity, optional
        Factors on the governments' weights of these interests.
    dialogue : Quantity, optional
        Factor on what talks without a text are worth.
    audience_cost, backlash : Quantity, optional
        Factors on what retreat costs a leader, and on how fast a public hardens.
    quota, discipline : Quantity, optional
        Factors on the odds of the support ratifiers ask for, and of members following the whip.
    misjudgement, caution : Quantity, optional
        Factors on the errors of what governments believe, and on the odds of the chance of
        ratification that they ask for.
    stance_correlation : Quantity, optional
        Correlation in [0, 1] of a side's stances: 0, each is absolute or not by itself; 1, in a
        world the whole side is as hard, or as soft, as it can be.
    """

    name: str
    label: str
    firmness: NonNegative | None = None
    survival: NonNegative | None = None
    penalty: NonNegative | None = None
    standing: NonNegative | None = None
    title: NonNegative | None = None
    closure: NonNegative | None = None
    legacy: NonNegative | None = None
    dialogue: NonNegative | None = None
    audience_cost: NonNegative | None = None
    backlash: NonNegative | None = None
    quota: NonNegative | None = None
    discipline: NonNegative | None = None
    misjudgement: NonNegative | None = None
    caution: NonNegative | None = None
    stance_correlation: Share | None = None

    def quantities(self) -> dict[str, Quantity]:
        """Return the factors that are given, by name, in the order of the schema."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: item for name, item in given.items() if isinstance(item, Quantity)}

    def factor_on(self, key: str) -> str | None:
        """Return the name of the factor that applies to a key of a side, if one is given.

        Parameters
        ----------
        key : str
            Dotted key within the side, such as ``leader.audience_cost``.

        Examples
        --------
        >>> one = Quantity(value=1, unit="factor", assumption="shown")
        >>> Calibration(name="x", label="x", backlash=one).factor_on("public.backlash.growth")
        'backlash'
        """
        for name, patterns in (*SCALED.items(), *ODDS.items()):
            if any(fnmatchcase(key, pattern) for pattern in patterns):
                return name if getattr(self, name) is not None else None
        return None


def adjusted(values: Floats, name: str, factor: Floats) -> Floats:
    """Return values with a factor applied, to their odds or to themselves.

    Parameters
    ----------
    values, factor : ndarray, shape (worlds,)
    name : str
        Name of the factor, a key of `SCALED` or `ODDS`.

    Examples
    --------
    >>> adjusted(np.array([0.5, 1.0]), "firmness", np.array([0.25, 0.25])).tolist()
    [0.2, 1.0]
    >>> adjusted(np.array([3.0]), "penalty", np.array([2.0])).tolist()
    [6.0]
    """
    if name in SCALED:
        return np.asarray(values * factor)
    whole = 1.0 - values + factor * values
    shares = np.divide(factor * values, whole, out=np.ones_like(values), where=whole > 0)
    return np.asarray(np.where(factor == 1.0, values, shares))
