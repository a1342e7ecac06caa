"""Facts of the register, what rests on them, and what changes without it in the same worlds."""

from __future__ import annotations

import re
import textwrap

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.domain.evidence import Fact
from sim.domain.narration import amount
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.explanation.stances import ALL, drivers, paired_changes, stances
from sim.report.screen import WIDTH, watched
from sim.report.tables import number, table

__all__ = ["about", "overview", "what_changes"]

_MARGIN = "zopa_margin"
_KEY = 30
"""Letters of a line of a key."""


def what_changes(
    scenario: Scenario, worlds: int, fact: str | None, workers: int | None
) -> Group | Text:
    """Return a table of paired changes.

    Parameters
    ----------
    scenario : Scenario
    worlds : int
        Worlds of each structure.
    fact : str, optional
        Only the stances that rest on this fact, structure by structure; absent, all stances,
        averaged over structures.
    workers : int, optional
    """
    known = stances(scenario)
    keys = [key for key, stance in known.items() if fact is None or fact in stance.facts]
    if not keys:
        return Text("  nothing that rests on it can be switched off")
    found = paired_changes(scenario, worlds=worlds, keys=keys, workers=workers, progress=watched())
    if fact is None:
        found = found[found["deal"] == ALL]
    return Group(_changes(found, fact is None), Text(_legend(worlds, fact is None)))


def _changes(found: pd.DataFrame, averaged: bool) -> Table:
    heads = [
        *(OUTCOME_LABELS[item].column.replace(" ", "\n") for item in OUTCOMES),
        "margin\npoints",
        "±",
    ]
    first = "switched off" if averaged else "switched off, in"
    body = table(first, *heads, right=heads, ratios=(1,))
    last = None
    for (key, deal), rows in found.groupby(["key", "deal"], sort=False):
        change = dict(zip(rows["measure"], rows["change"], strict=True))
        error = dict(zip(rows["measure"], rows["error"], strict=True))
        shares = [_share(float(change[item.name])) for item in OUTCOMES]
        margin = (_points(float(change[_MARGIN])), _points(float(error[_MARGIN]), sign=""))
        if not averaged and key != last:
            body.add_row(_folded(str(key)))
            last = key
        name = _folded(str(key)) if averaged else f"  {deal}"
        body.add_row(name, *shares, *margin)
    return body


def _folded(key: str) -> str:
    r"""Return a dotted key in lines of at most `_KEY` letters where its parts allow it.

    Examples
    --------
    >>> _folded("holder.preferences.weights.standing")
    'holder.preferences.weights.\n  standing'
    """
    lines = [""]
    for part in re.findall(r"[^.]+\.?", key):
        if lines[-1] and len(lines[-1] + part) > _KEY:
            lines.append("  ")
        lines[-1] += part
    return "\n".join(lines)


def _share(change: float) -> str:
    return "·" if abs(change) < 0.0005 else f"{100 * change:+.1f}"


def _points(value: float, sign: str = "+") -> str:
    return number(value, f"{sign}.1f")


def _legend(worlds: int, averaged: bool) -> str:
    over = ", averaged over structures" if averaged else ""
    return (
        f"\nChanges when a stance is switched off, in the same {worlds} worlds{over}: shares of\n"
        "the eight outcomes in percentage points; median ZOPA margin in points, with its error."
    )


def overview(scenario: Scenario) -> Table:
    """Return a table of all facts, and of how many parts of the scenario rest on each.

    Parameters
    ----------
    scenario : Scenario
    """
    rests = drivers(scenario).by_fact
    heads = {"fact": 34, "kind": 9, "drives": 7, "says": 62}
    body = table(*heads, ratios=tuple(heads.values()))
    for name, fact in scenario.evidence.items():
        keys = rests.get(name, ())
        body.add_row(name, fact.kind if keys else "context", str(len(keys)), fact.says)
    return body


def about(name: str, scenario: Scenario) -> list[str]:
    """Return lines that tell all about one fact, and what rests on it.

    Parameters
    ----------
    name : str
        Of the register.
    scenario : Scenario
    """
    fact = scenario.evidence[name]
    keys = drivers(scenario).by_fact.get(name, ())
    lines = [f"{name} ({fact.kind}, {fact.side}, {fact.date})", *_wrapped(fact.says)]
    if fact.figure is not None:
        lines.append(f"  figure: {_figure(fact)}")
    lines.extend(_wrapped(f"source: {fact.source}"))
    if fact.note:
        lines.extend(_wrapped(f"note: {fact.note}"))
    if fact.disagrees_with:
        lines.extend(_wrapped(f"disagrees with: {', '.join(fact.disagrees_with)}"))
    lines.append("  drives:" if keys else "  drives nothing in this scenario: context")
    numbers = dict(scenario.quantities())
    for key in keys:
        value = f" = {amount(numbers[key])} {numbers[key].unit}" if key in numbers else ""
        lines.append(f"    {key}{value}")
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _figure(fact: Fact) -> str:
    figure = fact.figure
    ends = f"{figure[0]:g} to {figure[1]:g}" if isinstance(figure, tuple) else f"{figure:g}"
    return f"{ends} {fact.unit or ''}".rstrip()
