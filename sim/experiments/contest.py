"""Contest of the structures on an agenda: what is signed, carried out and closed, and when.

These are competing risks: what is signed first keeps another from being signed first. Every world
is followed to the end of the window, so nobody is censored before it, and the cumulative incidence
of Aalen and Johansen is the share of worlds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.agenda import structure_of
from sim.domain.interest import ROLES
from sim.domain.outcome import Milestone, Outcome
from sim.domain.results import BlockResult, Kinds
from sim.domain.scenario import Scenario
from sim.equations.competing_risks import CENSORED, aalen_johansen
from sim.equations.statistics import wilson_interval
from sim.quantities import Ints

__all__ = [
    "EVENTS",
    "WHAT",
    "agenda_kinds",
    "agenda_table",
    "agenda_tables",
    "contest_tables",
    "words",
]

WHAT = ("signed", "carried_out", "closed")
"""What structures compete for: the first text signed, the first carried out, title closed."""

EVENTS: Kinds = {
    "world": "count",
    "round": "count",
    "event": "word",
    "structure": "word",
    "side": "word",
    "displaced": "word",
}
"""Columns of `agenda.parquet`: a row per event, in the order of worlds and events."""
CONTEST: Kinds = {
    "structure": "word",
    "what": "word",
    "share": "number",
    "low": "number",
    "high": "number",
    "median_round": "number",
    "by_claimant": "number",
    "tabled": "number",
    "displaced": "word",
    "displaced_share": "number",
    "unrivalled": "number",
}
"""Columns of `contest.parquet`: a row per structure and what it competes for."""
INCIDENCE: Kinds = {"structure": "word", "what": "word", "round": "count", "incidence": "number"}
"""Columns of `incidence.parquet`: a row per structure, what it competes for, and round."""


def agenda_kinds(scenario: Scenario) -> dict[str, Kinds]:
    """Return the tables that an agenda of several structures adds to a run, and their columns."""
    if scenario.agenda == "single":
        return {}
    return {"agenda": EVENTS, "contest": CONTEST, "incidence": INCIDENCE}


def words(scenario: Scenario) -> dict[str, list[str]]:
    """Return what the words in these tables may be."""
    structures = sorted(scenario.texts)
    return {
        "event": [item.name for item in Milestone],
        "structure": structures,
        "side": [role.value for role in ROLES],
        "displaced": structures,
        "what": list(WHAT),
    }


def agenda_tables(
    scenario: Scenario, worlds: pd.DataFrame, blocks: Sequence[BlockResult]
) -> tuple[pd.DataFrame, ...]:
    """Return the tables of `agenda_kinds`, in their order.

    Parameters
    ----------
    scenario : Scenario
    worlds : DataFrame
        The table of worlds.
    blocks : sequence of BlockResult
        All blocks, in the order of their worlds.
    """
    if scenario.agenda == "single":
        return ()
    agenda = agenda_table(scenario, blocks)
    return agenda, *contest_tables(scenario, worlds, agenda)


def agenda_table(scenario: Scenario, blocks: Sequence[BlockResult]) -> pd.DataFrame:
    """Return what became of the structures in every world, event by event.

    Parameters
    ----------
    scenario : Scenario
    blocks : sequence of BlockResult
        Of the agenda, in the order of their worlds.

    Returns
    -------
    DataFrame
        `world`, `round`, `event` (a `sim.domain.outcome.Milestone`), `structure`, and the `side`
        that tabled it (of what is signed: that offered it) or walked back, missing for nobody;
        `displaced`, of a first text that is signed on an open agenda, is the structure that would
        have been signed instead (see `sim.model.agenda.AgendaStates.agreed`), missing for none.
    """
    known = words(scenario)
    logs = [block.agenda for block in blocks if block.agenda is not None]
    names = {name: np.concatenate([log.columns[name] for log in logs]) for name in EVENTS}
    places = np.array([known["structure"].index(name) for name in logs[0].structures])
    names["structure"] = places[names["structure"]]
    names["displaced"] = np.append(places, CENSORED)[names["displaced"]]  # -1, for none, is last
    return pd.DataFrame({name: _event(names[name], known.get(name)) for name in EVENTS})


def _event(codes: Ints, known: list[str] | None) -> Any:
    if known is None:
        return codes.astype(np.int32)
    return pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(known))


def contest_tables(
    scenario: Scenario, worlds: pd.DataFrame, agenda: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far each structure comes in the contest, and when.

    Parameters
    ----------
    scenario : Scenario
    worlds : DataFrame
        The table of worlds.
    agenda : DataFrame
        Of `agenda_table`.

    Returns
    -------
    contest : DataFrame
        A row per structure and what it competes for: the `share` of worlds in which it is the
        first to come so far, with its 95 % Wilson interval, the median round among these, the
        share of them in which the claimant had offered what was signed, and the share of all
        worlds in which it ever lay on the table (of an open agenda: 1). Of what is signed on an
        open agenda, the structure that it `displaced` most often, in which share of its worlds,
        and the share of these in which nothing else could have been signed (`unrivalled`).
    incidence : DataFrame
        The cumulative incidence by round.
    """
    names, rounds = words(scenario)["structure"], scenario.rounds
    firsts = dict(_firsts(worlds, agenda))
    everyone = worlds["world"].to_numpy()
    tabled = _tabled(scenario, agenda, len(everyone))
    rows: list[dict[str, Any]] = []
    curves = []
    for what, first in firsts.items():
        cause, time = _risks(first, names, everyone, rounds)
        at = np.arange(rounds)
        found = aalen_johansen(time, cause, len(names), at)
        for place, name in enumerate(names):
            own = first[first["structure"] == name]
            rows.append(_row(name, what, own, len(everyone)) | {"tabled": tabled[name]})
            if what == "signed" and scenario.agenda == "open":
                rows[-1] |= _displaced(own)
            column = {"structure": name, "what": what, "round": at, "incidence": found[place]}
            curves.append(pd.DataFrame(column))
    contest = pd.DataFrame(rows, columns=list(CONTEST))
    return _typed(contest, CONTEST, scenario), _typed(pd.concat(curves), INCIDENCE, scenario)


