"""Tornado: what single changes do to a structure, the largest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.domain.interest import ROLES
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.explanation.stances import paired_changes
from sim.experiments.result import EnsembleResult
from sim.experiments.unlock.unlocking import Unlocking
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes, tidy
from sim.plotting.style import (
    GREY,
    MARGIN,
    ROLE_COLOURS,
    STANDARD_ERRORS,
    deal_label,
    ink,
    key_label,
    known,
    measure_label,
    wrapped,
)

__all__ = ["tornado"]

_ENOUGH = 0.05


class _Changes(NamedTuple):
    """Changes of a measure with the ends of their intervals, and what to say of them."""

    rows: pd.DataFrame
    by: str
    title: str
    below: str
    overrides: tuple[str, ...]


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
        table = _of_search(result, by)
    else:
        deal = known(result.scenario, deal or str(result.ordered()["margin"].idxmax()))
        table = _of_stances(
            result.scenario, deal, by, _asked(result.scenario, deal, worlds, changes)
        )
    return _draw(table, ax)


def _asked(
    scenario: Scenario, deal: str, worlds: int, changes: pd.DataFrame | None
) -> pd.DataFrame:
    if changes is None:
        changes = paired_changes(scenario, worlds=worlds, deals=[deal])
    table = changes[changes["deal"] == deal]
    if table.empty:
        raise ScenarioError([Fault("", "a scenario with a stance to switch off", "one without")])
    return table


def _of_stances(scenario: Scenario, deal: str, by: str | None, table: pd.DataFrame) -> _Changes:
    by = by or _chosen_measure(table.loc[table["measure"] == Outcome.settled.name, "change"])
    rows = table[table["measure"] == by]
    scale = 1.0 if by == MARGIN else 100.0
    reach = STANDARD_ERRORS * rows["error"]
    data = {
        "key": rows["key"],
        "label": [key_label(scenario, key) for key in rows["key"]],
        "change": scale * rows["change"],
        "low": scale * (rows["change"] - reach),
        "high": scale * (rows["change"] + reach),
    }
    base = scale * float(rows["with"].iloc[0])
    title = deal_label(scenario, deal, 56)
    below = f"each stance switched off alone, in the same worlds; {_as_it_is(base, by)}"
    return _Changes(pd.DataFrame(data), by, title, below, scenario.overrides)


def _chosen_measure(settled: pd.Series) -> str:
    """Return what to draw: the share settled, or the margin where hardly any change moves that."""
    return Outcome.settled.name if settled.abs().max() >= _ENOUGH else MARGIN


def _of_search(found: Unlocking, by: str | None) -> _Changes:
    table = found.singles
    by = by or _chosen_measure(table["settled"] - found.settled)
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
        f"{key_label(found.scenario, key)} =\u00a0{_value_label(values[0], numbers[key].unit)}"
        for key, values in zip(keys, table["values"], strict=True)
    ]
    data = {"key": keys, "label": labels, "change": change, "low": low, "high": high}
    base = found.margin if by == MARGIN else 100 * found.settled
    below = f"each number moved alone; {_as_it_is(base, by)}"
    title = deal_label(found.scenario, found.deal, 56)
    return _Changes(pd.DataFrame(data), by, title, below, found.scenario.overrides)


def _as_it_is(base: float, by: str) -> str:
    return f"0 is as things are: {base:.3g} {'points' if by == MARGIN else '%'}"


def _value_label(value: float, unit: str) -> str:
    return "none" if np.isinf(value) else f"{value:.3g}\u00a0{unit}"


def _draw(changes: _Changes, ax: Axes | None, top: int = 15) -> Axes:
    moving = changes.rows[changes.rows["change"].abs() > 0]
    if moving.empty:
        raise ScenarioError(
            [Fault("by", "what some change moves", f"{changes.by}, which none does")]
        )
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
    unit = "points" if changes.by == MARGIN else "percentage points of worlds"
    ax.set_xlabel(f"change of “{measure_label(changes.by)}” ({unit})")
    tidy(ax, "x")
    words = {ROLE_COLOURS[role]: f"of the {role.value}" for role in ROLES}
    words[GREY] = "of the texts, or around them"
    legend_below(ax, [Patch(color=one, label=words[one]) for one in words if one in colours])
    left = len(moving) - len(rows)
    more = f"; {left} smaller ones are not drawn" if left else ""
    intervals = "; 95 % intervals" if unsure else "; no intervals"
    below = wrapped(f"{measure_label(changes.by)}: {changes.below}{intervals}{more}", 62, 3)
    heading(ax, changes.title, below, changes.overrides)
    ax.tick_params(axis="y", labelsize=SMALL)
    return ax


def _colour(key: str) -> str:
    side = key.partition(".")[0]
    return next((ROLE_COLOURS[role] for role in ROLES if role.value == side), GREY)
