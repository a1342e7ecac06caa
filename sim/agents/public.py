"""Let a public judge packages, and let its mood move between polls."""

from __future__ import annotations

from functools import cached_property

import mesa
import numpy as np

from sim.agents.alike import firsts, lasting_alike
from sim.agents.citizens import Citizens
from sim.agents.features import Features, measure
from sim.agents.opinions import Opinions
from sim.agents.preferences import weights_on
from sim.agents.segments import calibrated, segments_of
from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role, features, interest_of
from sim.domain.package import tabulate
from sim.domain.public import Approval
from sim.domain.side import Side
from sim.equations.public_support import half_life_factor
from sim.equations.utility import additive_utility
from sim.memo import kept
from sim.quantities import Floats, Ints, Rows


class Public(mesa.Agent):
    """A side's public in every world of a block.

    It is composed of segments, or of citizens where the side's `public.citizens` says how many.

    Parameters
    ----------
    model : mesa.Model
    role : Role
    side : Side
    dispute : Dispute
    draws : Draws
    round_years : float
        Length of a round in years.

    Attributes
    ----------
    is_segmented : bool
        Whether support is the segments' formula, which compiled code may work out itself.
    shares, threshold, spread : ndarray, shape (worlds, segments)
        The calibrated segments.
    backlash, goodwill : ndarray, shape (worlds,)
        Points.
    """

    def __init__(
        self,
        model: mesa.Model,
        role: Role,
        side: Side,
        dispute: Dispute,
        draws: Draws,
        round_years: float,
    ) -> None:
        super().__init__(model)
        self.role, self._side, self._dispute, self._draws = role, side, dispute, draws
        public = side.public
        self._phi = draws.of(public.frame_factor or side.preferences.frame_factor)
        self.segments = list(public.segments.values())
        self._known: dict[bytes, Features] = {}
        plain = segments_of(public, draws)
        poll = public.polls.get(public.calibration or "")
        asked = self.answer(poll.package) if isinstance(poll, Approval) else None
        form = calibrated(plain, public, asked, draws)
        self.shares, self.threshold, self.spread = form.shares, form.threshold, form.spread
        self.is_segmented = public.citizens is None
        self._crowd = form if self.is_segmented else Citizens(side, form, draws, round_years)
        self._advocacy = draws.of(public.advocacy)
        self._neutral = draws.of(public.neutral_approval)
        self._growth = draws.of(public.backlash.growth) * round_years
        self._fading = half_life_factor(draws.of(public.backlash.half_life_years), round_years)
        self._gain = draws.of(public.goodwill.gain) * round_years
        self._cooling = half_life_factor(draws.of(public.goodwill.half_life_years), round_years)
        self.backlash = np.zeros(draws.streams.worlds)
        self.goodwill = np.zeros(draws.streams.worlds)

    def opinions(self, item: Features) -> Opinions:
        """Return what the segments think of the packages of a table."""
        cared = {interest for segment in self.segments for interest in segment.weights}
        columns = [c for c, name in enumerate(item.names) if interest_of(name) in cared]
        looks = _looks(item.values, item.concession, tuple(columns))
        known = self._known.setdefault(looks.tobytes(), item)
        column = lasting_alike(looks)
        first = firsts(column)
        values = _values(tuple(first.tolist()), known.values, self._weights)
        return Opinions(values, item.concession[first], column)

    def support(
        self,
        opinions: Opinions,
        worlds: np.ndarray,
        approval: Floats,
        only: Ints | None = None,
    ) -> Floats:
        """Return present support for distinct packages that the leader advocates.

        Parameters
        ----------
        opinions : Opinions
        worlds : ndarray of int
            Which worlds.
        approval : ndarray, shape (len(worlds),)
            The leader's approval, percent.
        only : ndarray of int, shape (len(worlds),), optional
            One distinct package for each world, instead of all of them.

        Returns
        -------
        ndarray, shape (len(worlds), distinct packages), or one column with `only`
        """
        push = self.push(worlds, approval)
        if only is None:
            values, conceded = opinions.values[worlds], opinions.concession[None, :]
        else:
            values = opinions.values[worlds, :, only][:, :, None]
            conceded = opinions.concession[only][:, None]
        shift = push[:, None] - self.backlash[worlds, None] * conceded
        return self._crowd.support(worlds, values, shift)

    def push(self, worlds: Rows, approval: Floats) -> Floats:
        """Return by how much advocacy and goodwill move all segments, in points."""
        advocated = self._advocacy[worlds] * (approval - self._neutral[worlds])
        return np.asarray(advocated + self.goodwill[worlds])

    def move(self, concession: Floats, delivered: Floats) -> None:
        """Let backlash and goodwill grow and decay for one round.

        Parameters
        ----------
        concession : ndarray, shape (worlds,)
            How much of a concession is on the table, in [0, 1].
        delivered : ndarray, shape (worlds,)
            Whether functional cooperation is in force, 0 or 1.
        """
        self.backlash = self._fading * self.backlash + self._growth * concession
        self.goodwill = self._cooling * self.goodwill + self._gain * delivered
        self._crowd.talk_it_over()

    def answer(self, package: dict[str, str]) -> Floats:
        """Return each segment's value of a described package, seen from the status quo.

        Parameters
        ----------
        package : mapping of clause to level

        Returns
        -------
        ndarray, shape (worlds, segments)
            Points.
        """
        item = self._described(package)
        return _values((0,), item.values, self._weights)[:, :, 0]

    def poll(self, package: dict[str, str]) -> Floats:
        """Return the share that approves of a described package when nobody advocates it."""
        worlds = np.arange(self.shares.shape[0])
        nothing = np.zeros((len(worlds), 1))
        return self._crowd.support(worlds, self.answer(package)[:, :, None], nothing)[:, 0]

    def _described(self, package: dict[str, str]) -> Features:
        table = tabulate(self._dispute, Stage(label="question", fixed=package), "question")
        return measure(table, self._dispute, self.role, self._side)

    @cached_property
    def _weights(self) -> Floats:
        names = features(tuple(self._dispute.interests))
        each = [weights_on(names, s.weights, self._phi, self._draws) for s in self.segments]
        return _together(*each)


@kept
def _together(*weights: Floats) -> Floats:
    """Return the segments' weights, shape (worlds, segments, features)."""
    return np.stack(weights, axis=1)


@kept
def _looks(values: Floats, concession: Floats, columns: tuple[int, ...]) -> Floats:
    """Return what a public sees in packages, shape (packages, columns + 1)."""
    return np.column_stack([values[:, list(columns)], concession])


@kept
def _values(distinct: tuple[int, ...], features: Floats, weights: Floats) -> Floats:
    """Return each segment's value of some packages, shape (worlds, segments, packages)."""
    lines = weights.reshape(-1, weights.shape[2])
    values = additive_utility(lines, features[list(distinct)])
    return values.reshape(*weights.shape[:2], -1)
