"""Calibration of factors that all episodes share to what is known of them together.

Approximate Bayesian computation by rejection (see :mod:`sim.equations.rejection`). A Latin
hypercube draws factors from the prior; every draw plays all episodes and controls, in the same
worlds as every other draw of its place in a block; what it brings is held against the marks of the
history. No mark belongs to one episode, and no factor to one side, so nothing can be bent to fit a
case. Same prior, history, seed and sizes: same result, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import track

from sim.domain.agenda import Agenda
from sim.domain.history import Calibration, Fit, History
from sim.domain.outcome import LADDER
from sim.domain.quantity import Quantity
from sim.domain.results import BlockResult, Kinds
from sim.domain.scenario import Scenario
from sim.equations.rejection import departure, distance, effective, quantiles, weights
from sim.equations.scores import AS_WORLDS, log_score, smoothed
from sim.errors import Fault, ScenarioError
from sim.experiments.blocks import pack_scenario
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.history.cases import Case, cases
from sim.experiments.history.judging import base_forecast
from sim.experiments.nested import hypercube
from sim.experiments.pinned import play_pinned
from sim.experiments.tally import Tally, mixture, tally
from sim.experiments.tasks import Packed, complete, unpack
from sim.io.history import load_calibration, load_history
from sim.quantities import BLOCK_WORLDS, Floats

__all__ = ["FACTORS", "MARKS", "CalibrationResult", "CalibrationSizes", "marks", "run"]

_RUNGS = [rung.name for rung in LADDER]


def marks(
    history: History, found: Sequence[Case], tallies: Sequence[Tally], worlds: int
) -> dict[str, Floats]:
    """Return the summaries by which draws are judged.

    Parameters
    ----------
    history : History
    found : sequence of Case
    tallies : sequence of Tally
        One for each case, with a group for each draw.
    worlds : int
        Worlds of each structure and draw.

    Returns
    -------
    mapping of mark to ndarray, shape (draws,)
        ``hazard``, ``accord``, ``not_ratified``, ``ahead``, and ``control:NAME`` for each control.
    """
    both = list(zip(found, tallies, strict=True))
    episodes = [(case, one) for case, one in both if not case.control]
    result = {
        "hazard": _total(episodes, "settled") / _total(episodes, "years"),
        "accord": _total(episodes, "accord") / len(episodes),
        "not_ratified": _total(both, "rejected") / np.maximum(_total(both, "signed"), 1 / worlds),
        "ahead": np.mean([_ahead(history, case, one) for case, one in episodes], axis=0),
    }
    return result | {f"control:{case.name}": one.settled for case, one in both if case.control}


def _total(group: Sequence[tuple[Case, Tally]], what: str) -> Floats:
    return np.asarray(np.sum([getattr(one, what) for _, one in group], axis=0))


def _ahead(history: History, case: Case, one: Tally) -> Floats:
    """Return how far the log score of an episode is ahead of the base rate's."""
    ended, base = _RUNGS.index(case.happened.ended), base_forecast(history, case.years)
    return log_score(smoothed(one.ladder, AS_WORLDS), ended) - log_score(base, ended)


_AT = np.array([0.05, 0.5, 0.95])
_DIGITS = 4
_RANGE_OF_FIVE = 3.86
"""The 95 % point of the range of five standard normal numbers (the studentized range)."""

FACTORS: Kinds = {
    "factor": "text",
    **dict.fromkeys(("prior_low", "prior_median", "prior_high"), "number"),
    **dict.fromkeys(("low", "median", "high", "width", "departure", "noise"), "number"),
    "informed": "flag",
}
"""Columns of the table of factors."""

LEFT_OUT: Kinds = {
    "episode": "text",
    **dict.fromkeys(("plain", "prior", "fitted", "base"), "number"),
}
"""Columns of the table of episodes left out: log scores of the forecasts of each."""

PROFILE: Kinds = {
    "factor": "text",
    **dict.fromkeys((f"fifth_{place}" for place in range(1, 6)), "number"),
    **dict.fromkeys(("spread", "noise"), "number"),
    "flat": "flag",
}
"""Columns of the profile: mean log-likelihood of the episodes by fifths of a factor's prior."""

MARKS: Kinds = {
    "mark": "text",
    **dict.fromkeys(("wanted_low", "wanted_high", "scale", "plain", "least", "most"), "number"),
    **dict.fromkeys(("low", "fitted", "high", "misfit"), "number"),
}
"""Columns of the table of marks."""


