"""The result of a run as tables for a terminal of 120 columns, or for a pipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.outcome import LADDER, OUTCOMES, Outcome
from sim.experiments.result import EnsembleResult

_OPEN, _NOTHING = "title left open", "nothing"
_STOPPED_BY = {
    Outcome.reneged.name: "walked back",
    Outcome.rejected.name: "vote fails",
    Outcome.no_bargain.name: "no gain for both",
    Outcome.preconditions.name: "preconditions",
    Outcome.publics.name: "unratifiable",
    Outcome.not_reached.name: "just not agreed",
}
"""Barriers in the few words a table has room for."""
_HEADS = {
    Outcome.settled.name: "set-\ntled",
    Outcome.reneged.name: "re-\nneged",
    Outcome.interim.name: "inte-\nrim",
    Outcome.rejected.name: "re-\nject.",
    Outcome.no_bargain.name: "no\nbarg.",
    Outcome.preconditions.name: "pre-\ncond.",
    Outcome.publics.name: "pub-\nlics",
    Outcome.not_reached.name: "not\nrea.",
}
_MISSING = "–"
_COLUMNS_EXPLAINED = """\
settled 95 %: Wilson interval. half by: round by which half of the worlds have settled.
ZOPA margin: the best package's smaller surplus over never signing, in points, median over worlds;
  below 0 nothing is worth signing to both."""
_TURNS_EXPLAINED = """\
turns: share of the declared uncertainty, in % of {draws} draws of it, under which the structure's
  rank by settlement or by margin reverses ({missing}: cannot be told)."""
_NO_RANKING = """\
There is no ranking by settlement: no draw sets any two structures apart by it."""


def render(result: EnsembleResult, out: Path | None = None) -> RenderableType:
    """Return the result of a run as text and tables, at most 120 columns wide.

    Parameters
    ----------
    result : EnsembleResult
    out : Path, optional
        Where its files lie.
    """
    parts: list[RenderableType] = [*_opening(result), Text(), _outcomes(result), Text()]
    parts += [_ladder(result), Text(), *_notes(result)]
    if out is not None:
        files = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
        parts += [Text(), Text(f"Results in {out}/: {', '.join(files)}", overflow="fold")]
    return Group(*parts)


def stopped_by(worlds: pd.DataFrame) -> str:
    """Return in words what stops most of the worlds that do not settle.

    A world that ends `interim` is stopped by the barrier of its next stage.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds, of one structure.
    """
    ended = worlds["outcome"].astype(object)
    stopped = ended != Outcome.settled.name
    between = ended == Outcome.interim.name
    barrier = worlds["barrier_next"].astype(object).where(between, ended)[stopped]
    words = barrier.map(_STOPPED_BY).fillna(_OPEN)
    return str(words.value_counts().index[0]) if len(words) else _NOTHING


def _opening(result: EnsembleResult) -> list[Text]:
    scenario = result.scenario
    years = scenario.rounds * scenario.protocol.round_years
    return [
        Text(f"{scenario.title} ({scenario.name})", style="bold"),
        Text(
            f"{scenario.worlds:,} worlds, {scenario.rounds} rounds ({years:g} years from "
            f"{scenario.start}), seed {scenario.seed}"
        ),
    ]


def ordered(result: EnsembleResult) -> pd.DataFrame:
    """Return a row per structure, those that settle most first, then those with most to gain."""
    margins = result.worlds.groupby("deal", observed=False)["zopa_margin"].median()
    table = result.outcomes.set_index("deal").assign(margin=margins)
    ranking = result.ranking[result.ranking["by"] == "zopa_margin"].set_index("deal")
    table["margin_reversal"] = ranking["reversal"] if len(ranking) else np.nan
    return table.sort_values(["settled", "margin"], ascending=False, kind="stable")


def _outcomes(result: EnsembleResult) -> Table:
    table = _table("Share of worlds, %")
    for outcome in OUTCOMES:
        table.add_column(_HEADS[outcome.name], justify="right", no_wrap=True)
    heads = ("settled\n95 %", "half\nby", "ZOPA\nmargin", "set.\nturns", "marg.\nturns")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("most are\nstopped by", no_wrap=True)
    groups = result.worlds.groupby("deal", observed=True)
    worlds = {str(deal): part for deal, part in groups}
    for deal, row in ordered(result).iterrows():
        table.add_row(
            str(deal),
            *(percent(row[outcome.name]) for outcome in OUTCOMES),
            f"{percent(row['settled_low'])}–{percent(row['settled_high'])}",
            number(row["median_round"], ".0f"),
            number(row["margin"], ".3g"),
            number(100 * row["reversal"], ".0f"),
            number(100 * row["margin_reversal"], ".0f"),
            stopped_by(worlds[str(deal)]),
        )
    return table


def _ladder(result: EnsembleResult) -> Table:
    table = _table("In force at the end, %")
    for rung in LADDER:
        table.add_column(rung.name, justify="right")
    for deal, row in ordered(result).iterrows():
        shares = (percent(row[f"ladder_{rung.name}"]) for rung in LADDER)
        table.add_row(str(deal), *shares)
    return table


def _notes(result: EnsembleResult) -> list[Text]:
    lines = [_COLUMNS_EXPLAINED]
    draws = result.provenance.get("reversal_draws", 0)
    if draws:
        lines.append(_TURNS_EXPLAINED.format(draws=draws, missing=_MISSING))
        if result.outcomes["reversal"].isna().all():
            lines.append(_NO_RANKING)
    return [Text(line) for line in lines]


def _table(first: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(f"{first}\nstructure", overflow="fold")
    return table


def percent(share: float) -> str:
    """Return a share in percent with one decimal, and none where there is nothing to add.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.0004, 0.123, 0.9999, 1.0)]
    ['0', '<.1', '12.3', '>99.9', '100']
    """
    value = 100.0 * share
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value < 0.1:
        return "<.1"
    return ">99.9" if value >= 99.95 else f"{value:.1f}"


def number(value: float, form: str) -> str:
    """Return a number in a form, and a dash where there is none."""
    return _MISSING if np.isnan(value) else format(value, form)
