"""Hold a calibration: what was drawn, what it brought, what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.history import Calibration, Fit, History
from sim.domain.quantity import Quantity
from sim.domain.results import Kinds
from sim.equations.rejection import departure, effective, quantiles
from sim.quantities import Floats

__all__ = ["FACTORS", "MARKS", "Calibrated"]

_AT = np.array([0.05, 0.5, 0.95])
_DIGITS = 4

FACTORS: Kinds = {
    "factor": "text",
    **dict.fromkeys(("prior_low", "prior_median", "prior_high"), "number"),
    **dict.fromkeys(("low", "median", "high", "width", "departure", "noise"), "number"),
    "informed": "flag",
}
"""Columns of the table of factors."""

MARKS: Kinds = {
    "mark": "text",
    **dict.fromkeys(("wanted_low", "wanted_high", "scale", "plain", "least", "most"), "number"),
    **dict.fromkeys(("low", "fitted", "high", "misfit"), "number"),
}
"""Columns of the table of marks."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Factors fitted to what is known of all episodes together.

    Parameters
    ----------
    history : History
    prior : Calibration
    places, factors : DataFrame
        A row per draw, a column per factor: as probabilities under the prior, and as values.
    seen : DataFrame
        What each draw brought: a column per mark.
    plain : mapping of mark to float
        What the numbers bring as they stand.
    distances, weights : ndarray, shape (draws,)
    settings : mapping
        Sizes and seed.
    """

    history: History
    prior: Calibration
    places: pd.DataFrame
    factors: pd.DataFrame
    seen: pd.DataFrame
    plain: Mapping[str, float]
    distances: Floats
    weights: Floats
    settings: Mapping[str, float]

    @property
    def tolerance(self) -> float:
        """Return the largest distance that is kept."""
        return float(self.distances[self.weights > 0].max())

    def fit_of(self, mark: str) -> Fit:
        """Return the range that a mark aims at; all controls share one."""
        return self.history.fits.of(mark)

    def factors_table(self) -> pd.DataFrame:
        """Return a row per factor: its range before and after, and whether history said anything.

        `width` is the width of the central 90 % as a share of the prior's; `departure` is the
        greatest distance between the two distributions, and `noise` what so few kept draws bring
        by chance (5 %). A factor beyond it is `informed`; of the others the data say nothing.
        """
        return pd.DataFrame(
            [self._factor(str(name)) for name in self.factors], columns=list(FACTORS)
        )

    def _factor(self, name: str) -> dict[str, Any]:
        values, places = (table[name].to_numpy() for table in (self.factors, self.places))
        before = self.prior.quantities()[name].quantile(_AT)
        after = quantiles(values, self.weights, _AT)
        low, _, high = quantiles(places, self.weights, _AT)
        gap, noise = departure(places, self.weights), 1.36 / np.sqrt(effective(self.weights))
        return {
            "factor": name,
            **dict(zip(("prior_low", "prior_median", "prior_high"), before, strict=True)),
            **dict(zip(("low", "median", "high"), after, strict=True)),
            "width": (high - low) / 0.9,
            "departure": gap,
            "noise": float(noise),
            "informed": bool(gap > noise),
        }

    def marks_table(self) -> pd.DataFrame:
        """Return a row per mark: what was wanted, and what came of it before and after.

        `plain` is what the numbers bring as they stand, `least` and `most` what any draw brought.
        """
        return pd.DataFrame([self._mark(str(name)) for name in self.seen], columns=list(MARKS))

    def _mark(self, name: str) -> dict[str, object]:
        values, fit = self.seen[name].to_numpy(), self.fit_of(name)
        low, _, high = quantiles(values, self.weights, _AT)
        fitted = float(values @ self.weights)
        return {
            "mark": name,
            "wanted_low": fit.low,
            "wanted_high": fit.high,
            "scale": fit.scale,
            "plain": self.plain[name],
            "least": float(values.min()),
            "most": float(values.max()),
            "low": low,
            "fitted": fitted,
            "high": high,
            "misfit": float(fit.misfit(np.array(fitted))),
        }

    def misfits(self) -> list[str]:
        """Name the marks that the fitted factors miss, and those that no draw reaches."""
        found = []
        for row in self.marks_table().query("misfit > 0").to_dict("records"):
            wanted = f"{row['wanted_low']:g} to {row['wanted_high']:g}"
            text = f"`{row['mark']}` is {row['fitted']:.3g} after fitting, wanted {wanted}"
            if row["most"] < row["wanted_low"] or row["least"] > row["wanted_high"]:
                text += f"; no draw brings it there ({row['least']:.3g} to {row['most']:.3g})"
            found.append(f"{text}.")
        return found

    def fitted(self) -> Calibration:
        """Return the factors as ranges of their own, to be chosen by ``calibration=fitted``.

        Factors are given one by one; that they went together in the kept draws is lost.
        """
        ranges = {str(name): self._range(str(name)) for name in self.factors}
        return Calibration(name="fitted", label="factors as history narrows them", **ranges)

    def _range(self, name: str) -> Quantity:
        row = self._factor(name)
        low, median, high = (_rounded(float(row[key])) for key in ("low", "median", "high"))
        said = "narrowed" if row["informed"] else "hardly touched"
        why = (
            f"{said} by history: 90 % of the kept draws, {row['width']:.0%} as wide as before "
            f"(islands calibrate, seed {self.settings['seed']:g})"
        )
        unit = self.prior.quantities()[name].unit
        if self.prior.quantities()[name].distribution != "lognormal" or low <= 0:
            shape: dict[str, object] = {"distribution": "triangular", "mode": median}
        else:
            sigma = _rounded(max(np.log(high / low) / 3.29, 1e-3))
            shape = {"distribution": "lognormal", "median": median, "sigma": sigma}
        given = {**shape, "low": low, "high": high, "unit": unit, "assumption": why}
        return Quantity.model_validate(given)

    def draws_table(self) -> pd.DataFrame:
        """Return a row per draw: its factors, its marks, its distance and its weight."""
        judged = {"distance": self.distances, "weight": self.weights}
        return pd.concat([self.factors, self.seen], axis=1).assign(**judged)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
