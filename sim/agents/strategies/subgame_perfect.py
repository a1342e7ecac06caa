"""Subgame-perfect equilibrium of offers on the package table, as a strategy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws, probability_of_turn
from sim.domain.interest import ROLES, Role
from sim.domain.strategy import SubgamePerfect
from sim.equations.alternating_offers import discount_until_turn
from sim.equations.processes import hazard_probability
from sim.equations.subgame_perfect import OfferGame, value_of_proposing, values_by_draw
from sim.quantities import Floats, Ints


@dataclass(frozen=True)
class _Terms:
    """What each side brings to the game besides values and patience, shape (worlds,)."""

    survives: Floats
    outside: Floats
    horizon: Floats


class SubgamePerfectDemand(Demand):
    """Demand what the equilibrium gives whoever proposes; accept what waiting is worth.

    Values, reservation values and patience of both sides are common knowledge, and so is whether
    they take turns or are drawn; vetoes are what this side believes of both second levels, and both
    sides' absolute preconditions. The table is taken to stay as it stands, and audience costs are
    foreseen where the protocol says so (`net`), at present public positions. Of the equilibria that
    a discrete table leaves, both sides play the one best for the side that moves in even rounds;
    where turns are drawn, the one best for `first_mover`.

    Parameters
    ----------
    config : SubgamePerfect
    draws : Draws

    References
    ----------
    A. Rubinstein (1982). https://doi.org/10.2307/1912531
    K. Binmore (1987). Perfect equilibria in bargaining models (turns that are drawn).
    """

    def __init__(self, config: SubgamePerfect, draws: Draws) -> None:
        self._first = Role(draws.scenario.protocol.first_mover).position
        self._turns = [probability_of_turn(draws, role) for role in ROLES]
        terms = [_terms(draws, role) for role in ROLES]
        self._terms = terms[0], terms[1]

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points; infinity after the horizon."""
        rounds = self._rounds_left(position)
        value, _ = self._values(self._game(position), position, rounds)
        return np.where(rounds > 0, value, np.inf)

    def worth_waiting(self, position: Position, future: Floats) -> Floats:
        """Return what refusing is worth; infinity after the horizon, when nothing is signed."""
        rounds = self._rounds_left(position)
        _, worth = self._values(self._game(position), position, rounds)
        return np.where(rounds + position.ahead > 0, worth, np.inf)

    def _values(self, game: OfferGame, position: Position, rounds: Floats) -> tuple[Floats, Floats]:
        """Return what proposing in the position's round is worth, and what waiting for it is."""
        own, turns = position.own, self._turns[0]
        if turns is None:
            value = _value_of_proposing(game, position, rounds)
            return value, game.accepted_from(own, value)
        finite = np.where(np.isinf(rounds), 0.0, rounds)
        values, before = values_by_draw(game, turns[position.worlds], finite)
        endless = self._until_turns(game, position.worlds)
        value = value_of_proposing(endless, own, self._first, np.full_like(rounds, np.inf))
        ever = np.isinf(rounds)
        waiting = endless.accepted_from(own, value), game.accepted_from(own, before[own])
        return np.where(ever, value, values[own]), np.where(ever, *waiting)

    def _until_turns(self, game: OfferGame, rows: Ints) -> OfferGame:
        """Return the game of turns that stands for one without end in which they are drawn."""
        pairs = zip(game.kept, self._turns, strict=True)
        kept = [discount_until_turn(each, turn[rows]) for each, turn in pairs if turn is not None]
        return replace(game, kept=(kept[0], kept[1]))

    def _rounds_left(self, position: Position) -> Floats:
        rows = position.worlds
        horizon = np.minimum(self._terms[0].horizon[rows], self._terms[1].horizon[rows])
        return np.asarray(np.ceil(horizon) - position.round_)

    def _game(self, position: Position) -> OfferGame:
        rows = position.worlds
        discounts = [position.own_discount, position.other_discount]
        kept = [
            discounts[side != position.own] * self._terms[side].survives[rows] for side in (0, 1)
        ]
        outside = self._terms[0].outside[rows], self._terms[1].outside[rows]
        return OfferGame(
            position.values, position.reservations, position.feasible(), (kept[0], kept[1]), outside
        )


def _value_of_proposing(game: OfferGame, position: Position, rounds: Floats) -> Floats:
    """Return what proposing in the position's round is worth; r where no round is left."""
    own, other = position.own, 1 - position.own
    endless = np.isinf(rounds)
    own_last = np.where(endless, position.round_ % 2 == 0, np.where(endless, 0.0, rounds) % 2 == 1)
    result = game.reservation[own]
    for last, rows in ((own, own_last & (rounds > 0)), (other, ~own_last & (rounds > 0))):
        if rows.any():
            left = np.where(rows, rounds, 0.0)
            result = np.where(rows, value_of_proposing(game, own, last, left), result)
    return result


def _terms(draws: Draws, role: Role) -> _Terms:
    side = draws.scenario.side(role)
    worlds = draws.streams.worlds
    config = side.strategy
    if not isinstance(config, SubgamePerfect):
        never = np.full(worlds, np.inf)
        return _Terms(np.ones(worlds), -never, never)
    hazard = draws.of(side.leader.turnover.hazard_year)
    removal = hazard_probability(hazard, draws.scenario.protocol.round_years)
    removal = removal * float(draws.scenario.environment.turnover.enabled)
    outside = draws.of(config.outside_option)
    return _Terms(
        survives=(1.0 - draws.of(config.breakdown))
        * (1.0 - draws.of(config.office_weight) * removal),
        outside=-outside if config.outside_option.is_none else outside,
        horizon=draws.of(config.horizon_rounds),
    )
