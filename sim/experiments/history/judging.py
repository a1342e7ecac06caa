"""Judge forecasts of episodes whose end is known: rivals, scores, what is asked of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.domain.history import History
from sim.equations.scores import base_rate, brier_score, log_score
from sim.experiments.history.hindcast_result import FORECASTS, SCORES, TARGETS
from sim.quantities import Floats
from sim.randomness import Streams

__all__ = ["base_forecast", "judged", "resampled", "scores", "targets"]

_RESAMPLES = 4_000
_SEED = 1956


def base_forecast(history: History, years: float) -> Floats:
    """Return what attempts of the kind come to, as a forecast of an episode.

    Parameters
    ----------
    history : History
    years : float
        How long the episode lasted.

    Returns
    -------
    ndarray, shape (rungs,)
    """
    rates = history.base_rate
    between = np.array([rates.functional.point, rates.procedural.point, rates.partial.point])
    return base_rate(between, history.hazard_year.point, years)


def judged(forecasts: dict[str, Floats], ended: int) -> dict[str, float]:
    """Return what forecasts gave to what came, and their scores.

    Parameters
    ----------
    forecasts : mapping of forecaster to ndarray, shape (rungs,)
    ended : int
        The rung that came.
    """
    given = {f"given_{name}": float(item[ended]) for name, item in forecasts.items()}
    logs = {f"log_{name}": float(log_score(item, ended)) for name, item in forecasts.items()}
    brier = {f"brier_{name}": float(brier_score(item, ended)) for name, item in forecasts.items()}
    return given | logs | brier


def resampled(episodes: int) -> Floats:
    """Return how often each episode comes up in each bootstrap sample.

    Returns
    -------
    ndarray, shape (samples, episodes)
        Shares.
    """
    luck = Streams(_SEED, 0, _RESAMPLES).uniforms("hindcast/bootstrap", slots=episodes)
    counts = np.apply_along_axis(np.bincount, 1, (luck * episodes).astype(int), minlength=episodes)
    return np.asarray(counts / episodes)


def _span(samples: Floats) -> tuple[float, float]:
    low, high = np.quantile(samples, [0.05, 0.95])
    return float(low), float(high)


def scores(episodes: pd.DataFrame, weights: Floats) -> pd.DataFrame:
    """Return the mean scores, and by how much the model is ahead, with 90 % intervals.

    Parameters
    ----------
    episodes : DataFrame
        Of `EPISODES`, without controls.
    weights : ndarray, shape (samples, episodes)

    Returns
    -------
    DataFrame
        Of `SCORES`.
    """
    rows: list[dict[str, Any]] = []
    for score, better in (("log", 1.0), ("brier", -1.0)):
        model = episodes[f"{score}_model"].to_numpy()
        for name in FORECASTS:
            values = episodes[f"{score}_{name}"].to_numpy()
            ahead = better * (model - values)
            low, high = _span(weights @ values)
            ahead_low, ahead_high = _span(weights @ ahead)
            row = {"score": score, "forecast": name, "mean": float(values.mean())}
            row |= {"low": low, "high": high, "ahead": float(ahead.mean())}
            rows.append(row | {"ahead_low": ahead_low, "ahead_high": ahead_high})
    return pd.DataFrame(rows, columns=list(SCORES))


def targets(history: History, table: pd.DataFrame, weights: Floats) -> pd.DataFrame:
    """Return what was asked of the whole, and what came of it, with 90 % intervals.

    Parameters
    ----------
    history : History
    table : DataFrame
        Of `EPISODES`.
    weights : ndarray, shape (samples, episodes without controls)

    Returns
    -------
    DataFrame
        Of `TARGETS`.
    """
    episodes, wanted = table[~table["control"]], history.targets
    settled, years = (episodes[name].to_numpy() for name in ("settled", "exposure"))
    accords = episodes["accord"].to_numpy()
    hazards = (weights @ settled) / (weights @ years)
    rows = [
        ("hazard", settled.sum() / years.sum(), *_span(hazards), wanted.hazard),
        ("accord", accords.mean(), *_span(weights @ accords), wanted.accord),
    ]
    rows += [
        (name, share, share, share, wanted.control)
        for name, share in table.loc[table["control"], ["episode", "settled"]].to_numpy()
    ]
    values = [
        (name, number, low, high, target.low, target.high, _met(name, number, low, high, target))
        for name, number, low, high, target in rows
    ]
    return pd.DataFrame(values, columns=list(TARGETS))


def _met(name: str, number: float, low: float, high: float, target: Any) -> bool:
    """Judge the hazard by its interval, a control by more than half, all else by the number."""
    if name == "hazard":
        return bool(target.met(low, high))
    return bool(target.met(number) and (name == "accord" or number > target.low))