def _firsts(worlds: pd.DataFrame, agenda: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield, for each thing that structures compete for, who was first in each world and when."""
    for what in WHAT[:2]:
        yield what, agenda[agenda["event"] == what].drop_duplicates("world")
    closed = worlds[worlds["outcome"] == Outcome.settled.name]
    signed = agenda[agenda["event"] == Milestone.signed.name].drop_duplicates("world", keep="last")
    side = signed.set_index("world")["side"].reindex(closed["world"])
    yield (
        WHAT[2],
        pd.DataFrame(
            {
                "world": closed["world"].to_numpy(),
                "round": closed["round_end"].to_numpy(dtype=np.int32),
                "structure": [structure_of(str(name)) for name in closed["package"]],
                "side": side.to_numpy(),
            }
        ),
    )


def _risks(first: pd.DataFrame, names: list[str], everyone: Ints, rounds: int) -> tuple[Ints, Ints]:
    """Return which event each world met, and when; those without one are seen to the end."""
    rows = np.searchsorted(everyone, first["world"].to_numpy())
    cause, time = np.full(len(everyone), CENSORED), np.full(len(everyone), rounds)
    cause[rows] = [names.index(str(name)) for name in first["structure"]]
    time[rows] = first["round"].to_numpy()
    return cause, time


def _row(name: str, what: str, first: pd.DataFrame, worlds: int) -> dict[str, Any]:
    count = len(first)
    low, high = wilson_interval(np.array(count), np.array(worlds))
    by = (first["side"] == ROLES[0].value).mean() if count and what == "signed" else np.nan
    return {
        "structure": name,
        "what": what,
        "share": count / worlds,
        "low": float(low),
        "high": float(high),
        "median_round": float(first["round"].median()) if count else np.nan,
        "by_claimant": float(by),
    }


def _displaced(first: pd.DataFrame) -> dict[str, Any]:
    """Return which structure one that is signed displaces most, of these the first by name."""
    if not len(first):
        return {}
    shares = first["displaced"].value_counts(sort=False) / len(first)
    unrivalled = {"unrivalled": float(first["displaced"].isna().mean())}
    if not shares.any():
        return unrivalled
    return unrivalled | {"displaced": shares.idxmax(), "displaced_share": float(shares.max())}


def _tabled(scenario: Scenario, agenda: pd.DataFrame, worlds: int) -> dict[str, float]:
    if scenario.agenda == "open":
        return dict.fromkeys(scenario.texts, 1.0)
    laid = agenda[agenda["event"] == Milestone.tabled.name].drop_duplicates(["world", "structure"])
    counts = laid["structure"].astype(str).value_counts()
    alone = 1.0 if len(scenario.texts) == 1 else 0.0  # one table is never changed, nor logged
    return {name: float(counts.get(name, 0)) / worlds or alone for name in scenario.texts}


def _typed(table: pd.DataFrame, kinds: Kinds, scenario: Scenario) -> pd.DataFrame:
    known = words(scenario)
    columns: dict[str, Any] = {}
    for name, kind in kinds.items():
        if kind == "word":
            columns[name] = pd.Categorical(table[name], categories=known[name])
        else:
            columns[name] = table[name].to_numpy(np.int32 if kind == "count" else np.float64)
    return pd.DataFrame(columns)
