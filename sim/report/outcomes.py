"""Table of outcomes, and of what is in force at the end, of each structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.narration import percent
from sim.domain.outcome import GATE_HEADS, GATES, LADDER, OUTCOME_LABELS, OUTCOMES, Outcome
from sim.equations.statistics import wilson_interval
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import gates_of
from sim.report.contest import contest_table
from sim.report.matching import matching
from sim.report.tables import MISSING, number, table
from sim.report.verdict import verdict_lines

__all__ = ["COLUMNS", "RUNGS", "Column", "ordered", "render", "stopped_by"]

_NEXT_STAGE = "next stage: "
_OPEN, _NOTHING = "title left open", "nothing"
_STOPPED_BY = {
    outcome.name: label.barrier for outcome, label in OUTCOME_LABELS.items() if label.barrier
}
_COLUMNS_EXPLAINED = """\
settled 95 %: Wilson interval. half by: round by which half of the worlds have settled.
ZOPA margin: the best package's smaller surplus over never signing, in points, median over worlds;
  below 0 there is no gain for both. Of a structure in stages: of the last stage on the table."""
_GATES_EXPLAINED = """\
Each gate on its own: in which share of worlds some text of the structure passes it, whatever stops
  that text elsewhere; judged in the last round, of the last stage on the table. A text in force has
  passed all. all on one text: some text passes every gate at once."""
_SUMMARY_EXPLAINED = """\
A world is one imagined course of these talks, with every uncertain number drawn
anew: no forecast. first step: a first stage is in force, whatever it leaves
open. land moved: some changed hands. all closed: no claim is left open. More
numbers: islands run … detail=full, and the files."""
_TURNS = ("reversal", "margin_reversal")
_STEPS = ("first_stage", "transferred", "closed")
_TURNS_EXPLAINED = """\
turns: share of the declared uncertainty, in % of {draws} draws of it, under which the structure's
  rank by settlement or by margin reverses ({missing}: cannot be told)."""
_NO_RANKING = """\
There is no ranking by settlement: no draw sets any two structures apart by it."""


def render(result: EnsembleResult, *, full: bool = False) -> RenderableType:
    """Return the result of a run as text and tables: the verdict first.

    Parameters
    ----------
    result : EnsembleResult
    full : bool
        All shares, intervals and reversals, in at most 120 columns; else one table of 80.
    """
    found = ordered(result)
    parts: list[RenderableType] = [*_opening(result), Text()]
    parts += [Text(line) for line in verdict_lines(result)]
    parts += [Text(), *(_detailed(result, found) if full else _summary(result, found))]
    if result.scenario.agenda != "single":
        parts += [Text(), *contest_table(result)]
    return Group(*parts)


def _detailed(result: EnsembleResult, found: pd.DataFrame) -> list[RenderableType]:
    scenario = result.scenario
    ends, more = COLUMNS[: len(OUTCOMES)], COLUMNS[len(OUTCOMES) :]
    told = [each for each in more if each.key not in _TURNS or found[each.key].notna().any()]
    return [
        _laid_out(found, "Share of worlds, %", ends),
        Text(),
        _laid_out(found, "How sure, how soon, what stops", told),
        Text(),
        _laid_out(found, "In force at the end, %", RUNGS),
        Text(),
        _laid_out(found, "Each gate on its own, %", [_GATE[name] for name in gates_of(scenario)]),
        *_notes(result),
        *_order_told(found),
    ]


def _summary(result: EnsembleResult, found: pd.DataFrame) -> list[RenderableType]:
    """Return the table that a terminal of 80 columns holds, with whole words for heads."""
    heads = ("first\nstep", "land\nmoved", "all\nclosed", "most are\nstopped by")
    body = table("Share of worlds, %\nstructure", *heads, right=heads[:3])
    for deal, row in found.to_dict("index").items():
        label = Text.assemble(
            result.scenario.structures[str(deal)].label, "\n  ", (str(deal), "dim")
        )
        body.add_row(label, *(percent(row[key]) for key in _STEPS), str(row["stopped_by"]))
    return [body, Text(), Text(_SUMMARY_EXPLAINED), *_order_told(found)]


def _order_told(found: pd.DataFrame) -> list[Text]:
    """Return by what rows stand in order, and that neighbours may stand so by chance."""
    if len(found) < 2:
        return []
    by = "share settled" if (found["settled"] > 0).any() else "what is in force (nothing settles)"
    worlds = found["worlds"].to_numpy()
    shares = found["settled"] if (found["settled"] > 0).any() else 1 - found["ladder_none"]
    low, high = wilson_interval(np.rint(shares.to_numpy() * worlds).astype(int), worlds)
    chance = bool((high[1:] >= low[:-1]).any())
    more = "; chance may order\nsome that are close (95 % intervals overlap)" if chance else ""
    return [Text(f"Order: by {by}{more}.")]


def stopped_by(worlds: pd.DataFrame) -> str:
    """Return in words what stops most of the worlds that do not settle.

    A world that ends `interim` has come through a stage: what stops it is said of the next one.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds, of one structure.
    """
    ended = worlds["outcome"].astype(object)
    stopped = ended != Outcome.settled.name
    between = ended == Outcome.interim.name
    barrier = worlds["barrier_next"].astype(object).where(between, ended)[stopped]
    words = barrier.map(_STOPPED_BY)
    later = _NEXT_STAGE + words.where(between[stopped])
    words = later.fillna(words).fillna(_OPEN)
    return str(words.value_counts().index[0]) if len(words) else _NOTHING


def then_by(worlds: pd.DataFrame) -> str:
    """Return in words what would stop most of the worlds that a barrier stops, were it gone.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds, of one structure.
    """
    words = worlds["next_barrier"].astype(object).map(_STOPPED_BY).dropna()
    return str(words.value_counts().index[0]) if len(words) else MISSING


def _opening(result: EnsembleResult) -> list[Text]:
    scenario = result.scenario
    years = scenario.rounds * scenario.protocol.round_years
    return [
        Text(f"{scenario.title} ({scenario.name})", style="bold"),
        Text(
            f"{scenario.worlds:,} worlds, {scenario.rounds} rounds ({years:g} years from "
            f"{scenario.start}), seed {scenario.seed}"
        ),
        *(Text(line) for line in matching(result)),
    ]


def ordered(result: EnsembleResult) -> pd.DataFrame:
    """Return the rows of `EnsembleResult.ordered`, with what stops each and how far it reverses."""
    found = result.ordered()
    worlds = result.worlds.groupby("deal", observed=False)
    found["stopped_by"] = pd.Series({deal: stopped_by(part) for deal, part in worlds})
    found["then_by"] = pd.Series({deal: then_by(part) for deal, part in worlds})
    ranking = result.ranking[result.ranking["by"] == "zopa_margin"].set_index("deal")
    found["margin_reversal"] = ranking["reversal"] if len(ranking) else np.nan
    return found


Row = Mapping[Any, Any]
"""What is known of a structure: shares, medians and reversals under the names of files."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table with a row per structure.

    Parameters
    ----------
    key : str
        Name of its number in a row of :func:`ordered`.
    narrow, wide : str
        Its head on a terminal, in two lines, and on a page.
    text : callable
        Returns the words of its cell from a row.
    """

    key: str
    narrow: str
    wide: str
    text: Callable[[Row], str]


def _share(key: str, narrow: str, wide: str) -> Column:
    return Column(key, narrow, wide, lambda row: percent(row[key]))


def _lines(head: str) -> str:
    """Return a head with a line for each of its words."""
    return head.replace(" ", "\n")


def _number(key: str, heads: tuple[str, str], form: str, factor: float = 1.0) -> Column:
    return Column(key, *heads, lambda row: number(factor * row[key], form))


def _interval(row: Row) -> str:
    return f"{percent(row['settled_low'])}–{percent(row['settled_high'])}"


COLUMNS: tuple[Column, ...] = (
    *(
        _share(item.name, _lines(OUTCOME_LABELS[item].column), OUTCOME_LABELS[item].legend)
        for item in OUTCOMES
    ),
    Column("settled_low", "settled\n95 %", "settled, 95 %", _interval),
    _number("median_round", ("half\nby", "half by round"), ".0f"),
    _number("margin", ("ZOPA\nmargin", "margin"), ".3g"),
    _number("reversal", ("rank\nturns", "turns, %"), ".0f", 100.0),
    _number("margin_reversal", ("margin\nturns", "margin turns, %"), ".0f", 100.0),
    Column(
        "stopped_by", "most are\nstopped by", "most are stopped by", lambda row: row["stopped_by"]
    ),
)
"""How worlds end."""
RUNGS: tuple[Column, ...] = (
    *(_share(f"ladder_{rung.name}", rung.name, rung.value) for rung in LADDER),
    _share("transferred", "land\nmoved", "land changed hands"),
    _share("title_some", "title\nto some", "title to some fixed"),
    _share("title_all", "title\nto all", "title to all fixed"),
    Column(
        "then_by",
        "would then be\nstopped by",
        "would then be stopped by",
        lambda row: str(row["then_by"]),
    ),
)
"""What is in force at the end."""


_GATE = {name: _share(f"gate_{name}", GATE_HEADS[name], legend) for name, legend in GATES.items()}


def _laid_out(found: pd.DataFrame, title: str, columns: Sequence[Column]) -> Table:
    first = f"{title}\nstructure"
    heads = [column.narrow for column in columns]
    words = {COLUMNS[-1].narrow, RUNGS[-1].narrow}
    body = table(first, *heads, right={*heads} - words, gap=1)
    for column in body.columns[1:]:
        column.no_wrap = True
    for deal, row in found.to_dict("index").items():
        body.add_row(str(deal), *(column.text(row) for column in columns))
    return body


def _notes(result: EnsembleResult) -> list[Text]:
    lines = [_COLUMNS_EXPLAINED, _GATES_EXPLAINED]
    draws = result.provenance.get("reversal_draws", 0)
    if draws:
        lines.append(_TURNS_EXPLAINED.format(draws=draws, missing=MISSING))
        if result.outcomes["reversal"].isna().all():
            lines.append(_NO_RANKING)
    return [Text(line) for line in lines]
