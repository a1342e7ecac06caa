"""Let those who can stop a signed text do so, each by its own rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from sim.agents.features import Features
from sim.domain.draws import Draws
from sim.domain.ratifier import Ally, Parliament, PollBoundLeader, Ratifier, Referendum, Region
from sim.domain.side import Side
from sim.equations.ratification import required_by_parliament, required_by_quota
from sim.quantities import Bools, Floats, Ints

Rule = Callable[[Any, Draws, Floats], Floats]


def _quota(item: PollBoundLeader | Referendum, draws: Draws, probability: Floats) -> Floats:
    return required_by_quota(draws.of(item.quota), draws.of(item.noise), probability)


def _region(item: Region, draws: Draws, probability: Floats) -> Floats:
    quota = draws.of(item.quota) - draws.of(item.offset)
    return required_by_quota(quota, draws.of(item.noise), probability)


def _parliament(item: Parliament, draws: Draws, probability: Floats) -> Floats:
    return required_by_parliament(
        item.seats,
        item.votes_needed,
        draws.of(item.governing_share),
        draws.of(item.discipline),
        probability,
    )


_RULES: dict[type, Rule] = {
    PollBoundLeader: _quota,
    Referendum: _quota,
    Region: _region,
    Parliament: _parliament,
}


def _inside(probability: Floats) -> Floats:
    return np.clip(probability, 1e-12, 1.0 - 1e-12)


class Ratifiers(mesa.Agent):
    """All ratifiers of one side in every world of a block.

    Parameters
    ----------
    model : mesa.Model
    side : Side
    draws : Draws
    """

    def __init__(self, model: mesa.Model, side: Side, draws: Draws) -> None:
        super().__init__(model)
        self._side, self._draws = side, draws
        self.names = tuple(side.ratifiers)
        self._allies = {n: r for n, r in side.ratifiers.items() if isinstance(r, Ally)}
        luck = {
            name: draws.streams.uniforms(f"{side.stream}/ratifiers.{name}/vote")[:, 0]
            for name in self.names
        }
        self._luck = luck
        self._calmly: dict[tuple[str, int], tuple[Floats | None, Floats]] = {}
        self.needed = {
            name: self._required(item, luck[name])
            for name, item in side.ratifiers.items()
            if name not in self._allies
        }
        self.needed_by_all = self._most(self.needed)

    def needed_for(self, probability: Floats) -> Floats:
        """Return the support at which every ratifier passes with a probability.

        Parameters
        ----------
        probability : ndarray, shape (worlds,)
            Wanted of each ratifier.

        Returns
        -------
        ndarray, shape (worlds,)
        """
        p = _inside(probability)
        items = self._side.ratifiers.items()
        levels = {n: self._required(r, p) for n, r in items if n not in self._allies}
        return self._most(levels)

    def allies_agree(
        self,
        item: Features,
        worlds: np.ndarray,
        pressure: Floats,
        probability: Floats | None = None,
    ) -> Bools:
        """Return which packages no ally vetoes, in some worlds.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        worlds : ndarray of int
            Which worlds.
        pressure : ndarray, shape (len(worlds),)
            Outside pressure.
        probability : ndarray, optional
            If given: agree with at least this probability, instead of in fact.

        Returns
        -------
        ndarray of bool, shape (len(worlds), packages)
        """
        result = np.ones((len(worlds), len(item.values)), dtype=bool)
        for name in self._allies:
            result &= self.ally_agrees(name, item, worlds, pressure, probability)
        return result

    def ally_agrees(
        self,
        name: str,
        item: Features,
        worlds: np.ndarray,
        pressure: Floats,
        probability: Floats | None = None,
    ) -> Bools:
        """Return which packages one ally does not veto; see `allies_agree`."""
        least = self.least_for(name, worlds, pressure, probability)
        return np.asarray(item.column(self._allies[name].interest)[None, :] >= least[:, None])

    def allies_agree_at(
        self,
        item: Features,
        worlds: np.ndarray,
        pressure: Floats,
        package: Ints,
        probability: Floats | None = None,
    ) -> Bools:
        """Return where no ally vetoes one package in each world; see `allies_agree`."""
        result = np.ones(len(worlds), dtype=bool)
        for name, ally in self._allies.items():
            least = self.least_for(name, worlds, pressure, probability)
            result &= item.column(ally.interest)[package] >= least
        return result

    def least_for(
        self,
        name: str,
        worlds: np.ndarray,
        pressure: Floats,
        probability: Floats | None = None,
    ) -> Floats:
        """Return the least value of its interest at which an ally agrees, in some worlds."""
        ally = self._allies[name]
        pressed = self._draws.of(ally.pressure)[worlds] * pressure
        return np.asarray(self._calm(name, probability)[worlds] + pressed)

    def _calm(self, name: str, probability: Floats | None) -> Floats:
        """Return what an ally requires when nothing presses, worked out once."""
        key = (name, id(probability))
        if key not in self._calmly:
            ally, draw = self._allies[name], self._draws.of
            luck = self._luck[name] if probability is None else _inside(probability)
            level = required_by_quota(-draw(ally.tolerance), draw(ally.noise), luck)
            self._calmly[key] = (probability, level)
        return self._calmly[key][1]

    @property
    def allies(self) -> dict[str, str]:
        """Return the interest by which each ally judges."""
        return {name: ally.interest for name, ally in self._allies.items()}

    def is_ally(self, name: str) -> bool:
        """Tell whether a ratifier is an ally."""
        return name in self._allies

    def _required(self, item: Ratifier, probability: Floats) -> Floats:
        return _RULES[type(item)](item, self._draws, probability)

    def _most(self, levels: dict[str, Floats]) -> Floats:
        lowest = np.full(self._draws.streams.worlds, -np.inf)
        return np.asarray(np.max([lowest, *levels.values()], axis=0))
