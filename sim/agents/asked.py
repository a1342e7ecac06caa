"""Hold the support that the ratifiers of a side ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.quantities import Floats, Ints


@dataclass(frozen=True)
class Asked:
    """The support that the ratifiers of a side ask for, text by text.

    Parameters
    ----------
    levels : ndarray, shape (worlds, slates)
        Support asked by each slate, the ratifiers that vote together on some texts; minus infinity
        where nobody's vote hangs on it.
    slate : ndarray of int, shape (packages,)
        Which slate votes on each package.
    """

    levels: Floats
    slate: Ints

    def of(self, worlds: Ints) -> Floats:
        """Return what is asked in some worlds, shape (len(worlds), packages)."""
        return np.asarray(self.levels[worlds][:, self.slate])

    def at(self, worlds: Ints, package: Ints) -> Floats:
        """Return what is asked for one package in each of some worlds, shape (len(worlds),)."""
        return np.asarray(self.levels[worlds, self.slate[package]])
