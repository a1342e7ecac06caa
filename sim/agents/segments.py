"""Let a public of segments support packages: the limit of very many citizens."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.domain.draws import Draws
from sim.domain.public import Public
from sim.equations.public_support import calibrating_shift, support
from sim.quantities import Floats

_TINY = 1e-9


@dataclass(frozen=True)
class Segments:
    """A public as segments with normally distributed thresholds.

    Parameters
    ----------
    shares, threshold, spread : ndarray, shape (worlds, segments)
        Shares (add to 1), mean least acceptable value and its spread, in points.
    """

    shares: Floats
    threshold: Floats
    spread: Floats

    def support(self, worlds: np.ndarray, values: Floats, shift: Floats) -> Floats:
        """Return support in some worlds.

        Parameters
        ----------
        worlds : ndarray of int
            Which worlds.
        values : ndarray, shape (len(worlds), segments, packages)
            Segments' values of packages, in points.
        shift : ndarray, shape (len(worlds), packages)
            What moves all alike, in points.

        Returns
        -------
        ndarray, shape (len(worlds), packages)
        """
        shares, threshold = self.shares[worlds], self.threshold[worlds]
        return support(shares, values, shift, threshold, self.spread[worlds])

    def talk_it_over(self) -> None:
        """Do nothing: segments do not talk to each other."""


def segments_of(public: Public, draws: Draws) -> Segments:
    """Return a public's segments, before calibration."""
    described = public.segments.values()
    return Segments(
        shares=_shares(public, draws),
        threshold=np.stack([draws.of(item.threshold) for item in described], axis=1),
        spread=np.stack([draws.of(item.spread) for item in described], axis=1),
    )


def calibrated(form: Segments, public: Public, value: Floats | None, draws: Draws) -> Segments:
    """Return segments whose thresholds all moved so that they answer the calibration question.

    The undecided are apart: of those who have an opinion, (1 - undecided - opposition) /
    (1 - undecided) are in favour.

    Parameters
    ----------
    form : Segments
    public : Public
        Its `opposition` and `undecided`; without opposition nothing moves.
    value : ndarray, shape (worlds, segments), optional
        Segments' values of the package asked about, in points; none where no poll calibrates.
    draws : Draws
    """
    if public.opposition is None or value is None:
        return form
    opposed = draws.of(public.opposition)
    undecided = draws.of(public.undecided) if public.undecided else np.zeros_like(opposed)
    decided = np.maximum(1.0 - undecided, _TINY)
    target = np.clip((decided - opposed) / decided, _TINY, 1.0 - _TINY)
    shift = calibrating_shift(target, form.shares, value, form.threshold, form.spread)
    return replace(form, threshold=form.threshold + shift[:, None])


def _shares(public: Public, draws: Draws) -> Floats:
    known = {
        place: draws.of(item.share)
        for place, item in enumerate(public.segments.values())
        if not isinstance(item.share, str)
    }
    none = np.zeros(draws.streams.worlds)
    total = np.sum(list(known.values()), axis=0) if known else none
    rest = np.maximum(1.0 - total, 0.0)
    return np.stack([known.get(place, rest) for place in range(len(public.segments))], axis=1)
