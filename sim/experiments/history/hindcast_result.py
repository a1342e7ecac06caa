"""Hold a hindcast, name its misfits, and save it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.history import Calibration, History
from sim.domain.outcome import LADDER
from sim.domain.results import Kinds
from sim.io.tables import MANIFEST, digest, parquet, write_folder

__all__ = ["EPISODES", "FORECASTS", "SCORES", "TARGETS", "Hindcast"]

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
    **{f"{what}_{who}": "number" for what in ("given", "log", "brier") for who in FORECASTS},
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
        Mean log and Brier scores over episodes, with 90 % bootstrap intervals.
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
                    f"{row['at_once'] / row['signed']:.0%} do so in round 0, which history did not."
                )

    def save(self, folder: str | Path, also: dict[str, bytes] | None = None) -> Path:
        """Write the tables to a folder, which appears as a whole or not at all.

        Parameters
        ----------
        folder : str or Path
        also : mapping of name to bytes, optional
            Further files, such as a page.
        """
        folder = Path(folder)
        key = digest(self.history.model_dump_json().encode())
        tables = {"episodes": EPISODES, "scores": SCORES, "targets": TARGETS}
        files = {
            f"{name}.parquet": parquet(getattr(self, name), kinds, key)
            for name, kinds in tables.items()
        } | (also or {})
        listed = {name: digest(data) for name, data in sorted(files.items())}
        manifest = json.dumps({**self.provenance, "files": listed}, indent=2, ensure_ascii=False)
        write_folder(folder, {**files, MANIFEST: f"{manifest}\n".encode()})
        return folder
