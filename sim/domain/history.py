r"""The record and factors shared by all episodes: what happened, base rates, targets, calibration.

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
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.quantity import FixedNonNegative, FixedShare, NonNegative, Quantity
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


Rung = Literal["none", "functional", "procedural", "partial", "full"]
"""A rung of the ladder, by name."""


class Happened(Frozen):
    """How an episode ended.

    Parameters
    ----------
    rounds : int
        Length of the episode in rounds of its scenario, time to come into force included.
    ended : Rung
        What was in force at its end.
    source : tuple of str
        Ids of facts.
    assumption : str, optional
        What the coder decided.
    """

    rounds: Annotated[int, Field(ge=1, le=10_000)]
    ended: Rung
    source: Annotated[tuple[str, ...], Field(min_length=1)]
    assumption: str | None = None


class Target(Frozen):
    """A range, fixed beforehand, in which a simulated number is to lie.

    Parameters
    ----------
    low, high : float
        Ends included.
    source : tuple of str
        Ids of facts.
    """

    low: float
    high: float
    source: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Target:
        if self.low > self.high:
            raise ValueError(f"low must not exceed high, got {self.low} and {self.high}")
        return self

    def met(self, low: float, high: float | None = None) -> bool:
        """Tell whether a number, or some of an interval, lies in the range."""
        return self.low <= (low if high is None else high) and low <= self.high


class Targets(Frozen):
    """What a model of the dispute has to meet.

    Parameters
    ----------
    hazard : Target
        Yearly hazard of a settlement; some of its 90 % interval lies here.
    accord : Target
        Share of episodes with an accord below settlement.
    control : Target
        Share of worlds in which a border that did settle settles.
    """

    hazard: Target
    accord: Target
    control: Target


class Fit(Target):
    """A range that a calibration aims at.

    Parameters
    ----------
    scale : float
        Distance from the range that counts as one unit of misfit.
    assumption : str, optional
        Why this range and scale.
    """

    scale: Annotated[float, Field(gt=0)]
    assumption: str | None = None

    def misfit(self, value: Floats) -> Floats:
        """Return how far values lie outside the range, in units of the scale.

        Parameters
        ----------
        value : ndarray
        """
        return np.maximum(np.maximum(self.low - value, value - self.high), 0.0) / self.scale


class Fits(Frozen):
    """What a calibration is fitted to; one mark for all episodes, none for a single one.

    Parameters
    ----------
    hazard : Fit
        Yearly hazard of a settlement, over all episodes.
    accord : Fit
        Share of episodes with an accord below settlement.
    control : Fit
        Share of worlds in which a border that did settle settles, for each of them.
    not_ratified : Fit
        Share of signed texts of which the last one failed ratification.
    ahead : Fit
        How far the mean log score is ahead of the base rate's.
    """

    hazard: Fit
    accord: Fit
    control: Fit
    not_ratified: Fit
    ahead: Fit

    def of(self, mark: str) -> Fit:
        """Return the range that a mark aims at; all controls share one."""
        fit: Fit = getattr(self, mark.partition(":")[0])
        return fit


class BaseRate(Frozen):
    """Shares of attempts that end on each rung between nothing and everything.

    Parameters
    ----------
    functional, procedural, partial : Quantity
    """

    functional: FixedShare
    procedural: FixedShare
    partial: FixedShare


class History(Frozen):
    """What happened, and what rival forecasts would have said.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    rounds_year : int
        Rounds a year in which lengths are counted; scenarios of another tempo are refused.
    episodes : mapping of scenario to Happened
        In the order of time.
    controls : mapping of scenario to Happened
        Borders that settled.
    before_first : Happened
        What the forecast "as last time" starts from.
    base_rate : BaseRate
        Of attempts to settle.
    hazard_year : Quantity
        Yearly hazard of a settlement in the reference class.
    after_accord, after_failure : Quantity
        Probability of an agreement after an agreement, and after a failure.
    beside : str, optional
        A structure about small matters, which another reading puts on every table.
    targets : Targets
    fits : Fits
        What a calibration aims at.
    """

    name: str
    label: str
    rounds_year: Annotated[int, Field(ge=1)]
    episodes: Annotated[dict[str, Happened], Field(min_length=1)]
    controls: dict[str, Happened] = {}
    before_first: Happened
    base_rate: BaseRate
    hazard_year: FixedNonNegative
    after_accord: FixedShare
    after_failure: FixedShare
    beside: str | None = None
    targets: Targets
    fits: Fits

    def sources(self) -> tuple[str, ...]:
        """Return the ids of all facts that the history rests on."""
        rates, targets = self.base_rate, self.targets
        numbers = (rates.functional, rates.procedural, rates.partial, self.hazard_year)
        fits = self.fits
        parts: list[Happened | Target | Quantity] = [
            *self.episodes.values(),
            *self.controls.values(),
            self.before_first,
            *(*numbers, self.after_accord, self.after_failure),
            *(targets.hazard, targets.accord, targets.control),
            *(fits.hazard, fits.accord, fits.control, fits.not_ratified, fits.ahead),
        ]
        return tuple(dict.fromkeys(name for part in parts for name in part.source))
