"""Forecast the episodes of the record, and be judged by what happened.

Usage: islands hindcast [key=value …]

  worlds=N              worlds of each structure (2048)
  seed=N                in place of each scenario's own
  calibration=NAME      factors shared by all episodes, of `islands list calibrations`
  beside=DEAL           read every table as if half of the weight had been on that structure
  out=DIR               write episodes, scores and targets as Parquet, and the page
  doc=FILE              write the page in Markdown: this reading, and others for comparison
  workers=N             processes

Exit code 0 says that it ran, not that all fits: what does not is named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import options
from sim.cli.screen import display, say
from sim.io.files import write_atomically

if TYPE_CHECKING:
    from rich.table import Table

    from sim.experiments.history.hindcast import Hindcast

__all__ = ["main"]

_KNOWN = {
    **dict.fromkeys(("worlds", "seed", "workers"), int),
    **dict.fromkeys(("calibration", "beside"), str),
    **dict.fromkeys(("out", "doc"), Path),
}


def main(arguments: list[str]) -> int:
    """Run the hindcast and show it."""
    from sim.experiments.history.hindcast import hindcast
    from sim.io.history import load_calibration
    from sim.report.hindcast import page

    given: dict[str, Any] = {**options(arguments, _KNOWN)}
    out, doc = given.pop("out", None), given.pop("doc", None)
    name = given.pop("calibration", None)
    given["calibration"] = load_calibration(name) if name else None
    result = hindcast(**given, progress=sys.stderr.isatty())
    if out:
        result.save(Path(out), {"hindcast.md": page(result).encode()})
    if doc:
        write_atomically(Path(doc), page(result, _others(given)).encode())
    _show(result)
    return 0


def _others(given: dict[str, Any]) -> dict[str, Hindcast]:
    """Return other readings of the same history, to be set beside the one that was asked for."""
    from sim.experiments.history.hindcast import hindcast
    from sim.io.history import load_calibration, load_history
    from sim.io.library import list_names

    small = {"beside": load_history().beside}
    settings: dict[str, dict[str, Any]] = {"small matters on every table": small}
    if "fitted" in list_names("calibration"):
        fitted = load_calibration("fitted")
        settings["with fitted factors"] = {"calibration": fitted}
        settings["both"] = {**small, "calibration": fitted}
    progress = sys.stderr.isatty()
    return {
        label: hindcast(**{**given, **change}, progress=progress)
        for label, change in settings.items()
    }


def _show(result: Hindcast) -> None:
    display(_episodes(result))
    say("")
    display(_scores(result))
    say("")
    for row in result.targets.to_dict("records"):
        verdict = "met" if row["met"] else "missed"
        wanted = f"{row['wanted_low']:g} to {row['wanted_high']:g}"
        say(f"{row['target']}: {row['number']:.4f}, wanted {wanted}: {verdict}")
    misfits = result.misfits()
    say(
        "\n".join(["", "Misfits:", *(f"- {text}" for text in misfits)])
        if misfits
        else "No misfits."
    )


def _episodes(result: Hindcast) -> Table:
    from rich.table import Table

    from sim.domain.outcome import LADDER

    rungs = [rung.name for rung in LADDER]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("episode", "years", *rungs, "happened", "given", "base rate", "as last time"):
        table.add_column(name, justify="left" if name in ("episode", "happened") else "right")
    for row in result.episodes.to_dict("records"):
        shares = [f"{row[name]:.3f}" for name in rungs]
        given = [f"{row[f'given_{who}']:.3f}" for who in ("model", "base", "persistence")]
        table.add_row(row["episode"], f"{row['years']:g}", *shares, row["ended"], *given)
    return table


def _scores(result: Hindcast) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("score", "forecast", "mean", "90 %", "model ahead by", "90 %"):
        table.add_column(name, justify="left" if name in ("score", "forecast") else "right")
    for row in result.scores.to_dict("records"):
        spans = [f"{row[a]:.2f} to {row[b]:.2f}" for a, b in (("low", "high"), _AHEAD)]
        ahead = f"{row['ahead']:+.2f}"
        table.add_row(
            row["score"], row["forecast"], f"{row['mean']:.2f}", spans[0], ahead, spans[1]
        )
    return table


_AHEAD = ("ahead_low", "ahead_high")