@dataclass(frozen=True, eq=False)
class CalibrationResult:
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
    likelihood : DataFrame
        A row per draw, a column per episode: the log of what it gave to what happened.
    left_out : DataFrame
        A row per episode: the log score of its forecast by numbers as they stand, by all draws, by
        the draws that are kept where it is no part of any mark, and by the base rate.
    agenda : {"single", "tabled"}
        How it was played.
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
    likelihood: pd.DataFrame
    left_out: pd.DataFrame
    agenda: Agenda
    settings: Mapping[str, float]

    def profile(self) -> pd.DataFrame:
        """Return a row per factor: how likely the episodes are by fifths of its prior.

        The mean over the draws of a fifth of the log-likelihood of all episodes. The likelihood is
        `flat` where the gap between two fifths, `spread`, is less than what chance brings among
        ten pairs of them in one case of twenty (`noise`).
        """
        total = self.likelihood.sum(axis=1).to_numpy()
        return pd.DataFrame(
            [_profile(str(name), self.places[name].to_numpy(), total) for name in self.places],
            columns=list(PROFILE),
        )

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
            f"{said} by history: 90 % of the kept draws, {100 * row['width']:.0f} % as wide as "
            f"before (islands calibrate, seed {self.settings['seed']:g})"
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


def _profile(name: str, places: Floats, total: Floats) -> dict[str, Any]:
    fifths = np.array_split(total[np.argsort(places)], 5)
    means = [float(part.mean() if len(part) else total.mean()) for part in fifths]
    spread = max(means) - min(means)
    noise = _RANGE_OF_FIVE * float(total.std()) / np.sqrt(len(total) / 5)
    named = {f"fifth_{place + 1}": mean for place, mean in enumerate(means)}
    return {"factor": name, **named, "spread": spread, "noise": noise, "flat": spread < noise}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


