"""Ask which declared uncertainty decides how the structures of a scenario end.

Usage: islands sensitivity scenario=NAME|PATH [AXIS …] [key=value …]
       islands sensitivity DIR [outcome=…]     (a sweep with design=sobol or design=morris)

  AXIS               as in `islands sweep`: key=uncertain, key=interval(a,b); without any,
                     everything with a declared range
  deals=[a,b] worlds=N …   as in `islands run`
  outcome=auto       the share of worlds that settle, where it varies, else the margin
  outcome=settled    the share of worlds that settle
  outcome=zopa_margin      the median over worlds of the best smaller surplus, in points
  trajectories=8     of Morris's screening: 8 × (axes + 1) cells
  top=6              axes that the screening keeps for each structure
  base=64            base points of the Sobol indices, a power of 2: 64 × (axes kept + 2) cells
  out=DIR workers=N  as in `islands sweep`; the same command goes on where it stopped

A first-order index is the share of the outcome's variance that a number decides alone, a total
one that with all others; both with 95 % intervals. `islands plot DIR` draws them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.screen import display, say
from sim.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["main"]

_SHOWN = 8
_EFFORT = ("trajectories", "base", "top")
_COLUMNS = {
    "total": ("first", "total"),
    "mu_star": ("mu_star", "mu", "sigma"),
}


def main(arguments: list[str]) -> int:
    """Print what decides the outcome of each structure."""
    from sim.experiments.analysis.indices import OUTCOMES_ASKED, of_sweep
    from sim.experiments.analysis.sensitivity import sensitivity
    from sim.experiments.sweep.result import load_sweep

    texts, given = _given(arguments)
    outcome = given.pop("outcome", "auto")
    if outcome not in OUTCOMES_ASKED:
        raise UsageError(f"expected outcome={'|'.join(OUTCOMES_ASKED)}, got {outcome!r}")
    if len(texts) == 1 and "=" not in texts[0] and Path(texts[0]).is_dir():
        _print("", of_sweep(load_sweep(texts[0]), outcome))
        return 0
    asked = {key: _whole(key, value) for key, value in given.items()}
    shown: dict[str, Any] = {**asked, "progress": sys.stderr.isatty()}
    found = sensitivity(None, texts, outcome=outcome, **shown)
    _print("Morris's screening", found.screening)
    _print("Sobol indices of what it kept", found.indices)
    folders = " and ".join(str(swept.folder) for swept in found.sweeps)
    say(f"\nBoth sweeps are kept in {folders}; `islands plot` draws them")
    return 0


def _given(arguments: list[str]) -> tuple[list[str], dict[str, Any]]:
    given = {}
    texts = []
    for text in arguments:
        key, equals, value = text.partition("=")
        if equals and key in ("outcome", *_EFFORT):
            given[key] = value
        else:
            texts.append(text)
    return texts, given


def _whole(key: str, value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise UsageError(f"expected {key}=N, a whole number of at least 1, got {value!r}")
    return int(value)


def _print(title: str, found: pd.DataFrame) -> None:
    """Print a table for each structure, the most influential numbers first."""
    from sim.cli.numbers import table

    if title:
        say(f"\n{title}")
    if found.empty:
        say("nothing varies: the outcome is the same in all cells")
        return
    names = _COLUMNS["total" if "total" in found else "mu_star"]
    for deal, rows in found.groupby("deal", observed=True, sort=False):
        body = table("", *names)
        for _, row in rows[rows[names[-1 if "total" in found else 0]] > 0].head(_SHOWN).iterrows():
            body.add_row(str(row["key"]), *(_cell(row, name) for name in names))
        say(
            f"\n{deal}: {rows['outcome'].iloc[0]} (standard deviation {rows['spread'].iloc[0]:.3g})"
        )
        display(body)


def _cell(row: pd.Series, name: str) -> str:
    text = f"{row[name]:.3f}"
    if f"{name}_low" in row:
        text += f" ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
    return text
