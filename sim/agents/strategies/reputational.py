"""Reputation for obstinacy: hold one demand, and give in at the hazard of a war of attrition."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.strategy import Reputational
from sim.equations.concession import aspiration
from sim.equations.offering import NONE, best_for_other
from sim.equations.utility import no_less
from sim.equations.war_of_attrition import conceded_by, concession_hazard, interest_rate
from sim.quantities import Bools, Floats, Ints


class ReputationalDemand(Demand):
    """Demand a share of the span until giving in, then take what the other demands.

    Values and reservation values of both sides are common knowledge, whether a side is obstinate is
    not. Each demands the package that is best for the other among those that leave it its share of
    the span between its reservation value and the best that the other could sign. Who gives in gets
    the other's package; what waiting is worth is the value of never signing. A world's luck, one
    uniform number, says when its side gives in, by payoffs as they are now; time runs from the
    start of the talks, or from when the leader took office.

    Parameters
    ----------
    config : Reputational
    draws : Draws

    References
    ----------
    D. Abreu, F. Gul (2000). https://doi.org/10.1111/1468-0262.00094
    """

    def __init__(self, config: Reputational, draws: Draws) -> None:
        sides = [draws.scenario.side(role) for role in ROLES]
        side = next(each for each in sides if each.strategy is config)
        demands = [each.strategy for each in sides]
        self._shares = [
            draws.of((each if isinstance(each, Reputational) else config).demanded_share)
            for each in demands
        ]
        self._obstinate = draws.of(config.obstinate), draws.of(config.believed_obstinate)
        self._luck = draws.streams.uniforms(f"{side.stream}/strategy/gives_in")[:, 0]

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        values, reservations = position.values, position.reservations
        feasible, rows = position.feasible(), position.worlds
        for value, reservation in zip(values, reservations, strict=True):
            feasible &= no_less(value, reservation[:, None])
        demands = [self._demanded(position, side, feasible) for side in (0, 1)]
        known = (demands[0] != NONE) & (demands[1] != NONE)
        gives_in = known & (self._luck[rows] <= self._conceded(position, demands))
        own = position.own
        best = np.maximum(position.best_acceptable, position.reservation)
        held = aspiration(position.reservation, best, 1.0 - self._shares[own][rows])
        demanded = np.where(known, _worth(values[own], demands[own]), held)
        taken = np.minimum(_worth(values[own], demands[1 - own]), demanded)
        return np.maximum(np.where(gives_in, taken, demanded), position.reservation)

    def _demanded(self, position: Position, side: int, feasible: Bools) -> Ints:
        """Return the package that a side demands."""
        value, other = position.values[side], position.values[1 - side]
        reservation = position.reservations[side]
        best = np.where(feasible, value, -np.inf).max(axis=1)
        least = aspiration(reservation, best, 1.0 - self._shares[side][position.worlds])
        return best_for_other(feasible & no_less(value, least[:, None]), other, value)

    def _conceded(self, position: Position, demands: list[Ints]) -> Floats:
        """Return the probability that this side has given in by now."""
        own, discounts = position.own, (position.own_discount, position.other_discount)
        hazards = []
        for one, other in ((own, 1 - own), (1 - own, own)):  # who gives in, and whom it keeps even
            interest = interest_rate(discounts[other != own])
            value = position.values[other]
            wins, gives_in = _worth(value, demands[other]), _worth(value, demands[one])
            waits = position.reservations[other]
            hazards.append(concession_hazard(interest, wins, gives_in, waits))
        obstinate = self._obstinate[0][position.worlds], self._obstinate[1][position.worlds]
        elapsed = position.round_ - position.since
        return conceded_by(elapsed, obstinate, (hazards[0], hazards[1]))


def _worth(values: Floats, package: Ints) -> Floats:
    return np.asarray(values[np.arange(len(package)), np.maximum(package, 0)])
