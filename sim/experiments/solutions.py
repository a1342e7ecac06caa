"""Put the classical solutions on a structure's packages, and hold signed texts against them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.equations.offering import NONE
from sim.equations.pareto import distance, dominating, frontier
from sim.equations.solutions import SOLUTIONS, relative_gains, split
from sim.equations.zopa import surplus, zopa
from sim.experiments.tabletop import Tabletop, tabletop
from sim.model.talks import TalksModel
from sim.quantities import Bools, Floats, Ints

AMONG = ("bargain", "signable", "passable")
"""Packages a solution may pick: worth signing to both; against no absolute precondition either;
and such as would pass both second levels."""


def solution_points(
    scenario: Scenario, deal: str, worlds: int = 256, among: str = "bargain"
) -> pd.DataFrame:
    """Return where the classical solutions lie on the first stage, as worlds see it at the start.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        The first so many worlds, at most 1,024.
    among : {"bargain", "signable", "passable"}
        Which packages may be picked. Preconditions' prices count in the latter two.

    Returns
    -------
    DataFrame
        A row per world and `point`: the `package` picked (null where there is none), the `value`
        and the `surplus` over never signing of either side, in points; its `gain`, relative to
        the best that the side could have; and the claimant's part of both gains (`split`).
    """
    top = tabletop(scenario, deal, worlds=worlds)
    value, gains = _values(top, among)
    feasible = _feasible(top, among)
    relative = relative_gains(*gains, feasible)
    parts = [
        _rows(top, name, rule(*gains, feasible), (value, gains, relative))
        for name, rule in SOLUTIONS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def signed_texts(scenario: Scenario, deal: str, worlds: int = 256) -> pd.DataFrame:
    """Return how good first-stage texts are that were signed, on the table of the start.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        The first so many worlds, at most 1,024.

    Returns
    -------
    DataFrame
        A row per world that signed a text of the first stage last: the `package`, by how many
        texts that could have been signed it is `dominated`, its `distance` to the frontier in
        relative gains, both sides' relative `gain` and the claimant's part of them (`split`).
    """
    top = tabletop(scenario, deal, worlds=worlds)
    _, gains = _values(top, "signable")
    feasible = _feasible(top, "signable")
    relative = relative_gains(*gains, feasible)
    signed = _signed(scenario, deal, worlds, len(top.node.table))
    frame = _rows(top, "signed", signed, (gains, gains, relative))
    frame["dominated"] = dominating(*gains, signed, feasible).sum(axis=1)
    frame["distance"] = distance(*relative, signed, frontier(*gains, feasible))
    kept = ["world", "package", "dominated", "distance", "gain_claimant", "gain_holder", "split"]
    return pd.DataFrame(frame.loc[signed != NONE, kept]).reset_index(drop=True)


Pair = tuple[Floats, Floats]


def _values(top: Tabletop, among: str) -> tuple[Pair, Pair]:
    if among not in AMONG:
        raise ValueError(f"among must be one of {', '.join(AMONG)}, got {among!r}")
    worth = top.talk.open_value if among == "bargain" else top.talk.value
    value = worth(0), worth(1)
    gains = [surplus(value[side], top.talk.reservation(side)) for side in (0, 1)]
    return value, (gains[0], gains[1])


def _feasible(top: Tabletop, among: str) -> Bools:
    talk = top.talk
    if among == "bargain":
        return zopa(*_values(top, among)[1])
    return talk.signable if among == "signable" else talk.signable & talk.ratifiable


def _rows(
    top: Tabletop, point: str, picked: Ints, measures: tuple[Pair, Pair, Pair]
) -> pd.DataFrame:
    at = np.maximum(picked, 0)
    ids = [top.node.table.id_of(int(k)) if k != NONE else None for k in picked]
    columns: dict[str, object] = {"world": top.talk.worlds, "point": point, "package": ids}
    for name, pair in zip(("value", "surplus", "gain"), measures, strict=True):
        for role in ROLES:
            chosen = np.take_along_axis(pair[role.position], at[:, None], 1)[:, 0]
            columns[f"{name}_{role.value}"] = np.where(picked != NONE, chosen, np.nan)
    frame = pd.DataFrame(columns)
    return frame.assign(split=split(*(frame[f"gain_{role.value}"].to_numpy() for role in ROLES)))


def _signed(scenario: Scenario, deal: str, worlds: int, packages: int) -> Ints:
    codes = TalksModel(scenario, deal, worlds=worlds).run().columns["package"]
    return np.where((codes >= 0) & (codes < packages), codes, NONE)
