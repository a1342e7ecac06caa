"""Hindcasts held against the record: rivals, scores, targets and misfits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.history import Calibration, History
from sim.domain.narration import percent
from sim.domain.outcome import LADDER
from sim.domain.results import Kinds
from sim.equations.scores import base_rate, brier_score, log_score, ranked_probability_score
from sim.io.tables import Aside, digest, table_files, write_run
from sim.quantities import Floats
from sim.randomness import Streams

__all__ = [
    "EPISODES",
    "FORECASTS",
    "SCORES",
    "TARGETS",
    "Hindcast",
    "base_forecast",
    "judged",
    "resampled",
    "scores",
    "targets",
]

FORECASTS = ("model", "base", "persistence")
"""Who forecasts; the names are those of columns."""

EPISODES: Kinds = {
    "episode": "text",
    "start": "text",
    "years": "number",
    "tabled": "text",
    "control": "flag",
    **{rung.name: "number" for rung in LADDER},
    "accord": "number",
    "settled": "number",
    "exposure": "number",
    "signed": "number",
    "at_once": "number",
    "ended": "text",
    **{
        f"{what}_{who}": "number"
        for what in ("given", "log", "brier", "ranked")
        for who in FORECASTS
    },
    "worlds": "count",
}
"""Columns of `episodes.parquet`: a row per episode and control."""

SCORES: Kinds = {
    "score": "text",
    "forecast": "text",
    **dict.fromkeys(("mean", "low", "high", "ahead", "ahead_low", "ahead_high"), "number"),
}
"""Columns of `scores.parquet`: mean scores over episodes; how far the model is ahead of each."""

TARGETS: Kinds = {
    "target": "text",
    **dict.fromkeys(("number", "low", "high", "wanted_low", "wanted_high"), "number"),
    "met": "flag",
}
"""Columns of `targets.parquet`: what was asked of the whole, and what came of it."""


@dataclass(frozen=True, eq=False)
class Hindcast:
    """What was forecast of episodes whose end is known.

    Parameters
    ----------
    history : History
    calibration : Calibration, optional
        Factors with which it was played.
    episodes : DataFrame
        A row per episode and control: its shares on the ladder, what happened, and the probability
        that the model and its rivals gave to it.
    scores : DataFrame
        Mean log, Brier and ranked probability scores over episodes, with 90 % bootstrap intervals.
    targets : DataFrame
        What was asked of the whole.
    provenance : dict
    """

    history: History
    calibration: Calibration | None
    episodes: pd.DataFrame
    scores: pd.DataFrame
    targets: pd.DataFrame
    provenance: dict[str, Any]

    def misfits(self) -> list[str]:
        """Name what does not fit, in sentences; an empty list says that all does."""
        return [*self._missed(), *self._surprised(), *self._weak()]

    def _missed(self) -> Iterator[str]:
        for row in self.targets[~self.targets["met"]].itertuples():
            yield (
                f"`{row.target}` is {row.number:.3g} (90 % interval {row.low:.3g} to "
                f"{row.high:.3g}), wanted {row.wanted_low:g} to {row.wanted_high:g}."
            )

    def _surprised(self) -> Iterator[str]:
        for row in self.episodes[~self.episodes["control"]].to_dict("records"):
            if row["given_model"] < row["given_base"]:
                never = " No world ended so." if row[row["ended"]] == 0 else ""
                yield (
                    f"`{row['episode']}` ended {row['ended']}: given {row['given_model']:.3f}, "
                    f"less than by the base rate ({row['given_base']:.3f}).{never}"
                )

    def _weak(self) -> Iterator[str]:
        for row in self.episodes[self.episodes["control"]].to_dict("records"):
            if row["at_once"] > 0.5 * row["signed"]:
                yield (
                    f"`{row['episode']}` is a weak control: of its worlds that sign, "
                    f"{percent(row['at_once'] / row['signed'])} % do so in round 0, which history "
                    "did not."
                )

    def save(
        self,
        folder: str | Path,
        also: dict[str, bytes] | None = None,
        format: str = "parquet",
        aside: Aside | None = None,
    ) -> Path:
        """Write the tables to a folder, which appears as a whole or not at all.

        Parameters
        ----------
        folder : str or Path
        also : mapping of name to bytes, optional
            Further files, such as a page.
        format : {"parquet", "csv"}
        aside : callable, optional
            Told where an earlier run is moved to; absent, it is replaced.
        """
        folder = Path(folder)
        key = digest(self.history.model_dump_json().encode())
        kinds = {"episodes": EPISODES, "scores": SCORES, "targets": TARGETS}
        tables = {name: (getattr(self, name), columns) for name, columns in kinds.items()}
        files = table_files(tables, key, format) | (also or {})
        write_run(folder, files, self.provenance, aside)
        return folder


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
    ranked = {
        f"ranked_{name}": float(ranked_probability_score(item, ended))
        for name, item in forecasts.items()
    }
    return given | logs | brier | ranked


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
    for score, better in (("log", 1.0), ("brier", -1.0), ("ranked", -1.0)):
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
