"""Hold what a government believes about the other side and about both second levels.

Every error is drawn once per world and shrinks as offers and polls are seen. Drawn afresh each
round it would be optional stopping on noise: every round another chance to misjudge.
"""

from __future__ import annotations

import numpy as np

from sim.agents.ratifiers import RequiredSupport
from sim.agents.valuation import lasting_utility
from sim.agents.view import Chosen, RoundView
from sim.domain.draws import Draws
from sim.domain.side import Side
from sim.memo import memoize_by_identity
from sim.quantities import Bools, Floats, Ints, Rows


class Beliefs:
    """A government's beliefs in every world of a block.

    Parameters
    ----------
    side : Side
        Whose beliefs.
    draws : Draws
    """

    def __init__(self, side: Side, draws: Draws) -> None:
        config, streams = side.beliefs, draws.streams
        self._stream, self._streams = side.stream, streams
        self._interest_error = draws.of(config.interest_error)
        self._learning = draws.of(config.learning)
        self.caution = draws.of(config.caution)
        self.walk_back_year = draws.of(config.walk_back_year)
        noise = streams.normals(f"{side.stream}/beliefs", slots=3)
        self.reservation_error = noise[:, 0] * draws.of(config.reservation_error)
        self._own_support_error = noise[:, 1] * draws.of(config.own_support_error)
        self._other_support_error = noise[:, 2] * draws.of(config.other_support_error)
        self.heard = np.zeros(streams.worlds)
        self._errors: list[Floats] = []
        self._asked: list[tuple[RequiredSupport, RequiredSupport]] = []

    def add_packages(self, weights: Floats, names: tuple[str, ...], features: Floats) -> None:
        """Draw the error about the other's value of a further node's packages.

        Parameters
        ----------
        weights : ndarray, shape (worlds, features)
            The other side's true weights.
        names : tuple of str
            The features' names, which name the errors' streams.
        features : ndarray, shape (packages, features)
            The other side's features.
        """
        valued = [c for c in range(len(names)) if weights[:, c].any()]
        noise = [
            self._streams.normals(f"{self._stream}/beliefs/{names[column]}") for column in valued
        ]
        errors = _misjudged(weights, self._interest_error, tuple(valued), *noise)
        self._errors.append(lasting_utility(errors, features))

    def expect_votes(self, asked: tuple[RequiredSupport, RequiredSupport]) -> None:
        """Learn at what support each side's ratifiers pass a further node's packages.

        Parameters
        ----------
        asked : pair of RequiredSupport
            Claimant's, then holder's, with the probability wanted.
        """
        self._asked.append(asked)

    def shrinkage(self, worlds: Rows) -> Floats:
        """Return the share of each error that is left, in (0, 1]."""
        return np.asarray(1.0 / (1.0 + self._learning[worlds] * self.heard[worlds]))

    def learn(self, worlds: Ints) -> None:
        """Count one more offer heard."""
        self.heard[worlds] += 1.0

    def value_of_other(self, talk: RoundView, other: int) -> Floats:
        """Return the believed value of each package for the other side, in points."""
        error = self._errors[talk.node][talk.worlds]
        return np.asarray(talk.value[other] + self.shrinkage(talk.worlds)[:, None] * error)

    def reservation_of_other(self, talk: RoundView, other: int) -> Floats:
        """Return the believed reservation value of the other side, in points."""
        return self.reservation_seen(talk.reservation[other], talk.worlds)

    def reservation_seen(self, reservation: Floats, worlds: Ints) -> Floats:
        """Return the other's reservation value as it is seen, in points, in some worlds."""
        return np.asarray(reservation + self.shrinkage(worlds) * self.reservation_error[worlds])

    def passes(self, talk: RoundView, side: int, own: int) -> Bools:
        """Return which packages are believed likely enough to pass a side's ratifiers.

        Parameters
        ----------
        talk : RoundView
        side : int
            Whose ratifiers.
        own : int
            Whose beliefs: errors about one's own public are smaller.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        believed = (
            talk.support[side]
            + self.support_error(talk.round_, talk.worlds, home=side == own)[:, None]
        )
        consent = talk.glance.consent(side, own)
        asked = self.asked(talk.node, side).of(talk.worlds)
        return np.asarray(believed >= asked) & consent

    def passes_among(self, talk: RoundView, side: int, own: int, among: Bools) -> Bools:
        """Return which of some packages are believed likely enough to pass; see `passes`.

        Parameters
        ----------
        talk : RoundView
        side, own : int
        among : ndarray of bool, shape (rows, packages)
            Where to look; nothing is worked out elsewhere.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        rows, packages = np.nonzero(among)
        support_error = self.support_error(talk.round_, talk.worlds, home=side == own)[rows]
        believed = talk.glance.support_at(side, rows, packages) + support_error
        asked = self.asked(talk.node, side).at(talk.worlds[rows], packages)
        result = np.zeros_like(among)
        result[rows, packages] = believed >= asked
        result[rows, packages] &= talk.glance.consent_at(side, own, rows, packages)
        return result

    def passes_at(self, talk: RoundView, chosen: Chosen, side: int, own: int) -> Bools:
        """Return where one package each is believed likely enough to pass, shape (rows,)."""
        believed = chosen.support[side] + self.support_error(
            talk.round_, talk.worlds, home=side == own
        )
        rows = np.flatnonzero(chosen.made)
        consent = np.zeros(len(chosen.made), dtype=bool)
        consent[rows] = talk.glance.consent_at(side, own, rows, chosen.package[rows])
        asked = self.asked(talk.node, side).at(talk.worlds, chosen.package)
        return np.asarray((believed >= asked) & consent)

    def support_error(self, round_: int, worlds: Rows, *, home: bool) -> Floats:
        """Return the error about support that is left after the polls seen, as shares.

        Parameters
        ----------
        round_ : int
            One poll is seen in each.
        worlds : ndarray of int, or slice
        home : bool
            Whether about the own public, or about the other side's.
        """
        error = self._own_support_error if home else self._other_support_error
        return np.asarray(error[worlds] / (1.0 + self._learning[worlds] * round_))

    def asked(self, node: int, side: int) -> RequiredSupport:
        """Return the support at which a side's ratifiers pass with the wanted probability."""
        return self._asked[node][side]

    def error_about_other(self, node: int) -> Floats:
        """Return the first error about the other's values, shape (worlds, packages)."""
        return self._errors[node]


@memoize_by_identity
def _misjudged(weights: Floats, error: Floats, valued: tuple[int, ...], *noise: Floats) -> Floats:
    """Return the error about weights on features that the other side cares about at all."""
    errors = np.zeros_like(weights)
    for column, drawn in zip(valued, noise, strict=True):
        errors[:, column] = weights[:, column] * drawn[:, 0] * error
    return errors
