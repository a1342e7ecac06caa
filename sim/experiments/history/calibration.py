"""Fit factors that all episodes share to what is known of them together.

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

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import track

from sim.domain.history import Calibration, History
from sim.domain.results import BlockResult
from sim.equations.rejection import distance, weights
from sim.errors import Fault, ScenarioError
from sim.experiments.blocks import Packed, pack, unpack
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.history.calibration_result import Calibrated
from sim.experiments.history.cases import Case, cases
from sim.experiments.history.marks import marks
from sim.experiments.nested import hypercube
from sim.experiments.pinned import play_pinned
from sim.experiments.tally import Tally, mixture, tally
from sim.experiments.tasks import complete
from sim.io.history import load_calibration, load_history
from sim.quantities import BLOCK_WORLDS, Floats

__all__ = ["Calibrated", "Sizes", "run"]


@dataclass(frozen=True)
class Sizes:
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


_PLAIN = Sizes(2, BLOCK_WORLDS // 2)
"""One block in which nothing is changed."""


@dataclass(frozen=True)
class _Trial:
    """Some draws of the factors, in consecutive worlds of one structure."""

    scenario: Packed
    deal: str
    pins: Mapping[str, Floats]

    def __str__(self) -> str:
        return f"a calibration of {self.deal}"


def run(
    history: History | None = None,
    prior: Calibration | None = None,
    sizes: Sizes | None = None,
    *,
    seed: int = 1855,
    workers: int | None = None,
    progress: bool = False,
) -> Calibrated:
    """Fit the factors of a prior to the marks of a history.

    Parameters
    ----------
    history : History, optional
        Absent, the shipped one.
    prior : Calibration, optional
        Absent, the shipped one.
    sizes : Sizes, optional
    seed : int
        Of the hypercube and of all worlds.
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
    sizes = sizes or Sizes()
    found = cases(history, worlds=sizes.each, seed=seed, calibration=prior)
    places = {
        name: hypercube(seed, f"calibration/{name}", sizes.draws) for name in prior.quantities()
    }
    factors = {name: prior.quantities()[name].quantile(place) for name, place in places.items()}
    off = {name: _off(name) for name in factors}
    seen = marks(history, found, _played(found, factors, sizes, workers, progress), sizes.each)
    plain = marks(history, found, _played(found, off, _PLAIN, workers, False), _PLAIN.each)
    misfits = [history.fits.of(name).misfit(values) for name, values in seen.items()]
    distances = distance(np.stack(misfits, axis=1))
    return Calibrated(
        history=history,
        prior=prior,
        places=pd.DataFrame(places),
        factors=pd.DataFrame(factors),
        seen=pd.DataFrame(seen),
        plain={name: float(values.mean()) for name, values in plain.items()},
        distances=distances,
        weights=weights(distances, sizes.keep),
        settings={"draws": sizes.draws, "each": sizes.each, "keep": sizes.keep, "seed": seed},
    )


def _off(name: str) -> Floats:
    """Return two draws of the factor that change nothing."""
    return np.full(2, 0.0 if name == "stance_correlation" else 1.0)


def _played(
    found: Sequence[Case],
    factors: Mapping[str, Floats],
    sizes: Sizes,
    workers: int | None,
    progress: bool,
) -> list[Tally]:
    """Return what every case comes to with every draw."""
    keys = [(case, deal) for case in found for deal in case.scenario.deals]
    packed = {case.name: pack(case.scenario) for case in found}
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


def _spans(sizes: Sizes) -> list[slice]:
    """Return which draws go into each block."""
    fit = BLOCK_WORLDS // sizes.each
    return [slice(first, min(first + fit, sizes.draws)) for first in range(0, sizes.draws, fit)]


def _pins(factors: Mapping[str, Floats], span: slice, each: int) -> dict[str, Floats]:
    return {f"calibration.{name}": np.repeat(item[span], each) for name, item in factors.items()}


def _completed(trials: Sequence[_Trial], workers: int | None, progress: bool) -> list[BlockResult]:
    workers = max(1, min(workers or cores(), len(trials)))
    make: Callable[[], Executor] = Serial if workers == 1 else partial(processes, workers)
    console = Console(stderr=True)
    hidden = not progress or not console.is_terminal
    with closing(complete(make, _play, trials, in_flight=2 * workers)) as finished:
        shown = track(finished, "calibration", len(trials), console=console, disable=hidden)
        results = dict(shown)
    return [results[place] for place in range(len(trials))]


def _play(trial: _Trial) -> BlockResult:
    worlds = len(next(iter(trial.pins.values())))
    return play_pinned(unpack(trial.scenario), trial.deal, worlds, trial.pins)
