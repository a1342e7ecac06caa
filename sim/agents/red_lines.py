r"""Beliefs of a government about the other's red lines: which of its preconditions are absolute.

For each precondition of the other, each legal form and each degree to which a text may touch it,
a government holds a probability p that it would bar such a text. It begins at what is declared of
it (firmness, times the chance that it stands under that form, times the degree), with an error
:math:`\epsilon`:

.. math:: \mathrm{logit}\,p = \mathrm{logit}\,p_0 + \epsilon

By Bayes, a refusal that names the precondition divides its odds by b, the probability that it is
named where it is not absolute (a bluff), there and at every higher degree; that the other side
itself offers or accepts a text that touches it multiplies them by s, the probability of this where
it is absolute (a slip), there and at every lower degree. Where positions move, p goes back to
:math:`p_0` at the hazard of a change of line, and at once when the other's leader changes.

A package is believed barred where any of the preconditions in force would do so with more than the
side tolerates,

.. math:: 1 - \prod_n (1 - p_n) > \tau,

and is then left out of its aspiration, its offers and its foresight.

References
----------
J. D. Fearon (1995). Rationalist explanations for war. https://doi.org/10.1017/S0020818300033324
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit, logit

from sim.agents.preconditions import FRAMES, Preconditions
from sim.domain.draws import Draws
from sim.domain.side import Precondition, Side
from sim.quantities import Bools, Floats, Ints

DEGREES = 4
"""Steps of the degrees that are told apart: quarters, rounded up."""
_SURE = 30.0
"""Log odds beyond which a belief does not go."""
_LEAST = 1e-3
"""The least doubt with which a belief begins."""


def step_of(degree: Floats) -> Ints:
    """Return the place of the step of a degree above 0.

    Examples
    --------
    >>> step_of(np.array([0.1, 0.25, 0.3, 1.0])).tolist()
    [0, 0, 1, 3]
    """
    return np.clip(np.ceil(degree * DEGREES - 1e-9).astype(np.int64) - 1, 0, DEGREES - 1)


def _expected(precondition: Precondition) -> Floats:
    """Return log odds of what is declared of a precondition, shape (frames, steps)."""
    survives = [precondition.survives.get(frame) for frame in FRAMES]
    stands = np.array([1.0 if quantity is None else quantity.point for quantity in survives])
    degrees = np.arange(1, DEGREES + 1) / DEGREES
    share = precondition.firmness.point * stands[:, None] * degrees
    return np.asarray(logit(np.clip(share, _LEAST, 1.0 - _LEAST)))


class RedLineBeliefs:
    """A government's beliefs about the other's preconditions, in every world of a block.

    Parameters
    ----------
    side, other : Side
        Who believes, and about whom; `side.beliefs.red_lines` says how.
    draws : Draws

    Attributes
    ----------
    log_odds : mapping of name to ndarray, shape (worlds, frames, steps)
        Of being barred by that precondition of the other.
    barred : list of ndarray of bool, shape (worlds, packages)
        For each node, what is believed barred; brought up to date in place by `follow`.
    """

    def __init__(self, side: Side, other: Side, draws: Draws) -> None:
        config = side.beliefs.red_lines
        if config is None:
            raise ValueError(f"{side.name} does not say how it learns of red lines")
        scenario, self._other = draws.scenario, other
        self._tolerance = draws.of(config.barred_tolerance)
        self._refused = -_log(draws.of(config.bluff))
        self._conceded = _log(draws.of(config.slip))
        names = list(other.preconditions)
        noise = draws.streams.normals(f"{side.stream}/beliefs/red_lines", slots=max(len(names), 1))
        error = draws.of(config.error)
        self._first = {
            name: _expected(other.preconditions[name]) + (error * noise[:, k])[:, None, None]
            for k, name in enumerate(names)
        }
        self.log_odds = {name: first.copy() for name, first in self._first.items()}
        moves = scenario.environment.positions.enabled
        self._hazard = {
            name: draws.of(movement.hazard_year)
            for name in other.preconditions
            if moves and (movement := other.movement_of(name))
        }
        self._round_years, self._forgot = scenario.protocol.round_years, 0.0
        self._preconditions: list[Preconditions] = []
        self._stale: list[Bools] = []
        self.barred: list[Bools] = []

    def add_packages(self, preconditions: Preconditions) -> None:
        """Form a belief about a further node's packages.

        Parameters
        ----------
        preconditions : Preconditions
            The other's, on these packages.
        """
        everyone = np.arange(len(self._tolerance))
        self._preconditions.append(preconditions)
        self._stale.append(np.zeros(len(everyone), dtype=bool))
        self.barred.append(self._believed_barred(preconditions, everyone, 0))

    def move(self, round_: int, new: Bools) -> None:
        """Let beliefs about positions that move go back to what is expected of them.

        Parameters
        ----------
        round_ : int
        new : ndarray of bool, shape (worlds,)
            Where a leader of the other side has just taken office.
        """
        for name in self._hazard:
            self.log_odds[name][new] = self._first[name][new]
        years = round_ * self._round_years - self._forgot
        yearly = years >= 1.0 - 1e-9 and bool(self._hazard)
        if yearly:
            self._forget(years)
        for preconditions, stale in zip(self._preconditions, self._stale, strict=True):
            turning = round_ in preconditions.turning_rounds
            stale |= turning or yearly or (new & bool(self._hazard))

    def resume(self, earlier: RedLineBeliefs) -> None:
        """Go on from what the same government believes in another model."""
        self._forgot = earlier._forgot
        self.log_odds = {name: odds.copy() for name, odds in earlier.log_odds.items()}
        for stale in self._stale:
            stale[:] = True

    def look_again(self, worlds: Ints) -> None:
        """Have what is believed barred worked out anew in some worlds, where it is needed.

        Parameters
        ----------
        worlds : ndarray of int
            Where the other's preconditions touch other packages than before.
        """
        for stale in self._stale:
            stale[worlds] = True

    def _forget(self, years: float) -> None:
        self._forgot += years
        for name, hazard in self._hazard.items():
            kept = np.exp(-hazard * years)[:, None, None]
            now, first = expit(self.log_odds[name]), expit(self._first[name])
            self.log_odds[name] = _bounded(logit(first + kept * (now - first)))

    def refused(self, node: int, worlds: Ints, packages: Ints, round_: int) -> None:
        """Learn from refusals that name what they are about.

        Parameters
        ----------
        node, round_ : int
        worlds, packages : ndarray of int, shape (refused,)
        """
        preconditions = self._preconditions[node]
        for name, named in preconditions.naming(round_, worlds, packages).items():
            self._learn(name, node, (worlds[named], packages[named]), np.greater_equal)

    def conceded(self, node: int, worlds: Ints, packages: Ints, round_: int) -> None:
        """Learn from what the other itself offers or accepts.

        Parameters
        ----------
        node, round_ : int
        worlds, packages : ndarray of int, shape (offered or accepted,)
        """
        preconditions = self._preconditions[node]
        for name in preconditions.in_force(round_):
            touched = preconditions.degree_at(name, worlds, packages) > 0
            self._learn(name, node, (worlds[touched], packages[touched]), np.less_equal)

    def _learn(
        self,
        name: str,
        node: int,
        at: tuple[Ints, Ints],
        reaches: Callable[[Ints, Ints], Bools],
    ) -> None:
        """Move the odds of one precondition at all degrees that some texts tell of."""
        worlds, packages = at
        preconditions, steps = self._preconditions[node], np.arange(DEGREES)
        told = step_of(preconditions.degree_at(name, worlds, packages))
        frame = preconditions.frame_at(packages)
        evidence = self._refused if reaches is np.greater_equal else self._conceded
        shift = evidence[worlds, None] * reaches(steps, told[:, None])
        self.log_odds[name][worlds, frame] = _bounded(self.log_odds[name][worlds, frame] + shift)
        for stale in self._stale:
            stale[worlds] = True

    def follow(self, node: int, worlds: Ints, round_: int) -> None:
        """Bring up to date in some worlds what is believed barred at a node, in place.

        Parameters
        ----------
        node, round_ : int
        worlds : ndarray of int
        """
        moved = worlds[self._stale[node][worlds]]
        if len(moved):
            found = self._believed_barred(self._preconditions[node], moved, round_)
            self.barred[node][moved] = found
            self._stale[node][moved] = False

    def _believed_barred(self, preconditions: Preconditions, worlds: Ints, round_: int) -> Bools:
        open_ = np.ones((len(worlds), len(preconditions.frames)))
        for name in preconditions.in_force(round_):
            believed = expit(self.log_odds[name][worlds]).reshape(len(worlds), -1)
            degree = preconditions.degree(name, worlds)
            place = preconditions.frames * DEGREES + step_of(degree)
            here = np.take_along_axis(believed, np.broadcast_to(place, open_.shape), axis=1)
            open_ *= 1.0 - here * (degree > 0)
        barred = 1.0 - open_ > self._tolerance[worlds, None]
        return np.ascontiguousarray(np.take(barred, preconditions.pattern, axis=1))


def _log(share: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(share, np.exp(-_SURE))))


def _bounded(log_odds: Floats) -> Floats:
    return np.clip(log_odds, -_SURE, _SURE)


def red_lines_of(side: Side, other: Side, draws: Draws) -> RedLineBeliefs | None:
    """Return a side's beliefs about the other's red lines, where it has any."""
    enabled = draws.scenario.environment.red_lines.enabled and side.beliefs.red_lines is not None
    return RedLineBeliefs(side, other, draws) if enabled else None
