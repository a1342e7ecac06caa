"""Draw what single changes do to a structure, the largest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.special import ndtri

from sim.domain.interest import ROLES
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.scenario import Scenario
from sim.equations.statistics import CONFIDENCE
from sim.errors import Fault, ScenarioError
from sim.experiments.explanation.stances import paired_changes
from sim.experiments.result import EnsembleResult
from sim.experiments.unlock.unlocking import Unlocking
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes, tidy
from sim.plotting.style import ROLE_COLOURS, ink, known, named, wrapped
from sim.plotting.swept import MARGIN, words_of

__all__ = ["tornado"]

_NEAR = float(ndtri(0.5 + CONFIDENCE / 2.0))
_ENOUGH = 0.05
_NEITHER = "#999999"


class _Told(NamedTuple):
    """Changes of a measure with the ends of their intervals, and what to say of them."""

    rows: pd.DataFrame
    by: str
    title: str
    below: str


def tornado(
    result: EnsembleResult | Unlocking,
    *,
    deal: str | None = None,
    by: str | None = None,
    worlds: int = 100,
    changes: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how far a measure of one structure moves when a single thing is changed.

    Parameters
    ----------
    result : EnsembleResult or Unlocking
        Of a run: every sourced stance is switched off alone, in the same worlds, which plays the
        structure once for each. Of a search for unlocking changes: every stated number is moved
        to where it unlocks, or helps most.
    deal : str, optional
        A structure of a run; absent, the one with the widest margin of agreement.
    by : str, optional
        An outcome, or ``zopa_margin``; absent, `settled` where it moves by five points or more,
        else the margin.
    worlds : int
        In how many worlds stances are switched off.
    changes : DataFrame, optional
        What `sim.experiments.explanation.stances.paired_changes` has returned for the run;
        absent, it is asked.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    ScenarioError
        If nothing changes anything, or there is no such measure.
    """
    if by is not None and by not in (*(item.name for item in OUTCOMES), MARGIN):
        raise ScenarioError([Fault("by", "an outcome or zopa_margin", repr(by))])
    if isinstance(result, Unlocking):
        told = _of_search(result, by)
    else:
        deal = known(result.scenario, deal or _widest(result))
        told = _of_stances(
            result.scenario, deal, by, _asked(result.scenario, deal, worlds, changes)
        )
    return _draw(told, ax)


def _widest(result: EnsembleResult) -> str:
    margins = result.worlds.groupby("deal", observed=True)[MARGIN].median()
    return str(margins.idxmax())


def _asked(
    scenario: Scenario, deal: str, worlds: int, changes: pd.DataFrame | None
) -> pd.DataFrame:
    if changes is None:
        changes = paired_changes(scenario, worlds=worlds, deals=[deal])
    table = changes[changes["deal"] == deal]
    if table.empty:
        raise ScenarioError([Fault("", "a scenario with a stance to switch off", "one without")])
    return table


def _of_stances(scenario: Scenario, deal: str, by: str | None, table: pd.DataFrame) -> _Told:
    by = by or _telling(table)
    rows = table[table["measure"] == by]
    scale = 1.0 if by == MARGIN else 100.0
    reach = _NEAR * rows["error"]
    data = {
        "key": rows["key"],
        "label": [named(scenario, key) for key in rows["key"]],
        "change": scale * rows["change"],
        "low": scale * (rows["change"] - reach),
        "high": scale * (rows["change"] + reach),
    }
    base = scale * float(rows["with"].iloc[0])
    title = wrapped(scenario.deals[deal].label, 56, 1)
    below = f"each stance switched off alone, in the same worlds; {_as_it_is(base, by)}"
    return _Told(pd.DataFrame(data), by, title, below)


def _telling(table: pd.DataFrame) -> str:
    settled = table.loc[table["measure"] == Outcome.settled.name, "change"]
    return Outcome.settled.name if settled.abs().max() >= _ENOUGH else MARGIN


def _of_search(found: Unlocking, by: str | None) -> _Told:
    table = found.singles
    moved = (table["settled"] - found.settled).abs().max() if len(table) else 0.0
    by = by or (Outcome.settled.name if moved >= _ENOUGH else MARGIN)
    if by not in (Outcome.settled.name, MARGIN):
        raise ScenarioError([Fault("by", "settled or zopa_margin of a search", repr(by))])
    if by == MARGIN:
        change = low = high = table["margin"]
    else:
        ends = (table[column] for column in ("settled", "settled_low", "settled_high"))
        change, low, high = (100 * (end - found.settled) for end in ends)
    keys = [keys[0] for keys in table["keys"]]
    numbers = dict(found.scenario.quantities())
    labels = [
        f"{named(found.scenario, key)} =\u00a0{_said(values[0], numbers[key].unit)}"
        for key, values in zip(keys, table["values"], strict=True)
    ]
    data = {"key": keys, "label": labels, "change": change, "low": low, "high": high}
    base = found.margin if by == MARGIN else 100 * found.settled
    below = f"each number moved alone; {_as_it_is(base, by)}"
    title = wrapped(found.scenario.deals[found.deal].label, 56, 1)
    return _Told(pd.DataFrame(data), by, title, below)


def _as_it_is(base: float, by: str) -> str:
    return f"0 is as things are: {base:.3g} {'points' if by == MARGIN else '%'}"


def _said(value: float, unit: str) -> str:
    return "none" if np.isinf(value) else f"{value:.3g}\u00a0{unit}"


def _draw(told: _Told, ax: Axes | None, top: int = 15) -> Axes:
    moving = told.rows[told.rows["change"].abs() > 0]
    if moving.empty:
        raise ScenarioError([Fault("by", "what some change moves", f"{told.by}, which none does")])
    order = moving["change"].abs().sort_values(ascending=False, kind="stable").index[:top]
    rows = moving.loc[order[::-1]]
    ax = open_axes(ax, 1.9 + 0.36 * len(rows))
    colours = [_colour(key) for key in rows["key"]]
    reach = np.stack([rows["change"] - rows["low"], rows["high"] - rows["change"]]).clip(min=0)
    places = range(len(rows))
    ax.barh(places, rows["change"], 0.66, color=colours)
    unsure = bool(reach.any())
    if unsure:
        ax.errorbar(
            rows["change"], places, xerr=reach, fmt="none", ecolor=ink(), elinewidth=1, capsize=2.5
        )
    ax.set_yticks(range(len(rows)), [wrapped(label, 44, 2) for label in rows["label"]])
    ax.axvline(0, color=ink(), linewidth=1)
    unit = "points" if told.by == MARGIN else "percentage points of worlds"
    ax.set_xlabel(f"change of “{words_of(told.by)}” ({unit})")
    tidy(ax, "x")
    words = {ROLE_COLOURS[role]: f"of the {role.value}" for role in ROLES}
    words[_NEITHER] = "of the texts, or around them"
    legend_below(ax, [Patch(color=one, label=words[one]) for one in words if one in colours])
    left = len(moving) - len(rows)
    more = f"; {left} smaller ones are not drawn" if left else ""
    intervals = "; 95 % intervals" if unsure else "; no intervals"
    below = wrapped(f"{words_of(told.by)}: {told.below}{intervals}{more}", 62, 3)
    heading(ax, told.title, below)
    ax.tick_params(axis="y", labelsize=SMALL)
    return ax


def _colour(key: str) -> str:
    side = key.partition(".")[0]
    return next((ROLE_COLOURS[role] for role in ROLES if role.value == side), _NEITHER)
