"""Look at the table in one round: what every package is worth to whom, and who would pass it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.agents.view import RoundView
from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.model.table import look, round_context
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

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
    model = _model(scenario, deal, world, worlds)
    try:
        while model.round < round_ and model.running:
            model.step()
        if model.round < round_:
            raise ValueError(f"expected a round before {model.round}, got {round_}")
        model.open_round()
        node = int(model.course.node[0]) if worlds == 1 else 0
        return Tabletop(deal, round_, model.nodes[node], model.look(node))
    finally:
        model.release()


def nearest_to_passing(top: Tabletop) -> int:
    """Return the package that both sides would pass in most worlds, or come nearest to passing.

    Parameters
    ----------
    top : Tabletop
    """
    talk = top.talk
    slack = [talk.support[side] - talk.needed[side] for side in (0, 1)]
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
    model = _model(scenario, deal, 0, worlds)
    rows = []
    try:
        identity = model.nodes[0].table.id_of(package)
        while True:
            talk = model.look(0)
            rows += [_opinion(model, talk, side, package) for side in (0, 1)]
            if not model.running:
                break
            model.step()
    finally:
        model.release()
    return pd.DataFrame(rows).assign(package=identity)


def _opinion(model: TalksModel, talk: RoundView, side: int, package: int) -> dict[str, object]:
    low, median, high = np.quantile(talk.support[side][:, package], [0.1, 0.5, 0.9])
    needed = float(np.median(talk.needed[side][:, package]))
    at = {"role": ROLES[side].value, "round": model.round, "years": model.years}
    return {**at, "median": median, "low": low, "high": high, "needed": needed}


class _Watched(TalksModel):
    """Talks that can be looked at between two rounds."""

    def open_round(self) -> None:
        """Let the environment move as they do before talks; no step may follow."""
        if self.round > 0:
            self.around.move(self.round)
            for party in self.parties:
                for ledger in party.government.ledgers:
                    ledger.update_preconditions(self.round)

    def look(self, node: int) -> RoundView:
        """Return one stage as all worlds find it now."""
        scene = round_context(self.parties, self.around, self.round, self.years)
        return look(scene, node, np.arange(self.course.worlds))


def _model(scenario: Scenario, deal: str, world: int, worlds: int) -> _Watched:
    block, first = divmod(world, BLOCK_WORLDS)
    return _Watched(scenario, deal, block=block, worlds=worlds, first=first)
