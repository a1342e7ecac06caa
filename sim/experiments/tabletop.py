"""Table of one round: what every package is worth to whom, and who would pass it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.model.replay import replay
from sim.model.talks import TalksModel, playing
from sim.model.view import RoundView

__all__ = ["Tabletop", "nearest_to_passing", "opinions", "tabletop"]


@dataclass(frozen=True)
class Tabletop:
    """The table in one round.

    Parameters
    ----------
    deal : str
    round_ : int
    node : Node
        The stage under negotiation, with its packages.
    talk : RoundView
        What the packages are worth and who would pass them, in arrays of worlds by packages.
    """

    deal: str
    round_: int
    node: Node
    talk: RoundView


def tabletop(
    scenario: Scenario, deal: str, *, world: int = 0, worlds: int = 1, round_: int = 0
) -> Tabletop:
    """Return the table as some worlds find it in a round.

    Parameters
    ----------
    scenario : Scenario
    deal : str
        A structure of the scenario.
    world, worlds : int
        The first of so many consecutive worlds of one block. A single world is seen at the stage
        where it stands, several at the first stage.
    round_ : int

    Raises
    ------
    KeyError
        If there is no such structure.
    ValueError
        If the worlds are not of one block, or all have ended before the round.
    """
    scenario = scenario if worlds == 1 else scenario.at_once
    with playing(scenario, deal, first=world, worlds=worlds) as model:
        for now, talk in replay(model, None if worlds == 1 else 0):
            if now == round_:
                return Tabletop(deal, round_, model.nodes[talk.node], talk)
        raise ValueError(f"expected a round before {model.round}, got {round_}")


def nearest_to_passing(top: Tabletop) -> int:
    """Return the package that both sides would pass in most worlds, or come nearest to passing.

    Parameters
    ----------
    top : Tabletop
    """
    talk = top.talk
    slack = [talk.support(side) - talk.required(side) for side in (0, 1)]
    nearest = np.minimum(slack[0], slack[1]).mean(axis=0)
    return int(np.lexsort((nearest, talk.ratifiable.mean(axis=0)))[-1])


def opinions(
    scenario: Scenario, deal: str, *, package: int | None = None, worlds: int = 256
) -> pd.DataFrame:
    """Return how both publics think of one package of the first stage as talks about it go on.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    package : int, optional
        Its place in the table of the first stage; absent, the one nearest to passing at the start.
    worlds : int
        At most 1,024.

    Returns
    -------
    DataFrame
        A row per side and round: the `median` of support over worlds, the ends `low` and `high`
        between which 80 % of worlds lie, the median of what ratifiers ask (`needed`), and the
        `package`.
    """
    if package is None:
        package = nearest_to_passing(tabletop(scenario, deal, worlds=worlds))
    with playing(scenario.at_once, deal, worlds=worlds) as model:
        rows = [
            _opinion(model, talk, side, package) for _, talk in replay(model, 0) for side in (0, 1)
        ]
        identity = model.nodes[0].table.id_of(package)
    return pd.DataFrame(rows).assign(package=identity)


def _opinion(model: TalksModel, talk: RoundView, side: int, package: int) -> dict[str, object]:
    low, median, high = np.quantile(talk.support(side)[:, package], [0.1, 0.5, 0.9])
    needed = float(np.median(talk.required(side)[:, package]))
    at = {"role": ROLES[side].value, "round": model.round, "years": model.years}
    return {**at, "median": median, "low": low, "high": high, "needed": needed}