@dataclass(frozen=True)
class CalibrationSizes:
    """How much is tried.

    Parameters
    ----------
    draws : int
        Draws of the factors.
    each : int
        Worlds of each structure for each draw; divides 1,024.
    keep : float
        Share of draws that is kept, in (0, 1).
    """

    draws: int = 1_024
    each: int = 32
    keep: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what cannot be laid out."""
        faults = []
        if self.draws < 2:
            faults.append(Fault("draws", "at least 2", str(self.draws)))
        if self.each < 1 or BLOCK_WORLDS % self.each:
            faults.append(Fault("each", f"a divisor of {BLOCK_WORLDS}", str(self.each)))
        if not 0 < self.keep < 1:
            faults.append(Fault("keep", "a share between 0 and 1", str(self.keep)))
        if faults:
            raise ScenarioError(faults)


_PLAIN = CalibrationSizes(2, BLOCK_WORLDS // 2)
"""One block in which nothing is changed."""


@dataclass(frozen=True)
class _Trial:
    """Some draws of the factors, in consecutive worlds of one structure."""

    scenario: Packed[Scenario]
    deal: str
    pins: Mapping[str, Floats]

    def __str__(self) -> str:
        return f"a calibration of {self.deal}"


def run(
    history: History | None = None,
    prior: Calibration | None = None,
    sizes: CalibrationSizes | None = None,
    *,
    seed: int = 1855,
    agenda: Agenda = "tabled",
    workers: int | None = None,
    progress: bool = False,
) -> CalibrationResult:
    """Fit the factors of a prior to the marks of a history.

    Parameters
    ----------
    history : History, optional
        Absent, the shipped one.
    prior : Calibration, optional
        Absent, the shipped one.
    sizes : CalibrationSizes, optional
    seed : int
        Of the hypercube and of all worlds.
    agenda : {"tabled", "single"}
        Whether sides may change the table, or each structure is played by itself.
    workers : int, optional
        Processes; no result depends on it.
    progress : bool
        Show a progress bar on the terminal.

    Raises
    ------
    ScenarioError
        If a scenario of the history is at fault, or the sizes.
    """
    history, prior = history or load_history(), prior or load_calibration("prior")
    sizes = sizes or CalibrationSizes()
    found = cases(history, worlds=sizes.each, seed=seed, calibration=prior, agenda=agenda)
    places = {
        name: hypercube(seed, f"calibration/{name}", sizes.draws) for name in prior.quantities()
    }
    factors = {name: prior.quantities()[name].quantile(place) for name, place in places.items()}
    off = dict.fromkeys(factors, np.ones(2))  # factors that change nothing
    tallies = _played(found, factors, sizes, workers, progress)
    stand = _played(found, off, _PLAIN, workers, False)
    seen = marks(history, found, tallies, sizes.each)
    plain = marks(history, found, stand, _PLAIN.each)
    distances = _distances(history, seen)
    return CalibrationResult(
        history=history,
        prior=prior,
        places=pd.DataFrame(places),
        factors=pd.DataFrame(factors),
        seen=pd.DataFrame(seen),
        plain={name: float(values.mean()) for name, values in plain.items()},
        distances=distances,
        weights=weights(distances, sizes.keep),
        likelihood=pd.DataFrame(_likelihood(found, tallies)),
        left_out=_left_out(history, found, (tallies, stand), sizes),
        agenda=agenda,
        settings={"draws": sizes.draws, "each": sizes.each, "keep": sizes.keep, "seed": seed},
    )


def _distances(history: History, seen: Mapping[str, Floats]) -> Floats:
    misfits = [history.fits.of(name).misfit(values) for name, values in seen.items()]
    return distance(np.stack(misfits, axis=1))


def _likelihood(found: Sequence[Case], tallies: Sequence[Tally]) -> dict[str, Floats]:
    """Return the log of what every draw gave to what happened, by episode."""
    both = [(case, one) for case, one in zip(found, tallies, strict=True) if not case.control]
    return {
        case.name: log_score(smoothed(one.ladder, AS_WORLDS), _RUNGS.index(case.happened.ended))
        for case, one in both
    }


def _left_out(
    history: History,
    found: Sequence[Case],
    played: tuple[Sequence[Tally], Sequence[Tally]],
    sizes: CalibrationSizes,
) -> pd.DataFrame:
    """Forecast each episode by what the marks of all others keep; see `CalibrationResult`."""
    tallies, stand = played
    rows = []
    for place, case in enumerate(found):
        if case.control:
            continue
        rest = [index for index in range(len(found)) if index != place]
        parts = [found[index] for index in rest], [tallies[index] for index in rest]
        kept = weights(_distances(history, marks(history, *parts, sizes.each)), sizes.keep)
        ladder, ended = tallies[place].ladder, _RUNGS.index(case.happened.ended)
        forecasts = {
            "plain": smoothed(stand[place].ladder.mean(axis=0), AS_WORLDS),
            "prior": smoothed(ladder.mean(axis=0), AS_WORLDS),
            "fitted": smoothed(kept @ ladder, AS_WORLDS),
            "base": base_forecast(history, case.years),
        }
        scores = {name: float(log_score(item, ended)) for name, item in forecasts.items()}
        rows.append({"episode": case.name, **scores})
    return pd.DataFrame(rows, columns=list(LEFT_OUT))


def _played(
    found: Sequence[Case],
    factors: Mapping[str, Floats],
    sizes: CalibrationSizes,
    workers: int | None,
    progress: bool,
) -> list[Tally]:
    """Return what every case comes to with every draw."""
    keys = [(case, deal) for case in found for deal in case.scenario.structures]
    packed = {case.name: pack_scenario(case.scenario) for case in found}
    spans = _spans(sizes)
    trials = [
        _Trial(packed[case.name], deal, _pins(factors, span, sizes.each))
        for case, deal in keys
        for span in spans
    ]
    results = iter(_completed(trials, workers, progress))
    tallies: dict[str, list[Tally]] = {case.name: [] for case in found}
    for case, _ in keys:
        blocks = [next(results) for _ in spans]
        years = case.scenario.protocol.round_years
        tallies[case.name].append(tally(blocks, case.scenario.rounds, years, sizes.draws))
    return [mixture(tallies[case.name], case.weights) for case in found]


def _spans(sizes: CalibrationSizes) -> list[slice]:
    """Return which draws go into each block."""
    fit = BLOCK_WORLDS // sizes.each
    return [slice(first, min(first + fit, sizes.draws)) for first in range(0, sizes.draws, fit)]


def _pins(factors: Mapping[str, Floats], span: slice, each: int) -> dict[str, Floats]:
    return {f"calibration.{name}": np.repeat(item[span], each) for name, item in factors.items()}


def _completed(trials: Sequence[_Trial], workers: int | None, progress: bool) -> list[BlockResult]:
    workers = max(1, min(workers or cores(), len(trials)))
    others = workers - 1  # this process is one of them: the two lay out each episode's tables once
    make: Callable[[], Executor] = partial(processes, others) if others else Serial
    finished_by = partial(complete, make, _play, in_flight=2 * others or 1, here=others > 0)
    console = Console(stderr=True, markup=False, emoji=False)
    hidden = not progress or not console.is_terminal
    with closing(finished_by(trials)) as finished:
        shown = track(finished, "calibration", len(trials), console=console, disable=hidden)
        results = dict(shown)
    return [results[place] for place in range(len(trials))]


def _play(trial: _Trial) -> BlockResult:
    worlds = len(next(iter(trial.pins.values())))
    return play_pinned(unpack(trial.scenario), trial.deal, worlds, trial.pins)
