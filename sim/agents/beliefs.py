"""Beliefs of a government about the other side and about both second levels.

Every error is drawn once per world and shrinks as offers and polls are seen. Drawn afresh each
round it would be optional stopping on noise: every round another chance to misjudge.
"""

from __future__ import annotations

import numpy as np

from sim.agents.ratifiers import Expectation, RequiredSupport
from sim.agents.valuation import lasting_utility
from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.ratifier import Ally
from sim.domain.side import Side
from sim.memo import memoize_by_identity
from sim.quantities import EVERYONE, Floats, Ints, Rows


class Beliefs:
    """A government's beliefs in every world of a block.

    Parameters
    ----------
    side : Side
        Whose beliefs.
    draws : Draws

    Attributes
    ----------
    caution : ndarray, shape (worlds,)
        Probability of passing that is wanted of each ratifier.
    walk_back_year : ndarray, shape (worlds,)
        Believed probability of a walk-back, per year.
    reservation_error : ndarray, shape (worlds,)
        First error about the other's reservation value, in points.
    heard : ndarray, shape (worlds,)
        How many offers were heard.
    expectations : pair of Expectation
        What it expects of the claimant's ratifiers, and of the holder's.
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
        self.expectations = tuple(
            self._expectation(draws.scenario.side(role), draws) for role in ROLES
        )
        self._shown: dict[tuple[int, str], Floats] = {}
        self._misjudged, self._errors = np.zeros((streams.worlds, 0)), list[Floats]()
        self._required: list[tuple[RequiredSupport, RequiredSupport]] = []

    def misjudge(self, weights: Floats, believed: Floats, names: tuple[str, ...]) -> None:
        """Draw the error about the other side's weights.

        Parameters
        ----------
        weights, believed : ndarray, shape (worlds, features)
            The other side's true weights, and what they are taken for before errors about them;
            the same array where they are known.
        names : tuple of str
            The features' names, which name the errors' streams.
        """
        valued = [c for c in range(len(names)) if believed[:, c].any()]
        noise = [
            self._streams.normals(f"{self._stream}/beliefs/{names[column]}") for column in valued
        ]
        errors = _misjudged(believed, self._interest_error, tuple(valued), *noise)
        self._misjudged = errors if believed is weights else errors + (believed - weights)

    def add_packages(self, features: Floats) -> None:
        """Work out the error about the other's value of a further node's packages.

        Parameters
        ----------
        features : ndarray, shape (packages, features)
            The other side's features.
        """
        self._errors.append(lasting_utility(self._misjudged, features))

    def _expectation(self, side: Side, draws: Draws) -> Expectation:
        """Return what is expected of a side's ratifiers, with errors that both governments make."""
        if not draws.scenario.environment.ratifier_errors.enabled:
            return Expectation(self.caution)
        errors = {}
        for name, item in side.ratifiers.items():
            if item.error is not None:
                stream = f"{side.stream}/ratifiers.{name}/misjudged"
                errors[name] = self._streams.normals(stream)[:, 0] * draws.of(item.error)
        allies = [name for name, item in side.ratifiers.items() if isinstance(item, Ally)]
        refused = {name: np.full(self._streams.worlds, -np.inf) for name in allies}
        return Expectation(self.caution, errors, refused)

    def expect_votes(self, required: tuple[RequiredSupport, RequiredSupport]) -> None:
        """Learn at what support each side's ratifiers pass a further node's packages.

        Parameters
        ----------
        required : pair of RequiredSupport
            Claimant's, then holder's, with the probability wanted.
        """
        self._required.append(required)

    def required(self, node: int, side: int) -> RequiredSupport:
        """Return the support at which a side's ratifiers pass with the wanted probability."""
        return self._required[node][side]

    def learn_vote(self, side: int, name: str, worlds: Ints, shown: Floats) -> None:
        """Learn from a lost vote that a ratifier requires more than it was shown.

        Parameters
        ----------
        side : int
            Whose ratifier.
        name : str
        worlds : ndarray of int, shape (n,)
        shown : ndarray, shape (n,)
            The support that there seemed to be, or an ally's interest.
        """
        refused = self.expectations[side].refused.get(name)
        if refused is not None:
            refused[worlds] = np.maximum(refused[worlds], shown)
        else:
            if (side, name) not in self._shown:
                self._shown[side, name] = np.full(self._streams.worlds, -np.inf)
            known = self._shown[side, name]
            known[worlds] = np.maximum(known[worlds], shown)
            for pair in self._required:
                pair[side].learn(name, worlds, np.nextafter(shown, np.inf))

    def resume(self, earlier: Beliefs) -> None:
        """Go on from what the same government has heard and learnt so far."""
        self.heard = earlier.heard.copy()
        for mine, before in zip(self.expectations, earlier.expectations, strict=True):
            for name, shown in before.refused.items():
                mine.refused[name][:] = shown
        for (side, name), shown in earlier._shown.items():
            worlds = np.flatnonzero(shown > -np.inf)
            self.learn_vote(side, name, worlds, shown[worlds])

    def value_error(self, node: int) -> Floats:
        """Return the first error about the other's values, shape (worlds, packages)."""
        return self._errors[node]

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

    def shrinkage(self, worlds: Rows) -> Floats:
        """Return the share of each error about the other side that is left, in (0, 1]."""
        return np.asarray(1.0 / (1.0 + self._learning[worlds] * self.heard[worlds]))

    def errors_left(self, round_: int) -> tuple[Floats, Floats, Floats]:
        """Return `shrinkage` in all worlds, and `support_error` at home and abroad."""
        home, away = (self.support_error(round_, EVERYONE, home=home) for home in (True, False))
        return self.shrinkage(EVERYONE), home, away

    def learn(self, worlds: Ints) -> None:
        """Count one more offer heard."""
        self.heard[worlds] += 1.0


@memoize_by_identity
def _misjudged(weights: Floats, error: Floats, valued: tuple[int, ...], *noise: Floats) -> Floats:
    """Return the error about weights on features that the other side cares about at all."""
    errors = np.zeros_like(weights)
    for column, drawn in zip(valued, noise, strict=True):
        errors[:, column] = weights[:, column] * drawn[:, 0] * error
    return errors
